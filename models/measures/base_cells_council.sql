-- What measures of exclusions from school, by academic year, and of rough sleeping, by quarter, add up.
with

exclusions as (
    select
        *,
        '{{ var("partnership_borough_code") }}' as borough_code,
        residence_category = 'resident' as is_resident
    from {{ ref('fct_pupil_exclusions') }}
    where not is_partial_scope
),

reasons as (
    select * from {{ ref('bridge_exclusion_reason') }}
),

-- The first reason given; a pupil may be suspended for several.
suspensions as (
    select
        exclusions.*,
        reasons.reason_name as main_reason
    from exclusions
    left join reasons on exclusions.exclusion_key = reasons.exclusion_key and reasons.reason_order = 1
    where not exclusions.is_permanent
),

-- A person is counted once a quarter, and stands in one category or more.
rough_sleepers as (
    select
        *,
        coalesce(has_alcohol_need, false) or coalesce(has_drug_need, false)
        or coalesce(has_mental_health_need, false) as has_need
    from {{ ref('fct_rough_sleeping') }}
    where not is_partial_scope
),

rough_sleeper_categories as (
    select
        * exclude (is_new, is_living_on_streets, is_intermittent),
        unnest(list_filter(
            [
                case when is_new then 'new' end,
                case when is_living_on_streets then 'living on the streets' end,
                case when is_intermittent then 'intermittent' end
            ],
            category -> category is not null
        )) as category
    from rough_sleepers
),

cells as (
    {{ measure_cells(
        'exclusions', 'exclusions', date='started_date', period_type='academic_year',
    ) }}
    union all by name
    {{ measure_cells(
        'exclusions_by_pupil', 'exclusions', kind='distribution', date='started_date',
        period_type='academic_year', breakdowns={'phase': 'school_phase', 'age': 'age'},
    ) }}
    union all by name
    {{ measure_cells(
        'exclusions_by_home', 'exclusions', kind='distribution', date='started_date',
        period_type='academic_year', breakdowns={'ward_name_given': 'ward_name_given'},
        where='rows_in.is_resident',
    ) }}
    union all by name
    {{ measure_cells(
        'exclusions_of_residents_share', 'exclusions', kind='share', value='rows_in.is_resident',
        date='started_date', period_type='academic_year',
    ) }}
    union all by name
    {{ measure_cells(
        'exclusions_with_special_needs_share', 'exclusions', kind='share', value='rows_in.has_sen',
        date='started_date', period_type='academic_year',
    ) }}
    union all by name
    {{ measure_cells(
        'suspensions_by_reason', 'suspensions', kind='distribution', date='started_date',
        period_type='academic_year', breakdowns={'reason': 'main_reason'},
    ) }}
    union all by name
    {{ measure_cells(
        'rough_sleepers', 'rough_sleepers', date='quarter_start', period_type='quarter',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'rough_sleepers', 'rough_sleeper_categories', date='quarter_start', period_type='quarter',
        breakdowns={'category': 'category'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'rough_sleepers_by_person', 'rough_sleepers', kind='distribution', date='quarter_start',
        period_type='quarter',
        breakdowns={'sex': 'sex', 'age_band': 'age_band', 'nationality': 'nationality'},
    ) }}
    union all by name
    {{ measure_cells(
        'rough_sleepers_without_need_share', 'rough_sleepers', kind='share', value='not rows_in.has_need',
        date='quarter_start', period_type='quarter',
    ) }}
    union all by name
    {{ measure_cells(
        'rough_sleepers_after_prison_share', 'rough_sleepers', kind='share', value='rows_in.was_in_prison',
        date='quarter_start', period_type='quarter',
    ) }}
)

select * from cells
