with

delivered as (
    select {{ staged_columns('ons_population') }}
    from {{ source('ons', 'ons_population') }}
),

unnested as (
    {{ unnested_pattern('delivered', 'residents', 'sex_and_age', 'persons') }}
)

select
    * exclude (sex_and_age),
    lower(regexp_extract(sex_and_age, '^([A-Za-z]+)_', 1)) as sex,
    regexp_extract(sex_and_age, '_(.+)$', 1) as age_band
from unnested
