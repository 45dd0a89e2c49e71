-- What measures of referrals and of perpetrator programmes add up, by month, service and category.
with

ethnicities as (
    select * from {{ ref('ethnicity_self_defined') }}
    where is_known
),

referral_rows as (
    select
        referrals_in.*,
        ethnicities.ethnicity_group as ethnic_group,
        '{{ var("partnership_borough_code") }}' as borough_code,
        coalesce({{ age_band('referrals_in.age') }}, referrals_in.age_band_stated) as age_band
    from {{ ref('fct_referrals') }} as referrals_in
    left join ethnicities on referrals_in.self_defined_ethnicity = ethnicities.ethnicity_code
    where referrals_in.referral_type not in ('supporting_families', 'igxu')
),

perpetrators as (
    select
        *,
        '{{ var("partnership_borough_code") }}' as borough_code
    from {{ ref('fct_offenders') }}
    where scheme in ('cifa', 'drive')
),

referrals as (
    select * from referral_rows
    where referred_date is not null
),

-- Without what the abuse was, no repeat can be judged by the older wording; those who are none prove nothing.
marac as (
    select
        *,
        case
            when
                bool_or(is_marac_repeat and is_marac_repeat_older is not null) over (partition by delivery_id)
                then is_marac_repeat_older
        end as is_repeat_by_older_wording
    from referrals
    where referral_type = 'marac'
),

safeguarding as (
    select * from referrals
    where referral_type = 'safeguarding'
),

supports as (
    select * from {{ ref('bridge_support_type') }}
    where stage = 'sought'
),

-- A referral seeks several kinds of support: each share is of all referrals; shares add up to over 100.
sought as (
    select
        referrals.* exclude (category), -- noqa: RF02
        supports.support_code,
        supports.answer = 'yes' as is_sought
    from referrals
    inner join supports on referrals.referral_key = supports.referral_key
    where referrals.referral_type = 'angelou'
),

domestic_abuse_safeguarding as (
    select
        * exclude (referral_type), -- noqa: RF02
        'safeguarding, domestic abuse' as referral_type
    from safeguarding
    where is_domestic_abuse
),

-- How many referrals a programme is to receive, no contract has.
programme_places as (
    select
        *,
        cast(null as boolean) as is_of_target
    from perpetrators
),

children as (
    select * from marac
    where children_count is not null
),

cells as (
    {{ measure_cells(
        'support_sought', 'sought', value='rows_in.is_sought', date='referred_date',
        breakdowns={'support': 'support_code'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'support_sought_share', 'sought', kind='share', value='rows_in.is_sought', date='referred_date',
        breakdowns={'support': 'support_code'}, total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'marac_children', 'children', kind='sum', value='rows_in.children_count', date='referred_date',
    ) }}
    union all by name
    {{ measure_cells(
        'referrals', 'referrals', date='referred_date',
        areas={'borough': 'borough_code', 'ward': 'ward_code'}, breakdowns={'service': 'referral_type'},
        within={'category': 'category'}, by_source=['service'], total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'referrals_by_person', 'referrals', kind='distribution', date='referred_date',
        breakdowns={
            'sex': 'sex', 'age_band': 'age_band', 'ethnic_group': 'ethnic_group',
            'referral_source': 'referral_source_group', 'relationship': 'relationship', 'category': 'category',
            'client_status': 'client_status', 'ward': 'ward_code', 'source_of_risk': 'source_of_risk'
        },
        within={'service': 'referral_type'}, by_source=['service'], within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'referrals_by_person', 'domestic_abuse_safeguarding', kind='distribution', date='referred_date',
        breakdowns={'age_band': 'age_band'}, within={'service': 'referral_type'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'referrals_by_person', 'marac', kind='distribution', date='referred_date',
        breakdowns={'referrer': 'referral_source'}, within={'service': 'referral_type'}, within_total=false,
    ) }}
    union all by name
    {{ measure_cells(
        'referrals', 'referrals', date='referred_date', breakdowns={'service': 'referral_type'},
        within={'submission': 'referral_reason'}, total=false, within_total=false,
        where="rows_in.referral_type = 'nrm'",
    ) }}
    union all by name
    {{ measure_cells(
        'victims_safer_at_exit_share', 'referrals', kind='share', value='rows_in.is_safer_at_exit',
        date='referred_date', where="rows_in.referral_type = 'angelou'",
    ) }}
    union all by name
    {{ measure_cells(
        'safeguarding_cuckooing', 'safeguarding', value='rows_in.is_cuckooing', date='referred_date',
    ) }}
    union all by name
    {{ measure_cells(
        'marac_repeat_share', 'marac', kind='share', value='rows_in.is_marac_repeat',
        lookback="rows_in.marac_repeat_status = 'insufficient_lookback'", date='referred_date',
    ) }}
    union all by name
    {{ measure_cells(
        'marac_repeat_older_share', 'marac', kind='share', value='rows_in.is_repeat_by_older_wording',
        lookback="rows_in.marac_repeat_older_status = 'insufficient_lookback'", date='referred_date',
    ) }}
    union all by name
    {{ measure_cells(
        'safeguarding_crime_share', 'safeguarding', kind='share', value='rows_in.is_crime', date='referred_date',
        breakdowns={'category': 'category'},
    ) }}
    union all by name
    {{ measure_cells(
        'safeguarding_reported_share', 'safeguarding', kind='share', value='rows_in.is_reported_to_police',
        date='referred_date', where='rows_in.is_crime',
    ) }}
    union all by name
    {{ measure_cells(
        'safeguarding_domestic_abuse_share', 'safeguarding', kind='share', value='rows_in.is_domestic_abuse',
        date='referred_date',
    ) }}
    union all by name
    {{ measure_cells(
        'perpetrator_programme_referrals', 'perpetrators', date='referred_date',
        breakdowns={'programme': 'scheme'}, within={'residence': 'residence'},
    ) }}
    union all by name
    {{ measure_cells(
        'perpetrator_programme_target_share', 'programme_places', kind='share', value='rows_in.is_of_target',
        date='referred_date', breakdowns={'programme': 'scheme'},
    ) }}
    union all by name
    {{ measure_cells(
        'perpetrator_programme_started_share', 'perpetrators', kind='share', value='rows_in.is_under_scheme',
        date='referred_date', breakdowns={'programme': 'scheme'},
    ) }}
    union all by name
    {{ measure_cells(
        'perpetrator_programme_engaged_share', 'perpetrators', kind='share',
        value="rows_in.engagement = 'Full'", date='referred_date', breakdowns={'programme': 'scheme'},
        where='rows_in.is_under_scheme',
    ) }}
    union all by name
    {{ measure_cells(
        'perpetrator_programme_repeat_share', 'perpetrators', kind='share',
        value='rows_in.is_repeat_perpetrator_stated', date='referred_date', breakdowns={'programme': 'scheme'},
    ) }}
)

select * from cells
