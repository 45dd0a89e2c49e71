-- Who complained is no part of this list: an address is on it whoever complained of it.
{%- set definition_ids = ['asb_repeat_location_3', 'asb_repeat_location_10'] %}
with

definitions as (
    select
        definition_id,
        name as rule,
        cast(json_extract_string(parameters, '$.complaints') as integer) as threshold
    from {{ ref('dim_definition') }}
    where definition_id in {{ sql_text_list(definition_ids) }}
),

today as (
    select as_of_date from {{ ref('dim_as_of') }}
),

complaints as (
    select complaints.*
    from {{ ref('fct_asb_incidents') }} as complaints
    cross join today
    where
        complaints.source = 'noise_complaint'
        and complaints.location_key is not null
        and complaints.reported_date <= today.as_of_date
),

-- Twelve months are 365 days here, as in the measures of repeat locations.
occasions as (
    select
        complaints.location_key,
        definitions.definition_id,
        definitions.threshold,
        complaints.reported_date as occasion_date,
        complaints.reported_date + 365 as last_counted_day
    from complaints
    cross join definitions
),

spells as (
    {{ threshold_spells('occasions', 'location_key, definition_id') | trim }}
),

standing as (
    select
        spells.*,
        definitions.rule,
        definitions.threshold,
        today.as_of_date,
        min(spells.threshold_met_date) over (partition by spells.location_key) as first_threshold_met_date
    from spells
    inner join definitions on spells.definition_id = definitions.definition_id
    cross join today
    where today.as_of_date between spells.threshold_met_date and spells.stands_until
    -- An address stands once, under the highest threshold that it is past.
    qualify row_number() over (partition by spells.location_key order by definitions.threshold desc) = 1
)

select
    {{ surrogate_key(["'noise'", 'standing.location_key']) }} as list_entry_key,
    standing.as_of_date,
    standing.definition_id,
    standing.rule,
    standing.location_key,
    'noise' as agency,
    standing.threshold_met_date,
    cast(date_diff('day', standing.threshold_met_date, standing.as_of_date) as integer)
        as days_since_threshold_met,
    standing.stands_until as stands_until_date,
    standing.first_threshold_met_date,
    cast(count(*) as integer) as complaints_in_window,
    cast(count(distinct complaints.complainant_person_key) as integer) as complainants_known,
    cast(count(*) filter (complaints.complainant_person_key is null) as integer)
        as complaints_without_complainant,
    cast(count(*) filter (complaints.is_visited) as integer) as complaints_visited,
    cast(count(*) filter (complaints.is_statutory_nuisance) as integer) as statutory_nuisances,
    max(complaints.reported_date) as latest_complaint_date,
    max_by(complaints.category_code, complaints.reported_at) as latest_category_code,
    max_by(complaints.ward_code, complaints.reported_at) as ward_code,
    max_by(complaints.lsoa_2021_code, complaints.reported_at) as lsoa_2021_code,
    {{ covered_to_date(['noise_complaint']) }} as covered_to_date,
    string_agg(distinct complaints.source_id, ',' order by complaints.source_id) as source_ids,
    max(complaints.data_origin) as data_origin,
    max(complaints.as_at_date) as as_at_date
from standing
inner join complaints
    on
        standing.location_key = complaints.location_key
        and complaints.reported_date >= standing.as_of_date - 365
group by
    standing.as_of_date, standing.definition_id, standing.rule, standing.location_key,
    standing.threshold_met_date, standing.stands_until, standing.first_threshold_met_date
