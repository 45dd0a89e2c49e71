with

linked as (
    select * from {{ ref('int_persons__linked') }}
),

records as (
    select * from {{ ref('int_persons__records') }}
),

described as (
    select
        linked.person_key,
        linked.agency,
        linked.own_key,
        records.sex,
        year(records.birth_date) as birth_year,
        records.published_on,
        records.data_origin
    from linked
    inner join records on linked.record_key = records.record_key
),

-- What most records say; of two said equally often the one that sorts first, so that it is always the same.
sexes as (
    select
        person_key,
        sex
    from described
    where sex is not null
    group by person_key, sex
    qualify row_number() over (partition by person_key order by count(*) desc, sex) = 1
),

birth_years as (
    select
        person_key,
        birth_year
    from described
    where birth_year is not null
    group by person_key, birth_year
    qualify row_number() over (partition by person_key order by count(*) desc, birth_year) = 1
),

counted as (
    select
        person_key,
        cast(count(*) as integer) as records,
        cast(count(distinct agency) as integer) as agencies,
        cast(count(distinct own_key) as integer) as agency_persons,
        min(published_on) as first_seen_date,
        max(data_origin) as data_origin
    from described
    group by person_key
)

select
    counted.person_key,
    sexes.sex,
    printf('%d-%d', birth_years.birth_year // 5 * 5, birth_years.birth_year // 5 * 5 + 4) as birth_year_band,
    counted.records,
    counted.agencies,
    counted.agency_persons,
    counted.first_seen_date,
    counted.data_origin
from counted
left join sexes on counted.person_key = sexes.person_key
left join birth_years on counted.person_key = birth_years.person_key
