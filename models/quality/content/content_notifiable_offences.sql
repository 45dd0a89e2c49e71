-- Domestic abuse is flagged on incidents too that are no notifiable crime. Counted together they are no count
-- of crimes, and compare with none that is published.
with

crimes as (
    select * from {{ ref('stg_mps_cris__crimes') }}
    where is_domestic_abuse and is_notifiable is not null
)

select
    'cris_crime' as source,
    delivery_id,
    cast(last_day(recorded_at) as date) as period_end,
    'records flagged as domestic abuse' as category,
    count(*) as rows_tested,
    count(*) filter (not is_notifiable) as rows_failing,
    round(100.0 * count(*) filter (not is_notifiable) / count(*), 1) as share_pct
from crimes
group by all
