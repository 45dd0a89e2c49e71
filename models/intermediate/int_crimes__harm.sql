-- The harm of one crime in days, by code and edition of the index: the weight of the offence itself where
-- the edition was delivered, else the median of its subgroup there, else the median that the reference data
-- give.
with

offence_codes as (
    select * from {{ ref('home_office_offence_codes') }}
),

classes as (
    select * from {{ ref('offence_classes') }}
),

reference_weights as (
    select * from {{ ref('harm_weights') }}
),

weights as (
    select * from {{ ref('stg_reference_costs__cchi_weights') }}
),

screened as (
    select * from {{ ref('int_keyed_rows__screened') }}
    where fate = 'kept' and source = 'cchi_weight'
),

-- 039/00 and 39/00 are one code. Nothing else is taken off a code: 34A and 34B are two offences.
latest_weights as (
    select
        weights.index_version,
        upper(ltrim(weights.home_office_code, '0')) as code,
        weights.offence_title,
        weights.home_office_subgroup,
        vault.rules.name_key(weights.home_office_subgroup) as subgroup_key,
        weights.days,
        weights.delivery_id,
        screened.published_on,
        screened.data_origin
    from weights
    inner join screened
        on weights.delivery_id = screened.delivery_id and weights.row_number = screened.row_number
),

delivered_subgroups as (
    select
        index_version,
        subgroup_key,
        median(days) as days,
        count(*) as offences,
        min(days) as min_days,
        max(days) as max_days,
        max(delivery_id) as delivery_id,
        max(published_on) as published_on,
        max(data_origin) as data_origin
    from latest_weights
    where subgroup_key is not null
    group by index_version, subgroup_key
),

reference_subgroups as (
    select
        index_version,
        vault.rules.name_key(home_office_subgroup) as subgroup_key,
        days,
        n as offences,
        min_days,
        max_days
    from reference_weights
),

-- A crime has a Home Office code or, in files of classes, none: both kinds of code have weights.
known_codes as (
    select
        'home_office_code' as code_type,
        offence_codes.home_office_code as code,
        offence_codes.home_office_name as code_name,
        offence_codes.offence_code,
        coalesce(classes.home_office_subgroup, offence_codes.home_office_subgroup) as home_office_subgroup
    from offence_codes
    left join classes on offence_codes.offence_code = classes.offence_code
    union all
    select
        'offence_code' as code_type,
        offence_code as code,
        offence_name as code_name,
        offence_code,
        home_office_subgroup
    from classes
    where is_notifiable
    union all
    select
        'home_office_code' as code_type,
        code,
        max(offence_title) as code_name,
        null as offence_code,
        max(home_office_subgroup) as home_office_subgroup
    from latest_weights
    where
        not exists (
            select 1 from offence_codes
            where latest_weights.code = offence_codes.home_office_code
        )
    group by code
),

versions as (
    select index_version from latest_weights
    union
    select index_version from reference_weights
),

weighted as (
    select
        versions.index_version,
        known_codes.*,
        coalesce(latest_weights.days, delivered_subgroups.days, reference_subgroups.days) as harm_days,
        case
            when latest_weights.days is not null then 'offence'
            when delivered_subgroups.days is not null then 'delivered_subgroup_median'
            when reference_subgroups.days is not null then 'reference_subgroup_median'
            else 'none'
        end as weight_basis,
        case
            when latest_weights.days is not null then 1
            else coalesce(delivered_subgroups.offences, reference_subgroups.offences, 0)
        end as offences,
        coalesce(latest_weights.days, delivered_subgroups.min_days, reference_subgroups.min_days) as min_days,
        coalesce(latest_weights.days, delivered_subgroups.max_days, reference_subgroups.max_days) as max_days,
        coalesce(latest_weights.delivery_id, delivered_subgroups.delivery_id) as delivery_id,
        coalesce(latest_weights.data_origin, delivered_subgroups.data_origin, 'open') as data_origin,
        coalesce(latest_weights.published_on, delivered_subgroups.published_on) as published_on
    from versions
    cross join known_codes
    left join latest_weights
        on
            known_codes.code_type = 'home_office_code'
            and versions.index_version = latest_weights.index_version
            and known_codes.code = latest_weights.code
    left join delivered_subgroups
        on
            versions.index_version = delivered_subgroups.index_version
            and vault.rules.name_key(known_codes.home_office_subgroup) = delivered_subgroups.subgroup_key
    left join reference_subgroups
        on
            versions.index_version = reference_subgroups.index_version
            and vault.rules.name_key(known_codes.home_office_subgroup) = reference_subgroups.subgroup_key
)

select * from weighted
