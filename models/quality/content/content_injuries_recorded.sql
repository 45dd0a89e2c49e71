-- The degree of injury is asked of violence, robbery and sexual offences alone, and the file of victims does
-- not say which these are: a threshold over the whole file cannot find what is lacking.
with

victims as (
    select * from {{ ref('stg_mps_cris__victims') }}
    where not coalesce(is_organisation, false)
),

crimes as (
    select * from {{ ref('stg_mps_cris__crimes') }}
),

major_names as (
    select * from {{ ref('offence_major_names') }}
    where major_code in ('violence_against_the_person', 'robbery', 'sexual_offences')
),

-- A report may come in several deliveries: which of them is chosen does not matter to whether it is violent.
crimes_against_the_body as (
    select
        crimes.crime_ref,
        min(crimes.recorded_at) as recorded_at
    from crimes
    inner join major_names on vault.rules.name_key(crimes.major_class) = major_names.name_key
    group by crimes.crime_ref
)

select
    'cris_victim' as source,
    victims.delivery_id,
    cast(last_day(crimes_against_the_body.recorded_at) as date) as period_end,
    'victims of violence, robbery and sexual offences' as category,
    count(*) as rows_tested,
    count(*) filter (victims.injury_level is null) as rows_failing,
    round(100.0 * count(*) filter (victims.injury_level is null) / count(*), 1) as share_pct
from victims
inner join crimes_against_the_body on victims.crime_ref = crimes_against_the_body.crime_ref
group by all
