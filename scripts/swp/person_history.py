"""Which agency's person went to which person key, from linkage to linkage: merges and splits are recorded.

Linkage is repeated whole at each build, so that by itself nobody would know that two persons of last month
are one now. The ledger keeps how it came out last (`person_keys`, keys only) and what changed
(`person_key_events`). Both are written in one transaction on the vault, before the linkage's own table: a
build that is killed has recorded what it found or nothing, and the next one, finding the same, records no
more.

No key is kept that is made of a reference of which no row is held any more.
"""

import duckdb

# Of every old person the key that it is told by: its own, or where the record which that is made of has left,
# the key that it would have had without.
_COMPARED = """
create or replace temp table told as
with old as (select distinct person_key, own_key from vault.ledger.person_keys),
landed as (select own_key, min(landed) as landed from person_now group by own_key)
select
    old.person_key,
    coalesce(any_value(live.own_key), arg_min(landed.own_key, landed.landed)) as key_before
from old
inner join landed on old.own_key = landed.own_key
left join landed as live on old.person_key = live.own_key
group by old.person_key;

create or replace temp table moved as
select
    old.person_key as old_person,
    told.key_before,
    person_now.person_key as key_after,
    count(distinct old.own_key) as agency_persons,
    count(*) over (partition by old.person_key) as became,
    count(*) over (partition by person_now.person_key) as came_of
from vault.ledger.person_keys as old
inner join told on old.person_key = told.person_key
inner join (select distinct own_key, person_key from person_now) as person_now
    on old.own_key = person_now.own_key
group by old.person_key, told.key_before, person_now.person_key;

create or replace temp table changed as
select 'merged' as event, key_after as about, * from moved where came_of > 1
union all
select 'split', old_person, * from moved where became > 1
union all
select 'rekeyed', old_person, * from moved where came_of = 1 and became = 1 and key_before <> key_after;

create or replace temp table reason as
select changed.event, changed.about, 'linkage_changed' as reason
from changed
inner join vault.ledger.person_keys as old on changed.old_person = old.person_key
where old.method <> $method
union
select changed.event, changed.about, old.lost_to
from changed
inner join vault.ledger.person_keys as old on changed.old_person = old.person_key
where old.lost_to is not null
union
select
    changed.event,
    changed.about,
    case
        when withdrawals.delivery_id is not null then 'withdrawn'
        when retirements.delivery_id is not null then 'retired'
        when erasures.delivery_id is not null then 'erased'
    end
from changed
inner join vault.ledger.person_keys as old on changed.old_person = old.person_key
anti join person_now on old.own_key = person_now.own_key and old.delivery_id = person_now.delivery_id
left join vault.ledger.withdrawals on old.delivery_id = withdrawals.delivery_id
left join vault.ledger.retirements on old.delivery_id = retirements.delivery_id
left join vault.ledger.erasures on old.delivery_id = erasures.delivery_id
union
select changed.event, changed.about, 'more_records'
from changed
inner join person_now on changed.key_after = person_now.person_key
anti join vault.ledger.person_keys as old
    on person_now.own_key = old.own_key and person_now.delivery_id = old.delivery_id;

insert into vault.ledger.person_key_events
select
    cast(now() at time zone 'UTC' as timestamp),
    (select max_by(delivery_id, (length(delivery_id), delivery_id)) from person_now),
    changed.event,
    changed.key_before,
    changed.key_after,
    changed.agency_persons,
    coalesce(reasons.reasons, 'not_known')
from changed
left join (
    select event, about, string_agg(distinct reason, ',' order by reason) as reasons
    from reason
    group by event, about
) as reasons on changed.event = reasons.event and changed.about = reasons.about
order by all;
"""
_SAME = """
with
kept as (select own_key, delivery_id, person_key, lost_to, method from vault.ledger.person_keys),
found as (
    select own_key, delivery_id, person_key, null::varchar as lost_to, $method as method from person_now
)
select count(*) = 0 from (
    (select * from kept except select * from found)
    union all
    (select * from found except select * from kept)
)
"""


def record(connection: duckdb.DuckDBPyConnection, linked: str, method: str) -> None:
    """Record how `linked`, a relation like int_persons__linked, differs from the linkage before; keep it.

    `method` names the parameters that persons were linked with. The first linkage of a home has no before.
    """
    connection.execute(f"""
        create or replace temp table person_now as
        select own_key, delivery_id, any_value(person_key) as person_key, min(landed) as landed
        from (
            select *, row_number() over (
                order by length(delivery_id), delivery_id, row_number, source, role
            ) as landed
            from {linked}
        )
        group by own_key, delivery_id
    """)
    connection.execute("begin")
    try:
        for statement in _COMPARED.split(";\n\n"):
            values = {"method": method} if "$method" in statement else {}
            connection.execute(statement, values)
        connection.execute("""
            delete from vault.ledger.person_key_events as events
            where
                not exists (from person_now where own_key = events.person_key_before)
                or not exists (from person_now where own_key = events.person_key_after)
        """)
        if not connection.execute(_SAME, {"method": method}).fetchone()[0]:
            connection.execute("delete from vault.ledger.person_keys")
            connection.execute(
                """
                insert into vault.ledger.person_keys
                select own_key, delivery_id, person_key, null, $method from person_now
                order by length(delivery_id), delivery_id, landed
                """,
                {"method": method},
            )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def forget_persons(connection: duckdb.DuckDBPyConnection, keys: str) -> None:
    """Forget the erased persons of agencies in `keys`, a relation with own_key. The caller's transaction."""
    _forget(connection, f"own_key in (select own_key from {keys})", "erased")
    connection.execute(f"""
        delete from vault.ledger.person_key_events
        where
            person_key_before in (select own_key from {keys})
            or person_key_after in (select own_key from {keys})
    """)


def forget_delivery(connection: duckdb.DuckDBPyConnection, delivery_id: str) -> None:
    """Forget what a retired delivery alone told of. The caller's transaction."""
    _forget(connection, "delivery_id = $delivery_id", "retired", delivery_id=delivery_id)


def _forget(connection: duckdb.DuckDBPyConnection, leaving: str, lost_to: str, **values: str) -> None:
    """Delete the rows `leaving`; what is left of a person whose own key leaves goes by no key that stands.

    Those who stay are marked, so that the next linkage can say why it finds them apart.
    """
    connection.execute(
        f"create or replace temp table leaving as select * from vault.ledger.person_keys where {leaving}",
        values,
    )
    connection.execute(f"delete from vault.ledger.person_keys where {leaving}", values)
    connection.execute(
        "update vault.ledger.person_keys set lost_to = ? "
        "where person_key in (select person_key from leaving)",
        [lost_to],
    )
    connection.execute("""
        create or replace temp table left_keys as
        select own_key, uuid()::varchar as instead
        from (select distinct own_key from leaving)
        anti join vault.ledger.person_keys using (own_key)
    """)
    connection.execute("""
        update vault.ledger.person_keys set person_key = left_keys.instead
        from left_keys where person_keys.person_key = left_keys.own_key
    """)
    connection.execute("""
        delete from vault.ledger.person_key_events
        where
            person_key_before in (select own_key from left_keys)
            or person_key_after in (select own_key from left_keys)
    """)
