-- One row per spelling of an area that published figures and surveys name, with the area's kind and code.
-- Ward names are those of May 2022; only the partnership's own, because other boroughs use some of the same
-- names.
with

boroughs as (
    select * from {{ ref('borough_names') }}
    where not is_pseudo
),

wards as (
    select * from {{ ref('westminster_wards') }}
),

ward_spellings as (
    select
        ward_code,
        ward_name,
        unnest(list_append(string_split(coalesce(name_variants, ward_name), '|'), ward_name)) as spelling
    from wards
),

-- Codes of countries and regions are those of ONS; a force has ours, as in dim_area.
wider_areas (spelling, area_type, area_code, area_name) as (
    values
    ('England and Wales', 'country', 'K04000001', 'England and Wales'),
    ('England', 'country', 'E92000001', 'England'),
    ('London', 'region', 'E12000007', 'London'),
    ('MPS', 'force', 'metropolitan', 'Metropolitan Police Service'),
    ('Metropolitan Police', 'force', 'metropolitan', 'Metropolitan Police Service'),
    ('Metropolitan Police Service', 'force', 'metropolitan', 'Metropolitan Police Service'),
    ('London, City of', 'force', 'city_of_london', 'City of London Police'),
    ('City of London Police', 'force', 'city_of_london', 'City of London Police'),
    ('England and Wales', 'force', 'K04000001', 'England and Wales')
),

named as (
    select
        name_key,
        'borough' as area_type,
        borough_code as area_code,
        borough_name as area_name,
        borough_code
    from boroughs
    union all
    select distinct
        vault.rules.name_key(spelling) as name_key,
        'ward' as area_type,
        ward_code as area_code,
        ward_name as area_name,
        '{{ var("partnership_borough_code") }}' as borough_code
    from ward_spellings
    union all
    select
        vault.rules.name_key(spelling) as name_key,
        area_type,
        area_code,
        area_name,
        null as borough_code
    from wider_areas
)

select * from named
