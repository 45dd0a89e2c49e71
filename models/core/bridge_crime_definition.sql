-- Which definitions a crime report meets, side by side. Ages, lists of offences and what a definition takes
-- in come from its parameters, so that a changed definition is a changed seed. What cannot be known is said.
{%- set judged_definitions = [
    'acquisitive_crime', 'business_crime_flag', 'business_crime_proxy', 'domestic_abuse_flagged', 'hate_crime',
    'knife_crime', 'knife_crime_with_injury', 'knife_crime_with_injury_under_25', 'night_time_economy',
    'positive_outcome', 'positive_outcome_with_diversion', 'sanction_detection', 'serious_violence_all_ages',
    'serious_violence_all_ages_weapons', 'serious_violence_assessment', 'serious_violence_broad',
    'serious_violence_london', 'serious_violence_west_end_night', 'serious_youth_violence',
    'serious_youth_violence_mps', 'serious_youth_violence_printed', 'theft_home_office', 'theft_mps',
    'total_notifiable_offences', 'violent_crime', 'youth_on_youth_violence', 'youth_violence_mps',
] %}
with

crimes as (
    select * from {{ ref('int_crimes__cris') }}
),

reports as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

persons as (
    select * from {{ ref('fct_crime_persons') }}
),

offences as (
    select * from {{ ref('dim_offence') }}
),

wards as (
    select * from {{ ref('dim_ward') }}
),

outcomes as (
    select * from {{ ref('home_office_outcomes') }}
),

definitions as (
    select
        definition_id,
        valid_from,
        valid_to,
        cast(json_extract_string(parameters, '$.age_from') as integer) as age_from,
        cast(json_extract_string(parameters, '$.age_to') as integer) as age_to,
        cast(json_extract_string(parameters, '$.age_under') as integer) as age_under,
        coalesce(cast(json_extract_string(parameters, '$.includes_domestic_abuse') as boolean), false)
            as includes_domestic_abuse,
        coalesce(cast(json_extract_string(parameters, '$.includes_sexual') as boolean), false)
            as includes_sexual,
        coalesce(cast(json_extract_string(parameters, '$.includes_knife_or_gun_enabled') as boolean), false)
            as includes_weapons,
        coalesce(cast(json_extract(parameters, '$.offences') as varchar[]), []) as offences
    from {{ ref('dim_definition') }}
    where list_contains({{ sql_text_list(judged_definitions) }}, definition_id)
),

-- Accused are suspects here. An organisation has no age; a crime without a suspect has one of unknown age.
ages as (
    select
        crime_key,
        list(age) filter (role = 'victim' and age is not null) as victim_ages,
        list(age) filter (role <> 'victim' and age is not null) as suspect_ages,
        list(age) filter (role = 'victim' and age is not null and injury_level not in ('none', 'threat'))
            as injured_ages,
        coalesce(bool_or(role = 'victim' and not is_organisation and age is null), false)
            as has_ageless_victim,
        coalesce(bool_or(role <> 'victim' and age is null), false) as has_ageless_suspect
    from persons
    group by crime_key
),

-- Codes of the counting rules in the words of the definitions. Assault with injury (8N) holds wounding and
-- grievous bodily harm without intent, which only the title tells from actual bodily harm.
described as (
    select
        crimes.crime_key,
        crimes.event_date,
        offences.is_violent,
        offences.is_acquisitive,
        offences.is_business_proxy,
        offences.is_theft,
        offences.home_office_group,
        offences.major_code,
        crimes.is_notifiable,
        crimes.is_sanction_detection,
        crimes.is_positive_outcome,
        case
            when crimes.is_positive_outcome then true
            when outcomes.outcome_code is not null then outcomes.is_positive_in_wider_use
        end as is_positive_with_diversion,
        case when not crimes.is_time_uncertain then crimes.is_night_time_economy end as is_night,
        wards.is_west_end,
        reports.is_domestic_abuse,
        reports.is_business_crime,
        reports.is_knife_crime,
        reports.is_knife_injury,
        reports.is_gun_crime,
        reports.is_hate_racist
        or reports.is_hate_faith
        or reports.is_hate_antisemitic
        or reports.is_hate_islamophobic
        or reports.is_hate_homophobic
        or reports.is_hate_transgender
        or reports.is_hate_disability as is_hate,
        coalesce(ages.victim_ages, []) as victim_ages,
        coalesce(ages.suspect_ages, []) as suspect_ages,
        coalesce(ages.injured_ages, []) as injured_ages,
        coalesce(ages.has_ageless_victim, false) as has_ageless_victim,
        coalesce(ages.has_ageless_suspect, false) or ages.suspect_ages is null as has_ageless_suspect,
        case
            when crimes.offence_code = 'homicide' then 'homicide'
            when crimes.offence_code = 'rape' then 'rape'
            when crimes.offence_code = 'robbery_of_personal_property' then 'personal robbery'
            when crimes.ho_offence_code in ('2', '5D') then 'grievous bodily harm'
            when regexp_matches(lower(reports.offence_title), 'grievous bodily|wounding')
                then 'grievous bodily harm'
            when crimes.ho_offence_code in ('8N', '8P', '8S') then 'actual bodily harm'
            when lower(reports.offence_title) like 'actual bodily%' then 'actual bodily harm'
            when crimes.ho_offence_code in ('17A', '17B', '20A', '20B') then 'sexual assault'
            when crimes.ho_offence_code = '3B' then 'threats to kill'
            -- Without its code a class of violence may hold a listed offence or not.
            when
                crimes.ho_offence_code is null
                and crimes.offence_code in (
                    'violence_with_injury', 'violence_without_injury', 'other_sexual_offences'
                )
                then 'unknown'
            else 'none'
        end as listed_offence
    from crimes
    inner join reports on crimes.crime_key = reports.crime_key
    left join offences on crimes.offence_code = offences.offence_code
    left join outcomes on crimes.ho_outcome_code = cast(outcomes.outcome_code as bigint)
    left join wards on crimes.ward_code = wards.ward_code
    left join ages on crimes.crime_key = ages.crime_key
),

