-- Every delivered row of tables of which the latest row of a key counts, with its fate. Of a cell, which is
-- the key itself or the area that a table covers whole, the latest publication; of a key in it, the last row.
{#- Which LSOAs a table is about stands in the heading of their codes alone: LSOA21CD, LSOA code (2021). -#}
{%- set vintage = "case when deliveries.labels['lsoa_code'] like '%21%' then '2021' else '2011' end" -%}
{%- set tables = [
    {'source': 'mhclg_deprivation', 'model': 'stg_mhclg__deprivation', 'vintage': vintage, 'key': [vintage, 'lsoa_code']},
    {
        'source': 'ons_population', 'model': 'stg_ons__populations', 'value': 'persons',
        'vintage': vintage, 'part': "sex || '|' || age_band",
        'key': [vintage, 'lsoa_code', 'year(deliveries.period_start)', 'sex', 'age_band'],
    },
    {'source': 'ons_lsoa_2011_boundary', 'model': 'stg_ons__lsoa_2011_boundaries', 'key': ['lsoa_code']},
    {'source': 'ons_lsoa_2021_boundary', 'model': 'stg_ons__lsoa_2021_boundaries', 'key': ['lsoa_code']},
    {'source': 'ons_ward_boundary', 'model': 'stg_ons__ward_boundaries', 'key': ['ward_code']},
    {
        'source': 'ons_lsoa_lookup', 'model': 'stg_ons__lsoa_lookup', 'cell': ['borough_code'],
        'key': ['lsoa_2011_code', 'lsoa_2021_code'],
    },
    {'source': 'ons_lsoa_ward_lookup', 'model': 'stg_ons__lsoa_ward_lookup', 'key': ['lsoa_2021_code']},
    {
        'source': 'cchi_weight', 'model': 'stg_reference_costs__cchi_weights', 'value': 'days',
        'key': ['index_version', "upper(ltrim(home_office_code, '0'))"],
    },
    {
        'source': 'yjs_need', 'model': 'stg_offender_schemes__yjs_needs',
        'key': ['upper(trim(person_ref))', 'assessed_on', 'need_area'],
    },
] %}
with

deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
    where verdict <> 'rejected'
),

records as (
    {% for table in tables %}
        select
            delivered.delivery_id,
            delivered.row_number,
            '{{ table.source }}' as source,
            {{ table.part or 'null' }} as part,
            {{ table.vintage or 'null' }} as vintage,
            {{ table.value ~ ' is null' if table.value else 'false' }} as is_blank,
            try_cast(row({{ (table.cell or table.key) | join(', ') }}) as varchar) as cell,
            try_cast(row({{ table.key | join(', ') }}) as varchar) as key_in_cell,
            deliveries.period_start,
            deliveries.published_on,
            deliveries.data_origin
        from {{ ref(table.model) }} as delivered
        inner join deliveries on delivered.delivery_id = deliveries.delivery_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        *,
        first_value(delivery_id) over (
            partition by source, cell, is_blank
            order by published_on desc, delivery_id desc
        ) as latest_delivery_id,
        row_number() over (
            partition by source, cell, key_in_cell, is_blank, delivery_id
            order by row_number desc
        ) as place
    from records
)

select
    source,
    delivery_id,
    row_number,
    part,
    vintage,
    period_start,
    published_on,
    data_origin,
    case
        when is_blank then 'blank_value'
        when delivery_id <> latest_delivery_id then 'superseded_publication'
        when place > 1 then 'repeated_key'
        else 'kept'
    end as fate
from ranked
