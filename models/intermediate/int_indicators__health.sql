-- Published figures on health (Fingertips, drug treatment, female genital mutilation) as one row per figure.
with

screened as (
    select * from {{ ref('int_indicators__screened') }}
    where fate = 'kept'
),

fingertips as (
    select * from {{ ref('stg_health__fingertips_indicators') }}
),

treatment as (
    select * from {{ ref('stg_health__ndtms_aggregates') }}
),

mutilation as (
    select * from {{ ref('stg_health__fgm_aggregates') }}
),

-- The period is in words. 2021/22 begins in April, 2020 - 22 has three calendar years; quarters and months,
-- which the extract has not, keep their words and no dates. The year of a school is called 2021/22 as well.
dated_fingertips as (
    select
        *,
        try_cast(regexp_extract(time_period, '^(\d{4})', 1) as integer) as first_year,
        coalesce(try_cast(regexp_extract(time_period_range, '^(\d+)y$', 1) as integer), 1) as years,
        case
            when regexp_full_match(time_period, '\d{4}/\d{2}( - \d{2}/\d{2})?') then 4
            when regexp_full_match(time_period, '\d{4}( - \d{2,4})?') then 1
        end as first_month
    from fingertips
),

figures as (
    select
        delivery_id,
        row_number,
        indicator_id as indicator_ref,
        indicator_name,
        sex || ', ' || age as population,
        case
            when area_code like 'E92%' or area_code like 'K04%' then 'country'
            when area_code like 'E12%' then 'region'
            when area_code like 'E0_%' and lower(area_type) not like '%ward%' then 'borough'
            when lower(area_type) like '%ward%' then 'ward'
            else 'other'
        end as area_type,
        area_name,
        area_code as area_code_given,
        case
            when first_month = 4 and years = 1 then 'financial_year'
            when first_month = 1 and years = 1 then 'calendar_year'
            else 'as_published'
        end as period_type,
        make_date(first_year, first_month, 1) as period_start,
        make_date(first_year + years, first_month, 1) - interval 1 day as period_end,
        time_period as period_name,
        lower(replace(category_type, ' ', '_')) as breakdown,
        category,
        'as_published' as unit,
        value,
        numerator,
        denominator,
        denominator as base,
        lower_ci_95 as ci_lower,
        upper_ci_95 as ci_upper,
        case when value_note is null then 'not_supplied' else 'suppressed' end as status_of_blank
    from dated_fingertips
    union all by name
    select
        delivery_id,
        row_number,
        measure as indicator_name,
        case
            when area_code like 'E92%' then 'country'
            when area_code like 'E12%' then 'region'
            else 'borough'
        end as area_type,
        area_name,
        area_code as area_code_given,
        'financial_year' as period_type,
        period_end - interval 1 year + interval 1 day as period_start,
        period_end,
        financial_year as period_name,
        case when lower(substance_group) = 'all' then 'all' else 'substance_group' end as breakdown,
        substance_group as category,
        'persons' as unit,
        persons as value,
        lower_ci as ci_lower,
        upper_ci as ci_upper,
        is_modelled,
        'suppressed' as status_of_blank
    from treatment
    union all by name
    -- The interval is that of the number of persons; the rate goes without.
    select
        delivery_id,
        row_number,
        measure || ' per 1,000' as indicator_name,
        'People aged 15 to 64' as population,
        case
            when area_code like 'E92%' then 'country'
            when area_code like 'E12%' then 'region'
            else 'borough'
        end as area_type,
        area_name,
        area_code as area_code_given,
        'financial_year' as period_type,
        period_end - interval 1 year + interval 1 day as period_start,
        period_end,
        financial_year as period_name,
        case when lower(substance_group) = 'all' then 'all' else 'substance_group' end as breakdown,
        substance_group as category,
        'rate_per_1000' as unit,
        rate_per_1000 as value,
        is_modelled,
        'suppressed' as status_of_blank
    from treatment
    where rate_per_1000 is not null
    union all by name
    select
        delivery_id,
        row_number,
        measure as indicator_name,
        'borough' as area_type,
        area_name,
        area_code as area_code_given,
        'financial_year' as period_type,
        period_end - interval 1 year + interval 1 day as period_start,
        period_end,
        reporting_period as period_name,
        case when measure = 'Total attendances' then 'attendances' else 'persons' end as unit,
        measure_value as value,
        true as is_rounded,
        'suppressed' as status_of_blank
    from mutilation
)

select
    screened.source,
    figures.*,
    screened.is_partial_scope,
    screened.published_on,
    screened.data_origin
from figures
inner join screened on figures.delivery_id = screened.delivery_id and figures.row_number = screened.row_number
