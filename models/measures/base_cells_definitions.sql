-- What measures of crimes by definition and by kind of offence add up: where, when, of what, with what
-- outcome and harm. A crime stands once for each definition that it meets: definitions are never added up.
with

memberships as (
    select * from {{ ref('base_crime_definitions') }}
),

strands as (
    select * from {{ ref('bridge_crime_hate_strand') }}
),

persons as (
    select * from {{ ref('fct_crime_persons') }}
),

harm_definition as (
    select parameters ->> '$.index_version' as index_version
    from {{ ref('dim_definition') }}
    where definition_id = 'crime_harm_days'
),

harm_weights as (
    select weights.*
    from {{ ref('dim_harm_weight') }} as weights
    semi join harm_definition on weights.index_version = harm_definition.index_version
    where weights.code_type = 'home_office_code'
),

-- Of an interval over twelve hours the time is not known: set aside, and counted as unknown.
all_crimes as (
    select
        crimes_in.*,
        harm_weights.harm_days,
        case
            when not crimes_in.is_time_uncertain then hour(crimes_in.committed_from_at)
        end as committed_hour,
        case
            when not crimes_in.is_time_uncertain then strftime(crimes_in.committed_from_at, '%A')
        end as committed_weekday,
        case
            when crimes_in.is_time_uncertain then null
            when crimes_in.is_night_time_economy then 'night'
            when not crimes_in.is_night_time_economy then 'day'
        end as time_of_day,
        -- Without a delivered outcome a disposal shows detections alone: the share is of known outcomes.
        case
            when crimes_in.outcome_group is not null then crimes_in.is_sanction_detection
        end as is_detected,
        case when crimes_in.is_notifiable then 'notifiable' else 'not notifiable' end as notifiable,
        strftime(crimes_in.recorded_month, '%B') as month_name,
        -- The night belongs to the day on which it starts.
        case
            when
                not crimes_in.is_time_uncertain
                and crimes_in.is_night_time_economy
                and isodow(crimes_in.committed_from_at - interval 6 hour) in (5, 6)
                then hour(crimes_in.committed_from_at)
        end as weekend_night_hour
    from {{ ref('fct_crimes') }} as crimes_in
    left join harm_weights on crimes_in.ho_offence_code = harm_weights.code
    where crimes_in.source = 'cris_crime'
),

crimes as (
    select * from all_crimes
    where is_notifiable
),

-- The police flag domestic abuse on records that are not notifiable crimes too.
definition_rows as (
    select
        all_crimes.*,
        memberships.definition
    from all_crimes
    inner join memberships on all_crimes.crime_key = memberships.crime_key
    where all_crimes.is_notifiable or memberships.definition = 'domestic_abuse_flagged'
),

domestic_abuse as (
    select * from definition_rows
    where definition = 'domestic_abuse_flagged'
),

stalking as (
    select
        definition_rows.*,
        case when domestic_abuse.crime_key is null then 'other' else 'domestic abuse' end as abuse
    from definition_rows
    left join domestic_abuse on definition_rows.crime_key = domestic_abuse.crime_key
    where definition_rows.definition = 'stalking_flagged'
),

-- A crime of race and of religion is one racist and religious crime.
strand_rows as (
    select distinct
        crimes.*,
        unnest(list_filter(
            [
                strands.hate_strand,
                case when strands.hate_strand in ('race', 'religion') then 'race_or_religion' end
            ],
            strand -> strand is not null
        )) as strand
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

all_accused as (
    select
        crimes.* exclude (source, source_id, data_origin, as_at_date), -- noqa: RF02
        persons.source,
        persons.source_id,
        persons.data_origin,
        persons.as_at_date,
        persons.disposal_code as disposal
    from crimes
    inner join persons on crimes.crime_key = persons.crime_key
    where persons.role = 'accused'
),

-- Of a crime with victims of both sexes neither is that of the victim.
victim_sexes as (
    select
        crime_key,
        max(sex) as victim_sex
    from persons
    where role = 'victim' and not coalesce(is_organisation, false)
    group by crime_key
    having count(distinct sex) = 1
),

suspect_rows as (
    select
        victim_sexes.victim_sex,
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
    left join victim_sexes on domestic_abuse.crime_key = victim_sexes.crime_key
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
        breakdowns={'hour': 'committed_hour', 'weekday': 'committed_weekday', 'time_of_day': 'time_of_day'},
        within={'definition': 'definition'}, within_total=false,
    ) }}
    {%- for rows, within in [
        ('crimes', {'offence_group': 'offence_group'}), ('definition_rows', {'definition': 'definition'})
    ] %}
        union all by name
        {{ measure_cells(
            'crimes_by_time', rows, kind='distribution', date='recorded_month',
            breakdowns={'month': 'month_name'}, within=within, within_total=(rows == 'crimes'),
        ) }}
        union all by name
        {{ measure_cells(
            'crimes_by_time', rows, kind='distribution', date='recorded_month',
            breakdowns={'hour_of_weekend_night': 'weekend_night_hour'}, within=within, within_total=false,
            where='rows_in.weekend_night_hour is not null',
        ) }}
    {%- endfor %}
    union all by name
    {{ measure_cells(
        'crimes_by_place', 'definition_rows', kind='distribution', date='recorded_month',
        breakdowns={'stable_area': 'stable_area_code'}, within={'definition_at_night': 'definition'},
        within_total=false,
        where="rows_in.time_of_day = 'night' and rows_in.definition = 'serious_violence_assessment'",
    ) }}
    union all by name
    {{ measure_cells(
        'crimes_by_time', 'definition_rows', kind='distribution', date='recorded_month',
        areas={'ward': 'ward_code'}, breakdowns={'time_of_day': 'time_of_day'},
        within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'crime_harm', 'crimes', kind='sum', value='rows_in.harm_days', date='recorded_month',
        areas={'borough': 'borough_code', 'ward': 'ward_code', 'stable_area': 'stable_area_code'},
    ) }}
    union all by name
    {{ measure_cells(
        'crime_harm', 'crimes', kind='sum', value='rows_in.harm_days', date='recorded_month',
        breakdowns={'offence_class': 'offence_code', 'time_of_day': 'time_of_day'}, total=false,
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
        'crimes_by_offence', 'stalking', kind='distribution', date='recorded_month',
        breakdowns={'abuse': 'abuse'}, within={'definition': 'definition'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'sanction_detections', 'crimes', value='rows_in.is_detected', date='recorded_month',
        breakdowns={'offence_group': 'offence_group'},
    ) }}
    union all by name
    {{ measure_cells(
        'sanction_detections', 'definition_rows', value='rows_in.is_detected', date='recorded_month',
        breakdowns={'definition': 'definition'}, total=false,
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
        'disposals_of_accused', 'all_accused', kind='distribution', date='recorded_month',
        breakdowns={'disposal': 'disposal'}, within={'offence_group': 'offence_group'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'disposals_of_accused', 'accused_rows', kind='distribution', date='recorded_month',
        breakdowns={'offence_class': 'offence_code'}, within={'disposal_of_domestic_abuse': 'disposal'},
        within_total=false, where="rows_in.definition = 'domestic_abuse_flagged'",
    ) }}
    union all by name
    {{ measure_cells(
        'domestic_abuse_relationship', 'suspect_rows', kind='distribution', date='recorded_month',
        breakdowns={
            'relationship_group': 'relationship_group', 'relationship': 'relationship', 'victim_sex': 'victim_sex'
        },
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
