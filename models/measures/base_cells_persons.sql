-- What measures of victims and accused add up, by month of recording, area and category.
with

crimes as (
    select * from {{ ref('fct_crimes') }}
    where source = 'cris_crime' and is_notifiable
),

domestic_abuse as (
    select * from {{ ref('bridge_crime_definition') }}
    where definition_id = 'domestic_abuse_flagged' and membership = 'met'
),

persons as (
    select
        persons.source,
        persons.source_id,
        persons.data_origin,
        persons.as_at_date,
        persons.role,
        persons.age,
        persons.sex,
        persons.lookback_state,
        persons.is_repeat_any,
        persons.is_repeat_same_group,
        persons.is_repeat_domestic_abuse,
        crimes.recorded_month,
        crimes.borough_code,
        crimes.ward_code,
        crimes.offence_group,
        domestic_abuse.crime_key is not null as is_domestic_abuse,
        case
            when persons.age < 18 then 'under 18'
            when persons.age < 25 then '18 to 24'
            when persons.age < 35 then '25 to 34'
            when persons.age < 45 then '35 to 44'
            when persons.age < 55 then '45 to 54'
            when persons.age < 65 then '55 to 64'
            when persons.age >= 65 then '65 and over'
        end as age_band,
        -- Unknown, not recorded and not supplied are no homes.
        case
            when
                persons.residence_category in ('resident', 'other_london', 'outside_london', 'no_fixed_abode')
                then persons.residence_category
        end as residence
    from {{ ref('fct_crime_persons') }} as persons
    inner join crimes on persons.crime_key = crimes.crime_key
    left join domestic_abuse on persons.crime_key = domestic_abuse.crime_key
    where not coalesce(persons.is_organisation, false)
),

victims as (
    select * from persons
    where role = 'victim'
),

accused as (
    select * from persons
    where role = 'accused'
),

cells as (
    {{ measure_cells(
        'victimisations', 'victims', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'repeat_victimisation_share', 'victims', kind='share', value='rows_in.is_repeat_any',
        lookback="rows_in.lookback_state = 'insufficient_lookback'", date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={
            'offence_group': 'offence_group', 'age_band': 'age_band', 'sex': 'sex', 'residence': 'residence'
        },
    ) }}
    union all by name
    {{ measure_cells(
        'repeat_victimisation_same_group_share', 'victims', kind='share', value='rows_in.is_repeat_same_group',
        lookback="rows_in.lookback_state = 'insufficient_lookback'", date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'repeat_domestic_abuse_share', 'victims', kind='share', value='rows_in.is_repeat_domestic_abuse',
        lookback="rows_in.lookback_state = 'insufficient_lookback'", date='recorded_month',
        breakdowns={'age_band': 'age_band', 'sex': 'sex'}, where='rows_in.is_domestic_abuse',
    ) }}
    union all by name
    {{ measure_cells(
        'victims_by_person', 'victims', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'residence': 'residence', 'age_band': 'age_band', 'sex': 'sex'},
        within={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'accused_persons', 'accused', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'accused_by_person', 'accused', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'residence': 'residence', 'age_band': 'age_band', 'sex': 'sex'},
        within={'offence_group': 'offence_group'},
    ) }}
)

select * from cells
