-- The services that an agency says know a person. They overlap: never add them up.
with

services as (
    select * from {{ ref('int_referrals__services') }}
)

select
    {{ pseudonym([
        'subject_type', 'agency', 'kind_code', 'subject_ref', 'service_code',
    ]) }} as service_known_key,
    subject_type,
    case
        when subject_type = 'offender' then {{ pseudonym(['agency', 'kind_code', 'subject_ref']) }}
    end as offender_key,
    case
        when subject_type = 'case' then {{ pseudonym(['agency', 'kind_code', 'subject_ref']) }}
    end as case_row_key,
    case
        when subject_type = 'referral' then {{ pseudonym(['agency', 'kind_code', 'subject_ref']) }}
    end as referral_key,
    {{ person_pseudonym('agency', 'known_person_ref') }} as person_key_agency,
    delivery_id,
    service_code,
    answer,
    data_origin,
    published_on as as_at_date
from services
