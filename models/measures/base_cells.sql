-- The cells of every subject, in one place.
select * from {{ ref('base_cells_asb') }}
