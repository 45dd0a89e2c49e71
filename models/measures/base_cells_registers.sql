-- What registers hold as on the last day of a review year and in the year before that day, by scheme, area
-- and category. A register is delivered whole, as it stands on a day: it does not add up by month.
with

periods as (
    select
        period_start,
        period_end
    from {{ ref('dim_period') }}
    where
        period_type = 'review_year'
        and period_start between date '{{ var("review_year_start") }}' - interval 1 year
        and date '{{ var("review_year_start") }}'
),

ethnicities as (
    select * from {{ ref('ethnicity_self_defined') }}
    where is_known
),

offenders as (
    select
        offenders_in.*,
        ethnicities.ethnicity_group as ethnic_group
    from {{ ref('fct_offenders') }} as offenders_in
    left join ethnicities on offenders_in.self_defined_ethnicity = ethnicities.ethnicity_code
    where offenders_in.register_date is not null and offenders_in.scheme not in ('cifa', 'drive')
),

families as (
    select * from {{ ref('fct_referrals') }}
    where referral_type = 'supporting_families'
),

spells as (
    select
        offenders.source,
        offenders.source_id,
        offenders.data_origin,
        offenders.as_at_date,
        offenders.scheme,
        offenders.sex,
        offenders.ethnic_group,
        offenders.is_acquisitive,
        offenders.is_drug_offender,
        offenders.home_ward_code as ward_code,
        '{{ var("partnership_borough_code") }}' as borough_code,
        periods.period_end as as_on_date,
        offenders.started_date <= periods.period_end as has_begun,
        offenders.started_date <= periods.period_end
        and coalesce(offenders.ended_date > periods.period_end, true) as is_under_scheme,
        offenders.started_date <= periods.period_end
        and coalesce(offenders.ended_date >= periods.period_start, true) as was_worked_with,
        offenders.started_date between periods.period_start and periods.period_end as has_started,
        offenders.ended_date between periods.period_start and periods.period_end
        and offenders.is_completed as has_completed,
        offenders.is_first_time_entrant,
        case
            when offenders.residence in ('resident', 'other_london', 'outside_london', 'no_fixed_abode')
                then offenders.residence
        end as residence,
        {{ age_band(
            "offenders.age_at_register - date_diff('year', periods.period_end, offenders.register_date)"
        ) }} as age_band,
        case
            when coalesce(offenders.ended_date > periods.period_end, true) then 'current'
            when offenders.ended_date > periods.period_end - interval 1 year then 'left within a year'
            else 'left a year ago or more'
        end as spell_state,
        -- A year before the scheme and a year after it; less than that would not be the same exposure.
        case
            when offenders.days_observed_before >= 365 then offenders.offences_before_365d
        end as offences_before,
        case
            when offenders.days_observed_during > 0
                then offenders.offences_during * 365.0 / offenders.days_observed_during
        end as offences_during,
        case
            when offenders.days_observed_after >= 365 then offenders.offences_after_365d
        end as offences_after,
        offenders.offence_cost_before_365d_gbp,
        offenders.offence_cost_during_gbp,
        offenders.offence_cost_after_365d_gbp,
        offenders.days_observed_before,
        offenders.days_observed_during,
        offenders.days_observed_after,
        offenders.age_at_register - date_diff('year', periods.period_end, offenders.register_date) as age,
        offenders.setting,
        offenders.risk_of_serious_harm,
        offenders.tenure,
        offenders.referral_source_group,
        offenders.is_in_custody,
        offenders.is_placed_out_of_borough,
        offenders.is_missing_person,
        offenders.sibling_count > 0 as has_siblings,
        offenders.services_known_count,
        periods.period_start,
        offenders.started_date,
        offenders.ended_date,
        offenders.offender_key,
        offenders.has_ete_need,
        offenders.is_ete_need_met,
        offenders.has_housing_need,
        offenders.is_housing_need_met
    from offenders
    cross join periods
),

worked_with as (
    select * from spells
    where was_worked_with
),

young_clients as (
    select * from worked_with
    where scheme in ('yjs', 'igxu')
),

iom_phases as (
    select
        * exclude (offences_before, offences_during, offences_after),
        unnest(['before', 'during', 'after']) as phase,
        unnest([offences_before, offences_during, offences_after]) as offences_per_year
    from spells
    where scheme = 'iom' and has_begun
),

deflators as (
    select index_price_year / index_base as ratio
    from {{ ref('gdp_deflators') }}
    where release_id = '{{ var("deflator_release") }}'
),

