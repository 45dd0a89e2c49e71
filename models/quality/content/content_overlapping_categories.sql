-- What would be counted twice if categories that overlap were summed: mentions beyond the records themselves.
with

rough_sleepers as (
    select * from {{ ref('stg_homelessness__chain_persons') }}
),

triage_referrals as (
    select * from {{ ref('stg_wcc_asb__asb_triage_referrals') }}
),

support_referrals as (
    select * from {{ ref('stg_domestic_abuse__angelou_referrals') }}
),

exclusions as (
    select * from {{ ref('stg_childrens_services__exclusions') }}
),

crimes as (
    select * from {{ ref('stg_mps_cris__crimes') }}
),

-- A person is a row for each category of the quarter.
persons as (
    select
        'chain_person' as source,
        delivery_id,
        quarter_end as period_end,
        'CHAIN category' as category,
        client_reference as record,
        count(distinct category) as mentions
    from rough_sleepers
    group by all
),

-- A case is a row for each person referred; all its rows name all its categories.
cases as (
    select
        'asb_triage_referral' as source,
        delivery_id,
        last_day(max(referral_date)) as period_end,
        'referral categories' as category,
        case_ref as record,
        max(len(list_filter(string_split(case_categories, ';'), lambda part: trim(part) <> ''))) as mentions
    from triage_referrals
    group by delivery_id, case_ref
),

referrals as (
    select
        'angelou_referral' as source,
        delivery_id,
        last_day(referred_on) as period_end,
        'kinds of support' as category,
        referral_ref as record,
        len(
            list_filter(
                [
                    support_domestic_abuse,
                    support_sexual_violence,
                    support_stalking,
                    support_harmful_practices,
                    support_trafficking_sex_work,
                    support_other
                ],
                lambda is_given: is_given
            )
        ) as mentions
    from support_referrals
),

reasons as (
    select
        'exclusion' as source,
        delivery_id,
        last_day(started_on) as period_end,
        'reasons' as category,
        cast(row_number as varchar) as record,
        len(list_filter([reason_1, reason_2, reason_3], lambda reason: reason is not null)) as mentions
    from exclusions
),

strands as (
    select
        'cris_crime' as source,
        delivery_id,
        cast(last_day(recorded_at) as date) as period_end,
        'strands of hate crime' as category,
        crime_ref as record,
        len(
            list_filter(
                [
                    is_hate_racist,
                    is_hate_faith,
                    is_hate_antisemitic,
                    is_hate_islamophobic,
                    is_hate_homophobic,
                    is_hate_transgender,
                    is_hate_disability
                ],
                lambda is_flagged: is_flagged
            )
        ) as mentions
    from crimes
),

records as (
    select * from persons
    union all
    select * from cases
    union all
    select * from referrals
    union all
    select * from reasons
    union all
    select * from strands
    where mentions > 0
)

select
    source,
    delivery_id,
    period_end,
    category,
    count(*) as rows_tested,
    cast(coalesce(sum(mentions - 1) filter (mentions > 1), 0) as bigint) as rows_failing,
    round(100.0 * coalesce(sum(mentions - 1) filter (mentions > 1), 0) / count(*), 1) as share_pct
from records
group by source, delivery_id, period_end, category