crimes_by_definition as (
    select
        described.*,
        definitions.*
    from described
    inner join definitions
        on
            described.event_date >= coalesce(definitions.valid_from, described.event_date)
            and described.event_date <= coalesce(definitions.valid_to, described.event_date)
),

-- True where an age is known that fits, false where all ages are known and none fits, else not known.
aged as (
    select
        *,
        case
            when
                list_bool_or(list_transform(
                    victim_ages,
                    lambda years: years between coalesce(age_from, 0) and coalesce(age_to, age_under - 1)
                ))
                then true
            when not has_ageless_victim then false
        end as has_young_victim,
        case
            when list_bool_or(list_transform(suspect_ages, lambda years: years < age_under)) then true
            when not has_ageless_suspect then false
        end as has_young_suspect,
        case
            when list_bool_or(list_transform(injured_ages, lambda years: years < age_under)) then true
            when not has_ageless_victim then false
        end as has_young_injured,
        case when listed_offence <> 'unknown' then list_contains(offences, listed_offence) end as is_listed,
        is_knife_crime and major_code <> 'possession_of_weapons' as is_knife_use,
        is_violent and (is_knife_crime or is_gun_crime) as is_armed_violence
    from crimes_by_definition
),

-- Domestic abuse and sexual violence count at any age where the definition takes them in.
reached as (
    select
        *,
        has_young_victim
        or has_young_suspect
        or (includes_domestic_abuse and is_domestic_abuse)
        or (includes_sexual and listed_offence in ('rape', 'sexual assault')) as is_within_reach
    from aged
),

judged as (
    select
        crime_key,
        definition_id,
        case definition_id
            when 'violent_crime' then is_violent
            when 'acquisitive_crime' then is_acquisitive
            when 'business_crime_proxy' then is_business_proxy
            when 'business_crime_flag' then is_business_crime
            when 'theft_mps' then is_theft
            when 'theft_home_office' then coalesce(home_office_group = 'Theft offences', false)
            when 'total_notifiable_offences' then is_notifiable
            when 'domestic_abuse_flagged' then is_domestic_abuse
            when 'hate_crime' then is_hate
            when 'knife_crime' then is_knife_use
            when 'knife_crime_with_injury' then is_knife_use and is_knife_injury
            when 'knife_crime_with_injury_under_25'
                then is_knife_use and is_knife_injury and has_young_injured
            when 'night_time_economy' then is_night
            when 'sanction_detection' then is_sanction_detection
            when 'positive_outcome' then is_positive_outcome
            when 'positive_outcome_with_diversion' then is_positive_with_diversion
            when 'serious_violence_broad' then is_violent
            when 'serious_violence_west_end_night' then is_violent and is_west_end and is_night
            when 'serious_youth_violence' then is_violent and (has_young_victim or has_young_suspect)
            when 'youth_on_youth_violence' then is_violent and has_young_victim and has_young_suspect
            when 'serious_violence_all_ages' then is_listed
            when 'serious_violence_all_ages_weapons'
                then is_listed or (includes_weapons and is_armed_violence)
            when 'serious_youth_violence_printed' then is_listed and (has_young_victim or has_young_suspect)
            when 'serious_violence_assessment' then is_listed and is_within_reach
            when 'serious_violence_london' then is_listed and is_within_reach
            when 'serious_youth_violence_mps'
                then
                    has_young_victim
                    and (listed_offence in ('homicide', 'grievous bodily harm') or is_armed_violence)
            when 'youth_violence_mps'
                then
                    has_young_victim
                    and (
                        listed_offence in ('homicide', 'grievous bodily harm', 'actual bodily harm')
                        or is_armed_violence
                    )
        end as is_met
    from reached
)

select
    {{ surrogate_key(['crime_key', 'definition_id']) }} as crime_definition_key,
    crime_key,
    definition_id,
    case when is_met then 'met' else 'unknown' end as membership
from judged
where is_met or is_met is null
