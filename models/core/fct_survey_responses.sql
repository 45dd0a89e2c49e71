with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

answers as (
    select * from {{ ref('int_surveys__answers') }}
)

select
    -- keys
    {{ surrogate_key(['answers.delivery_id', 'answers.row_number', 'answers.question_id']) }} as response_key,
    {{ surrogate_key(['answers.source', 'answers.first_row']) }} as respondent_key,
    answers.delivery_id,
    answers.source,
    contracts.source_id,
    answers.survey_name,
    answers.survey,

    -- what
    answers.question_id,
    answers.question,
    answers.scale,
    answers.answer,
    cast(answers.answer_rank as integer) as answer_rank,
    answers.is_positive,
    answers.answer_status,

    -- when and where
    answers.answered_date,
    answers.ward_code,

    -- who
    answers.respondent_group,
    answers.sex,
    answers.age_band,
    answers.ethnicity,
    answers.tenure,
    answers.working_status,
    answers.is_carer,
    answers.is_disabled,

    -- measures
    answers.weight,

    -- flags
    answers.is_partial_scope,
    answers.data_origin,
    answers.published_on as as_at_date
from answers
left join contracts on answers.source = contracts.source
