-- One row per kept spell, application or MARAC case and service that its agency says knows the person, or
-- does not.
{%- set statements = [
    ('stg_offender_schemes__igxu_persons', 'int_offenders__screened', 'offender', 'yjs', 'is_known_to_yjs', 'person'),
    ('stg_offender_schemes__yjs_persons', 'int_offenders__screened', 'offender', 'igxu', 'is_known_to_igxu', 'person'),
    ('stg_offender_schemes__starting_over_clients', 'int_offenders__screened', 'offender', 'iom', 'iom_ref', 'person'),
    (
        'stg_wcc_asb__asb_case_reviews', 'int_asb_cases__screened', 'case', 'asbteam', 'is_known_to_asb_team',
        'complainant',
    ),
    (
        'stg_domestic_abuse__marac_cases', 'int_referrals__screened', 'referral', 'perpetrator_programmes',
        'is_perpetrator_on_programme', 'perpetrator',
    ),
] %}
with

statements as (
    {% for staged, screened, kind, service, column, person in statements %}
        select
            screened.delivery_id,
            screened.row_number,
            screened.agency,
            {{ {
                'offender': 'screened.scheme', 'case': 'screened.source', 'referral': 'screened.referral_type',
            }[kind] }} as kind_code,
            {{ {
                'offender': 'screened.spell_ref', 'case': 'screened.row_ref', 'referral': 'screened.referral_ref',
            }[kind] }} as subject_ref,
            '{{ kind }}' as subject_type,
            screened.{{ person }}_ref as known_person_ref,
            '{{ service }}' as service_code,
            -- A reference says yes; without one nobody said no.
            {% if column == 'iom_ref' -%}
                case when staged.iom_ref is not null then true end as is_known,
            {%- else -%}
                staged.{{ column }} as is_known,
            {%- endif %}
            list_contains(string_split(screened.fields_not_supplied, ','), '{{ column }}')
                as is_not_supplied,
            screened.data_origin,
            screened.published_on
        from {{ ref(staged) }} as staged
        inner join {{ ref(screened) }} as screened
            on staged.delivery_id = screened.delivery_id and staged.row_number = screened.row_number
        where screened.fate = 'kept'
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    * exclude (is_known, is_not_supplied),
    case
        when is_known then 'yes'
        when not is_known then 'no'
        when is_not_supplied then 'not_supplied'
        else 'not_recorded'
    end as answer
from statements
