"""Columns as the police write them, and their files."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.csv

from swp.sample.deliveries import Deliveries, Growing


def drawn(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    """`n` keys of `shares`, in these shares, as text objects."""
    weights = np.array(list(shares.values()))
    keys = np.array(list(shares), dtype=object)
    return keys[rng.choice(len(keys), n, p=weights / weights.sum())] if n else keys[:0]


def choose(rng: np.random.Generator, weight: np.ndarray, n: int) -> np.ndarray:
    """`n` different positions by `weight`, or as many as have any."""
    possible = np.flatnonzero(weight > 0)
    order = np.argsort(rng.exponential(size=len(possible)) / weight[possible], kind="stable")
    return possible[order[:n]]


def stamp(times: np.ndarray) -> np.ndarray:
    """Times as the extract writes them: 31/12/2022 23:59."""
    iso = np.datetime_as_string(times.astype("M8[m]"))
    return np.array([f"{t[8:10]}/{t[5:7]}/{t[:4]} {t[11:]}" for t in iso.tolist()], dtype=object)


def day(dates: np.ndarray) -> np.ndarray:
    """Dates as the extract writes them: 31/12/2022."""
    iso = np.datetime_as_string(dates.astype("M8[D]"))
    return np.array([f"{t[8:10]}/{t[5:7]}/{t[:4]}" for t in iso.tolist()], dtype=object)


def yes(flag: np.ndarray) -> np.ndarray:
    return np.where(flag, "Y", "N").astype(object)


def blanked(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """A copy of `values` with a blank where it says."""
    values = values.astype(object)
    values[where] = None
    return values


def text_table(columns: dict[str, np.ndarray]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def quoted_csv(table: pa.Table, encoding: str = "utf-8", *, heading: bool = True) -> bytes:
    """CSV with quotes where a value needs them (two class names hold commas)."""
    buffer = io.BytesIO()
    pa.csv.write_csv(table, buffer, pa.csv.WriteOptions(include_header=heading, quoting_style="needed"))
    return buffer.getvalue() if encoding == "utf-8" else buffer.getvalue().decode().encode(encoding)


def count_blanks(file: Growing, column: str, values: np.ndarray) -> None:
    """Count the blanks among `values` of a column of `file`, for `plant_blanks`."""
    file.counted[column, "blank"] += int(sum(value is None for value in values))
    file.counted[column, "all"] += len(values)


def plant_blanks(out: Deliveries, fault: str, file: Growing, column: str, limit: float) -> None:
    """Note that `column` is blank beyond the contract's `limit` (per cent); a small sample may not be."""
    blanks = file.counted[column, "blank"]
    if blanks > limit / 100 * file.counted[column, "all"]:
        out.plant(fault, file.name, "column_is_filled", rows=blanks, column=column)
