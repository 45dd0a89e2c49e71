{{ config(materialized='view') }}

with

mart as (
    select * from {{ ref('mart_r08_asb_case_reviews') }}
),

wide as (
    {{ wide_measures('mart', {
        'asb_case_review_applications': 'asb_case_review_applications',
        'asb_case_review_days': 'asb_case_review_days',
        'asb_case_review_known_to_triage': 'asb_case_review_known_to_triage',
        'asb_case_review_local_share': 'asb_case_review_local_share_pct',
        'asb_case_review_reasons': 'asb_case_review_reasons_pct',
        'asb_case_review_s104_share': 'asb_case_review_s104_share_pct',
    }) }}
)

select * from wide
