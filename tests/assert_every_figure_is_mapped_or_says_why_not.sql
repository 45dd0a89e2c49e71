-- A printed figure that needs a partner's rows or published counts has a measure, or a reason, and not both.
with

figures as (
    select * from {{ ref('printed_figures') }}
    where needs_rows in ('yes', 'aggregate')
),

mapped as (
    select figure_id from {{ ref('figure_measures') }}
),

explained as (
    select figure_id from {{ ref('figure_gaps') }}
)

select figures.figure_id
from figures
left join mapped on figures.figure_id = mapped.figure_id
left join explained on figures.figure_id = explained.figure_id
where (mapped.figure_id is null) = (explained.figure_id is null)
