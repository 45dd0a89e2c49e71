-- People and addresses, each counted once in the review year, and those that reach the threshold in it. The
-- year itself is the window of the rule: of a part of it nothing can be said.
with

occurrences as (
    select * from {{ ref('base_repeats') }}
),

covered_months as (
    select * from {{ ref('bridge_covered_months') }}
),

measures as (
    select * from {{ ref('dim_measure') }}
),

periods as (
    select * from {{ ref('dim_period') }}
    where
        period_type = 'review_year'
        and period_start between date '{{ var("review_year_start") }}' - interval 1 year
        and date '{{ var("review_year_start") }}'
),

sources as (
    select distinct
        measure_id,
        source
    from occurrences
),

source_counts as (
    select
        measure_id,
        count(*) as sources
    from sources
    group by measure_id
),

-- A month is covered when every source of the measure covers it.
months as (
    select
        sources.measure_id,
        periods.period_key,
        covered_months.month
    from sources
    inner join covered_months on sources.source = covered_months.source
    inner join source_counts on sources.measure_id = source_counts.measure_id
    inner join periods on covered_months.month between periods.period_start and periods.period_end
    group by sources.measure_id, periods.period_key, covered_months.month, source_counts.sources
    having count(*) = source_counts.sources
),

coverage as (
    select
        measure_id,
        period_key,
        count(*) as months_covered
    from months
    group by measure_id, period_key
),

things as (
    select distinct
        measure_id,
        period_key,
        breakdown,
        category,
        threshold,
        subject_key,
        part,
        thing_key
    from occurrences
    where subject_key is not null
),

parts as (
    select
        * exclude (thing_key),
        count(*) as things
    from things
    group by all
),

reached as (
    select
        * exclude (part, things),
        max(things) as most_things
    from parts
    group by all
),

-- Somebody is of the home, sex and age of the latest record, also where that one does not say: a known home
-- would be found more often of those with more records. Of one month the order is that of the keys, so that
-- every build says the same.
described as (
    select
        measure_id,
        period_key,
        breakdown,
        category,
        subject_key,
        arg_max_null(residence, (month, thing_key, residence)) as residence,
        arg_max_null(sex, (month, thing_key, sex)) as sex,
        arg_max_null(age_band, (month, thing_key, age_band)) as age_band
    from occurrences
    where subject_key is not null
    group by measure_id, period_key, breakdown, category, subject_key
),

subjects as (
    select
        reached.measure_id,
        reached.period_key,
        reached.breakdown,
        reached.category,
        reached.most_things >= reached.threshold as is_reached,
        unnest(['all', 'residence', 'sex', 'age_band']) as breakdown_2,
        unnest(['all', described.residence, described.sex, described.age_band]) as category_2
    from reached
    inner join described
        on
            reached.measure_id = described.measure_id
            and reached.period_key = described.period_key
            and reached.breakdown = described.breakdown
            and reached.category = described.category
            and reached.subject_key = described.subject_key
),

counted as (
    select
        measure_id,
        period_key,
        breakdown,
        category,
        breakdown_2,
        category_2,
        count(*) filter (is_reached) as reached,
        count(*) as subjects
    from subjects
    group by all
),

-- Of each breakdown the people of whom it is not known.
not_known as (
    select
        measure_id,
        period_key,
        breakdown,
        category,
        breakdown_2,
        sum(subjects) filter (category_2 is null) as subjects,
        sum(subjects) filter (category_2 is not null) as known_subjects
    from counted
    group by all
),

-- How much of what was delivered says who or where.
known as (
    select
        measure_id,
        period_key,
        breakdown,
        category,
        max(least_known) as least_known,
        count(*) as occurrences,
        count(*) filter (subject_key is null) as unknown
    from occurrences
    group by measure_id, period_key, breakdown, category
),

origins as (
    select
        measure_id,
        breakdown,
        category,
        string_agg(distinct source_id, ',' order by source_id) as source_ids,
        max(data_origin) as data_origin,
        max(as_at_date) as as_at_date
    from occurrences
    group by measure_id, breakdown, category
),

all_lines as (
    select
        measure_id,
        breakdown,
        category,
        'all' as breakdown_2,
        'all' as category_2
    from origins
    union
    select
        measure_id,
        breakdown,
        category,
        breakdown_2,
        category_2
    from counted
    where category_2 is not null
),

