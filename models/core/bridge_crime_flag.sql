-- A flag that a report does not fill has no value: it is neither set nor not set, and says so.
{%- set crime_flags = [
    'domestic_abuse', 'knife_crime', 'knife_injury', 'gun_crime', 'honour_based', 'modern_slavery', 'stalking',
    'alcohol_related', 'business_crime', 'gang_related',
] %}
with

reports as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

flags as (
    {% for crime_flag in crime_flags %}
        select
            delivery_id,
            crime_key,
            '{{ crime_flag }}' as crime_flag,
            is_{{ crime_flag }} as is_set
        from reports
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A flag that no report of a delivery fills was not supplied with it.
supplied as (
    select
        delivery_id,
        crime_flag,
        count(is_set) > 0 as is_supplied
    from flags
    group by delivery_id, crime_flag
)

select
    {{ surrogate_key(['flags.crime_key', 'flags.crime_flag']) }} as crime_flag_key,
    flags.crime_key,
    flags.crime_flag,
    case
        when flags.is_set then 'set'
        when supplied.is_supplied then 'not_recorded'
        else 'not_supplied'
    end as flag_state
from flags
inner join supplied on flags.delivery_id = supplied.delivery_id and flags.crime_flag = supplied.crime_flag
where flags.is_set or flags.is_set is null
