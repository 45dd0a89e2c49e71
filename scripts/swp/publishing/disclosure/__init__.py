"""Disclosure control: what a profile for partners or the public may show of each figure.

The rules are in `docs/decisions/0011-disclosure-control.md`. The figures are made into cells (cells.sql),
what adds up to what is found (relations.sql), the cells to hide are worked out (suppression.py), and one step
applies the outcome to every number of every figure (controlled.sql).
"""

from pathlib import Path

import duckdb
import numpy as np

from swp import models
from swp.publishing.disclosure.bounds import Sums
from swp.publishing.disclosure.suppression import Shown, Suppression, suppress
from swp.publishing.handling import FOLLOWED

HERE = Path(__file__).parent
REASON = "Left out so that nobody can be recognised."

UNITS_TO_FOLLOW = ("gbp", "rank", "areas")


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temp tables figures, places and parts from the attached `warehouse`."""
    followed = ", ".join(f"('{measure}', '{what}')" for measure, what in FOLLOWED.items())
    units = ", ".join(f"'{unit}'" for unit in UNITS_TO_FOLLOW)
    connection.execute(
        f"""
        create or replace temp table figures as
        select
            measures_all.*,
            case
                when followed.what is not null then followed.what
                when unit in ({units}) then 'hidden'
                else 'counted'
            end as handling
        from warehouse.measures.measures_all
        left join (values {followed}) as followed (measure_id, what)
            on measures_all.measure_id = followed.measure_id
        """
    )
    connection.execute((HERE / "geography.sql").read_text(encoding="utf-8"))


def relate(connection: duckdb.DuckDBPyConnection) -> None:
    """Make cells, and the sums over them, from the temp tables figures, places and parts."""
    for file in ("cells.sql", "relations.sql"):
        connection.execute((HERE / file).read_text(encoding="utf-8"))


def amounts_of(connection: duckdb.DuckDBPyConnection) -> np.ndarray:
    """The amount of each cell, NaN where it is hidden."""
    column = connection.execute("select amount from cells order by cell").fetchnumpy()["amount"]
    return np.ma.filled(column, np.nan).astype(float)


def sums_of(connection: duckdb.DuckDBPyConnection) -> Sums:
    """The sums of the temp table relations."""
    sums = connection.execute("select parent, has_rest from relations order by relation").fetchnumpy()
    children = connection.execute("select relation, unnest(children) as child from relations").fetchnumpy()
    return Sums(sums["parent"], sums["has_rest"], children["relation"], children["child"])


def noughts_of(connection: duckdb.DuckDBPyConnection, cells: int) -> np.ndarray:
    """Of each cell, whether it is a part of nought."""
    noughts = np.zeros(cells, bool)
    noughts[connection.execute("select cell from noughts").fetchnumpy()["cell"]] = True
    return noughts


def shown_by(connection: duckdb.DuckDBPyConnection, cells: int) -> Shown:
    """Which side of a figure shows which cell; makes the temp table sides, which numbers them.

    A whole is worth ten of its parts, a borough five wards, a year two months: readers look there first.
    """
    connection.execute(
        """
        create or replace temp table sides as
        select observation_key, side, row_number() over (order by observation_key, side) - 1 as number
        from (select distinct observation_key, side from keyed)
        """
    )
    pairs = connection.execute(
        "select number, cell from keyed inner join sides using (observation_key, side)"
    )
    pairs = pairs.fetchnumpy()
    parts = connection.execute(
        """
        select
            coalesce(wholes.number, sides.number) as whole,
            10 ** ((breakdown = 'all')::integer + (breakdown_2 = 'all')::integer)
            * case area_type when 'lsoa' then 1 when 'stable_area' then 1 when 'ward' then 2 else 10 end
            * case period_type when 'calendar_month' then 0.5 else 1 end
            * case sides.side when 'unknown' then 0.2 when 'before' then 0.5 else 1 end as worth
        from sides
        inner join figures using (observation_key)
        left join sides as wholes on sides.observation_key = wholes.observation_key and wholes.side = 'now'
        order by sides.number
        """
    ).fetchnumpy()
    return Shown(pairs["number"], pairs["cell"], parts["whole"], cells, parts["worth"])


def work_out(
    connection: duckdb.DuckDBPyConnection, secondary: bool = True, prove: bool = True
) -> Suppression:
    """Work out the temp table suppressed: the sides of figures that are hidden.

    Reads the temp table earlier where there is one: observation_key, side and is_hidden of figures that an
    earlier publication showed or hid and that have not changed since.
    """
    amounts, sums = amounts_of(connection), sums_of(connection)
    shown = shown_by(connection, len(amounts))
    hidden_before, shown_before = _before(connection, len(amounts))
    known = noughts_of(connection, len(amounts)) & (amounts == 0)
    if shown_before is not None:
        known |= shown_before
    outcome = suppress(amounts, sums, shown, hidden_before, known, secondary, prove)
    hidden = np.flatnonzero(outcome.figures)
    connection.execute(
        """
        create or replace temp table suppressed as
        select observation_key, side
        from sides
        semi join (select unnest($hidden) as number) as hidden using (number)
        """,
        {"hidden": hidden.tolist()},
    )
    return outcome


def apply(connection: duckdb.DuckDBPyConnection, rounded_to: int) -> None:
    """Make the temp table controlled: every figure as it may be shown, counts rounded to `rounded_to`."""
    text = (HERE / "controlled.sql").read_text(encoding="utf-8")
    connection.execute(models.with_macros(text, rounded_to=rounded_to, reason=REASON))


def _before(connection: duckdb.DuckDBPyConnection, cells: int) -> tuple[np.ndarray | None, np.ndarray | None]:
    there = connection.execute(
        "select exists (from duckdb_tables() where table_name = 'earlier')"
    ).fetchone()[0]
    if not there:
        return None, None
    rows = connection.execute(
        "select cell, is_hidden from keyed inner join earlier using (observation_key, side)"
    ).fetchnumpy()
    hidden, shown = np.zeros(cells, bool), np.zeros(cells, bool)
    hidden[rows["cell"][rows["is_hidden"]]] = True
    shown[rows["cell"][~rows["is_hidden"]]] = True
    return hidden & ~shown, shown
