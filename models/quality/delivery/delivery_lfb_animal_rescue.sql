with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'lfb_animal_rescue'
)

select * from received
