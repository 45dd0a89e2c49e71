-- The kinds of support of an Angelou referral. They overlap: never add them up.
with

supports as (
    select * from {{ ref('int_referrals__supports') }}
)

select
    {{ pseudonym([
        'agency', 'referral_type', 'referral_ref', 'stage', 'support_code',
    ]) }} as support_type_key,
    {{ pseudonym(['agency', 'referral_type', 'referral_ref']) }} as referral_key,
    delivery_id,
    stage,
    support_code,
    answer,
    data_origin,
    published_on as as_at_date
from supports
