"""The primary key of a contract is proved when its table is written (assert_primary_key, decision 0015)."""

import duckdb
import jinja2
import pytest

from swp.paths import PROJECT

KEY = [{"type": "check", "expression": "a > 0"}, {"type": "primary_key", "columns": ["a", "b"]}]


def proof(constraints: list[dict] | None) -> str:
    text = (PROJECT / "macros" / "assert_primary_key.sql").read_text(encoding="utf-8")
    this = type("Relation", (str,), {"schema": "core", "identifier": "fct_tried"})("tried")
    names = {"model": {"constraints": constraints}, "this": this}
    return jinja2.Environment().from_string(text, globals=names).module.assert_primary_key().strip()


def prove(rows: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table tried as select * from (values {rows}) as rows (a, b)")
        connection.execute(proof(KEY))


def test_a_key_that_stands_once_passes():
    prove("(1, 'x'), (1, 'y'), (2, 'x')")


@pytest.mark.parametrize(
    ("rows", "times"),
    [("(1, 'x'), (1, 'x'), (1, 'x'), (2, 'y'), (2, 'y')", 2), ("(1, 'x'), (1, null)", 1), ("(null, 'x')", 1)],
)
def test_a_key_that_is_repeated_or_blank_fails_and_is_not_shown(rows, times):
    with pytest.raises(duckdb.Error, match=rf"\(a, b\) of core\.fct_tried .* {times} values") as failed:
        prove(rows)
    assert "'x'" not in str(failed.value)


def test_a_table_without_a_key_has_nothing_to_prove():
    assert proof([]) == proof(None) == proof(KEY[:1]) == ""
