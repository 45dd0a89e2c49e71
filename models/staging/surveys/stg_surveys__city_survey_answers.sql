with

delivered as (
    select {{ staged_columns('city_survey_answer') }}
    from {{ source('surveys', 'city_survey_answer') }}
)

select * from delivered
