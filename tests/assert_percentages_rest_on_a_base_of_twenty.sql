select * from {{ ref('measures_all') }}
where unit = 'percent' and value is not null and denominator < 20
