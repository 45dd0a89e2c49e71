-- Every delivered activity with its fate: of each reference the latest publication counts.
with

activities as (
    select * from {{ ref('stg_wcc_asb__neighbourhood_activities') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

screened as (
    {{ screened_by_key('activities', ['activity_ref']) }}
)

select * from screened
