-- What measures of victims, suspects and accused add up, by month of recording, area and category.
{%- set kinds_of_person = {
    'residence': 'residence', 'age_band': 'age_band', 'sex': 'sex', 'ethnic_group': 'ethnic_group',
    'ethnic_appearance': 'ethnic_appearance'
} %}
{%- set finer_kinds = dict(
    kinds_of_person, age_years='age_years', home_borough='residence_borough_code', home_ward='residence_ward_code',
    sex_and_age='sex_and_age', sex_and_ethnic_appearance='sex_and_ethnic_appearance'
) %}
with

all_crimes as (
    select * from {{ ref('fct_crimes') }}
    where source = 'cris_crime'
),

memberships as (
    select * from {{ ref('base_crime_definitions') }}
),

ethnicities as (
    select * from {{ ref('ethnicity_self_defined') }}
    where is_known
),

officer_ethnicities as (
    select * from {{ ref('ethnicity_officer_defined') }}
    where is_known
),

domestic_abuse as (
    select * from memberships
    where definition = 'domestic_abuse_flagged'
),

cohort as (
    select
        person_key,
        min(started_date) as started_date
    from {{ ref('fct_offenders') }}
    where scheme = 'igxu' and person_key is not null
    group by person_key
),

registers as (
    select count(*) > 0 as has_cohort
    from cohort
),

all_persons as (
    select
        persons.crime_key,
        persons.source,
        persons.source_id,
        persons.data_origin,
        persons.as_at_date,
        persons.role,
        persons.person_key,
        persons.age,
        persons.sex,
        persons.lookback_state,
        persons.is_repeat_any,
        persons.is_repeat_same_group,
        persons.is_repeat_domestic_abuse,
        crimes.is_notifiable,
        crimes.recorded_month,
        crimes.borough_code,
        crimes.ward_code,
        crimes.offence_group,
        crimes.offence_code,
        persons.residence_borough_code,
        persons.residence_ward_code,
        ethnicities.ethnicity_group as ethnic_group,
        officer_ethnicities.ethnicity_group as ethnic_appearance,
        domestic_abuse.crime_key is not null as is_domestic_abuse,
        {{ age_band('persons.age') }} as age_band,
        {{ age_band('persons.age', fine=true) }} as age_years,
        persons.sex || ', ' || ({{ age_band('persons.age', fine=true) }}) as sex_and_age,
        persons.sex || ', ' || officer_ethnicities.ethnicity_group as sex_and_ethnic_appearance,
        -- Unknown, not recorded and not supplied are no homes.
        case
            when
                persons.residence_category in ('resident', 'other_london', 'outside_london', 'no_fixed_abode')
                then persons.residence_category
        end as residence
    from {{ ref('fct_crime_persons') }} as persons
    inner join all_crimes as crimes on persons.crime_key = crimes.crime_key
    left join domestic_abuse on persons.crime_key = domestic_abuse.crime_key
    left join ethnicities on persons.self_defined_ethnicity_code = ethnicities.ethnicity_code
    left join officer_ethnicities on persons.officer_ethnicity_code = officer_ethnicities.ethnicity_code
    where not coalesce(persons.is_organisation, false)
),

persons as (
    select * from all_persons
    where is_notifiable
),

victims as (
    select * from persons
    where role = 'victim'
),

suspects as (
    select * from persons
    where role = 'suspect'
),

accused as (
    select * from persons
    where role = 'accused'
),

accused_of_cohort as (
    select
        accused.*,
        case
            when registers.has_cohort and accused.person_key is not null
                then coalesce(cohort.started_date <= last_day(accused.recorded_month), false)
        end as is_of_cohort
    from accused
    cross join registers
    left join cohort on accused.person_key = cohort.person_key
),

cohort_by_definition as (
    select
        accused_of_cohort.*,
        memberships.definition
    from accused_of_cohort
    inner join memberships on accused_of_cohort.crime_key = memberships.crime_key
    where memberships.definition like '%youth_violence' or memberships.definition like 'knife_crime%'
),

-- A person stands once for each definition that the crime meets. Domestic abuse is flagged also on records
-- that are no notifiable crimes.
by_definition as (
    select
        all_persons.*,
        memberships.definition
    from all_persons
    inner join memberships on all_persons.crime_key = memberships.crime_key
    where all_persons.is_notifiable or memberships.definition = 'domestic_abuse_flagged'
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
        breakdowns=kinds_of_person, within={'offence_group': 'offence_group'},
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
        breakdowns=kinds_of_person, within={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'suspects_by_person', 'suspects', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns=kinds_of_person, within={'offence_group': 'offence_group'},
    ) }}
    {%- for role in ['victims', 'suspects', 'accused'] %}
        union all by name
        {{ measure_cells(
            role ~ '_by_person', role, kind='distribution', date='recorded_month',
            breakdowns={'age_years': 'age_years'}, within={'offence_group': 'offence_group'},
        ) }}
        union all by name
        {{ measure_cells(
            role ~ '_by_person', 'by_definition', kind='distribution', date='recorded_month',
            breakdowns=finer_kinds, within={'definition': 'definition'}, within_total=false,
            where="rows_in.role = '" ~ {'victims': 'victim', 'suspects': 'suspect', 'accused': 'accused'}[role] ~ "'",
        ) }}
    {%- endfor %}
    union all by name
    {{ measure_cells(
        'accused_persons', 'by_definition', date='recorded_month', breakdowns={'definition': 'definition'},
        total=false, where="rows_in.role = 'accused'",
    ) }}
    {%- for role in ['victim', 'accused'] %}
        union all by name
        {{ measure_cells(
            {'victim': 'victims', 'accused': 'accused'}[role] ~ '_by_person', 'by_definition',
            kind='distribution', date='recorded_month', breakdowns={'residence_under_18': 'residence'},
            within={'definition': 'definition'}, within_total=false,
            where="rows_in.age < 18 and rows_in.role = '" ~ role ~ "'",
        ) }}
    {%- endfor %}
    union all by name
    {{ measure_cells(
        'igxu_share_of_accused', 'accused_of_cohort', kind='share', value='rows_in.is_of_cohort',
        date='recorded_month',
    ) }}
    union all by name
    {{ measure_cells(
        'igxu_share_of_accused', 'cohort_by_definition', kind='share', value='rows_in.is_of_cohort',
        date='recorded_month', breakdowns={'definition': 'definition'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'accused_by_home_borough', 'accused', kind='distribution', date='recorded_month',
        breakdowns={'home_borough': 'residence_borough_code'}, within={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'accused_by_offence', 'accused', kind='distribution', date='recorded_month',
        breakdowns={'offence_group': 'offence_group'}, within={'sex': 'sex'},
    ) }}
)

select * from cells
