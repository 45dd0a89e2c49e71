-- A comparison read from several publications, although one of them covers both periods (decision 0005).
with

mixed as (
    select * from {{ ref('base_crime_periods') }}
    where is_patchwork and previous_months_covered > 0
),

-- A month counts as covered with eight major classes, as in base_crime_periods.
months as (
    select
        cells.area_type,
        cells.geography_vintage,
        cells.borough_code,
        cells.publication,
        cells.recorded_month,
        max(cells.preference) as preference
    from {{ ref('base_crime_cells') }} as cells
    inner join {{ ref('dim_offence') }} as offences on cells.offence_code = offences.offence_code
    where not cells.is_patchwork
    group by
        cells.area_type, cells.geography_vintage, cells.borough_code, cells.publication, cells.recorded_month
    having count(distinct offences.major_code) >= 8
),

single_publications as (
    select
        mixed.area_type,
        mixed.geography_vintage,
        mixed.borough_code,
        mixed.period_key,
        mixed.months,
        months.publication,
        max(months.preference) as preference,
        count(*) as months_held
    from mixed
    inner join months
        on
            mixed.area_type = months.area_type
            and mixed.geography_vintage = months.geography_vintage
            and mixed.borough_code = months.borough_code
            and (
                months.recorded_month between mixed.period_start and mixed.period_end
                or months.recorded_month between mixed.previous_start and mixed.previous_end
            )
    group by
        mixed.area_type, mixed.geography_vintage, mixed.borough_code, mixed.period_key, mixed.months,
        months.publication
)

select * from single_publications
where preference = 1 and months_held = 2 * months
