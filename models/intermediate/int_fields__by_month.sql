-- How many rows of a delivery want a value in a field, and how many of them are blank, by month: as the gate
-- counted them, and of files without a date of their own by the month in which the crime was recorded.
with

counted as (
    select * from {{ ref('stg_ledger__field_months') }}
),

crimes as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

victims as (
    select * from {{ ref('stg_mps_cris__victim_fields') }}
),

suspects as (
    select * from {{ ref('stg_mps_cris__suspect_fields') }}
),

persons as (
    select
        *,
        'cris_victim' as source
    from victims
    union all
    select
        *,
        'cris_suspect' as source
    from suspects
),

dated as (
    select
        persons.delivery_id,
        persons.source,
        try_cast(date_trunc('month', crimes.recorded_at) as date) as month,
        unnest(persons.fields) as field
    from persons
    inner join crimes on persons.crime_ref = crimes.crime_ref
)

select
    delivery_id,
    source,
    column_name,
    month,
    rows_applicable,
    rows_blank
from counted
union all
select
    delivery_id,
    source,
    field.column_name,
    month,
    count_if(field.is_wanted) as rows_applicable,
    count_if(field.is_blank) as rows_blank
from dated
group by delivery_id, source, field.column_name, month
