-- What measures of anti-social behaviour add up, by month, area and category.
with

-- A service of the council or a landlord works for the borough: a case that it could not place is its own.
case_rows as (
    select * replace (coalesce(borough_code, '{{ var("partnership_borough_code") }}') as borough_code)
    from {{ ref('fct_asb_cases') }}
),

cases as (
    select * from case_rows
    where is_counted_as_case
),

incidents as (
    select
        *,
        case incident_type
            when 'noise_complaint' then 'noise complaint'
            when 'police_call' then 'police call'
        end as incident_kind,
        strftime(reported_date, '%A') as weekday,
        strftime(reported_date, '%B') as month_name
    from {{ ref('fct_asb_incidents') }}
),

case_reviews as (
    select
        *,
        date_diff('day', opened_date, closed_date) as days_to_decide
    from cases
    where case_type = 'case_review' and counts_as_application
),

case_records as (
    select
        *,
        coalesce(complainant_person_key, person_key, perpetrator_person_key) is not null as names_somebody
    from case_rows
    where case_type in ('housing', 'registered_landlord', 'triage', 'ecins_subject')
),

persons_of_records as (
    select distinct
        case_row_key,
        source,
        opened_date,
        unnest([complainant_person_key, person_key, perpetrator_person_key]) as person_key
    from case_records
),

-- Persons are linked across services where their agreements allow it.
known_elsewhere as (
    select distinct records.case_row_key
    from persons_of_records as records
    inner join persons_of_records as others
        on
            records.person_key = others.person_key
            and records.source <> others.source
            and others.opened_date between records.opened_date - interval 365 day
            and records.opened_date + interval 365 day
),

-- Of records that say the same the first, by its key, is none.
compared_records as (
    select
        case_records.*,
        case
            when case_records.names_somebody
                then row_number() over (
                    partition by
                        case_records.source,
                        case_records.complainant_person_key,
                        case_records.person_key,
                        case_records.perpetrator_person_key,
                        case_records.category_code,
                        case_records.opened_date
                    order by case_records.case_row_key
                ) > 1
        end as is_duplicate,
        case
            when case_records.names_somebody then known_elsewhere.case_row_key is not null
        end as is_known_elsewhere
    from case_records
    left join known_elsewhere on case_records.case_row_key = known_elsewhere.case_row_key
),

triage_categories as (
    select case_rows.*
    from case_rows
    inner join {{ ref('bridge_asb_category') }} as categories
        on case_rows.case_row_key = categories.case_row_key and categories.scheme = 'asb_case'
    where case_rows.case_type = 'triage'
),

known_to_triage as (
    select
        coalesce(person_key, complainant_person_key) as person_key,
        min(opened_date) as first_opened_date
    from case_rows
    where case_type = 'triage' and coalesce(person_key, complainant_person_key) is not null
    group by 1
),

-- Nobody can be looked up whose review names no person.
linked_reviews as (
    select
        case_reviews.*,
        case
            when coalesce(case_reviews.complainant_person_key, case_reviews.person_key) is not null
                then coalesce(known_to_triage.first_opened_date < case_reviews.opened_date, false)
        end as is_known_to_triage
    from case_reviews
    left join known_to_triage
        on coalesce(case_reviews.complainant_person_key, case_reviews.person_key) = known_to_triage.person_key
),

triage_referrals as (
    select * from case_rows
    where case_type = 'triage'
),

-- Whether the fields that a worker needs are filled, case by case; fields are never summed with one another.
case_field_lists as (
    select
        source,
        source_id,
        data_origin,
        as_at_date,
        opened_date,
        borough_code,
        case_type,
        unnest([
            'category', 'risk_level', 'vulnerability', 'ward', 'person', 'alleged_perpetrator', 'closed_on'
        ]) as field,
        unnest([
            category_code is not null,
            risk_level_code is not null,
            vulnerability is not null,
            ward_code is not null,
            coalesce(complainant_person_key, person_key) is not null,
            coalesce(perpetrator_person_key, person_key) is not null,
            closed_date is not null or not coalesce(is_closed, false)
        ]) as is_recorded
    from case_rows
    where case_type in ('housing', 'registered_landlord', 'triage', 'ecins_subject')
),

