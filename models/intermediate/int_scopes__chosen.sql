-- Which delivery speaks for a publisher, area, month and category: decision 0005.
with

scopes as (
    select * from {{ ref('stg_ledger__scopes') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

dated_scopes as (
    select
        scopes.*,
        deliveries.published_on,
        deliveries.data_origin,
        contracts.holds_counts,
        max(case when scopes.is_complete then scopes.rows end) over cell as most_rows
    from scopes
    inner join deliveries on scopes.delivery_id = deliveries.delivery_id
    inner join contracts on scopes.source = contracts.source
    window cell as (partition by scopes.source, scopes.publisher, scopes.area, scopes.month, scopes.category)
),

-- A file of records that claims to be complete but holds far fewer than another is partial in fact. The rows
-- of a file of counts are classes and areas: their number says nothing.
judged as (
    select
        * exclude (is_complete, reason, holds_counts),
        is_complete and (holds_counts or rows >= 0.9 * most_rows) as is_complete,
        case
            when not is_complete then reason
            when not holds_counts and rows < 0.9 * most_rows
                then 'holds under 90% of the rows of another delivery'
        end as reason
    from dated_scopes
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, publisher, area, month, category
            order by is_complete desc, published_on desc, delivery_id desc
        ) as place,
        bool_or(is_complete) over (partition by source, publisher, area, month, category) as has_complete
    from judged
)

-- The first of each cell speaks for it; where no delivery is complete, all of them add what they have.
select
    * exclude (place, has_complete, most_rows),
    place = 1 or not has_complete as is_chosen,
    place = 1 as is_first
from ranked
