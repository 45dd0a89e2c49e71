-- The ledger: what was delivered, what was found, what was set aside. It commits with the raw rows.
create schema if not exists vault.raw;
create schema if not exists vault.ledger;
create schema if not exists vault.rules;
create schema if not exists vault.staging;
create schema if not exists vault.intermediate;

create table if not exists vault.ledger.home (
    is_sample boolean not null,
    as_of_date date
);

create table if not exists vault.ledger.deliveries (
    delivery_id varchar primary key,
    source varchar,
    supplier varchar,
    publisher varchar,
    file_name varchar not null,
    content_sha256 varchar not null,
    size_bytes bigint not null,
    archived_as varchar,
    format varchar,
    encoding varchar,
    rows_read bigint not null,
    rows_delivered bigint not null,
    rows_accepted bigint not null,
    rows_quarantined bigint not null,
    rows_malformed bigint not null,
    period_start date,
    period_end date,
    published_on date not null,
    published_on_basis varchar not null check (published_on_basis in ('given', 'file', 'landed')),
    is_partial boolean not null,
    data_origin varchar check (data_origin in ('open', 'partner', 'synthetic')),
    verdict varchar not null check (verdict in ('accepted', 'accepted_with_warnings', 'rejected')),
    labels map(varchar, varchar),
    unexpected varchar[],
    landed_at timestamp not null,
    check (rows_delivered = rows_accepted + rows_quarantined)
);

create table if not exists vault.ledger.column_profile (
    delivery_id varchar not null,
    source varchar not null,
    column_name varchar not null,
    label varchar not null,
    need varchar not null,
    is_delivered boolean not null,
    rows_applicable bigint not null,
    rows_blank bigint not null,
    rows_unparseable bigint not null,
    rows_out_of_list bigint not null,
    max_blank_pct double not null,
    primary key (delivery_id, column_name)
);

create table if not exists vault.ledger.field_months (
    delivery_id varchar not null,
    source varchar not null,
    column_name varchar not null,
    month date not null,
    rows_applicable bigint not null,
    rows_blank bigint not null,
    primary key (delivery_id, column_name, month)
);

create table if not exists vault.ledger.month_profile (
    delivery_id varchar not null,
    source varchar not null,
    publisher varchar not null,
    month date not null,
    rows bigint not null,
    first_day date,
    last_day date,
    exact_duplicates bigint not null,
    is_cut_short boolean not null,
    primary key (delivery_id, publisher, month)
);

create table if not exists vault.ledger.scopes (
    delivery_id varchar not null,
    source varchar not null,
    publisher varchar not null,
    area varchar not null,
    month date not null,
    category varchar not null,
    rows bigint not null,
    is_complete boolean not null,
    reason varchar,
    primary key (delivery_id, publisher, area, month, category)
);

create table if not exists vault.ledger.findings (
    delivery_id varchar not null,
    source varchar,
    check_name varchar not null,
    column_name varchar,
    dimension varchar not null,
    severity varchar not null check (severity in ('reject', 'quarantine', 'gap', 'warning', 'info')),
    is_passed boolean not null,
    failing bigint,
    tested bigint,
    message varchar
);

create table if not exists vault.ledger.quarantine (
    delivery_id varchar not null,
    source varchar not null,
    row_number bigint not null,
    reasons struct(column_name varchar, check_name varchar)[] not null,
    row_text map(varchar, varchar) not null,
    primary key (delivery_id, row_number)
);

create table if not exists vault.ledger.gaps (
    gap_id varchar primary key,
    source varchar not null,
    column_name varchar not null,
    owner varchar not null,
    reason varchar not null,
    asked_on date not null,
    expires_on date not null
);

-- A wrong delivery that was taken back: its row stays in deliveries, and counts for nothing.
create table if not exists vault.ledger.withdrawals (
    delivery_id varchar primary key,
    source varchar not null,
    reason varchar not null,
    withdrawn_at timestamp not null,
    rows_withdrawn bigint not null,
    quarantined_withdrawn bigint not null
);

-- What happened to each gap of the register, closed ones included; gaps holds those in force.
create table if not exists vault.ledger.gap_events (
    gap_id varchar not null,
    event varchar not null check (event in ('registered', 'renewed', 'closed')),
    recorded_at timestamp not null,
    source varchar not null,
    column_name varchar not null,
    owner varchar not null,
    reason varchar not null,
    asked_on date not null,
    expires_on date not null
);

-- What readers had last: the observations of the publication that was current when the latest build began.
create table if not exists vault.ledger.published_observations (
    publication_id varchar not null,
    observation_key varchar not null,
    measure_id varchar not null,
    period_type varchar not null,
    period_start date not null,
    period_end date not null,
    area_type varchar not null,
    area_code varchar not null,
    area_name varchar,
    geography_vintage varchar not null,
    breakdown varchar not null,
    category varchar not null,
    breakdown_2 varchar not null,
    category_2 varchar not null,
    value double,
    status varchar not null,
    definition_id varchar not null,
    source_ids varchar,
    as_at_date date
);

-- How the latest linkage came out: the key of an agency's person, a delivery that names it, and the key of the
-- person that it went to; keys only. What left the person since, by erasure or retention, is in lost_to.
create table if not exists vault.ledger.person_keys (
    own_key varchar not null,
    delivery_id varchar not null,
    person_key varchar not null,
    lost_to varchar check (lost_to in ('erased', 'retired')),
    method varchar not null
);

-- What changed from one linkage to the next: a row per key before and key after.
create table if not exists vault.ledger.person_key_events (
    noticed_at timestamp not null,
    latest_delivery_id varchar not null,
    event varchar not null check (event in ('merged', 'split', 'rekeyed')),
    person_key_before varchar not null,
    person_key_after varchar not null,
    agency_persons bigint not null,
    reasons varchar not null
);

-- A delivery whose retention passed: its row stays in deliveries, and counts for nothing.
create table if not exists vault.ledger.retirements (
    delivery_id varchar primary key,
    source varchar not null,
    retired_at timestamp not null,
    retention_months bigint not null,
    kept_until date not null,
    rows_retired bigint not null,
    quarantined_retired bigint not null
);

-- Rows of persons who were erased, by delivery: taken out of it, or never let in when it landed.
create table if not exists vault.ledger.erasures (
    delivery_id varchar not null,
    source varchar not null,
    erased_at timestamp not null,
    rows_erased bigint not null,
    quarantined_erased bigint not null
);

-- Whom to keep out: keyed hashes, never the reference. `held_by` is the agency whose reference it is, or the
-- source whose row it is where the row has no reference.
create table if not exists vault.ledger.tombstones (
    tombstone varchar primary key,
    kind varchar not null check (kind in ('reference', 'row')),
    held_by varchar not null,
    erased_at timestamp not null
);

-- The contents of archived files that were written again without the rows of an erased person.
create table if not exists vault.ledger.redactions (
    delivery_id varchar not null,
    content_sha256 varchar not null,
    redacted_at timestamp not null
);

-- The audit trail. Rows are only ever added; `seal` binds each to all before it.
create table if not exists vault.ledger.events (
    event_id bigint primary key,
    recorded_at timestamp not null,
    command varchar not null,
    actor varchar not null,
    delivery_ids varchar[] not null,
    counts map(varchar, bigint) not null,
    detail varchar,
    seal varchar not null
);

create table if not exists vault.ledger.installed (fingerprint varchar not null);
