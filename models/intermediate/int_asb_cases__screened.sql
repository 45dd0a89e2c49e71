-- Every delivered row of a case with its fate: one per reference of the agency, from the latest delivery; a
-- delivery whose month another one speaks for is set aside (decision 0005). Several referrals of one triage
-- case are one case: the latest referral tells its state, the first its beginning.
with

cases as (
    select * from {{ ref('int_asb_cases__decoded') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

scopes as (
    select
        *,
        max(case when is_first then published_on end) over cell as used_published_on,
        max(case when is_first then delivery_id end) over cell as used_delivery_id
    from {{ ref('int_scopes__chosen') }}
    window cell as (partition by source, publisher, area, month, category)
),

fields as (
    select
        delivery_id,
        coalesce(string_agg(column_name, ',' order by column_name) filter (not is_delivered), '')
            as fields_not_supplied
    from {{ ref('stg_ledger__column_profile') }}
    group by delivery_id
),

scoped as (
    select
        cases.*,
        coalesce(deliveries.publisher, '') as publisher,
        deliveries.published_on,
        deliveries.data_origin,
        coalesce(fields.fields_not_supplied, '') as fields_not_supplied,
        coalesce(
            not scopes.is_chosen
            and (deliveries.published_on, cases.delivery_id)
            < (scopes.used_published_on, scopes.used_delivery_id),
            false
        ) as is_superseded
    from cases
    inner join deliveries on cases.delivery_id = deliveries.delivery_id
    left join fields on cases.delivery_id = fields.delivery_id
    left join scopes
        on
            cases.delivery_id = scopes.delivery_id
            and coalesce(cases.scope_publisher, deliveries.publisher, '') = scopes.publisher
            and date_trunc('month', cases.opened_date) = scopes.month
),

ranked as (
    select
        *,
        row_number() over latest as place,
        first_value(delivery_id) over latest as latest_delivery_id
    from scoped
    window latest as (
        partition by source, agency, row_ref, is_superseded
        order by published_on desc, delivery_id desc, row_number desc
    )
),

fated as (
    select
        * exclude (place, latest_delivery_id, is_superseded, scope_publisher),
        case
            when is_superseded then 'superseded_publication'
            when place > 1 and delivery_id <> latest_delivery_id then 'earlier_state'
            when place > 1 then 'repeated_reference'
            else 'kept'
        end as row_fate
    from ranked
),

-- Of the persons of an E-CINS case, the first that was added counts as the case.
within_cases as (
    select
        *,
        row_number() over (
            partition by source, agency, case_ref, row_fate order by opened_date desc, row_ref desc
        ) as place_from_last,
        row_number() over (
            partition by source, agency, case_ref, row_fate order by opened_date nulls last, row_ref
        ) as place_in_case,
        min(opened_date) over case_rows as first_opened_date,
        string_agg(categories_given, ';' order by opened_date, row_ref) over case_rows as all_categories_given
    from fated
    window case_rows as (partition by source, agency, case_ref, row_fate)
)

select
    * exclude (row_fate, place_from_last, place_in_case, opened_date, first_opened_date, categories_given),
    case when case_type = 'triage' then first_opened_date else opened_date end as opened_date,
    case_type <> 'ecins_subject' or place_in_case = 1 as is_counted_as_case,
    case
        when row_fate = 'kept' and case_type = 'triage' and place_from_last > 1
            then 'another_referral_of_the_case'
        else row_fate
    end as fate
from within_cases
