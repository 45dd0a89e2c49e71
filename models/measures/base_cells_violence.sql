-- What measures of violence, theft by hour and hate crime add up, by month of recording, area and category.
with

crimes as (
    select
        *,
        -- Of an interval over twelve hours the time is not known: set aside, and counted as unknown.
        case when not is_time_uncertain then is_night_time_economy end as is_at_night,
        -- Without a delivered outcome a disposal shows positive ones alone: the share is of known outcomes.
        case when outcome_group is not null then is_positive_outcome end as has_positive_outcome,
        case when not is_time_uncertain then hour(committed_from_at) end as committed_hour,
        case when not is_time_uncertain then strftime(committed_from_at, '%A') end as committed_weekday
    from {{ ref('fct_crimes') }}
    where source = 'cris_crime' and is_notifiable
),

memberships as (
    select * from {{ ref('bridge_crime_definition') }}
),

strands as (
    select * from {{ ref('bridge_crime_hate_strand') }}
),

persons as (
    select * from {{ ref('fct_crime_persons') }}
),

callouts as (
    select * from {{ ref('fct_emergency_callouts') }}
),

-- Definitions overlap: a crime stands once for each that it meets, or may meet.
definition_rows as (
    select
        crimes.*,
        memberships.definition_id,
        case when memberships.membership = 'met' then true end as is_met,
        case when crimes.is_at_night then 'night' when not crimes.is_at_night then 'day' end as time_of_day
    from crimes
    inner join memberships on crimes.crime_key = memberships.crime_key
),

violence_definitions as (
    select * from definition_rows
    where
        definition_id like 'serious_violence%'
        or definition_id like '%youth_violence%'
        or definition_id in ('violent_crime', 'knife_crime', 'knife_crime_with_injury')
),

-- Whether anybody involved lives in the borough; unknown where no home of anybody is known.
homes as (
    select
        crime_key,
        bool_or(residence_category = 'resident') as has_resident
    from persons
    where residence_category in ('resident', 'other_london', 'outside_london', 'no_fixed_abode')
    group by crime_key
),

youth_violence as (
    select
        violence_definitions.*,
        case when homes.has_resident is not null then not homes.has_resident end as is_from_outside
    from violence_definitions
    left join homes on violence_definitions.crime_key = homes.crime_key
    where violence_definitions.definition_id = 'serious_youth_violence' and violence_definitions.is_met
),

hate_crimes as (
    select * from definition_rows
    where definition_id = 'hate_crime' and is_met
),

-- A crime of race and of religion is one racist and religious crime.
hate_strands as (
    select distinct
        crimes.*,
        unnest(list_filter(
            [
                strands.hate_strand,
                case when strands.hate_strand in ('race', 'religion') then 'race_or_religion' end
            ],
            strand -> strand is not null
        )) as strand
    from crimes
    inner join strands on crimes.crime_key = strands.crime_key
),

hate_victims as (
    select
        hate_crimes.* exclude (source, source_id), -- noqa: RF02
        persons.source,
        persons.source_id,
        persons.is_care_leaflet_given
    from hate_crimes
    inner join persons on hate_crimes.crime_key = persons.crime_key
    where persons.role = 'victim' and not coalesce(persons.is_organisation, false)
),

assault_callouts as (
    select
        *,
        case when call_hour >= 18 or call_hour < 6 then 'night' when call_hour is not null then 'day' end
            as time_of_day
    from callouts
    where service in ('LAS', 'ED')
),

cells as (
    {{ measure_cells(
        'violence_by_definition', 'violence_definitions', value='rows_in.is_met', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'definition': 'definition_id'},
        within={'time_of_day': 'time_of_day'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'serious_violence_at_night', 'violence_definitions', value="rows_in.is_met and rows_in.is_at_night",
        date='recorded_month', areas={'borough': 'borough_code', 'ward': 'ward_code'},
        where="rows_in.definition_id = 'serious_violence_assessment'",
    ) }}
    union all by name
    {{ measure_cells(
        'violence_at_night_share', 'crimes', kind='share', value='rows_in.is_at_night', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        where="rows_in.offence_group = 'violence_against_the_person'",
    ) }}
    union all by name
    {{ measure_cells(
        'assault_callouts', 'assault_callouts', value='rows_in.is_assault', date='call_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'service': 'service'},
        within={'time_of_day': 'time_of_day'}, by_source=['service'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'youth_violence_from_outside_share', 'youth_violence', kind='share', value='rows_in.is_from_outside',
        date='recorded_month', areas={'borough': 'borough_code', 'ward': 'ward_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'theft_by_time_of_day', 'crimes', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'hour': 'committed_hour', 'weekday': 'committed_weekday'},
        where="rows_in.offence_group = 'theft'",
    ) }}
    union all by name
    {{ measure_cells(
        'hate_crimes', 'hate_crimes', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'hate_crimes_by_strand', 'hate_strands', date='recorded_month', breakdowns={'strand': 'strand'},
        total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'hate_crime_positive_outcome_share', 'hate_crimes', kind='share', value='rows_in.has_positive_outcome',
        date='recorded_month',
    ) }}
    union all by name
    {{ measure_cells(
        'hate_crime_leaflet_share', 'hate_victims', kind='share', value='rows_in.is_care_leaflet_given',
        date='recorded_month',
    ) }}
)

select * from cells
