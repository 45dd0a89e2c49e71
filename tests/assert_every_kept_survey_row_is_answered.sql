-- A row of the City Survey gives an answer for every question asked, a row of the others one.
with

screened as (
    select * from {{ ref('int_surveys__screened') }}
    where fate = 'kept'
),

answers as (
    select * from {{ ref('int_surveys__answers') }}
),

lost_rows as (
    select
        screened.delivery_id,
        count(*) as lost
    from screened
    anti join answers
        on screened.delivery_id = answers.delivery_id and screened.row_number = answers.row_number
    group by screened.delivery_id
),

answered as (
    select
        delivery_id,
        count(*) as answers
    from answers
    group by delivery_id
),

facts as (
    select
        delivery_id,
        count(*) as answers
    from {{ ref('fct_survey_responses') }}
    group by delivery_id
)

select
    delivery_id,
    lost
from lost_rows
union all
select
    coalesce(answered.delivery_id, facts.delivery_id) as delivery_id,
    coalesce(answered.answers, 0) - coalesce(facts.answers, 0) as lost
from answered
full outer join facts on answered.delivery_id = facts.delivery_id
where answered.answers is distinct from facts.answers
