-- One row per respondent and question that the survey has. The status keeps four things apart: a question
-- that was not put (a partial interview), one without an answer in the file, one that the respondent did
-- not answer ("don't know", "does not apply"), and an answer.
{%- set questions = [
    'safe_area', 'safe_day', 'safe_dark', 'problem_drugs', 'problem_begging', 'problem_drunk_rowdy',
    'problem_youth_violence', 'problem_noisy_neighbours', 'problem_licensed_premises', 'problem_hostility',
    'get_on_well',
] %}
with

screened as (
    select * from {{ ref('int_surveys__screened') }}
    where fate = 'kept'
),

city_survey as (
    select * from {{ ref('stg_surveys__city_survey_answers') }}
),

panel as (
    select * from {{ ref('stg_wcc_asb__residents_panel_answers') }}
),

asb_satisfaction as (
    select * from {{ ref('stg_wcc_asb__asb_satisfaction_answers') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

city_questions as (
    select * from {{ ref('city_survey_questions') }}
),

city_answers as (
    select * from {{ ref('city_survey_answers') }}
),

panel_questions as (
    select * from {{ ref('residents_panel_questions') }}
),

panel_answers as (
    select * from {{ ref('panel_answers') }}
),

asb_questions as (
    select * from {{ ref('asb_survey_questions') }}
),

areas as (
    select * from {{ ref('int_indicators__areas') }}
    where area_type = 'ward'
),

asked as (
    {% for question in questions %}
        select
            delivery_id,
            row_number,
            '{{ question }}' as question_id,
            {{ question }} as answer
        from city_survey
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

city_responses as (
    select
        asked.delivery_id,
        asked.row_number,
        'City Survey' as survey_name,
        asked.question_id,
        city_questions.question,
        city_questions.scale,
        asked.answer,
        case when city_answers.is_known then city_answers.answer_order end as answer_rank,
        case when city_answers.is_known then city_answers.counts_as_yes end as is_positive,
        case
            when not map_contains(deliveries.labels, asked.question_id) then 'not_supplied'
            when asked.answer is null and lower(city_survey.interview_status) = 'partial' then 'not_asked'
            when asked.answer is null then 'not_recorded'
            when city_answers.is_known then 'answered'
            when city_answers.is_known is null then 'unknown_answer'
            else 'no_opinion'
        end as answer_status,
        city_survey.interview_date as answered_date,
        'Resident' as respondent_group,
        city_survey.weight,
        city_survey.ward_name,
        city_survey.sex,
        city_survey.age_band,
        city_survey.ethnic_group as ethnicity,
        city_survey.tenure,
        city_survey.working_status,
        city_survey.is_carer,
        city_survey.is_disabled
    from asked
    inner join city_survey
        on asked.delivery_id = city_survey.delivery_id and asked.row_number = city_survey.row_number
    inner join deliveries on asked.delivery_id = deliveries.delivery_id
    left join city_questions on asked.question_id = city_questions.question_id
    left join city_answers on city_questions.scale = city_answers.scale and asked.answer = city_answers.answer
),

-- The panel was not drawn at random and has no weights.
panel_responses as (
    select
        panel.delivery_id,
        panel.row_number,
        'Residents'' panel' as survey_name,
        panel.question_code as question_id,
        panel_questions.question,
        panel_questions.answer_scale as scale,
        panel.answer,
        panel_answers.answer_rank,
        panel_answers.is_positive,
        case
            when panel.answer is null then 'not_recorded'
            when panel_answers.answer is null then 'unknown_answer'
            when panel_answers.answer = 'Does not apply' then 'does_not_apply'
            when panel_answers.answer_scale = 'none' then 'no_opinion'
            else 'answered'
        end as answer_status,
        panel.survey_date as answered_date,
        panel.respondent_group,
        try_cast(null as double) as weight,
        panel.ward_name,
        panel.sex,
        panel.age_band,
        panel.ethnicity,
        null as tenure,
        null as working_status,
        try_cast(null as boolean) as is_carer,
        try_cast(null as boolean) as is_disabled
    from panel
    left join panel_questions on panel.question_code = panel_questions.question_code
    left join panel_answers on panel.answer = panel_answers.answer
),

-- A score of 4 or 5 is satisfied. A person who was asked and did not answer is a row of its own.
asb_responses as (
    select
        asb_satisfaction.delivery_id,
        asb_satisfaction.row_number,
        'Satisfaction after anti-social behaviour' as survey_name,
        asb_satisfaction.question_code as question_id,
        asb_questions.question,
        'satisfaction' as scale,
        try_cast(asb_satisfaction.satisfaction_score as varchar) as answer,
        asb_satisfaction.satisfaction_score as answer_rank,
        asb_satisfaction.satisfaction_score >= 4 as is_positive,
        case
            when asb_satisfaction.satisfaction_score is not null then 'answered'
            when asb_satisfaction.is_answered then 'not_recorded'
            else 'no_reply'
        end as answer_status,
        asb_satisfaction.survey_date as answered_date,
        asb_satisfaction.service as respondent_group,
        try_cast(null as double) as weight,
        null as ward_name,
        null as sex,
        null as age_band,
        null as ethnicity,
        null as tenure,
        null as working_status,
        try_cast(null as boolean) as is_carer,
        try_cast(null as boolean) as is_disabled
    from asb_satisfaction
    left join asb_questions on asb_satisfaction.question_code = asb_questions.question_code
),

responses as (
    select * from city_responses
    union all
    select * from panel_responses
    union all
    select * from asb_responses
)

select
    responses.*,
    areas.area_code as ward_code,
    screened.source,
    screened.survey,
    screened.first_row,
    screened.is_partial_scope,
    screened.data_origin,
    screened.published_on
from responses
inner join screened
    on responses.delivery_id = screened.delivery_id and responses.row_number = screened.row_number
left join areas on vault.rules.name_key(responses.ward_name) = areas.name_key
