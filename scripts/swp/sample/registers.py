"""What registers of people share, those of domestic abuse and children's services among them."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.csv

from swp.contracts import Contract, contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import Geography
from swp.sample.marginals import spread
from swp.sample.people import People
from swp.sample.workbooks import workbook

# The registers are copied out on the last day of the year before and of the review year.
REGISTER_DAYS = ("2022-09-30", "2023-09-30")
FIRST_DAY, LAST_DAY = np.datetime64("2021-10-01"), np.datetime64("2023-09-30")
YEAR = np.timedelta64(365, "D")
YEARS = (
    (np.datetime64("2021-10-01"), np.datetime64("2022-09-30")),
    (np.datetime64("2022-10-01"), np.datetime64("2023-09-30")),
)
Columns = dict[str, np.ndarray]
Bands = Mapping[tuple[int, int], float]
Targets = Iterable[tuple[str, Mapping[str, float]]]


def published_after(day: str, days: int = 20) -> str:
    """The day on which an extract of `day` is sent."""
    return str(np.datetime64(day) + days)


def objects(values) -> np.ndarray:
    """`values` as an array of Python objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array


def drawn(rng: np.random.Generator, shares: Mapping[str | None, float], n: int) -> np.ndarray:
    """`n` values in the proportions of `shares`, as near as whole numbers allow, in random order."""
    values, weights = objects(list(shares)), np.array(list(shares.values()), dtype=float)
    return values[rng.permutation(np.repeat(np.arange(len(values)), spread(n, weights, rng)))]


def flags(rng: np.random.Generator, percent: float, n: int) -> np.ndarray:
    """`n` booleans of which `percent` are true, as near as whole numbers allow."""
    true = np.arange(n) < int(n * percent / 100 + rng.random())
    return rng.permutation(true)


def flags_by(rng: np.random.Generator, percent: float, group: np.ndarray) -> np.ndarray:
    """`flags` in which the share holds within `group` and outside it."""
    result = np.empty(len(group), dtype=bool)
    for here in (group, ~group):
        result[here] = flags(rng, percent, here.sum())
    return result


