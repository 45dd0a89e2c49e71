-- Every delivered row that is about a person, once for each role in it, in one form. All deliveries stand
-- here, those that another has superseded too: a person's key comes from the first record that ever landed.
{%- set fields = [
    'agency', 'reference', 'row_ref', 'given_name', 'family_name', 'birth_date', 'sex', 'postcode', 'uprn', 'address',
    'is_organisation', 'stated_agency', 'stated_reference',
] -%}
{#- What a source does not deliver is left out: it is null. Expressions name staging columns. -#}
{%- set persons = {'given_name': 'given_name', 'family_name': 'family_name', 'birth_date': 'birth_date'} -%}
{%- set homes = {'sex': 'sex', 'postcode': 'home_postcode'} -%}
{%- set cris = dict(
    persons, agency="'mps_cris'", sex='sex', postcode='residence_postcode', address='residence_address',
) -%}
{%- set housing = {
    'complainant': {
        'reference': 'complainant_ref', 'given_name': 'complainant_given_name',
        'family_name': 'complainant_family_name', 'birth_date': 'complainant_birth_date', 'sex': 'complainant_sex',
        'postcode': 'postcode', 'uprn': 'uprn', 'address': 'address',
    },
    'perpetrator': {
        'reference': 'perpetrator_ref', 'given_name': 'perpetrator_given_name',
        'family_name': 'perpetrator_family_name', 'birth_date': 'perpetrator_birth_date', 'sex': 'perpetrator_sex',
    },
} -%}
{%- set landlord = "lower(regexp_replace(landlord, '[^A-Za-z]+', '_', 'g'))" -%}
{%- set parties = [
    ('stg_mps_cris__victims', 'cris_victim', 'victim', dict(
        cris, reference='victim_key', row_ref="crime_ref || '-' || victim_sequence", is_organisation='is_organisation',
    )),
    ('stg_mps_cris__suspects', 'cris_suspect', 'suspect', dict(
        persons, agency="'mps_cris'", sex='sex', reference='suspect_key',
        row_ref="crime_ref || '-' || suspect_sequence",
    )),
    ('stg_mps_cris__accused', 'cris_accused', 'accused', dict(
        cris, reference='accused_key', row_ref="crime_ref || '-' || accused_sequence",
    )),
    ('stg_mps_asb__calls', 'mps_cad_asb', 'complainant', {
        'agency': "'mps_asb'", 'reference': 'complainant_key', 'row_ref': 'cad_ref',
    }),
    ('stg_mps_asb__calls', 'mps_cad_asb', 'perpetrator', {
        'agency': "'mps_asb'", 'reference': 'perpetrator_key', 'row_ref': 'cad_ref',
    }),
    ('stg_mps_asb__enforcement_notices', 'asb_enforcement', 'subject', dict(
        persons, agency="'mps_asb'", sex='sex', reference='subject_key', row_ref='notice_ref',
    )),
    ('stg_wcc_asb__housing_asb_cases', 'housing_asb_case', 'complainant', dict(
        housing.complainant, agency="'housing'", row_ref="case_ref || '/complainant'",
    )),
    ('stg_wcc_asb__housing_asb_cases', 'housing_asb_case', 'perpetrator', dict(
        housing.perpetrator, agency="'housing'", row_ref="case_ref || '/perpetrator'",
    )),
    ('stg_rsl__asb_cases', 'rsl_asb_case', 'complainant', dict(
        housing.complainant, agency=landlord, row_ref="case_number || '/complainant'",
    )),
    ('stg_rsl__asb_cases', 'rsl_asb_case', 'perpetrator', dict(
        housing.perpetrator, agency=landlord, row_ref="case_number || '/perpetrator'",
    )),
    ('stg_wcc_asb__noise_complaints', 'noise_complaint', 'complainant', {
        'agency': "'noise'", 'reference': 'complainant_ref', 'row_ref': 'sr_ref',
        'given_name': 'complainant_given_name', 'family_name': 'complainant_family_name',
        'postcode': 'complainant_postcode',
    }),
    ('stg_wcc_asb__asb_triage_referrals', 'asb_triage_referral', 'subject', {
        'agency': "'asbteam'", 'reference': 'person_ref', 'row_ref': 'referral_ref',
        'given_name': 'person_given_name', 'family_name': 'person_family_name', 'birth_date': 'person_birth_date',
        'sex': 'person_sex',
    }),
    ('stg_wcc_asb__ecins_subjects', 'ecins_subject', 'subject', {
        'agency': "'ecins'", 'reference': 'profile_ref', 'row_ref': 'case_ref', 'given_name': 'subject_given_name',
        'family_name': 'subject_family_name', 'birth_date': 'subject_birth_date', 'sex': 'subject_sex',
        'postcode': 'postcode', 'address': 'address',
    }),
    ('stg_wcc_asb__asb_case_reviews', 'asb_case_review', 'applicant', {
        'agency': "'casereview'", 'reference': 'applicant_ref', 'row_ref': 'application_ref',
        'given_name': 'applicant_given_name', 'family_name': 'applicant_family_name',
        'birth_date': 'applicant_birth_date', 'sex': 'applicant_sex', 'postcode': 'postcode', 'uprn': 'uprn',
        'address': 'address',
    }),
    ('stg_offender_schemes__iom_cohorts', 'iom_cohort', 'member', dict(
        persons, agency="'iom'", reference='offender_ref', address='home_address', **homes
    )),
    ('stg_offender_schemes__iom_offences', 'iom_offence', 'member', {
        'agency': "'iom'", 'reference': 'offender_ref', 'row_ref': 'offence_ref',
    }),
    ('stg_offender_schemes__yjs_persons', 'yjs_person', 'member', dict(
        persons, agency="'yjs'", reference='person_ref', **homes
    )),
    ('stg_offender_schemes__yjs_offences', 'yjs_offence', 'member', {
        'agency': "'yjs'", 'reference': 'person_ref', 'row_ref': 'offence_ref',
    }),
    ('stg_offender_schemes__yjs_needs', 'yjs_need', 'member', {'agency': "'yjs'", 'reference': 'person_ref'}),
    ('stg_offender_schemes__igxu_persons', 'igxu_person', 'member', dict(
        persons, agency="'igxu'", reference='person_ref', **homes
    )),
    ('stg_offender_schemes__probation_persons', 'probation_person', 'member', dict(
        persons, agency="'probation'", reference='person_ref', **homes
    )),
    ('stg_offender_schemes__starting_over_clients', 'starting_over_client', 'client', dict(
        persons, agency="'starting_over'", reference='client_ref',
        stated_agency="case when iom_ref is not null then 'iom' end", stated_reference='iom_ref',
    )),
    (
        'stg_offender_schemes__perpetrator_programme_referrals', 'perpetrator_programme_referral', 'perpetrator',
        dict(
            persons, agency="'perpetrator_programmes'", sex='sex', reference='perpetrator_ref',
            row_ref='referral_ref',
        ),
    ),
    ('stg_domestic_abuse__marac_cases', 'marac_case', 'victim', {
        'agency': "'marac'", 'reference': 'victim_ref', 'sex': 'victim_sex',
    }),
    ('stg_domestic_abuse__marac_cases', 'marac_case', 'perpetrator', {
        'agency': "'marac'", 'reference': 'perpetrator_ref', 'sex': 'perpetrator_sex',
    }),
    ('stg_domestic_abuse__angelou_referrals', 'angelou_referral', 'client', {
        'agency': "'angelou'", 'reference': 'client_ref', 'row_ref': 'referral_ref', 'sex': 'sex',
    }),
    ('stg_domestic_abuse__safeguarding_concerns', 'safeguarding_concern', 'subject', {
        'agency': "'safeguarding'", 'reference': 'adult_ref', 'row_ref': 'concern_ref', 'sex': 'sex',
    }),
    ('stg_childrens_services__exclusions', 'exclusion', 'pupil', {
        'agency': "'exclusions'", 'reference': 'pupil_ref', 'sex': 'sex',
    }),
    ('stg_homelessness__chain_persons', 'chain_person', 'client', {
        'agency': "'chain'", 'reference': 'client_reference', 'sex': 'sex',
    }),
] -%}
{%- set no_names = "('UNKNOWN', 'NOTKNOWN', 'ANONYMOUS', 'NA', 'NK')" %}
with

deliveries as (
    select * from {{ ref('int_deliveries__accepted') }}
),

shared_sources as (
    select * from {{ ref('int_persons__shared_sources') }}
),

delivered as (
    {% for model, source, role, columns in parties %}
        select
            delivery_id,
            row_number,
            '{{ source }}' as source,
            {% for field in fields %}
                {{ columns.get(field, 'null') }} as given_{{ field }},
            {% endfor %}
            '{{ role }}' as role
        from {{ ref(model) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

-- One spelling of each: capitals without accents and signs; words for "nobody" are no name.
normalised as (
    select
        delivery_id,
        row_number,
        source,
        role,
        given_agency as agency,
        nullif(upper(trim(given_reference)), '') as reference,
        given_row_ref as row_ref,
        nullif(regexp_replace(upper(strip_accents(given_given_name)), '[^A-Z]', '', 'g'), '') as given_name,
        nullif(regexp_replace(upper(strip_accents(given_family_name)), '[^A-Z]', '', 'g'), '') as family_name,
        case when given_birth_date > date '1900-01-01' then given_birth_date end as birth_date,
        case upper(left(trim(given_sex), 1)) when 'M' then 'M' when 'F' then 'F' end as sex,
        regexp_extract(
            regexp_replace(upper(given_postcode), '[^A-Z0-9]', '', 'g'),
            '^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$'
        ) as postcode,
        nullif(ltrim(regexp_replace(given_uprn, '[^0-9]', '', 'g'), '0'), '') as uprn,
        nullif(regexp_replace(upper(strip_accents(given_address)), '[^A-Z0-9]+', ' ', 'g'), '') as address,
        coalesce(given_is_organisation, false) as is_organisation,
        given_stated_agency as stated_agency,
        nullif(upper(trim(given_stated_reference)), '') as stated_reference
    from delivered
),

named as (
    select
        * exclude (given_name, family_name, postcode),
        case when given_name not in {{ no_names }} then given_name end as given_name,
        case when family_name not in {{ no_names }} then family_name end as family_name,
        nullif(postcode, '') as postcode
    from normalised
)

select
    {{ surrogate_key(['named.source', 'named.delivery_id', 'named.row_number', 'named.role']) }}
        as record_key,
    named.*,
    case
        when day(named.birth_date) <= 12 and day(named.birth_date) <> month(named.birth_date)
            then make_date(year(named.birth_date), day(named.birth_date), month(named.birth_date))
    end as birth_date_swapped,
    case
        when named.is_organisation then 'organisation'
        when named.reference is not null then 'reference'
        when named.given_name is not null and named.family_name is not null then 'name'
        else 'nobody'
    end as identified_by,
    shared_sources.source is not null as is_shared_across_agencies,
    deliveries.published_on,
    deliveries.data_origin
from named
inner join deliveries on named.delivery_id = deliveries.delivery_id
left join shared_sources on named.source = shared_sources.source
