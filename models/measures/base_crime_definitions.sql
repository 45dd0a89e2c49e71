-- The crimes that meet each definition that measures break crimes and their persons down by. A crime stands
-- once for each: definitions overlap and are never added up.
{%- set definitions = [
    'acquisitive_crime', 'business_crime_proxy', 'domestic_abuse_flagged', 'hate_crime', 'knife_crime',
    'knife_crime_with_injury', 'knife_crime_with_injury_under_25', 'serious_violence_assessment',
    'serious_violence_west_end_night', 'serious_youth_violence', 'serious_youth_violence_printed',
    'violent_crime', 'youth_on_youth_violence'
] %}
with

crimes as (
    select * from {{ ref('fct_crimes') }}
    where source = 'cris_crime'
),

memberships as (
    select * from {{ ref('bridge_crime_definition') }}
    where membership = 'met'
),

flags as (
    select * from {{ ref('bridge_crime_flag') }}
    where flag_state = 'set'
),

persons as (
    select * from {{ ref('fct_crime_persons') }}
    where role in ('victim', 'suspect') and not coalesce(is_organisation, false)
),

by_definition as (
    select
        crime_key,
        definition_id as definition
    from memberships
    where definition_id in ({{ "'" ~ definitions | join("', '") ~ "'" }})
),

by_flag as (
    select
        crime_key,
        case crime_flag
            when 'stalking' then 'stalking_flagged'
            when 'modern_slavery' then 'modern_slavery_flagged'
            when 'honour_based' then 'honour_based_flagged'
        end as definition
    from flags
    where crime_flag in ('stalking', 'modern_slavery', 'honour_based')
),

-- What the assessment tells of by class, and of those that it tells of in the West End at night.
by_class as (
    select
        crime_key,
        case
            when offence_code in ('other_theft', 'theft_from_person') then 'theft_from_persons'
            when
                offence_code in (
                    'violence_with_injury', 'robbery_of_personal_property', 'shoplifting',
                    'burglary_business_and_community', 'robbery_of_business_property', 'other_sexual_offences'
                )
                then offence_code
        end as definition
    from crimes
),

classes_in_west_end_night as (
    select
        by_class.crime_key,
        by_class.definition || '_west_end_night' as definition
    from by_class
    inner join memberships on by_class.crime_key = memberships.crime_key
    where
        by_class.definition in ('violence_with_injury', 'robbery_of_personal_property')
        and memberships.definition_id = 'serious_violence_west_end_night'
),

ages as (
    select
        crime_key,
        bool_or(age < 25) filter (role = 'victim') as has_victim_under_25,
        bool_or(age < 25) filter (role = 'suspect') as has_suspect_under_25,
        bool_or(age < 18) filter (role = 'victim') as has_victim_under_18,
        bool_or(age < 18) filter (role = 'suspect') as has_suspect_under_18,
        count(age) filter (role = 'victim') > 0 and count(age) filter (role = 'suspect') > 0 as has_both_ages
    from persons
    group by crime_key
),

-- An age that nobody knows is none under 25: these count what is known, as print does.
young as (
    select
        by_definition.crime_key,
        by_definition.definition,
        ages.* exclude (crime_key) -- noqa: RF02
    from by_definition
    inner join ages on by_definition.crime_key = ages.crime_key
    where by_definition.definition in ('serious_youth_violence', 'knife_crime_with_injury')
),

by_age as (
    select
        crime_key,
        definition || unnest(list_filter(
            [
                case when has_victim_under_25 then '_victim_under_25' end,
                case when has_suspect_under_25 then '_suspect_under_25' end,
                case when has_victim_under_18 or has_suspect_under_18 then '_any_under_18' end,
                case when has_victim_under_18 and has_suspect_under_18 then '_both_under_18' end,
                case when has_both_ages then '_both_ages_known' end
            ],
            ending -> ending is not null
        )) as definition
    from young
)

select * from by_definition
union all
select * from by_flag
union all
select * from by_class
where definition is not null
union all
select * from classes_in_west_end_night
union all
select * from by_age
