with

received as (
    select * from {{ ref('int_deliveries__received') }}
    where source = 'city_survey_answer'
)

select * from received
