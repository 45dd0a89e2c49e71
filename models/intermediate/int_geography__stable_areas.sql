-- One row per LSOA of either vintage with its stable area: the smallest group of LSOAs that both vintages
-- add up to. The groups are the connected parts of the lookup; a part is named by its smallest code.
with recursive

pairs as (
    select * from {{ ref('int_geography__lsoa_pairs') }}
),

nodes as (
    select distinct
        '2011' as vintage,
        lsoa_2011_code as lsoa_code
    from pairs
    union
    select
        '2021' as vintage,
        lsoa_2021_code as lsoa_code
    from pairs
),

-- Both ways, so that a walk reaches the whole part. An unchanged LSOA is a part of its own.
edges as (
    select
        '2011' || lsoa_2011_code as from_node,
        '2021' || lsoa_2021_code as to_node
    from pairs
    union all
    select
        '2021' || lsoa_2021_code as from_node,
        '2011' || lsoa_2011_code as to_node
    from pairs
),

reached as (
    select
        vintage || lsoa_code as node,
        vintage || lsoa_code as member
    from nodes
    union
    select
        reached.node,
        edges.to_node as member
    from reached
    inner join edges on reached.member = edges.from_node
)

select
    nodes.vintage,
    nodes.lsoa_code,
    -- The prefix keeps a stable area's code from being mistaken for an LSOA's.
    'SA-' || min(substr(reached.member, 5)) as stable_area_code,
    count(*) filter (reached.member like '2011%') as lsoas_2011,
    count(*) filter (reached.member like '2021%') as lsoas_2021
from nodes
inner join reached on nodes.vintage || nodes.lsoa_code = reached.node
group by nodes.vintage, nodes.lsoa_code
