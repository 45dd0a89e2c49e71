-- One row per kept Angelou referral and kind of support: sought, needed or given. The kinds overlap.
{%- set kinds = {
    'sought': [
        'domestic_abuse', 'sexual_violence', 'stalking', 'harmful_practices', 'trafficking_sex_work', 'other',
    ],
    'needed': [
        'mental_health', 'physical_health', 'substance_misuse', 'housing', 'immigration', 'finance', 'children',
    ],
    'given': ['health_wellbeing', 'housing', 'legal', 'immigration', 'finance', 'safety'],
} -%}
{%- set prefixes = {'sought': 'support', 'needed': 'need', 'given': 'given'} %}
with

angelou as (
    select * from {{ ref('stg_domestic_abuse__angelou_referrals') }}
),

referrals as (
    select * from {{ ref('int_referrals__screened') }}
    where referral_type = 'angelou' and fate = 'kept'
)

{% for stage, supports in kinds.items() %}
    {% for support in supports %}
        {%- set column = prefixes[stage] ~ '_' ~ support %}
        select
            referrals.delivery_id,
            referrals.row_number,
            referrals.agency,
            referrals.referral_type,
            referrals.referral_ref,
            '{{ stage }}' as stage,
            '{{ support }}' as support_code,
            case
                when angelou.{{ column }} then 'yes'
                when not angelou.{{ column }} then 'no'
                when list_contains(string_split(referrals.fields_not_supplied, ','), '{{ column }}')
                    then 'not_supplied'
                else 'not_recorded'
            end as answer,
            referrals.data_origin,
            referrals.published_on
        from angelou
        inner join referrals
            on angelou.delivery_id = referrals.delivery_id and angelou.row_number = referrals.row_number
        {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
{% endfor %}
