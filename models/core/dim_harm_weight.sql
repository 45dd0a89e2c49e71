with

contracts as (
    select * from {{ ref('int_contracts__sources') }}
),

weights as (
    select * from {{ ref('int_crimes__harm') }}
)

select
    {{ surrogate_key(['weights.index_version', 'weights.code_type', 'weights.code']) }} as harm_weight_key,
    weights.index_version,
    weights.code_type,
    weights.code,
    weights.code_name,
    weights.offence_code,
    weights.home_office_subgroup,
    weights.harm_days,
    weights.weight_basis,
    cast(weights.offences as integer) as offences,
    weights.min_days,
    weights.max_days,
    weights.delivery_id,
    contracts.source_id,
    weights.data_origin,
    weights.published_on as as_at_date
from weights
left join contracts on 'cchi_weight' = contracts.source
