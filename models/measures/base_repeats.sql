-- What people and addresses had in a review year, for measures that count each of them once. A row without a
-- subject is of somebody who is not known; a part is what repeats are sought within (a kind of crime).
with

periods as (
    select
        period_key,
        period_start,
        period_end
    from {{ ref('dim_period') }}
    where
        period_type = 'review_year'
        and period_start between date '{{ var("review_year_start") }}' - interval 1 year
        and date '{{ var("review_year_start") }}'
),

all_crimes as (
    select
        crime_key,
        recorded_month,
        offence_group,
        is_notifiable
    from {{ ref('fct_crimes') }}
    where source = 'cris_crime' and borough_code = '{{ var("partnership_borough_code") }}'
),

domestic_abuse as (
    select * from {{ ref('bridge_crime_definition') }}
    where definition_id = 'domestic_abuse_flagged' and membership = 'met'
),

crimes as (
    select
        all_crimes.*,
        domestic_abuse.crime_key is not null as is_domestic_abuse
    from all_crimes
    left join domestic_abuse on all_crimes.crime_key = domestic_abuse.crime_key
),

persons as (
    select
        persons_in.*,
        crimes.recorded_month,
        crimes.offence_group,
        crimes.is_notifiable,
        crimes.is_domestic_abuse,
        {{ age_band('persons_in.age') }} as age_band,
        case
            when
                persons_in.residence_category
                in ('resident', 'other_london', 'outside_london', 'no_fixed_abode')
                then persons_in.residence_category
        end as residence
    from {{ ref('fct_crime_persons') }} as persons_in
    inner join crimes on persons_in.crime_key = crimes.crime_key
    where not coalesce(persons_in.is_organisation, false)
),

-- By any crime and by kind the notifiable count, by domestic abuse every report with the flag.
repeat_victims as (
    select
        'repeat_victim_share' as measure_id,
        'scope' as breakdown,
        unnest(list_filter(
            [
                case when is_notifiable then 'any_crime' end,
                case when is_notifiable then 'same_offence_group' end,
                case when is_domestic_abuse then 'domestic_abuse' end
            ],
            scope -> scope is not null
        )) as category,
        residence,
        sex,
        age_band,
        source,
        source_id,
        recorded_month as month,
        person_key as subject_key,
        offence_group,
        crime_key as thing_key,
        -- As the contract of the file asks.
        0.9 as least_known,
        data_origin,
        as_at_date
    from persons
    where role = 'victim'
),

-- A person may be suspect and accused of one crime.
domestic_abuse_perpetrators as (
    select
        'repeat_domestic_abuse_perpetrator_share' as measure_id,
        source,
        source_id,
        recorded_month as month,
        person_key as subject_key,
        crime_key as thing_key,
        data_origin,
        as_at_date
    from persons
    where role in ('suspect', 'accused') and is_domestic_abuse
),

alleged_perpetrators as (
    select
        'asb_perpetrators_in_two_systems_share' as measure_id,
        source,
        source_id,
        cast(date_trunc('month', opened_date) as date) as month,
        perpetrator_person_key as subject_key,
        source as thing_key,
        data_origin,
        as_at_date
    from {{ ref('fct_asb_cases') }}
    where
        case_type in ('housing', 'registered_landlord', 'triage', 'ecins_subject')
        -- Of a row that names a victim or witness there is no alleged perpetrator to know.
        and repeat_perpetrator_status is distinct from 'not_applicable'
),

noise_addresses as (
    select
        'noise_addresses' as measure_id,
        'complaints' as breakdown,
        unnest(['3 or more', '10 or more', '21 or more', '51 or more']) as category,
        unnest([3, 10, 21, 51]) as threshold,
        source,
        source_id,
        cast(date_trunc('month', reported_date) as date) as month,
        location_key as subject_key,
        incident_key as thing_key,
        data_origin,
        as_at_date
    from {{ ref('fct_asb_incidents') }}
    where incident_type = 'noise_complaint'
),

gathered as (
    select * from repeat_victims
    union all by name
    select * from domestic_abuse_perpetrators
    union all by name
    select * from alleged_perpetrators
    union all by name
    select * from noise_addresses
)

select
    gathered.measure_id,
    periods.period_key,
    coalesce(gathered.breakdown, 'all') as breakdown,
    coalesce(gathered.category, 'all') as category,
    gathered.residence,
    gathered.sex,
    gathered.age_band,
    coalesce(gathered.threshold, 2) as threshold,
    coalesce(gathered.least_known, 0) as least_known,
    gathered.source,
    gathered.source_id,
    gathered.month,
    gathered.subject_key,
    case
        when gathered.category = 'same_offence_group' then coalesce(gathered.offence_group, '')
    end as part,
    gathered.thing_key,
    gathered.data_origin,
    gathered.as_at_date
from gathered
inner join periods on gathered.month between periods.period_start and periods.period_end
