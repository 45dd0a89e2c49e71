with

names as (
    select * from {{ ref('borough_names') }}
),

-- A borough has a row per spelling; everything else about it is the same in each.
boroughs as (
    select distinct
        borough_code,
        borough_name,
        force,
        policing_bcu
    from names
    where not is_pseudo
)

select
    borough_code,
    borough_name,
    force,
    policing_bcu,
    borough_code = '{{ var("partnership_borough_code") }}' as is_partnership
from boroughs
