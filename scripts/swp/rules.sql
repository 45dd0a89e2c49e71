-- The casting rules, shared by the gate and the staging models. Each takes the delivered text, the formats
-- that the contract states and the contract's words for "no value"; what does not parse is null.

-- What is trimmed is named in swp.vault. Looking at both ends first takes a third of the time of trimming
-- every value.
create or replace macro vault.rules.trimmed(value) as
    case when regexp_matches(value, '^[^!-~]|[^!-~]$') then trim(value, :blanks) else value end;

create or replace macro vault.rules.filled(value) as nullif(vault.rules.trimmed(value), '');

create or replace macro vault.rules.clean(value, nulls) as
    case when not list_contains(nulls, vault.rules.trimmed(value)) then vault.rules.filled(value) end;

create or replace macro vault.rules.name_key(value) as
    trim(regexp_replace(upper(left(trim(value), 50)), '[^A-Z0-9]+', ' ', 'g'));

-- What a text reads as that is clean already: an expression that names it once for every time it is used.

-- Whole numbers, also as spreadsheets write them: 1,234 and 319.0.
create or replace macro vault.rules.integer_in(cleaned, formats) as
    case
        when regexp_full_match(cleaned, '[+-]?(\d{1,3}(,\d{3})+|\d+)(\.0+)?')
            then try_cast(regexp_replace(replace(cleaned, ',', ''), '\.0+$', '') as bigint)
    end;

create or replace macro vault.rules.number_in(cleaned, formats) as
    case
        when regexp_full_match(cleaned, '[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?')
            then try_cast(replace(cleaned, ',', '') as double)
    end;

create or replace macro vault.rules.boolean_in(cleaned, formats) as
    case
        when lower(cleaned) in ('true', 't', 'yes', 'y', '1') then true
        when lower(cleaned) in ('false', 'f', 'no', 'n', '0') then false
    end;

create or replace macro vault.rules.date_in(cleaned, formats) as
    cast(try_strptime(cleaned, formats) as date);

-- A month is the date of its first day.
create or replace macro vault.rules.month_in(cleaned, formats) as
    cast(date_trunc('month', try_strptime(cleaned, formats)) as date);

create or replace macro vault.rules.timestamp_in(cleaned, formats) as
    cast(try_strptime(cleaned, formats) as timestamp);

-- Instants delivered in UTC, as London clock time.
create or replace macro vault.rules.timestamp_utc_in(cleaned, formats) as
    (try_cast(cleaned as timestamptz) at time zone 'Europe/London');

-- The same of a text as it was delivered.
create or replace macro vault.rules.as_text(value, formats, nulls) as vault.rules.clean(value, nulls);

create or replace macro vault.rules.as_code(value, formats, nulls) as vault.rules.clean(value, nulls);

create or replace macro vault.rules.as_json(value, formats, nulls) as vault.rules.clean(value, nulls);

create or replace macro vault.rules.as_integer(value, formats, nulls) as
    vault.rules.integer_in(vault.rules.clean(value, nulls), formats);

create or replace macro vault.rules.as_number(value, formats, nulls) as
    vault.rules.number_in(vault.rules.clean(value, nulls), formats);

create or replace macro vault.rules.as_boolean(value, formats, nulls) as
    vault.rules.boolean_in(vault.rules.clean(value, nulls), formats);

create or replace macro vault.rules.as_date(value, formats, nulls) as
    vault.rules.date_in(vault.rules.clean(value, nulls), formats);

create or replace macro vault.rules.as_month(value, formats, nulls) as
    vault.rules.month_in(vault.rules.clean(value, nulls), formats);

create or replace macro vault.rules.as_timestamp(value, formats, nulls) as
    vault.rules.timestamp_in(vault.rules.clean(value, nulls), formats);

create or replace macro vault.rules.as_timestamp_utc(value, formats, nulls) as
    vault.rules.timestamp_utc_in(vault.rules.clean(value, nulls), formats);