-- Only of those whose whole year before was observed; a year during is the spell's own scaled to 365 days,
-- and a year after is a whole one.
iom_costs as (
    select
        spells.*,
        unnest(['during', 'after']) as phase,
        deflators.ratio * (
            spells.offence_cost_before_365d_gbp
            - unnest([
                case
                    when spells.days_observed_during > 0
                        then spells.offence_cost_during_gbp * 365.0 / spells.days_observed_during
                end,
                case when spells.days_observed_after >= 365 then spells.offence_cost_after_365d_gbp end
            ])
        ) as cost_avoided_gbp
    from spells
    cross join deflators
    where spells.scheme = 'iom' and spells.has_begun and spells.days_observed_before >= 365
),

needs as (
    select
        * exclude (has_ete_need, is_ete_need_met, has_housing_need, is_housing_need_met),
        unnest(['employment_training_education', 'housing']) as need,
        unnest([has_ete_need, has_housing_need]) as has_need,
        unnest([is_ete_need_met, is_housing_need_met]) as is_need_met
    from worked_with
    where scheme = 'starting_over'
),

assessed_needs as (
    select * from {{ ref('bridge_offender_need') }}
),

needs_found as (
    select
        worked_with.*,
        assessed_needs.need_code,
        assessed_needs.answer = 'yes' as is_found
    from worked_with
    inner join assessed_needs on worked_with.offender_key = assessed_needs.offender_key
),

-- People under a scheme at the end of each month of the year.
caseload_months as (
    select
        *,
        cast(unnest(generate_series(period_start, as_on_date, interval 1 month)) as date) as month_start
    from spells
),

caseloads as (
    select
        source,
        source_id,
        data_origin,
        scheme,
        borough_code,
        as_on_date,
        month_start,
        max(as_at_date) as as_at_date,
        count(*) filter (
            started_date <= last_day(month_start) and coalesce(ended_date > last_day(month_start), true)
        ) as people
    from caseload_months
    group by all
),

circumstances as (
    select
        *,
        unnest([
            'in custody', 'placed out of the borough', 'known missing person', 'with siblings',
            'known to no service', 'known to three services or more'
        ]) as circumstance,
        unnest([
            is_in_custody, is_placed_out_of_borough, is_missing_person, has_siblings,
            services_known_count = 0, services_known_count >= 3
        ]) as is_so
    from worked_with
),

family_rows as (
    select
        families.source,
        families.source_id,
        families.data_origin,
        families.as_at_date,
        families.framework_version,
        families.ward_code,
        '{{ var("partnership_borough_code") }}' as borough_code,
        periods.period_end as as_on_date,
        families.fields_not_supplied,
        families.lead_practitioner,
        families.intervention,
        families.plan_opened_date,
        families.plan_closed_date,
        families.is_outcome_achieved,
        unnest(list_filter(
            [
                'all families',
                case when families.meets_crime_asb then 'crime_asb' end,
                case when families.meets_domestic_abuse then 'domestic_abuse' end,
                case when families.meets_crime_asb and families.meets_domestic_abuse then 'both' end
            ],
            criterion -> criterion is not null
        )) as criterion
    from families
    inner join periods on families.register_date between periods.period_start and periods.period_end
    where not coalesce(families.is_closed, false)
),

all_families as (
    select * from family_rows
    where criterion = 'all families'
),

by_criterion as (
    select * from family_rows
    where criterion <> 'all families'
),

-- A field that was not delivered is unknown of every family, and never a family without support.
support as (
    select
        * exclude (lead_practitioner, intervention, plan_opened_date, plan_closed_date, is_outcome_achieved),
        unnest(['lead practitioner', 'open plan', 'intervention', 'outcome']) as support,
        unnest([
            case
                when fields_not_supplied not like '%lead_practitioner%' then lead_practitioner is not null
            end,
            case
                when fields_not_supplied not like '%plan_opened_on%'
                    then
                        coalesce(plan_opened_date <= as_on_date, false)
                        and coalesce(plan_closed_date > as_on_date, true)
            end,
            case when fields_not_supplied not like '%intervention%' then intervention is not null end,
            case when fields_not_supplied not like '%is_outcome_achieved%' then is_outcome_achieved end
        ]) as is_given
    from family_rows
),

