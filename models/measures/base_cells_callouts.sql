-- What measures of ambulance, fire and hospital call-outs and of crime on transport add up, by month.
with

emergency_callouts as (
    select
        *,
        case
            when call_hour is null then null
            when call_hour >= 18 or call_hour < 6 then 'night'
            else 'day'
        end as time_of_day
    from {{ ref('fct_emergency_callouts') }}
    where borough_code = '{{ var("partnership_borough_code") }}' and not is_partial_scope
),

-- A call-out is of several kinds at once: each is read by itself, and never added to another.
callouts as (
    select
        * exclude (age_low, age_high),
        unnest(list_filter(
            [
                case when service = 'LFB' then 'fire' end,
                case when service = 'LFB' and is_false_alarm then 'fire false alarm' end,
                case when service = 'LAS' and is_alcohol_related then 'ambulance alcohol' end,
                case when service = 'LAS' and is_assault then 'ambulance assault' end,
                case
                    when service = 'LAS' and (is_assault or is_alcohol_related)
                        then 'ambulance assault or alcohol'
                end,
                case when service = 'ED' and is_assault then 'hospital assault' end,
                case when service = 'ED' and is_assault and is_weapon then 'hospital weapon' end,
                case when service = 'ED' and is_assault and is_sharp_weapon then 'hospital blade' end
            ],
            kind -> kind is not null
        )) as kind,
        case
            when age_high < 25 then 'under 25'
            when age_low >= 25 then '25 and over'
        end as age_group,
        -- An age belongs to five years only where both its ends do.
        case
            when (age_low - 1) // 5 = (age_high - 1) // 5
                then ((age_low - 1) // 5 * 5 + 1) || ' to ' || ((age_low - 1) // 5 * 5 + 5)
        end as five_years
    from emergency_callouts
),

transport_incidents as (
    select
        *,
        'transport police' as kind
    from {{ ref('fct_transport_incidents') }}
    where service = 'BTP' and not is_partial_scope
),

cells as (
    {{ measure_cells(
        'callouts', 'callouts', date='call_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'kind': 'kind'}, within={'time_of_day': 'time_of_day'}, by_source=['kind'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'callouts_by_place', 'callouts', kind='distribution', date='call_date',
        breakdowns={'ward': 'ward_code', 'lsoa_2021': 'lsoa_2021_code'}, within={'kind': 'kind'},
        by_source=['kind'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'callouts_by_time', 'callouts', kind='distribution', date='call_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'hour': 'call_hour', 'time_of_day': 'time_of_day'}, within={'kind': 'kind'},
        by_source=['kind'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'callouts_by_person', 'callouts', kind='distribution', date='call_date',
        breakdowns={'sex': 'patient_sex', 'age_group': 'age_group', 'five_years': 'five_years'},
        within={'kind': 'kind'}, by_source=['kind'], within_total=false,
        where="rows_in.service in ('LAS', 'ED')",
    ) }}
    union all by name
    {{ measure_cells(
        'callouts_by_time', 'callouts', kind='distribution', date='call_date', breakdowns={'hour': 'call_hour'},
        within={'kind_women_under_25': 'kind'}, within_total=false,
        where="rows_in.service = 'LAS' and rows_in.patient_sex = 'F' and rows_in.age_group = 'under 25'",
    ) }}
    union all by name
    {{ measure_cells(
        'transport_crimes', 'transport_incidents', date='incident_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code', 'stable_area': 'stable_area_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'transport_crimes_by_place', 'transport_incidents', kind='distribution', date='incident_date',
        breakdowns={'ward': 'ward_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'transport_theft_of_passengers_share', 'transport_incidents', kind='share',
        value='rows_in.is_theft_of_passenger_property', date='incident_date',
    ) }}
)

select * from cells
