-- An interview that broke off has answered the first questions and not the rest, so that two bases can be
-- stated.
with

answers as (
    select * from {{ ref('stg_surveys__city_survey_answers') }}
)

select
    'city_survey_answer' as source,
    delivery_id,
    last_day(max(interview_date)) as period_end,
    wave as category,
    count(*) as rows_tested,
    count(*) filter (interview_status <> 'Complete') as rows_failing,
    round(100.0 * count(*) filter (interview_status <> 'Complete') / count(*), 1) as share_pct
from answers
group by delivery_id, wave
