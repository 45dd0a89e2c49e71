"""A sensitive value is followed through what passes it on, and no further than what ends it."""

import pytest

from swp.lineage import Lost, columns_of

KNOWN = {
    "vault.raw.t": {"a": frozenset({"A"}), "b": frozenset(), "d": frozenset({"D"})},
    "warehouse.core.u": {"b": frozenset(), "force": frozenset()},
}


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select a as x, b from vault.raw.t", {"x": "A", "b": ""}),
        ("from vault.raw.t", {"a": "A", "b": "", "d": "D"}),
        ("select * exclude (a) from vault.raw.t", {"b": "", "d": "D"}),
        ("with q as (select a from vault.raw.t), r as (select * from q) select r.* from r", {"a": "A"}),
        ("select b as x from vault.raw.t union all select a from vault.raw.t", {"x": "A"}),
        ("select upper(a) || b as x, md5(a) as y from vault.raw.t", {"x": "A", "y": "A"}),
        ("select try_cast(d as date) as x, year(d) as y from vault.raw.t", {"x": "D", "y": "D"}),
        ("select case when a = 'x' then b end as x from vault.raw.t", {"x": ""}),
        ("select case when b = 'x' then a end as x from vault.raw.t", {"x": "A"}),
        ("select max(a) as x, list(a) as y, count(a) as z from vault.raw.t", {"x": "A", "y": "A", "z": ""}),
        ("select arg_max(a, b) as x, arg_max(b, a) as y from vault.raw.t", {"x": "A", "y": ""}),
        ("select row_number() over (partition by a) as x from vault.raw.t", {"x": ""}),
        ("select first_value(a) over (order by b) as x from vault.raw.t", {"x": "A"}),
        ("select person_hmac(a) as x, date_diff('year', d, now()) as y from vault.raw.t", {"x": "", "y": ""}),
        ("select a is null as x, a in ('1') as y from vault.raw.t", {"x": "", "y": ""}),
        ("select x from vault.raw.t, unnest([a]) as q(x)", {"x": "A"}),
        (
            "select {'k': a} as x, list_transform([b], z -> z || a) as y from vault.raw.t",
            {"x": "A", "y": "A"},
        ),
        ("select list_transform([b], a -> a || 'x') as x from vault.raw.t", {"x": ""}),
        ("select (select max(a) from vault.raw.t) as x from warehouse.core.u", {"x": "A"}),
        ("select t as x from vault.raw.t as t", {"x": "AD"}),
        ("select columns('a|b') as x from vault.raw.t", {"x": "AD"}),
        ("select l.x from warehouse.core.u, lateral (select a as x from vault.raw.t) as l", {"x": "A"}),
        ("select b from warehouse.core.u where force is not null", {"b": ""}),
        (
            "with recursive q as (select a from vault.raw.t union select a from q) select * from q",
            {"a": "A"},
        ),
    ],
)
def test_it_is_followed(sql, columns):
    assert {name: "".join(sorted(origins)) for name, origins in columns_of(sql, KNOWN).items()} == columns


@pytest.mark.parametrize(
    "sql", ["pivot vault.raw.t on b using max(a)", "select z.q from vault.raw.nowhere as z"]
)
def test_what_cannot_be_followed_is_said(sql):
    with pytest.raises(Lost):
        columns_of(sql, KNOWN)
