-- The months that each source was delivered for, whole: what lies in none is missing, and never nought.
with

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

runs as (
    select * from {{ ref('int_asb__coverage') }}
),

month_profiles as (
    select * from {{ ref('stg_ledger__month_profile') }}
),

crimes as (
    select * from {{ ref('fct_crimes') }}
    where source = 'cris_crime'
),

crime_persons as (
    select * from {{ ref('fct_crime_persons') }}
),

-- Of a continuous source, the months that have rows and are not cut short.
continuous as (
    select
        month_profiles.source,
        month_profiles.month
    from month_profiles
    inner join deliveries on month_profiles.delivery_id = deliveries.delivery_id
    inner join contracts on month_profiles.source = contracts.source
    where contracts.is_continuous and not deliveries.is_partial
    group by month_profiles.source, month_profiles.month
    having not bool_or(month_profiles.is_cut_short)
),

-- Of the others, and of suppliers with few cases, the months within the period of a delivery.
within_runs as (
    select
        source,
        unnest(
            generate_series(
                date_trunc('month', covered_from), date_trunc('month', covered_to), to_months(1)
            )
        ) as month
    from runs
),

-- Of persons in crimes, whose files have no date of their own, the months of the crimes that they join.
persons as (
    select
        crime_persons.source,
        crimes.recorded_month as month
    from crime_persons
    inner join crimes on crime_persons.crime_key = crimes.crime_key
    group by crime_persons.source, crimes.recorded_month
),

gathered as (
    select
        source,
        month
    from continuous
    union
    select
        within_runs.source,
        cast(within_runs.month as date) as month
    from within_runs
    inner join contracts on within_runs.source = contracts.source
    where not contracts.is_continuous or contracts.cadence_months > 1
    union
    select
        source,
        month
    from persons
)

select
    source,
    month
from gathered
