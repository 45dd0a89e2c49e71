-- What measures of stop and search add up, by month, object and category.
with

stops as (
    select
        *,
        case
            when object_of_search = 'Controlled drugs' then 'drugs'
            when object_of_search in ('Offensive weapons', 'Firearms', 'Anything to threaten or harm anyone')
                then 'weapons'
            when legislation like '%Terrorism%' then 'terrorism'
            when object_of_search is not null then 'other'
        end as object,
        outcome = 'A no further action disposal' as is_no_further_action,
        case when outcome <> 'A no further action disposal' then outcome end as action
    from {{ ref('fct_stop_searches') }}
    where borough_code = '{{ var("partnership_borough_code") }}'
),

cells as (
    {{ measure_cells(
        'stop_searches', 'stops', date='stop_date', areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'object': 'object'},
    ) }}
    union all by name
    {{ measure_cells(
        'stop_searches_by_person', 'stops', kind='distribution', date='stop_date',
        breakdowns={'sex': 'gender', 'age_range': 'age_range', 'ethnic_appearance': 'officer_defined_ethnicity'},
        within={'object': 'object'},
    ) }}
    union all by name
    {{ measure_cells(
        'stop_searches_without_action_share', 'stops', kind='share', value='rows_in.is_no_further_action',
        date='stop_date', breakdowns={
            'age_range': 'age_range', 'ethnic_appearance': 'officer_defined_ethnicity'
        },
        within={'object': 'object'},
    ) }}
    union all by name
    {{ measure_cells(
        'stop_searches_by_action', 'stops', kind='distribution', date='stop_date',
        breakdowns={'action': 'action'}, within={'object': 'object'},
        where='rows_in.is_no_further_action is distinct from true',
    ) }}
)

select * from cells
