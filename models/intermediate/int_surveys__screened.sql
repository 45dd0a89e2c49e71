-- Every delivered row of the City Survey (a respondent), of the residents' panel and of the survey after
-- cases of anti-social behaviour (an answer each) with its fate: of each wave the latest publication that
-- holds at least 90% of the rows of any other (decision 0005), of each key its last row. The two others have
-- no wave: two files of the same months are publications of one survey.
with

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
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

records as (
    select
        delivery_id,
        row_number,
        'city_survey_answer' as source,
        respondent_id as respondent,
        wave,
        null as question_code
    from city_survey
    union all
    select
        delivery_id,
        row_number,
        'residents_panel_answer' as source,
        respondent_ref as respondent,
        null as wave,
        question_code
    from panel
    union all
    select
        delivery_id,
        row_number,
        'asb_satisfaction_answer' as source,
        case_ref as respondent,
        null as wave,
        question_code
    from asb_satisfaction
),

dated as (
    select
        records.*,
        coalesce(records.wave, deliveries.period_start || ' to ' || deliveries.period_end) as survey,
        deliveries.published_on,
        deliveries.data_origin,
        deliveries.is_partial
    from records
    inner join deliveries on records.delivery_id = deliveries.delivery_id
),

counted as (
    select
        *,
        count(*) over (partition by source, survey, delivery_id) as rows_of_survey
    from dated
),

judged as (
    select
        *,
        is_partial or rows_of_survey < 0.9 * max(rows_of_survey) over (partition by source, survey)
            as is_partial_scope
    from counted
),

ranked as (
    select
        *,
        bool_and(is_partial_scope) over (partition by source, survey) as has_no_complete,
        dense_rank() over (
            partition by source, survey
            order by is_partial_scope asc, published_on desc, delivery_id desc
        ) as publication_place
    from judged
),

used as (
    select
        *,
        publication_place = 1 or has_no_complete as is_used,
        row_number() over (
            partition by source, survey, respondent, question_code, publication_place = 1 or has_no_complete
            order by published_on desc, delivery_id desc, row_number desc
        ) as place,
        -- A key that says nothing of the respondent's number: the first row that the survey has of them.
        min(delivery_id || '/' || lpad(row_number || '', 12, '0')) over (
            partition by source, survey, respondent, publication_place = 1 or has_no_complete
        ) as first_row
    from ranked
)

select
    * exclude (is_partial, rows_of_survey, has_no_complete, publication_place, is_used, place),
    case
        when not is_used then 'superseded_publication'
        when place > 1 then 'repeated_key'
        else 'kept'
    end as fate
from used
