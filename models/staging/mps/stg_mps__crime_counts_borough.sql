with

delivered as (
    select {{ staged_columns('mps_crime_counts_borough') }}
    from {{ source('mps', 'mps_crime_counts_borough') }}
),

unnested as (
    {{ unnested_pattern('delivered', 'months', 'month_heading', 'crimes') }}
)

select
    * exclude (month_heading),
    vault.rules.as_month(month_heading, ['%Y%m'], []) as month
from unnested
