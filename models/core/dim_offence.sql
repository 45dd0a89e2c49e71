with

classes as (
    select * from {{ ref('offence_classes') }}
)

select * from classes
