-- One row per person, assessment and need area, with the answer. A need that an assessment looked for and did
-- not find is an answer; a blank is none.
{%- set igxu_needs = [
    'behaviour', 'education', 'exploitation', 'substance_misuse', 'family', 'mental_health',
] -%}
{%- set probation_needs = [
    'accommodation', 'ete', 'relationships', 'lifestyle', 'drugs', 'alcohol', 'thinking', 'attitudes',
] %}
with

igxu as (
    select * from {{ ref('stg_offender_schemes__igxu_persons') }}
),

probation as (
    select * from {{ ref('stg_offender_schemes__probation_persons') }}
),

assessments as (
    select * from {{ ref('stg_offender_schemes__yjs_needs') }}
),

need_areas as (
    select * from {{ ref('assetplus_need_areas') }}
),

offenders as (
    select * from {{ ref('int_offenders__screened') }}
    where fate = 'kept'
),

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept' and source = 'yjs_need'
),

-- The spell's own row, as the latest register has it, brings its needs.
register_needs as (
    {% for relation, scheme, needs in [
        ('igxu', 'igxu', igxu_needs), ('probation', 'criminogenic', probation_needs),
    ] %}
        {% for need in needs %}
            select
                offenders.delivery_id,
                offenders.row_number,
                offenders.agency,
                offenders.person_ref,
                offenders.spell_ref,
                offenders.scheme as spell_scheme,
                '{{ scheme }}' as need_scheme,
                offenders.register_date as assessed_date,
                '{{ need }}' as need_code,
                {{ relation }}.need_{{ need }} as is_need,
                list_contains(string_split(offenders.fields_not_supplied, ','), 'need_{{ need }}')
                    as is_not_supplied,
                null as rating,
                null as main_substance,
                try_cast(null as boolean) as is_in_contact_with_service,
                try_cast(null as boolean) as is_diagnosed
            from {{ relation }}
            inner join offenders
                on
                    {{ relation }}.delivery_id = offenders.delivery_id
                    and {{ relation }}.row_number = offenders.row_number
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- One row per person, day and area: of repeated ones the last of the latest delivery.
latest_assessments as (
    select assessments.*
    from assessments
    inner join screened
        on assessments.delivery_id = screened.delivery_id and assessments.row_number = screened.row_number
),

-- An assessment belongs to the last intervention that had begun by its day.
begun_spells as (
    select
        latest_assessments.delivery_id,
        latest_assessments.row_number,
        max_by(offenders.spell_ref, offenders.started_date) as spell_ref
    from latest_assessments
    inner join offenders
        on
            offenders.agency = 'yjs'
            and upper(trim(latest_assessments.person_ref)) = offenders.person_ref
            and latest_assessments.assessed_on >= offenders.started_date
    group by latest_assessments.delivery_id, latest_assessments.row_number
),

assessed_needs as (
    select
        latest_assessments.delivery_id,
        latest_assessments.row_number,
        'yjs' as agency,
        upper(trim(latest_assessments.person_ref)) as person_ref,
        begun_spells.spell_ref,
        'yjs' as spell_scheme,
        'assetplus' as need_scheme,
        latest_assessments.assessed_on as assessed_date,
        coalesce(
            need_areas.need_group, regexp_replace(lower(latest_assessments.need_area), '[^a-z0-9]+', '_', 'g')
        ) as need_code,
        latest_assessments.is_need,
        false as is_not_supplied,
        latest_assessments.rating,
        latest_assessments.main_substance,
        latest_assessments.is_in_contact_with_service,
        latest_assessments.is_diagnosed
    from latest_assessments
    left join need_areas on lower(latest_assessments.need_area) = lower(need_areas.need_area)
    left join begun_spells
        on
            latest_assessments.delivery_id = begun_spells.delivery_id
            and latest_assessments.row_number = begun_spells.row_number
)

select * from register_needs
union all
select * from assessed_needs
