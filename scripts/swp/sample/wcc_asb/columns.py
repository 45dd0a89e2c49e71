"""Columns as the council and the landlords write them, and their files."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.csv

from swp.sample.marginals import spread

YEAR_STARTS = ("2021-10-01", "2022-10-01")
SEXES = {"M": "Male", "F": "Female", None: None}
Columns = dict[str, np.ndarray]


def objects(values) -> np.ndarray:
    """A column of texts, None where blank."""
    values = list(values)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def exact(rng: np.random.Generator, n: int, shares: dict[str | None, float]) -> np.ndarray:
    """`n` values in random order, each as often as its share says, to the next whole number."""
    counts = spread(n, np.array(list(shares.values()), float), rng)
    return rng.permutation(np.repeat(objects(shares), counts))


def drawn(rng: np.random.Generator, n: int, shares: dict[str | None, float]) -> np.ndarray:
    """`n` values drawn one by one."""
    odds = np.array(list(shares.values()), float)
    return objects(shares)[rng.choice(len(odds), n, p=odds / odds.sum())]


def some(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """A mask of `n` that holds for the share, to the next whole number."""
    return rng.permutation(n) < round(share * n)


def blank(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """`values` with blanks where `where` holds."""
    values = values.copy()
    values[where] = None
    return values


def uk(days: np.ndarray) -> np.ndarray:
    """Days as dd/mm/yyyy; no day is a blank."""
    return british(objects(None if np.isnat(day) else str(day) for day in days.astype("M8[D]")))


def british(days: np.ndarray) -> np.ndarray:
    """ISO texts as dd/mm/yyyy."""
    return objects(day and f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in days)


def yes(flags: np.ndarray) -> np.ndarray:
    return np.where(flags, "Yes", "No").astype(object)


def numbered(form: str, n: int, first: int = 1) -> np.ndarray:
    return objects(form.format(number) for number in range(first, first + n))


def days_of(rng: np.random.Generator, year: int, n: int) -> np.ndarray:
    """`n` days of the year before (0) or the review year (1), in order and spread over all of it."""
    place = (np.arange(n) + rng.random(n)) / n
    return np.datetime64(YEAR_STARTS[year]) + (place * 365).astype(int)


def person_columns(prefix: str, seen: Columns, hide: np.ndarray | None = None) -> Columns:
    """The four columns in which the council names a person; blank where `hide` holds."""
    columns = {
        f"{prefix} Forename": seen["given_name"],
        f"{prefix} Surname": seen["family_name"],
        f"{prefix} DOB": british(seen["birth_date"]),
        f"{prefix} Gender": objects(SEXES[code] for code in seen["sex"]),
    }
    return columns if hide is None else {name: blank(values, hide) for name, values in columns.items()}


def table_of(columns: Columns) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def quoted_csv(table: pa.Table, *, eol: str = "\r\n", encoding: str = "utf-8", heading: bool = True) -> bytes:
    """`table` as CSV with its texts in quotes: categories hold commas."""
    buffer = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=heading, quoting_style="needed", eol=eol)
    pa.csv.write_csv(table, buffer, options)
    content = buffer.getvalue()
    return content if encoding == "utf-8" else content.decode().encode(encoding)


def set_cells(table: pa.Table, column: str, count: int, value: str) -> pa.Table:
    """`table` with `value` in the first `count` cells of a column."""
    values = table[column].to_pylist()
    values[:count] = [value] * count
    return table.set_column(table.schema.get_field_index(column), column, pa.array(values, pa.string()))


def clock(when: np.ndarray) -> np.ndarray:
    """Minutes as dd/mm/yyyy HH:MM."""
    return objects(
        f"{t[8:10]}/{t[5:7]}/{t[:4]} {t[11:]}" for t in np.datetime_as_string(when, unit="m").tolist()
    )