lines as (
    select
        all_lines.*,
        origins.source_ids,
        origins.data_origin,
        origins.as_at_date
    from all_lines
    inner join origins
        on
            all_lines.measure_id = origins.measure_id
            and all_lines.breakdown = origins.breakdown
            and all_lines.category = origins.category
),

judged as (
    select
        lines.*,
        periods.period_key,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.previous_start,
        periods.is_review_year,
        periods.months,
        measures.unit,
        coalesce(coverage.months_covered, 0) as months_covered,
        coalesce(counted.reached, 0) as numerator,
        case when measures.unit = 'percent' then coalesce(counted.subjects, 0) end as denominator,
        coalesce(known.unknown, 0) + coalesce(not_known.subjects, 0) as unknown,
        case
            when coalesce(coverage.months_covered, 0) = 0 then 'not_supplied'
            when coverage.months_covered < periods.months then 'insufficient_lookback'
            when known.unknown = known.occurrences then 'not_supplied'
            -- Definition share_of_known.
            when not_known.subjects > 1.5 * not_known.known_subjects then 'not_supplied'
            when known.unknown > (1 - known.least_known) * known.occurrences then 'not_supplied'
            when measures.unit = 'percent' and counted.subjects is null then 'low_base'
            else 'ok'
        end as status
    from lines
    inner join measures on lines.measure_id = measures.measure_id
    cross join periods
    left join coverage
        on lines.measure_id = coverage.measure_id and periods.period_key = coverage.period_key
    left join counted
        on
            periods.period_key = counted.period_key
            and lines.measure_id = counted.measure_id
            and lines.breakdown = counted.breakdown
            and lines.category = counted.category
            and lines.breakdown_2 = counted.breakdown_2
            and lines.category_2 = counted.category_2
    left join known
        on
            periods.period_key = known.period_key
            and lines.measure_id = known.measure_id
            and lines.breakdown = known.breakdown
            and lines.category = known.category
    left join not_known
        on
            periods.period_key = not_known.period_key
            and lines.measure_id = not_known.measure_id
            and lines.breakdown = not_known.breakdown
            and lines.category = not_known.category
            and lines.breakdown_2 = not_known.breakdown_2
),

valued as (
    select
        *,
        case when unit = 'percent' then 100.0 * numerator / nullif(denominator, 0) else numerator end as value
    from judged
),

measured as (
    select
        this_year.measure_id,
        this_year.period_type,
        this_year.period_start,
        this_year.period_end,
        'borough' as area_type,
        '{{ var("partnership_borough_code") }}' as area_code,
        '2009' as geography_vintage,
        this_year.breakdown,
        this_year.category,
        this_year.breakdown_2,
        this_year.category_2,
        this_year.value,
        case when this_year.status = 'ok' then this_year.numerator end as numerator,
        case when this_year.status = 'ok' then this_year.denominator end as denominator,
        this_year.unknown as unknown_count,
        100.0 * this_year.months_covered / this_year.months as coverage_pct,
        case when year_before.status = 'ok' then year_before.value end as previous_value,
        case when year_before.status = 'ok' then year_before.numerator end as previous_numerator,
        case when year_before.status = 'ok' then year_before.denominator end as previous_denominator,
        this_year.status,
        case
            when this_year.months_covered = 0 then 'Nothing was delivered for this period.'
            when this_year.status = 'insufficient_lookback'
                then
                    'The rule looks at twelve months: '
                    || this_year.months_covered
                    || ' of them were delivered by every service.'
            when this_year.status = 'not_supplied'
                then 'It is unknown in ' || cast(this_year.unknown as bigint) || ' cases: too many.'
            when this_year.status = 'low_base' then 'There are no such records in this period.'
        end as status_reason,
        this_year.source_ids,
        this_year.data_origin,
        this_year.as_at_date
    from valued as this_year
    left join valued as year_before
        on
            this_year.previous_start = year_before.period_start
            and this_year.measure_id = year_before.measure_id
            and this_year.breakdown = year_before.breakdown
            and this_year.category = year_before.category
            and this_year.breakdown_2 = year_before.breakdown_2
            and this_year.category_2 = year_before.category_2
    where this_year.is_review_year
)

{{ finished_measures('measured') }}
