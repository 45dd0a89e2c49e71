-- Every delivered victim, suspect and accused with its fate: kept as a person in a crime, or why set aside.
with

crimes as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

victims as (
    select * from {{ ref('stg_mps_cris__victims') }}
),

suspects as (
    select * from {{ ref('stg_mps_cris__suspects') }}
),

accused as (
    select * from {{ ref('stg_mps_cris__accused') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

profiles as (
    select * from {{ ref('stg_ledger__column_profile') }}
    where is_delivered
),

persons as (
    select
        delivery_id,
        row_number,
        'cris_victim' as source,
        'victim' as role,
        crime_ref,
        victim_sequence as sequence,
        coalesce(is_organisation, false) as is_organisation,
        age,
        sex,
        ic_code,
        self_defined_ethnicity,
        residence_category,
        residence_borough,
        residence_ward_code,
        injury_level,
        suspect_relationship as relationship,
        is_disabled,
        is_offence_address,
        is_care_leaflet_given,
        is_repeat_victim
    from victims
    union all by name
    select
        delivery_id,
        row_number,
        'cris_suspect' as source,
        'suspect' as role,
        crime_ref,
        suspect_sequence as sequence,
        false as is_organisation,
        age,
        sex,
        ic_code,
        residence_category,
        residence_borough,
        victim_relationship as relationship
    from suspects
    union all by name
    select
        delivery_id,
        row_number,
        'cris_accused' as source,
        'accused' as role,
        crime_ref,
        accused_sequence as sequence,
        false as is_organisation,
        age,
        sex,
        ic_code,
        self_defined_ethnicity,
        residence_category,
        residence_borough,
        victim_relationship as relationship,
        disposal,
        disposal_date,
        charged_offence_code
    from accused
),

delivered as (
    select
        delivery_id,
        bool_or(column_name = 'residence_category') as has_residence,
        bool_or(column_name = 'injury_level') as has_injury,
        bool_or(column_name = 'victim_key' or column_name = 'given_name') as has_identity
    from profiles
    group by delivery_id
),

-- The people of a report are those of the latest publication that has any of that role for it: who was taken
-- off the report since is not among them.
ranked as (
    select
        persons.*,
        deliveries.published_on,
        deliveries.data_origin,
        coalesce(delivered.has_residence, false) as has_residence,
        coalesce(delivered.has_injury, false) as has_injury,
        coalesce(delivered.has_identity, false) as has_identity,
        crimes.crime_key,
        dense_rank() over (
            partition by persons.source, persons.crime_ref
            order by deliveries.published_on desc, persons.delivery_id desc
        ) as publication,
        row_number() over (
            partition by persons.source, persons.crime_ref, persons.sequence
            order by deliveries.published_on desc, persons.delivery_id desc, persons.row_number desc
        ) as place
    from persons
    inner join deliveries on persons.delivery_id = deliveries.delivery_id
    left join delivered on persons.delivery_id = delivered.delivery_id
    left join crimes on persons.crime_ref = crimes.crime_ref
)

select
    * exclude (publication, place),
    case
        when crime_key is null then 'crime_not_kept'
        when publication > 1 then 'superseded_publication'
        when place > 1 then 'repeated_sequence'
        else 'kept'
    end as fate
from ranked
