-- Every delivered stop and search with its fate: exact copies are set aside (decision 0006).
with

stops as (
    select * from {{ ref('stg_police_uk__stop_searches') }}
),

scopes as (
    select * from {{ ref('int_scopes__chosen') }}
    where source = 'police_uk_stop_search'
),

months as (
    select * from {{ ref('stg_ledger__month_profile') }}
    where source = 'police_uk_stop_search'
),

-- A file is cut by the publisher's clock: a few stops of the month before or after come with it. They belong
-- to their own month, beside the file of that month.
spilled_scopes as (
    select
        *,
        rows < 0.05 * max(rows) over (partition by delivery_id) as is_spillover
    from scopes
),

scoped as (
    select
        stops.*,
        scopes.publisher,
        scopes.month,
        scopes.is_first or scopes.is_spillover as is_used,
        scopes.published_on,
        scopes.data_origin,
        months.is_cut_short
    from stops
    inner join spilled_scopes as scopes
        on
            stops.delivery_id = scopes.delivery_id
            and date_trunc('month', stops.stopped_at) = scopes.month
    inner join months
        on
            scopes.delivery_id = months.delivery_id
            and scopes.publisher = months.publisher
            and scopes.month = months.month
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                publisher, is_used, search_type, stopped_at, is_operation, operation, latitude, longitude,
                gender, age_range, self_defined_ethnicity, officer_defined_ethnicity, legislation,
                object_of_search, outcome, is_outcome_linked, is_more_than_outer_clothing
            order by delivery_id, row_number
        ) as place
    from scoped
)

select
    * exclude (place, is_used),
    case
        when not is_used then 'superseded_publication'
        when place > 1 then 'exact_copy'
        else 'kept'
    end as fate
from ranked
