with

findings as (
    select * from {{ ref('stg_ledger__findings') }}
),

requirements as (
    select * from {{ ref('int_contracts__requirements') }}
),

periods as (
    select * from requirements
    where kind = 'period'
)

select
    findings.delivery_id,
    findings.source,
    findings.check_name,
    coalesce(findings.column_name, '(file)') as column_label,
    findings.dimension,
    findings.severity,
    findings.is_passed,
    findings.failing,
    findings.tested,
    findings.message,
    coalesce(requirements.recommendations, periods.recommendations, '') as recommendations
from findings
left join requirements
    on
        findings.source = requirements.source
        and findings.column_name = requirements.label
        and requirements.kind = 'field'
left join periods on findings.source = periods.source
