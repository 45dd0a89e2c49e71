with

offences as (
    select * from {{ ref('dim_offence') }}
    where is_notifiable
),

groupings as (
    select
        'all' as grouping_type,
        'all' as grouping_code,
        'All recorded crime' as grouping_name,
        offence_code
    from offences
    union all
    select
        'offence_group' as grouping_type,
        major_code as grouping_code,
        major_name as grouping_name,
        offence_code
    from offences
    union all
    select
        'offence_class' as grouping_type,
        offence_code as grouping_code,
        offence_name as grouping_name,
        offence_code
    from offences
    union all
    select
        'definition' as grouping_type,
        'business_crime_proxy' as grouping_code,
        'Business crime (five-class proxy)' as grouping_name,
        offence_code
    from offences
    where is_business_proxy
    union all
    select
        'definition' as grouping_type,
        'violent_crime' as grouping_code,
        'Violent crime' as grouping_name,
        offence_code
    from offences
    where is_violent
    union all
    select
        'definition' as grouping_type,
        'acquisitive_crime' as grouping_code,
        'Acquisitive crime' as grouping_name,
        offence_code
    from offences
    where is_acquisitive
)

select
    {{ surrogate_key(['grouping_type', 'grouping_code', 'offence_code']) }} as grouping_key,
    *
from groupings
