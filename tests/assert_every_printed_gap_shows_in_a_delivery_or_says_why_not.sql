-- A gap that the assessment names has a place where deliveries show it, or a reason, and not both.
with

gaps as (
    select * from {{ ref('printed_gaps') }}
),

places as (
    select distinct gap_id from {{ ref('printed_gap_places') }}
)

select
    gaps.gap_id,
    gaps.shown_by
from gaps
left join places on gaps.gap_id = places.gap_id
where
    (places.gap_id is null) = (gaps.reason is null)
    or (places.gap_id is not null) <> (gaps.shown_by = 'delivery')