def only(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """`values` where `where` holds, and blank elsewhere."""
    kept = objects(values.tolist() if values.dtype == bool else values)
    kept[~where] = None
    return kept


def some_blank(rng: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    """`values` with a share of them blank."""
    return only(values, rng.random(len(values)) >= share)


def as_days(texts: np.ndarray) -> np.ndarray:
    """ISO texts (None is blank) as days."""
    return np.array([text or "NaT" for text in texts], dtype="M8[D]")


def choose(
    people: People,
    rng: np.random.Generator,
    n: int,
    bands: Bands,
    *,
    on: np.datetime64 = LAST_DAY,
    targets: Targets = (),
    among: np.ndarray | None = None,
    residence: str | None = None,
    repeat: float = 0.0,
) -> np.ndarray:
    """Indexes of `n` people in random order, so many of each age band, in the proportions of `targets`.

    A target is an attribute of `people` and shares of some of its values; other values keep their
    proportions. The first is met as nearly as whole numbers allow, the others but for chance. `among`
    limits the choice (a boolean per person).
    """
    may = np.ones(len(people), dtype=bool) if among is None else among.copy()
    if residence:
        may &= people.residence == residence
    weight = may.astype(float)
    groups = [(1.0, may)]
    for place, (attribute, shares) in enumerate(targets):
        values = getattr(people, attribute)
        these = {value: values == value for value in shares}
        rest = ~np.any(list(these.values()), axis=0)
        left = max(0.0, 1 - sum(shares.values()))
        if place == 0:
            groups = [(shares[value], here) for value, here in these.items()] + [(left, rest)]
        else:
            total = max(1, may.sum())
            factor = np.full(len(people), left / max(1e-9, (may & rest).sum() / total))
            for value, here in these.items():
                factor[here] = shares[value] / max(1, (may & here).sum()) * total
            weight *= factor
    cells = [(share * part, here, band) for share, here in groups for band, part in bands.items()]
    counts = spread(n, np.array([share for share, _, _ in cells]), rng)
    years = people.age(on)
    picked = []
    for (_, here, band), count in zip(cells, counts, strict=True):
        if not count:
            continue
        chance = weight * here
        if not chance[(years >= band[0]) & (years <= band[1])].any():  # a small population lacks some
            chance, band = may.astype(float), (band[0] - 4, band[1] + 4)
        picked.append(people.pick(rng, int(count), age=band, on=on, weight=chance, repeat=repeat))
    return rng.permutation(np.concatenate(picked)) if picked else np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Spells:
    """Spells of work: first and last day; `end` may lie in the future."""

    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def overlap(self, first: np.datetime64, last: np.datetime64) -> np.ndarray:
        return (self.start <= last) & (self.end >= first)

    @classmethod
    def steady(cls, rng: np.random.Generator, per_year: list[int], mean_days: float) -> "Spells":
        """Spells that arrive evenly, so many of which overlap each year up to the review year's end.

        `per_year` counts from the earliest year. With n spells in a year, n x m / (1 + m) are open on any
        day, where m is the mean length in years.
        """
        years = len(per_year)
        wanted = max(per_year)
        rate = max(4.0, 1.5 * wanted / (1 + mean_days / 365) + 2)
        span = (years + 4) * 365
        number = int(rate * span / 365)
        start = LAST_DAY - ((np.arange(number) + rng.random(number)) * span / number).astype("m8[D]")
        length = np.maximum(14, rng.gamma(4, mean_days / 4, number)).astype("m8[D]")
        spells = cls(start, start + length)
        kept = np.zeros(number, dtype=bool)
        seen = np.zeros(number, dtype=bool)
        for back, count in enumerate(reversed(per_year)):
            last = LAST_DAY - back * YEAR
            here = spells.overlap(last - YEAR + 1, last)
            fresh = rng.permutation(np.flatnonzero(here & ~seen))
            kept[fresh[: max(0, count - (here & kept).sum())]] = True
            seen |= here
        order = np.flatnonzero(kept)
        order = order[np.argsort(start[order], kind="stable")]
        return cls(start[order], spells.end[order])

    def at(self, day: str, since_years: int = 2) -> tuple[np.ndarray, np.ndarray]:
        """Which spells a register of `day` holds (worked with in the years before), and their last day."""
        today = np.datetime64(day)
        held = np.flatnonzero((self.start <= today) & (self.end > today - since_years * YEAR))
        return held, np.where(self.end[held] <= today, self.end[held], np.datetime64("NaT"))


def names_seen(seen: Columns) -> Columns:
    """The columns of an observed person that registers with names have."""
    return {
        "given_name": seen["given_name"],
        "family_name": seen["family_name"],
        "birth_date": as_days(seen["birth_date"]),
        "sex": seen["sex"],
    }


def ward_names(geography: Geography, codes: np.ndarray) -> np.ndarray:
    """The ward of each code; blank where there is none."""
    return objects([geography.ward_names.get(code) for code in codes])


def _text(values: np.ndarray, style: str) -> pa.Array:
    if values.dtype.kind == "M":
        iso = np.datetime_as_string(values.astype("M8[D]"), unit="D").astype(object)
        iso[np.isnat(values)] = None
        if style == "%d/%m/%Y":
            iso = objects([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in iso])
        return pa.array(iso, pa.string())
    said = {True: "Yes", False: "No", None: None}
    if values.dtype == bool:
        return pa.array([said[value] for value in values.tolist()], pa.string())
    return pa.array(
        [said[v] if isinstance(v, (bool, np.bool_)) else v if v is None else str(v) for v in values],
        pa.string(),
    )


def laid_out(source: str, columns: Columns, *, iso: bool = False, leave_out: Iterable[str] = ()) -> pa.Table:
    """`columns` (contract name to values) as text under the supplier's labels, in the contract's order.

    Every column of the contract is there but those of `leave_out`: nothing is missing by accident. `iso`
    writes dates so, else as the contract states first.
    """
    contract = contract_named(source)
    left = set(leave_out)
    assert set(columns) | left == set(contract.by_name), sorted(set(columns) ^ (set(contract.by_name) - left))
    names = [column.name for column in contract.columns if column.name in columns]
    return pa.table(
        {
            contract.column(name).label: _text(
                np.asarray(columns[name]),
                "%Y-%m-%d" if iso or not contract.column(name).formats else contract.column(name).formats[0],
            )
            for name in names
        }
    )


def quoted_csv(table: pa.Table, encoding: str = "utf-8") -> bytes:
    """`table` as CSV with the quotation marks that it needs."""
    buffer = io.BytesIO()
    pa.csv.write_csv(table, buffer, pa.csv.WriteOptions(include_header=False, quoting_style="needed"))
    heading = ",".join(table.column_names) + "\n"
    text = heading.encode() + buffer.getvalue()
    return text if encoding == "utf-8" else text.decode().encode(encoding, "replace")


def _cell(value: str | None, kind: str) -> str | int | float | date | None:
    if value is None or kind not in ("date", "integer", "number"):
        return value
    try:
        return {"date": date.fromisoformat, "integer": int, "number": float}[kind](value)
    except ValueError:
        return value


def sheet(contract: Contract, table: pa.Table, name: str, title: list[str], *, numbers: bool = True) -> bytes:
    """A workbook with a sheet of notes and the table under a title; dates (ISO in `table`) are Excel's own.

    Numbers stay text where `numbers` is false, as some systems export them.
    """
    kinds = {column.label: column.type for column in contract.columns}
    if not numbers:
        kinds = {label: "date" if kind == "date" else "text" for label, kind in kinds.items()}
    columns = [[_cell(v, kinds[c]) for v in table[c].to_pylist()] for c in table.column_names]
    rows = [list(row) for row in zip(*columns, strict=True)]
    notes = [["Synthetic sample: nobody in this workbook is real."], [title[0]]]
    return workbook({"Notes": notes, name: [[line] for line in title] + [[], table.column_names, *rows]})


def plant(out: Deliveries, gap_id: str | None, fault: str, file: str, check: str, **where) -> None:
    """Note a planted fault; one that stems from the assessment's gaps begins with the gap's number."""
    out.plant(f"{gap_id}: {fault}" if gap_id else fault, file, check, **where)


def plant_blank(
    out: Deliveries,
    gap_id: str | None,
    fault: str,
    file: str,
    source: str,
    column: str,
    table: pa.Table,
    excused: int = 0,
) -> None:
    """Note a column that is blank beyond its threshold, if it is; `excused` rows may be blank."""
    wanted = contract_named(source).column(column)
    blank, applicable = table[wanted.label].null_count - excused, len(table) - excused
    if applicable and 100 * blank / applicable > wanted.max_blank_pct:
        plant(out, gap_id, fault, file, "column_is_filled", rows=blank, column=wanted.label)


def plant_empty_months(out: Deliveries, file: str, days: np.ndarray) -> None:
    """Note the months between the first and the last day in which nothing lies, as in a small sample."""
    months = np.unique(days.astype("M8[M]").astype(int))
    empty = int(months[-1] - months[0]) + 1 - len(months) if len(months) else 0
    out.plant("months in which nothing happened", file, "month_is_missing", rows=empty)


def with_fault(
    table: pa.Table, source: str, column: str, value: str | None, scale: float, key: str, prefix: str
) -> tuple[pa.Table, int]:
    """`table` with a few more rows whose `column` is faulty and whose `key` is their own; and how many."""
    contract = contract_named(source)
    count = broken_count(scale, table.num_rows)
    own = pa.array([f"{prefix}{n:04d}" for n in range(count)], pa.string())
    fresh = {} if key == column else {contract.column(key).label: own}
    if not count:
        return table, 0
    return with_broken_rows(table, contract.column(column).label, value, count, fresh), count


IOM = "iom"
INDEX_OFFENCES = {
    "Theft": 0.52, "Violence Against the Person": 0.17, "Drug": 0.12, "Robbery": 0.09,
    "Summary Non-motoring": 0.06, "Possession of Weapons": 0.04,
}  # fmt: skip
IGXU, YJS = "igxu", "yjs"
PROBATION, STARTING_OVER, PROGRAMMES = "probation", "starting_over", "perpetrator_programmes"
