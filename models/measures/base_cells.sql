{{ config(materialized='view') }}

-- The cells of every subject, in one place.
select * from {{ ref('base_cells_asb') }}
union all by name
select * from {{ ref('base_cells_callouts') }}
union all by name
select * from {{ ref('base_cells_council') }}
union all by name
select * from {{ ref('base_cells_definitions') }}
union all by name
select * from {{ ref('base_cells_persons') }}
union all by name
select * from {{ ref('base_cells_services') }}
union all by name
select * from {{ ref('base_cells_stops') }}
union all by name
select * from {{ ref('base_cells_violence') }}
