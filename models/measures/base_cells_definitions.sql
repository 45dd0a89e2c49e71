-- What measures of crimes by definition and by kind of offence add up: where, when, of what, with what
-- outcome and harm. A crime stands once for each definition that it meets: definitions are never added up.
{%- set definitions = [
    'acquisitive_crime', 'business_crime_proxy', 'domestic_abuse_flagged', 'hate_crime', 'knife_crime',
    'knife_crime_with_injury', 'knife_crime_with_injury_under_25', 'serious_violence_assessment',
    'serious_violence_west_end_night', 'serious_youth_violence', 'serious_youth_violence_printed',
    'violent_crime', 'youth_on_youth_violence'
] %}
with

memberships as (
    select * from {{ ref('bridge_crime_definition') }}
    where membership = 'met' and definition_id in ({{ "'" ~ definitions | join("', '") ~ "'" }})
),

strands as (
    select * from {{ ref('bridge_crime_hate_strand') }}
),

persons as (
    select * from {{ ref('fct_crime_persons') }}
),

-- Of an interval over twelve hours the time is not known: set aside, and counted as unknown.
all_crimes as (
    select
        *,
        case when not is_time_uncertain then hour(committed_from_at) end as committed_hour,
        case when not is_time_uncertain then strftime(committed_from_at, '%A') end as committed_weekday,
        case
            when is_time_uncertain then null
            when is_night_time_economy then 'night'
            when not is_night_time_economy then 'day'
        end as time_of_day,
        -- Without a delivered outcome a disposal shows detections alone: the share is of known outcomes.
        case when outcome_group is not null then is_sanction_detection end as is_detected,
        case when is_notifiable then 'notifiable' else 'not notifiable' end as notifiable
    from {{ ref('fct_crimes') }}
    where source = 'cris_crime'
),

crimes as (
    select * from all_crimes
    where is_notifiable
),

-- The police flag domestic abuse on records that are not notifiable crimes too.
definition_rows as (
    select
        all_crimes.*,
        memberships.definition_id as definition
    from all_crimes
    inner join memberships on all_crimes.crime_key = memberships.crime_key
    where all_crimes.is_notifiable or memberships.definition_id = 'domestic_abuse_flagged'
),

domestic_abuse as (
    select * from definition_rows
    where definition = 'domestic_abuse_flagged'
),

strand_rows as (
    select
        crimes.*,
        strands.hate_strand as strand
    from crimes
    inner join strands on crimes.crime_key = strands.crime_key
),

-- Victims with their crime's definitions, by the file that names them.
victim_rows as (
    select
        definition_rows.* exclude (source, source_id, data_origin, as_at_date), -- noqa: RF02
        persons.source,
        persons.source_id,
        persons.data_origin,
        persons.as_at_date,
        persons.is_offence_address,
        case when persons.injury_level <> 'not_recorded' then persons.injury_level end as injury
    from definition_rows
    inner join persons on definition_rows.crime_key = persons.crime_key
    where persons.role = 'victim' and not coalesce(persons.is_organisation, false)
),

accused_rows as (
    select
        definition_rows.* exclude (source, source_id, data_origin, as_at_date), -- noqa: RF02
        persons.source,
        persons.source_id,
        persons.data_origin,
        persons.as_at_date,
        persons.disposal_code as disposal
    from definition_rows
    inner join persons on definition_rows.crime_key = persons.crime_key
    where persons.role = 'accused'
),

suspect_rows as (
    select
        domestic_abuse.* exclude (source, source_id, data_origin, as_at_date), -- noqa: RF02
        persons.source,
        persons.source_id,
        persons.data_origin,
        persons.as_at_date,
        persons.sex,
        persons.relationship_group,
        persons.relationship_code as relationship
    from domestic_abuse
    inner join persons on domestic_abuse.crime_key = persons.crime_key
    where persons.role = 'suspect'
),

cells as (
    {{ measure_cells(
        'crimes_by_definition', 'definition_rows', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code', 'stable_area': 'stable_area_code'},
        breakdowns={'definition': 'definition'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'crimes_by_place', 'crimes', kind='distribution', date='recorded_month',
        breakdowns={'ward': 'ward_code', 'stable_area': 'stable_area_code'},
        within={'offence_group': 'offence_group', 'offence_class': 'offence_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'crimes_by_place', 'definition_rows', kind='distribution', date='recorded_month',
        breakdowns={'ward': 'ward_code', 'stable_area': 'stable_area_code'},
        within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'crimes_by_time', 'crimes', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'hour': 'committed_hour', 'weekday': 'committed_weekday', 'time_of_day': 'time_of_day'},
        within={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'crimes_by_time', 'definition_rows', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'hour': 'committed_hour', 'weekday': 'committed_weekday', 'time_of_day': 'time_of_day'},
        within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'crimes_by_offence', 'definition_rows', kind='distribution', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'offence_group': 'offence_group', 'offence_class': 'offence_code', 'notifiable': 'notifiable'},
        within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'sanction_detection_share', 'crimes', kind='share', value='rows_in.is_detected', date='recorded_month',
        breakdowns={'offence_group': 'offence_group', 'offence_class': 'offence_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'sanction_detection_share', 'definition_rows', kind='share', value='rows_in.is_detected',
        date='recorded_month', breakdowns={'definition': 'definition'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'sanction_detection_share', 'strand_rows', kind='share', value='rows_in.is_detected',
        date='recorded_month', breakdowns={'strand': 'strand'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'injury_of_victims', 'victim_rows', kind='distribution', date='recorded_month',
        breakdowns={'injury': 'injury'}, within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'disposals_of_accused', 'accused_rows', kind='distribution', date='recorded_month',
        breakdowns={'disposal': 'disposal'}, within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'domestic_abuse_relationship', 'suspect_rows', kind='distribution', date='recorded_month',
        breakdowns={'relationship_group': 'relationship_group', 'relationship': 'relationship'},
        within={'suspect_sex': 'sex'},
    ) }}
    union all by name
    {{ measure_cells(
        'domestic_abuse_at_home_share', 'victim_rows', kind='share', value='rows_in.is_offence_address',
        date='recorded_month', areas={'borough': 'borough_code', 'ward': 'ward_code'},
        where="rows_in.definition = 'domestic_abuse_flagged'",
    ) }}
)

select * from cells
