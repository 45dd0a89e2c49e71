{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r16_high_crime_lsoas') }}
),

wide as (
    {{ wide_measures('mart', {
        'area_share_of_borough_crime': 'area_share_of_borough_crime_pct',
        'areas_holding_half_of_crime': 'areas_holding_half_of_crime',
        'areas_under_one_crime_a_day': 'areas_under_one_crime_a_day',
        'asb_incidents': 'asb_incidents',
        'borough_share_of_force_crime': 'borough_share_of_force_crime_pct',
        'callouts_by_place': 'callouts_by_place_pct',
        'concentration_curve': 'concentration_curve_pct',
        'concentration_rank': 'concentration_rank',
        'crime_harm': 'crime_harm',
        'crimes_by_place': 'crimes_by_place_pct',
        'crimes_per_day': 'crimes_per_day',
        'crimes_recorded': 'crimes_recorded',
        'top_areas_share_of_crime': 'top_areas_share_of_crime_pct',
        'top_areas_share_of_harm': 'top_areas_share_of_harm_pct',
        'transport_crimes': 'transport_crimes',
        'transport_crimes_by_place': 'transport_crimes_by_place_pct',
        'transport_theft_of_passengers_share': 'transport_theft_of_passengers_share_pct',
    }) }}
)

select * from wide
