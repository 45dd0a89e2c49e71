-- Every delivered crime report with its fate: kept as a crime, or set aside and why.
with

reports as (
    select * from {{ ref('stg_mps_cris__crimes') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

scopes as (
    select * from {{ ref('int_scopes__chosen') }}
    where source = 'cris_crime'
),

-- Whatever speaks for the month and class of a report decides about it (decision 0005). The borough does not:
-- a cell is a delivery, month and major class.
cells as (
    select
        delivery_id,
        month,
        category,
        bool_or(is_chosen) as is_chosen,
        bool_and(is_complete) as is_complete
    from scopes
    group by delivery_id, month, category
),

scoped as (
    select
        reports.*,
        deliveries.published_on,
        deliveries.data_origin,
        coalesce(cells.is_chosen, true) as is_chosen,
        not coalesce(cells.is_complete, false) as is_partial_scope
    from reports
    inner join deliveries on reports.delivery_id = deliveries.delivery_id
    left join cells
        on
            reports.delivery_id = cells.delivery_id
            and date_trunc('month', reports.recorded_at) = cells.month
            and coalesce(reports.major_class, '') = cells.category
),

-- One row per crime reference: the latest publication, then the last row.
ranked as (
    select
        *,
        row_number() over (
            partition by crime_ref
            order by is_chosen desc, published_on desc, delivery_id desc, row_number desc
        ) as place
    from scoped
)

select
    * exclude (place, is_chosen),
    {{ pseudonym(["'mps_cris'", 'crime_ref']) }} as crime_key,
    case
        when not is_chosen then 'superseded_publication'
        when place > 1 then 'repeated_crime_ref'
        else 'kept'
    end as fate
from ranked
