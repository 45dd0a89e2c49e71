-- Every measure of every subject, in one place; a mart selects its own.
select * from {{ ref('measures_crime') }}
union all by name
select * from {{ ref('measures_concentration') }}
union all by name
select * from {{ ref('measures_cost') }}
union all by name
select * from {{ ref('measures_outcomes') }}
