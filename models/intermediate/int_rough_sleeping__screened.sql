-- Every delivered row of CHAIN with its fate: of each borough and quarter the latest publication that holds
-- at least 90% of the rows of any other (decision 0005), of each person and category in it the last row.
with

persons as (
    select * from {{ ref('stg_homelessness__chain_persons') }}
),

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

linked_persons as (
    select * from {{ ref('int_persons__linked') }}
    where source = 'chain_person'
),

areas as (
    select * from {{ ref('int_indicators__areas') }}
),

categories as (
    select * from {{ ref('chain_categories') }}
),

dated as (
    select
        persons.*,
        linked_persons.person_key,
        coalesce(boroughs.area_code, 'X-' || vault.rules.name_key(persons.borough)) as borough_code,
        wards.area_code as ward_code,
        coalesce(categories.category_code, 'unknown') as category_code,
        deliveries.published_on,
        deliveries.data_origin,
        deliveries.is_partial
    from persons
    inner join deliveries on persons.delivery_id = deliveries.delivery_id
    left join linked_persons
        on persons.delivery_id = linked_persons.delivery_id and persons.row_number = linked_persons.row_number
    left join categories on persons.category = categories.chain_category
    left join areas as boroughs
        on boroughs.area_type = 'borough' and vault.rules.name_key(persons.borough) = boroughs.name_key
    left join areas as wards
        on wards.area_type = 'ward' and vault.rules.name_key(persons.ward_name) = wards.name_key
),

counted as (
    select
        *,
        count(*) over (partition by borough_code, quarter_end, delivery_id) as rows_of_quarter
    from dated
),

judged as (
    select
        *,
        is_partial
        or rows_of_quarter < 0.9 * max(rows_of_quarter) over (partition by borough_code, quarter_end)
            as is_partial_scope
    from counted
),

ranked as (
    select
        *,
        bool_and(is_partial_scope) over (partition by borough_code, quarter_end) as has_no_complete,
        dense_rank() over (
            partition by borough_code, quarter_end
            order by is_partial_scope asc, published_on desc, delivery_id desc
        ) as publication_place
    from judged
),

used as (
    select
        *,
        publication_place = 1 or has_no_complete as is_used,
        row_number() over (
            partition by
                person_key, borough_code, quarter_end, category_code, publication_place = 1 or has_no_complete
            order by published_on desc, delivery_id desc, row_number desc
        ) as place
    from ranked
)

select
    * exclude (is_partial, rows_of_quarter, has_no_complete, publication_place, is_used, place),
    case
        when not is_used then 'superseded_publication'
        when place > 1 then 'repeated_key'
        else 'kept'
    end as fate
from used
