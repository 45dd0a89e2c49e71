with

delivered as (
    select
        delivery_id,
        row_number,
        vault.rules.clean(crime_ref, []) as crime_ref,
        {{ wanted_fields('cris_victim') }} as fields
    from {{ source('mps_cris', 'cris_victim') }}
)

select * from delivered
