"""The casting rules of the vault, which the gate and the staging models share.

They are tested here because a dbt unit test does not know the contracts that staging casts by.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swp import vault


@pytest.fixture(scope="module")
def connection():
    with vault.in_memory() as connection:
        yield connection


def cast(connection, rule, value, formats=(), nulls=()):
    return connection.execute(
        f"select cast(vault.rules.{rule}(?, ?::varchar[], ?::varchar[]) as varchar)",
        [value, list(formats), list(nulls)],
    ).fetchone()[0]


# What is trimmed, and what is not although it looks like it: a vertical tab, an em space, a quotation mark.
ENDS = st.text(
    st.sampled_from([*vault.BLANKS, "\v", "\u2003", '"', "!", "~", "a", "\u00e9", "\U0001f600"]), max_size=8
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=ENDS)
def test_a_text_loses_what_is_invisible_at_its_ends_and_nothing_else(connection, value):
    trimmed, filled, cleaned = connection.execute(
        "select vault.rules.trimmed(v), vault.rules.filled(v), vault.rules.clean(v, []::varchar[]) "
        "from (select ? as v)",
        [value],
    ).fetchone()
    assert trimmed == value.strip(vault.BLANKS)
    assert filled == cleaned == (trimmed or None)


@pytest.mark.parametrize(
    ("delivered", "london"),
    [
        (
            "2022-09-30T23:00:00+00:00",
            "2022-10-01 00:00:00",
        ),  # a stop at 23:00Z on 30 September is in October
        ("2022-09-30T22:59:00+00:00", "2022-09-30 23:59:00"),
        ("2022-12-31T23:00:00Z", "2022-12-31 23:00:00"),
        ("2022-10-30T00:30:00Z", "2022-10-30 01:30:00"),  # the clocks went back at 01:00Z
        ("2022-10-30T01:30:00Z", "2022-10-30 01:30:00"),
    ],
)
def test_instants_in_utc_are_read_as_london_clock_time(connection, delivered, london):
    assert cast(connection, "as_timestamp_utc", delivered) == london


@pytest.mark.parametrize(
    ("rule", "delivered", "formats", "read"),
    [
        ("as_date", "03/04/2023", ["%d/%m/%Y"], "2023-04-03"),
        ("as_date", "2023-04-03", ["%d/%m/%Y"], None),  # never guessed
        ("as_date", "31/02/2023", ["%d/%m/%Y"], None),
        ("as_month", "202304", ["%Y%m"], "2023-04-01"),
        ("as_integer", "1,234", [], "1234"),
        ("as_integer", "319.0", [], "319"),
        ("as_integer", "3.5", [], None),
        ("as_boolean", "Yes", [], "true"),
        ("as_boolean", "perhaps", [], None),
        ("as_text", "\u00a0\ufeff", [], None),
    ],
)
def test_values_are_read_by_the_stated_format_or_not_at_all(connection, rule, delivered, formats, read):
    assert cast(connection, rule, delivered, formats) == read


@pytest.mark.parametrize(
    "spelling",
    [
        "Burglary Business and Community",
        "BURGLARY - BUSINESS AND COMMUNITY",
        "burglary;business and  community ",
    ],
)
def test_a_class_name_has_one_key_in_every_spelling(connection, spelling):
    key = connection.execute("select vault.rules.name_key(?)", [spelling]).fetchone()[0]
    assert key == "BURGLARY BUSINESS AND COMMUNITY"