-- A case still open is not one closed within thirty days once thirty days are over.
landlord_cases as (
    select
        *,
        case
            when days_to_close is not null then days_to_close <= 30
            when opened_date + 30 < as_at_date then false
        end as is_closed_in_30_days,
        is_repeat_complainant and is_repeat_perpetrator as has_both_repeats,
        'insufficient_lookback' in (repeat_complainant_status, repeat_perpetrator_status)
            as is_short_of_lookback,
        date_diff(
            'day',
            max(opened_date) over (
                partition by source, complainant_person_key_agency
                order by opened_date
                range between interval 365 days preceding and interval 1 day preceding
            ),
            opened_date
        ) as days_since_last_case
    from cases
    where case_type in ('housing', 'registered_landlord')
),

-- On which day a service recognised a repeat, no contract has.
repeat_cases as (
    select
        *,
        cast(null as integer) as days_to_identify
    from landlord_cases
    where is_repeat_complainant
),

cells as (
    {{ measure_cells(
        'asb_incidents', 'incidents', date='reported_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code', 'stable_area': 'stable_area_code'},
        breakdowns={'incident_kind': 'incident_kind'}, by_source=['incident_kind'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_incidents_per_day', 'incidents', kind='per_day', date='reported_date',
        breakdowns={'incident_kind': 'incident_kind'}, by_source=['incident_kind'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_calls_by_time', 'incidents', kind='distribution', date='reported_date',
        breakdowns={'weekday': 'weekday', 'hour': 'reported_hour'}, within={'incident_kind': 'incident_kind'},
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'asb_calls_by_time', 'incidents', kind='distribution', date='reported_date',
        breakdowns={'month': 'month_name'}, within={'incident_kind': 'incident_kind'}, within_total=false,
    ) }}
    {%- for part, days in {'weekend': '(6, 7)', 'week': '(1, 2, 3, 4, 5)'}.items() %}
        union all by name
        {{ measure_cells(
            'asb_calls_by_time', 'incidents', kind='distribution', date='reported_date',
            breakdowns={'hour_of_' ~ part: 'reported_hour'}, within={'incident_kind': 'incident_kind'},
            within_total=false, where='isodow(rows_in.reported_date) in ' ~ days,
        ) }}
    {%- endfor %}
    union all by name
    {{ measure_cells(
        'asb_by_kind', 'incidents', kind='distribution', date='reported_date',
        breakdowns={'qualifier': 'qualifier_code', 'category': 'category_code', 'ward': 'ward_code'},
        within={'incident_kind': 'incident_kind'}, by_source=['incident_kind'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_by_kind', 'incidents', kind='distribution', date='reported_date',
        breakdowns={'ward': 'ward_code', 'hour': 'reported_hour', 'subcategory': 'subcategory_code'},
        within={'noise_type': 'category_code'}, within_total=false,
        where="rows_in.incident_type = 'noise_complaint'",
    ) }}
    union all by name
    {{ measure_cells(
        'asb_cases_by_kind', 'cases', kind='distribution', date='opened_date',
        breakdowns={
            'category': 'category_code', 'risk_level': 'risk_level_code', 'ward': 'ward_code',
            'notice_reason': 'notice_reason_code'
        },
        within={'case_type': 'case_type'}, by_source=['case_type'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_triage_referrals', 'triage_referrals', date='opened_date',
        breakdowns={'landlord': 'landlord_code', 'category': 'category_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'asb_triage_referrals_by_kind', 'triage_referrals', kind='distribution', date='opened_date',
        breakdowns={
            'category': 'category_code', 'risk_level': 'risk_level_code', 'ward': 'ward_code',
            'social_housing': 'is_social_housing'
        },
    ) }}
    union all by name
    {{ measure_cells(
        'asb_closed_in_30_days_share', 'landlord_cases', kind='share', value='rows_in.is_closed_in_30_days',
        date='opened_date', breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
    ) }}
    union all by name
    {{ measure_cells(
        'asb_repeat_both_share', 'landlord_cases', kind='share', value='rows_in.has_both_repeats',
        lookback='rows_in.is_short_of_lookback',
        date='opened_date', breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_review_known_to_triage', 'linked_reviews', value='rows_in.is_known_to_triage',
        date='opened_date',
    ) }}
    union all by name
    {{ measure_cells(
        'asb_cases', 'cases', date='opened_date', areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'case_type': 'case_type'}, by_source=['case_type'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_repeat_complainant_share', 'cases', kind='share', value='rows_in.is_repeat_complainant',
        lookback="rows_in.repeat_complainant_status = 'insufficient_lookback'", date='opened_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
        where="rows_in.case_type in ('housing', 'registered_landlord')",
    ) }}
    union all by name
    {{ measure_cells(
        'asb_repeat_perpetrator_share', 'cases', kind='share', value='rows_in.is_repeat_perpetrator',
        lookback="rows_in.repeat_perpetrator_status = 'insufficient_lookback'", date='opened_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
        where="rows_in.case_type in ('housing', 'registered_landlord')",
    ) }}
    union all by name
    {{ measure_cells(
        'noise_repeat_complainant_share', 'incidents', kind='share', value='rows_in.is_repeat_complainant',
        lookback="rows_in.repeat_complainant_status = 'insufficient_lookback'", date='reported_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, where="rows_in.incident_type = 'noise_complaint'",
    ) }}
    union all by name
    {{ measure_cells(
        'asb_repeat_location_3_share', 'incidents', kind='share', value='rows_in.is_repeat_location_3',
        lookback="rows_in.repeat_location_status = 'insufficient_lookback'", date='reported_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'incident_kind': 'incident_kind'},
        by_source=['incident_kind'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_repeat_location_10_share', 'incidents', kind='share', value='rows_in.is_repeat_location_10',
        lookback="rows_in.repeat_location_status = 'insufficient_lookback'", date='reported_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'incident_kind': 'incident_kind'},
        by_source=['incident_kind'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_repeat_flagged_share', 'repeat_cases', kind='share', value='rows_in.is_repeat_complainant_stated',
        date='opened_date', breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
    ) }}
    union all by name
    {{ measure_cells(
        'asb_days_to_identify_repeat', 'repeat_cases', kind='mean', value='rows_in.days_to_identify',
        date='opened_date',
    ) }}
    union all by name
    {{ measure_cells(
        'asb_days_to_next_case', 'repeat_cases', kind='mean', value='rows_in.days_since_last_case',
        date='opened_date', breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
    ) }}
    union all by name
    {{ measure_cells(
        'asb_duplicate_record_share', 'compared_records', kind='share', value='rows_in.is_duplicate',
        date='opened_date', breakdowns={'case_type': 'case_type'}, by_source=['case_type'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_known_to_another_system_share', 'compared_records', kind='share',
        value='rows_in.is_known_elsewhere', date='opened_date', breakdowns={'case_type': 'case_type'},
        by_source=['case_type'], total=false,
    ) }}
    union all by name
    {{ measure_cells('asb_triage_categories', 'triage_categories', date='opened_date') }}
    union all by name
    {{ measure_cells(
        'asb_days_to_close', 'cases', kind='mean', value='rows_in.days_to_close', date='opened_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'case_type': 'case_type'}, by_source=['case_type'],
        where="rows_in.case_type in ('housing', 'registered_landlord') and coalesce(rows_in.is_closed, true)",
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_field_recorded_share', 'case_field_lists', kind='share', value='rows_in.is_recorded',
        date='opened_date', breakdowns={'field': 'field'}, within={'case_type': 'case_type'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_review_applications', 'case_reviews', date='opened_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'decision': 'decision_code', 'landlord': 'landlord_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_review_s104_share', 'case_reviews', kind='share', value='rows_in.is_s104_threshold_met',
        lookback="rows_in.s104_threshold_status = 'insufficient_lookback'", date='opened_date',
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_review_local_share', 'case_reviews', kind='share', value='rows_in.is_local_threshold_met',
        lookback="rows_in.local_threshold_status = 'insufficient_lookback'", date='opened_date',
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_review_reasons', 'case_reviews', kind='distribution', date='opened_date',
        breakdowns={'decision_reason': 'decision_reason_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'asb_case_review_days', 'case_reviews', kind='mean', value='rows_in.days_to_decide', date='opened_date',
    ) }}
)

select * from cells
