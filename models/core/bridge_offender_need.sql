-- The needs that assessments asked about. A person has several: never add them up.
with

needs as (
    select * from {{ ref('int_offenders__needs') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
)

select
    {{ pseudonym([
        'needs.need_scheme', 'needs.agency', 'needs.person_ref', 'needs.spell_ref', 'needs.assessed_date',
        'needs.need_code',
    ]) }} as offender_need_key,
    case
        when needs.spell_ref is not null
            then {{ pseudonym(['needs.agency', 'needs.spell_scheme', 'needs.spell_ref']) }}
    end as offender_key,
    {{ person_pseudonym('needs.agency', 'needs.person_ref') }} as person_key_agency,
    needs.delivery_id,
    needs.need_scheme,
    needs.need_code,
    needs.assessed_date,
    case
        when needs.is_need then 'yes'
        when not needs.is_need then 'no'
        when needs.is_not_supplied then 'not_supplied'
        else 'not_recorded'
    end as answer,
    needs.rating,
    needs.main_substance,
    needs.is_in_contact_with_service,
    needs.is_diagnosed,
    deliveries.data_origin,
    deliveries.published_on as as_at_date
from needs
inner join deliveries on needs.delivery_id = deliveries.delivery_id
