-- Whether a case is a repeat in both wordings of SafeLives: the same victim and perpetrator within twelve
-- months of the last referral (definition marac_repeat); and so that the new abuse would be violence or
-- threat, stalking or harassment, or sexual abuse (marac_repeat_older). The contract asks for no kind of
-- abuse: of a repeat in the current wording the older one cannot be judged, of any other case it is no repeat
-- either.
with

cases as (
    select * from {{ ref('int_referrals__screened') }}
    where referral_type = 'marac' and fate = 'kept'
),

coverage as (
    select * from {{ ref('int_asb__coverage') }}
    where source = 'marac_case'
),

-- Two referrals of one day are one.
followed as (
    select
        *,
        person_ref is not null and perpetrator_ref is not null as has_couple,
        max(referred_date) over (
            partition by person_ref, perpetrator_ref
            order by referred_date
            range between unbounded preceding and interval 1 day preceding
        ) as last_referred_date
    from cases
),

judged as (
    select
        followed.delivery_id,
        followed.row_number,
        followed.has_couple,
        case when followed.has_couple then followed.last_referred_date end as last_referred_date,
        date_diff('day', coverage.covered_from, followed.referred_date) as lookback_days,
        followed.has_couple
        and coalesce(followed.referred_date <= followed.last_referred_date + to_months(12), false)
            as is_within_twelve_months,
        case
            when
                not followed.has_couple
                and list_has_any(
                    string_split(followed.fields_not_supplied, ','), ['victim_ref', 'perpetrator_ref']
                )
                then 'not_supplied'
            when not followed.has_couple then 'not_recorded'
            when coalesce(coverage.covered_from + to_months(12) > followed.referred_date, true)
                then 'insufficient_lookback'
            else 'ok'
        end as repeat_status
    from followed
    left join coverage
        on
            followed.publisher = coverage.publisher
            and followed.decided_date between coverage.covered_from and coverage.covered_to
)

select
    delivery_id,
    row_number,
    last_referred_date,
    lookback_days,
    case when has_couple then is_within_twelve_months end as has_referral_within_12_months,
    repeat_status,
    case when repeat_status = 'ok' then is_within_twelve_months end as is_repeat,
    case
        when repeat_status = 'ok' and is_within_twelve_months then 'not_supplied'
        else repeat_status
    end as repeat_older_status,
    case when repeat_status = 'ok' and not is_within_twelve_months then false end as is_repeat_older
from judged