cells as (
    {{ measure_cells(
        'scheme_clients', 'spells', date='as_on_date', where='rows_in.is_under_scheme',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'scheme': 'scheme'}, by_source=['scheme'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_persons_worked_with', 'worked_with', date='as_on_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'scheme': 'scheme'},
        by_source=['scheme'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_starts', 'spells', date='as_on_date', where='rows_in.has_started',
        breakdowns={'scheme': 'scheme'}, by_source=['scheme'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_completions', 'spells', date='as_on_date', where='rows_in.has_completed',
        breakdowns={'scheme': 'scheme'}, by_source=['scheme'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_clients_by_person', 'worked_with', kind='distribution', date='as_on_date',
        breakdowns={
            'sex': 'sex', 'age_band': 'age_band', 'ethnic_group': 'ethnic_group', 'residence': 'residence',
            'ward': 'ward_code', 'setting': 'setting', 'risk_of_serious_harm': 'risk_of_serious_harm',
            'tenure': 'tenure', 'referral_source': 'referral_source_group'
        },
        within={'scheme': 'scheme'}, by_source=['scheme'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_clients_by_person', 'worked_with', kind='distribution', date='as_on_date',
        breakdowns={'ethnic_group': 'ethnic_group'}, within={'setting': 'setting'}, within_total=false,
        where="rows_in.scheme = 'probation'",
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_caseload', 'caseloads', kind='mean', value='rows_in.people', date='as_on_date',
        breakdowns={'scheme': 'scheme'}, by_source=['scheme'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_circumstance_share', 'circumstances', kind='share', value='rows_in.is_so', date='as_on_date',
        breakdowns={'circumstance': 'circumstance'}, within={'scheme': 'scheme'}, by_source=['scheme'],
        total=false, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_need_found_share', 'needs_found', kind='share', value='rows_in.is_found', date='as_on_date',
        breakdowns={'need': 'need_code'}, within={'scheme': 'scheme'}, by_source=['scheme'],
        total=false, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_first_time_entrants', 'worked_with', value='rows_in.is_first_time_entrant', date='as_on_date',
        where="rows_in.scheme = 'yjs' and rows_in.has_started",
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_first_time_entrant_share', 'worked_with', kind='share', value='rows_in.is_first_time_entrant',
        date='as_on_date', where="rows_in.scheme = 'yjs'",
    ) }}
    union all by name
    {{ measure_cells(
        'iom_acquisitive_share', 'spells', kind='share', value='rows_in.is_acquisitive', date='as_on_date',
        where="rows_in.scheme = 'iom' and rows_in.is_under_scheme",
    ) }}
    union all by name
    {{ measure_cells(
        'iom_drug_offender_share', 'spells', kind='share', value='rows_in.is_drug_offender', date='as_on_date',
        where="rows_in.scheme = 'iom' and rows_in.is_under_scheme",
    ) }}
    union all by name
    {{ measure_cells(
        'iom_offences_per_year', 'iom_phases', kind='mean', value='rows_in.offences_per_year', date='as_on_date',
        breakdowns={'phase': 'phase'}, within={'spell_state': 'spell_state'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'iom_cost_avoided', 'iom_costs', kind='mean', value='rows_in.cost_avoided_gbp', date='as_on_date',
        breakdowns={'phase': 'phase'}, within={'spell_state': 'spell_state'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_clients_by_person', 'young_clients', kind='distribution', date='as_on_date',
        breakdowns={'age': 'age'}, within={'scheme': 'scheme'}, by_source=['scheme'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'scheme_need_met_share', 'needs', kind='share', value='rows_in.is_need_met', date='as_on_date',
        breakdowns={'need': 'need'}, within={'scheme': 'scheme'}, by_source=['scheme'], total=false, within_total=false,
        where='rows_in.has_need',
    ) }}
    union all by name
    {{ measure_cells(
        'families_open', 'all_families', date='as_on_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'framework': 'framework_version'},
    ) }}
    union all by name
    {{ measure_cells(
        'families_meeting_criteria', 'by_criterion', date='as_on_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'criterion': 'criterion'},
        within={'framework': 'framework_version'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'families_supported_share', 'support', kind='share', value='rows_in.is_given', date='as_on_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'support': 'support'}, total=false,
        where="rows_in.criterion = 'all families'",
    ) }}
    union all by name
    {{ measure_cells(
        'families_supported_share', 'support', kind='share', value='rows_in.is_given', date='as_on_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'support': 'support'},
        within={'criterion': 'criterion'}, total=false, within_total=false,
        where="rows_in.criterion <> 'all families'",
    ) }}
)

select * from cells
