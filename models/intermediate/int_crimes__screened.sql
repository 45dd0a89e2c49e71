-- Every delivered street-level row with its fate: kept as a crime, or set aside and why.
with

street as (
    select * from {{ ref('stg_police_uk__street') }}
),

scopes as (
    select * from {{ ref('int_scopes__chosen') }}
    where source = 'police_uk_street'
),

outcomes as (
    select * from {{ ref('police_uk_outcomes') }}
),

scoped as (
    select
        street.*,
        scopes.is_chosen,
        scopes.is_first,
        scopes.is_complete,
        scopes.published_on,
        scopes.data_origin,
        coalesce(outcomes.finality_rank, 0) as finality_rank
    from street
    inner join scopes
        on
            street.delivery_id = scopes.delivery_id
            and coalesce(street.reported_by, '') = scopes.publisher
            and street.month = scopes.month
            and street.crime_type = scopes.category
    left join outcomes on street.last_outcome = outcomes.outcome
),

-- One row per Crime ID: the latest publication, then the outcome furthest on, then the last row.
ranked as (
    select
        *,
        row_number() over (
            partition by crime_id
            order by
                is_chosen desc, is_complete desc, published_on desc, finality_rank desc, delivery_id desc,
                row_number desc
        ) as place
    from scoped
)

select
    * exclude (place, is_chosen, is_first, is_complete, finality_rank),
    not is_complete as is_partial_scope,
    case
        when not is_chosen then 'superseded_publication'
        when crime_id is null and not is_first then 'superseded_publication'
        when crime_id is not null and place > 1 then 'repeated_crime_id'
        else 'kept'
    end as fate
from ranked
