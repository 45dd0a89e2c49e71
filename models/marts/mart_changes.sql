with

published as (
    select
        *,
        true as is_published
    from {{ ref('fct_published_observations') }}
),

-- Without an earlier publication nothing can have moved.
publication as (
    select max(publication_id) as since_publication
    from published
    having count(*) > 0
),

built as (
    select
        *,
        true as is_built
    from {{ ref('measures_all') }}
),

measures as (
    select * from {{ ref('dim_measure') }}
),

uses as (
    select
        measure_id,
        string_agg(recommendation_id, ',' order by recommendation_id) as recommendation_ids
    from {{ ref('recommendation_measures') }}
    group by measure_id
),

paired as (
    select
        publication.since_publication,
        {% for column in [
            'observation_key', 'measure_id', 'period_type', 'period_start', 'period_end', 'area_type', 'area_code',
            'area_name', 'geography_vintage', 'breakdown', 'category', 'breakdown_2', 'category_2',
        ] %}
            coalesce(built.{{ column }}, published.{{ column }}) as {{ column }},
        {% endfor %}
        published.value as published_value,
        built.value,
        published.status as published_status,
        built.status,
        published.definition_id as published_definition_id,
        built.definition_id,
        published.source_ids as published_source_ids,
        built.source_ids,
        published.as_at_date as published_as_at_date,
        built.as_at_date,
        case
            when published.is_published is null then 'new'
            when built.is_built is null then 'gone'
            when published.value is null and built.value is not null then 'now_known'
            when published.value is not null and built.value is null then 'no_longer_known'
            -- Sums in another order differ in the last digits only.
            when
                abs(built.value - published.value)
                > 1e-9 * greatest(abs(built.value), abs(published.value), 1)
                then 'value_moved'
            when built.status <> published.status then 'status_moved'
        end as change_kind
    from publication
    cross join (
        built
        full outer join published on built.observation_key = published.observation_key
    )
)

select
    paired.observation_key,
    paired.since_publication,
    paired.change_kind,
    uses.recommendation_ids,
    paired.measure_id,
    measures.measure_name,
    measures.unit,
    paired.period_type,
    paired.period_start,
    paired.period_end,
    paired.area_type,
    paired.area_code,
    paired.area_name,
    paired.geography_vintage,
    paired.breakdown,
    paired.category,
    paired.breakdown_2,
    paired.category_2,
    paired.published_value,
    paired.value,
    paired.value - paired.published_value as difference,
    100 * (paired.value - paired.published_value) / nullif(abs(paired.published_value), 0) as difference_pct,
    paired.published_status,
    paired.status,
    nullif(
        concat_ws(
            ', ',
            case when paired.as_at_date > paired.published_as_at_date then 'a later delivery' end,
            case when paired.as_at_date < paired.published_as_at_date then 'a delivery taken back' end,
            case when paired.source_ids <> paired.published_source_ids then 'other sources' end,
            case
                when paired.definition_id <> paired.published_definition_id
                    then 'another definition'
            end
        ),
        ''
    ) as what_differs,
    paired.published_as_at_date,
    paired.as_at_date
from paired
left join measures on paired.measure_id = measures.measure_id
left join uses on paired.measure_id = uses.measure_id
where paired.change_kind is not null
