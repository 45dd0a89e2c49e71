with

delivered as (
    select {{ staged_columns('lfb_animal_rescue') }}
    from {{ source('lfb', 'lfb_animal_rescue') }}
)

select * from delivered
