-- What people said in surveys, weighted where the survey has weights, for each wave of each survey.
-- The base is the people who gave an answer that counts; the interval rests on the base that weights leave.
with

answers as (
    select * from {{ ref('fct_survey_responses') }}
    where not coalesce(is_partial_scope, false)
),

survey_measures as (
    select * from {{ ref('survey_measures') }}
),

-- A wave lasts from the month of its first answer to that of its last; the one before is of the same survey.
waves as (
    select
        source,
        survey,
        date_trunc('month', min(answered_date)) as period_start,
        last_day(max(answered_date)) as period_end,
        lag(survey) over (partition by source order by min(answered_date)) as survey_before
    from answers
    where answered_date is not null
    group by source, survey
),

asked as (
    select
        survey_measures.measure_id,
        survey_measures.category_2,
        answers.source,
        answers.source_id,
        answers.survey,
        answers.data_origin,
        answers.as_at_date,
        coalesce(answers.weight, 1) as weight,
        case
            when survey_measures.counted = 'replies' then answers.answer_status = 'answered'
            when answers.answer_status <> 'answered' then null
            when survey_measures.counted = 'positive' then answers.is_positive
            when survey_measures.counted = 'lowest_two' then answers.answer_rank <= 2
        end as measured,
        answers.answer_status in ('answered', 'no_opinion', 'no_reply', 'not_recorded') as was_asked,
        answers.ward_code,
        answers.respondent_group,
        answers.sex,
        answers.age_band,
        answers.ethnicity,
        answers.tenure
    from answers
    inner join survey_measures
        on answers.source = survey_measures.source and answers.question_id = survey_measures.question_id
),

by_area as (
    select
        *,
        unnest(['borough', 'ward']) as area_type,
        unnest(['{{ var("partnership_borough_code") }}', ward_code]) as area_code,
        unnest(['2009', '2022']) as geography_vintage
    from asked
    where was_asked
),

crossed as (
    select
        *,
        unnest(['all', 'respondent_group', 'sex', 'age_band', 'ethnicity', 'tenure']) as breakdown,
        unnest(['all', respondent_group, sex, age_band, ethnicity, tenure]) as category
    from by_area
),

counted as (
    select
        measure_id,
        category_2,
        source,
        survey,
        area_type,
        area_code,
        geography_vintage,
        breakdown,
        category,
        count(measured) as respondents,
        count(*) - count(measured) as unknown_count,
        sum(weight) filter (measured) as weight_for,
        sum(weight) filter (measured is not null) as weight_all,
        sum(weight * weight) filter (measured is not null) as weight_squares,
        max(source_id) as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from crossed
    where area_code is not null and category is not null
    group by all
),

weighed as (
    select
        counted.*,
        waves.period_start,
        waves.period_end,
        waves.survey_before,
        coalesce(counted.weight_for, 0) / nullif(counted.weight_all, 0) as share,
        counted.weight_all * counted.weight_all / nullif(counted.weight_squares, 0) as effective_base
    from counted
    inner join waves on counted.source = waves.source and counted.survey = waves.survey
),

with_bounds as (
    select
        *,
        100 * {{ wilson_bound('(share * effective_base)', 'effective_base', '-') }} as ci_lower,
        100 * {{ wilson_bound('(share * effective_base)', 'effective_base', '+') }} as ci_upper
    from weighed
),

measured as (
    select
        this_wave.measure_id,
        'survey_wave' as period_type,
        this_wave.period_start,
        this_wave.period_end,
        this_wave.area_type,
        this_wave.area_code,
        cast(null as varchar) as area_name,
        this_wave.geography_vintage,
        this_wave.breakdown,
        this_wave.category,
        case when this_wave.category_2 is null then 'all' else 'question' end as breakdown_2,
        coalesce(this_wave.category_2, 'all') as category_2,
        100 * this_wave.share as value,
        this_wave.share * this_wave.respondents as numerator,
        this_wave.respondents as denominator,
        this_wave.ci_lower,
        this_wave.ci_upper,
        this_wave.unknown_count,
        100 as coverage_pct,
        100 * wave_before.share as previous_value,
        wave_before.ci_lower as previous_ci_lower,
        wave_before.ci_upper as previous_ci_upper,
        case when this_wave.respondents = 0 then 'low_base' else 'ok' end as status,
        case when this_wave.respondents = 0 then 'Nobody gave an answer that counts.' end as status_reason,
        this_wave.source_ids,
        this_wave.data_origin,
        this_wave.as_at_date
    from with_bounds as this_wave
    left join with_bounds as wave_before
        on
            this_wave.source = wave_before.source
            and this_wave.survey_before = wave_before.survey
            and this_wave.measure_id = wave_before.measure_id
            and coalesce(this_wave.category_2, '') = coalesce(wave_before.category_2, '')
            and this_wave.area_type = wave_before.area_type
            and this_wave.area_code = wave_before.area_code
            and this_wave.breakdown = wave_before.breakdown
            and this_wave.category = wave_before.category
            and wave_before.respondents >= 20
)

{{ finished_measures('measured', as_published=true) }}
