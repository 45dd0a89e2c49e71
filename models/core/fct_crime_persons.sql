with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

persons as (
    select * from {{ ref('int_persons__cris_screened') }}
    where fate = 'kept'
),

linked as (
    select * from {{ ref('int_persons__linked') }}
),

repeats as (
    select
        *,
        'victim' as role
    from {{ ref('int_repeat_victims') }}
),

residences as (
    select * from {{ ref('cris_residence_categories') }}
),

injuries as (
    select * from {{ ref('cris_injury_levels') }}
),

relationships as (
    select * from {{ ref('cris_relationships') }}
),

disposals as (
    select * from {{ ref('cris_disposals') }}
),

boroughs as (
    select * from {{ ref('borough_names') }}
),

wards as (
    select * from {{ ref('int_geography__wards') }}
)

select
    -- keys
    {{ surrogate_key(['persons.crime_key', 'persons.role', 'persons.sequence']) }} as crime_person_key,
    persons.crime_key,
    linked.person_key,
    linked.own_key as person_key_agency,
    persons.delivery_id,
    persons.source,
    contracts.source_id,

    -- who
    persons.role,
    cast(persons.sequence as integer) as sequence_number,
    persons.is_organisation,
    cast(persons.age as integer) as age,
    case upper(left(trim(persons.sex), 1)) when 'M' then 'M' when 'F' then 'F' end as sex,
    persons.ic_code as officer_ethnicity_code,
    persons.self_defined_ethnicity as self_defined_ethnicity_code,
    persons.is_disabled,
    case
        when persons.is_organisation then null
        when not persons.has_residence then 'not_supplied'
        else coalesce(residences.residence_code, 'not_recorded')
    end as residence_category,
    boroughs.borough_code as residence_borough_code,
    wards.ward_code as residence_ward_code,

    -- in the crime
    case
        when persons.role <> 'victim' or persons.is_organisation then null
        when not persons.has_injury then 'not_supplied'
        else coalesce(injuries.injury_code, 'not_recorded')
    end as injury_level,
    relationships.relationship_code,
    relationships.relationship_group,
    persons.is_offence_address,
    persons.is_care_leaflet_given,
    disposals.disposal_code,
    disposals.disposal_group,
    persons.disposal_date,
    persons.charged_offence_code,

    -- earlier victimisations of the same person
    persons.is_repeat_victim as is_repeat_flagged,
    repeats.person_state as repeat_person_state,
    repeats.lookback_state,
    cast(repeats.earlier_any as integer) as earlier_victimisations,
    repeats.is_repeat_any,
    repeats.is_repeat_same_group,
    repeats.is_repeat_domestic_abuse,

    -- flags
    persons.data_origin,
    persons.published_on as as_at_date
from persons
left join linked
    on
        persons.source = linked.source
        and persons.delivery_id = linked.delivery_id
        and persons.row_number = linked.row_number
left join repeats
    on
        persons.role = repeats.role
        and persons.delivery_id = repeats.delivery_id
        and persons.row_number = repeats.row_number
left join residences on persons.residence_category = residences.residence_name
left join injuries on persons.injury_level = injuries.injury_name
left join relationships on persons.relationship = relationships.relationship_name
left join disposals on persons.disposal = disposals.disposal_name
left join boroughs on vault.rules.name_key(persons.residence_borough) = boroughs.name_key
left join wards on persons.residence_ward_code = wards.ward_code
left join contracts on persons.source = contracts.source
