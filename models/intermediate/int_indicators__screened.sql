-- Every delivered row of published figures with its fate. Figures of one kind, area and period are
-- published again and again: the latest publication that holds at least 90% of the rows of any other is
-- used whole (decision 0005), so that a row which a later table leaves out does not stay from an earlier
-- one. Of a key that a file holds twice, the last row.
{%- set tables = [
    ('moj_reoffending', 'stg_justice__moj_reoffending', ['characteristic_type'], 'area_name', 'cohort_end',
        ['characteristic']),
    ('mopac_dashboard_indicator', 'stg_mopac__dashboard_indicators', ['indicator'], 'area_name', 'quarter_end',
        ['ward_code']),
    ('mopac_victim_services', 'stg_mopac__victim_services', ['service'], 'borough', 'quarter_end', []),
    ('pas_result', 'stg_surveys__pas_results', ['question'], 'area_name', 'period_end', ['breakdown', 'category']),
    ('uss_result', 'stg_surveys__uss_results', ['survey', 'measure'], 'unit_name', 'period_end',
        ['borough', 'victim_group']),
    ('csew_estimate', 'stg_surveys__csew_estimates', ['measure'], "''", 'year_ending',
        ['population', 'breakdown', 'category']),
    ('fingertips_indicator', 'stg_health__fingertips_indicators', ['indicator_id'], 'area_code', 'time_period',
        ['area_type', 'sex', 'age', 'category_type', 'category']),
    ('dwp_claimant_count', 'stg_homelessness__dwp_claimant_counts', ["''"], "''", 'month', ['ward_code', 'age_band']),
    ('school_census_aggregate', 'stg_childrens_services__school_census_aggregates', ["''"], "''", 'census_date',
        ['phase', 'residence_area']),
    ('ndtms_aggregate', 'stg_health__ndtms_aggregates', ['measure'], 'area_code', 'period_end', ['substance_group']),
    ('fgm_aggregate', 'stg_health__fgm_aggregates', ['measure'], 'area_code', 'period_end', []),
    ('ho_outcomes', 'stg_home_office__outcomes', ["''"], 'force_name', "financial_year || ' Q' || financial_quarter",
        ['offence_group', 'offence_subgroup', 'offence_code', 'outcome_code']),
    ('ho_recorded_crime', 'stg_home_office__recorded_crimes', ["''"], 'partnership_name',
        "financial_year || ' Q' || financial_quarter", ['offence_code']),
    ('lift_household', 'stg_homelessness__lift_households', ["''"], "''", 'snapshot_date', ['household_reference']),
] %}
with

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

records as (
    {% for source, model, kind, area, period, key in tables %}
        select
            delivery_id,
            row_number,
            '{{ source }}' as source,
            concat_ws('|', {{ kind | join(', ') }}, {{ area }}, {{ period }}) as cell,
            try_cast(row({{ (key or ["''"]) | join(', ') }}) as varchar) as key_in_cell
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        records.*,
        deliveries.published_on,
        deliveries.data_origin,
        deliveries.is_partial,
        coalesce(deliveries.publisher, '') as publisher,
        count(*) over (partition by records.source, records.cell, records.delivery_id) as rows_of_cell
    from records
    inner join deliveries on records.delivery_id = deliveries.delivery_id
),

judged as (
    select
        *,
        is_partial or rows_of_cell < 0.9 * max(rows_of_cell) over (partition by source, publisher, cell)
            as is_partial_scope
    from counted
),

-- Where no delivery of a cell is complete, all of them add what they have.
ranked as (
    select
        *,
        bool_and(is_partial_scope) over (partition by source, publisher, cell) as has_no_complete,
        dense_rank() over (
            partition by source, publisher, cell
            order by is_partial_scope asc, published_on desc, delivery_id desc
        ) as publication_place
    from judged
),

used as (
    select
        *,
        publication_place = 1 or has_no_complete as is_used,
        row_number() over (
            partition by source, publisher, cell, key_in_cell, publication_place = 1 or has_no_complete
            order by published_on desc, delivery_id desc, row_number desc
        ) as place
    from ranked
)

select
    delivery_id,
    row_number,
    source,
    published_on,
    data_origin,
    is_partial_scope,
    case
        when not is_used then 'superseded_publication'
        when place > 1 then 'repeated_key'
        else 'kept'
    end as fate
from used
