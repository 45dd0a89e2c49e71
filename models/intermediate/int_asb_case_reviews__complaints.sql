-- Every complaint behind an application for a case review, with its fate. The file has no period: the latest
-- delivery that holds an application speaks for its complaints.
with

complaints as (
    select * from {{ ref('stg_wcc_asb__asb_case_review_complaints') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

fields as (
    select * from {{ ref('stg_ledger__column_profile') }}
    where column_name = 'behaviour_date'
),

ranked as (
    select
        complaints.*,
        coalesce(fields.is_delivered, false) as has_behaviour_dates,
        first_value(complaints.delivery_id) over (
            partition by complaints.application_ref
            order by deliveries.published_on desc, complaints.delivery_id desc
        ) as latest_delivery_id,
        row_number() over (
            partition by complaints.delivery_id, complaints.application_ref, complaints.complaint_no
            order by complaints.row_number desc
        ) as place
    from complaints
    inner join deliveries on complaints.delivery_id = deliveries.delivery_id
    left join fields on complaints.delivery_id = fields.delivery_id
)

select
    * exclude (latest_delivery_id, place),
    case
        when delivery_id <> latest_delivery_id then 'superseded_publication'
        when place > 1 then 'repeated_reference'
        else 'kept'
    end as fate
from ranked
