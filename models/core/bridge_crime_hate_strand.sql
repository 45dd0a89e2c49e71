-- A crime may carry several strands: rows are never added up into crimes.
with

reports as (
    select * from {{ ref('int_crimes__cris_screened') }}
    where fate = 'kept'
),

strands as (
    {% for column, strand, is_part in [
        ('is_hate_racist', 'race', false),
        ('is_hate_faith', 'religion', false),
        ('is_hate_antisemitic', 'antisemitic', true),
        ('is_hate_islamophobic', 'islamophobic', true),
        ('is_hate_homophobic', 'sexual_orientation', false),
        ('is_hate_transgender', 'transgender', false),
        ('is_hate_disability', 'disability', false),
    ] %}
        select
            crime_key,
            '{{ strand }}' as hate_strand,
            {{ is_part }} as is_part_of_religion
        from reports
        where {{ column }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    {{ surrogate_key(['crime_key', 'hate_strand']) }} as crime_hate_strand_key,
    crime_key,
    hate_strand,
    is_part_of_religion
from strands
