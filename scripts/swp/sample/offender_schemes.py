"""Registers of the schemes that work with offenders and young people at risk, and what such registers share.

The totals and shares are those that the assessment prints (pages beside them); what is not printed is
assumed. The registers are snapshots: the older one knows nothing of what came after it. The first part of
this module serves `domestic_abuse` and `childrens_services` as well.
"""

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
from swp.sample.geography import HOME, OTHER_BOROUGHS, Geography
from swp.sample.marginals import generator, scaled, spread
from swp.sample.mhclg import workbook
from swp.sample.people import NO_ABODE, OTHER_LONDON, WESTMINSTER, People

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


# What all registers share


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


# Integrated offender management

IOM = "iom"
IOM_AT = (
    70,
    51,
)  # on the cohort at the end of the year before (p107, its date is not printed) and after (p26)
IOM_STAYED, IOM_LEAVERS = 36, 90
IOM_BEFORE, IOM_AFTER = 1242, 418  # offences of leavers before and after (p107)
IOM_DURING, IOM_NOW = 0.56, 0.59  # of the rate before: leavers 44% fewer, the present cohort 41% fewer (p107)
IOM_BANDS = {(18, 34): 0.39, (35, 66): 0.61}  # p107
IOM_RESIDENCE = {WESTMINSTER: 0.84, NO_ABODE: 0.12, OTHER_LONDON: 0.04}
INDEX_OFFENCES = {
    "Theft": 0.52, "Violence Against the Person": 0.17, "Drug": 0.12, "Robbery": 0.09,
    "Summary Non-motoring": 0.06, "Possession of Weapons": 0.04,
}  # fmt: skip
ADULT_OFFENCES = {
    "Shoplifting": 0.34, "Theft from Person": 0.16, "Other Theft": 0.12, "Domestic Burglary": 0.06,
    "Burglary Business and Community": 0.07, "Possession of Drugs": 0.10, "Violence without Injury": 0.07,
    "Violence with Injury": 0.04, "Robbery of Personal Property": 0.04,
}  # fmt: skip


@dataclass(frozen=True)
class Cohort:
    """Who is on a register: people by index, and the spell of each."""

    who: np.ndarray
    spells: Spells


def _iom_cohort(people: People, rng: np.random.Generator, scale: float) -> Cohort:
    before, now = (scaled(n, scale, 2) for n in IOM_AT)
    stayed, leavers = min(scaled(IOM_STAYED, scale, 1), before, now), scaled(IOM_LEAVERS, scale, 2)
    left, joined = before - stayed, now - stayed
    old, new = (np.datetime64(day) for day in REGISTER_DAYS)
    n = leavers + before + joined
    long = rng.gamma(4, 110, n).astype("m8[D]") + 60
    end = np.empty(n, dtype="M8[D]")
    end[:leavers] = old - 1 - rng.integers(0, 4 * 365, leavers).astype("m8[D]")
    end[leavers : leavers + left] = old + 1 + rng.integers(0, 364, left).astype("m8[D]")
    end[leavers + left :] = new + 1 + rng.integers(0, 500, n - leavers - left).astype("m8[D]")
    start = end - long
    here = slice(leavers, leavers + before)
    start[here] = np.minimum(start[here], old - rng.integers(0, 600, before).astype("m8[D]"))
    start[leavers + before :] = new - rng.integers(0, 364, joined).astype("m8[D]")
    # Who has left and who is on the cohort now, apart, so that the shares hold of both.
    free = np.ones(len(people), dtype=bool)
    who = np.empty(n, dtype=np.int64)
    active = end > new
    targets = [("sex", {"M": 0.92, "F": 0.08}), ("residence", IOM_RESIDENCE)]
    for group in (active, ~active):
        who[group] = choose(people, rng, group.sum(), IOM_BANDS, targets=targets, among=free)
        free[who[group]] = False
    return Cohort(who, Spells(start, end))


def _iom_offences(
    cohort: Cohort, rng: np.random.Generator, scale: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Spell, day and minor class of each offence in the year before, during, and in the year after."""
    n, leavers = len(cohort.who), scaled(IOM_LEAVERS, scale, 2)
    busy = rng.gamma(1.6, 1, n) + 0.1
    is_leaver = np.arange(n) < leavers
    yearly = IOM_BEFORE / IOM_LEAVERS
    rate = np.where(is_leaver, 1, IOM_NOW / IOM_DURING) * busy * yearly / busy.mean()
    spell, day = [], []
    start, end = cohort.spells.start, np.minimum(cohort.spells.end, LAST_DAY)

    def add(counts: np.ndarray, first: np.ndarray, last: np.ndarray) -> None:
        index = np.repeat(np.arange(n), counts)
        length = np.maximum(1, (last - first).astype(int))[index]
        spell.append(index)
        day.append(first[index] + (rng.random(len(index)) * length).astype("m8[D]"))

    before = rng.poisson(busy / busy.mean() * yearly)
    before[:leavers] = rng.multinomial(scaled(IOM_BEFORE, scale, 1), busy[:leavers] / busy[:leavers].sum())
    add(before, start - YEAR, start)
    years = np.maximum(0, (end - start).astype(int)) / 365
    add(rng.poisson(rate * IOM_DURING * years), start, end)
    after = np.zeros(n, dtype=np.int64)
    after[:leavers] = rng.multinomial(scaled(IOM_AFTER, scale, 1), busy[:leavers] / busy[:leavers].sum())
    add(after, end + 1, end + YEAR)
    index, when = np.concatenate(spell), np.concatenate(day)
    order = np.argsort(when, kind="stable")
    return index[order], when[order], drawn(rng, ADULT_OFFENCES, len(index))


def write_iom(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> Cohort:
    """Write the cohort and the offences of the cohort, on both register days."""
    rng = generator(seed, "iom")
    cohort = _iom_cohort(people, rng, scale)
    spells, n = cohort.spells, len(cohort.who)
    rows = objects([f"{r}/{s}" for r, s in zip(people.reference(cohort.who, IOM), spells.start, strict=True)])
    seen = people.observe(rng, cohort.who, IOM, table="iom_cohort", rows=rows)
    index_offence = drawn(rng, INDEX_OFFENCES, n)
    active = spells.end > LAST_DAY
    fixed = {
        "offender_ref": seen["reference"],
        **names_seen(seen),
        "officer_ethnicity": seen["ic_code"],
        "home_address": seen["address"],
        "home_postcode": seen["postcode"],
        "ward_name": ward_names(geography, seen["ward_code"]),
        "home_borough": seen["borough"],
        "ogrs_pct": np.clip(rng.normal(80, 9, n).round(), 50, 98).astype(int),
        "started_on": spells.start,
        "exit_reason": drawn(rng, {"Sentence ended": 0.5, "Risk reduced": 0.3, "Recalled": 0.2}, n),
        "lead_agency": drawn(rng, {"Police": 0.4, "Probation": 0.6}, n),
        "index_offence": index_offence,
        "is_acquisitive": flags_by(rng, 61, active),  # p107
        "is_drug_offender": flags_by(rng, 90, active),  # p107
    }
    spell, when, classes = _iom_offences(cohort, rng, scale)
    refs = objects([f"IO{number:07d}" for number in range(1, len(spell) + 1)])
    people.note(IOM, people.reference(cohort.who[spell], IOM), "iom_offence", refs, cohort.who[spell])
    proven = flags(rng, 45, len(spell))
    borough = np.where(rng.random(len(spell)) < 0.72, HOME[1], objects(OTHER_BOROUGHS)[spell % 31])
    for day in REGISTER_DAYS:
        held, end = spells.at(day, since_years=8)
        columns = {name: values[held] for name, values in fixed.items()}
        columns["as_at_date"] = np.full(len(held), np.datetime64(day))
        columns["status"] = objects(np.where(np.isnat(end), "Active", "Left"))
        columns["ended_on"] = end
        columns["exit_reason"] = only(columns["exit_reason"], ~np.isnat(end))
        table = laid_out("iom_cohort", columns, iso=True)
        table, broken = with_fault(table, "iom_cohort", "ogrs_pct", "high", scale, "offender_ref", "IOM9")
        title = ["Integrated offender management cohort", f"Register of {day}"]
        content = sheet(contract_named("iom_cohort"), table, "Cohort", title)
        file = out.add(
            "iom_cohort", f"iom_cohort_{day}.xlsx", content, published=published_after(day), rows=len(table)
        )
        plant(
            out,
            None,
            "a score in words",
            file,
            "row_value_does_not_parse",
            rows=broken,
            column="OGRS_2YR_PCT",
        )
        known = when <= np.datetime64(day)
        table = laid_out(
            "iom_offence",
            {
                "offence_ref": refs[known],
                "offender_ref": people.reference(cohort.who[spell[known]], IOM),
                "as_at_date": np.full(known.sum(), np.datetime64(day)),
                "committed_on": when[known],
                "offence_class": classes[known],
                "borough_name": borough[known],
                "is_proven": proven[known],
            },
        )
        out.add(
            "iom_offence",
            f"iom_offences_{day}.csv",
            quoted_csv(table),
            published=published_after(day),
            rows=len(table),
        )
    return cohort


# Gangs and exploitation, youth justice

IGXU, YJS = "igxu", "yjs"
IGXU_A_YEAR, IGXU_MEAN_DAYS = (165, 167), 290  # p68; 74 open on average
IGXU_BANDS = {(10, 12): 0.06, (13, 14): 0.19, (15, 16): 0.36, (17, 18): 0.28, (19, 25): 0.11}  # p68
IGXU_ETHNICITY = {
    "B1": 0.06, "B2": 0.15, "B9": 0.03, "O2": 0.24, "W1": 0.04, "W2": 0.005, "W9": 0.025,
    "M1": 0.06, "M2": 0.04, "M9": 0.07, "A3": 0.07,
}  # fmt: skip
IGXU_WARDS = {"E05013794": 0.15, "E05013804": 0.15, "E05013809": 0.12, "E05013795": 0.11}  # p69
TENURE = {
    "Westminster Housing": 0.72, "Other Registered Provider": 0.235, "Private Rented": 0.03,
    "Owner Occupied": 0.015,
}  # fmt: skip
IGXU_SOURCES = {
    "Children's Services": 0.48, "Police": 0.14, "Youth Justice Service": 0.11, "School": 0.09,
    "Early Help": 0.09, "Housing": 0.04, "Hospital": 0.02, "Voluntary Sector": 0.02,
    "Family or Friend": 0.01,
}  # fmt: skip
SERVICES_KNOWN = {"0": 0.37, "1": 0.32, "2": 0.20, "3": 0.08, "4": 0.03}  # p70
IGXU_NEEDS = {
    "need_behaviour": 52, "need_education": 43, "need_exploitation": 41, "need_substance_misuse": 30,
    "need_family": 27, "need_mental_health": 18,
}  # fmt: skip
# One in three without a religion, one score in three out of date (p68, p97).
NO_RELIGION, NO_SCORE, NO_OUTCOME, NO_START_SCORE = 0.33, 0.35, 0.30, 0.05
YJS_A_YEAR, YJS_MEAN_DAYS = (75, 73, 73), 255  # p26; 30 open on average
YJS_FIRST_TIME = 28  # p27
YJS_BANDS = {(10, 12): 0.03, (13, 14): 0.13, (15, 15): 0.18, (16, 16): 0.26, (17, 17): 0.40}  # p26
YJS_ETHNICITY = {"W1": 0.05, "W2": 0.005, "W9": 0.025, "B1": 0.09, "B2": 0.20, "O2": 0.16, "A3": 0.08}  # p26
YJS_WARDS = {
    "E05013804": 0.19,
    "E05013794": 0.15,
}  # 14% and 11% of all, a quarter being placed elsewhere (p27)
YJS_OFFENCES = 134  # a year (p27)
YOUTH_OFFENCES = {
    "Robbery of Personal Property": 0.24, "Possession of Drugs": 0.20, "Drug Trafficking": 0.06,
    "Violence with Injury": 0.13, "Violence without Injury": 0.11,
    "Possession of Article with Blade or Point": 0.11, "Theft from Person": 0.07, "Criminal Damage": 0.05,
    "Theft or Taking of a Motor Vehicle": 0.03,
}  # fmt: skip
YJS_NEEDS = {
    "Substance Misuse": 65, "Thinking and Behaviour": 60, "Lifestyle": 58, "Attitudes and Motivation": 55,
    "Family and Wider Networks": 50, "Learning and Education": 48, "Safety and Exploitation": 45,
    "Mental Health": 40, "Speech, Language and Communication": 25, "Living Arrangements": 22,
    "Physical Health": 8,
}  # fmt: skip
REVIEWS = 6
REOFFENDED = 31  # p27, of those who began in the year to September 2021


def _young_cohorts(people: People, rng: np.random.Generator, scale: float) -> tuple[Cohort, Cohort]:
    """The people of the gangs unit and of youth justice, of whom nearly half are the same (p70).

    They are chosen by their age in the year in which their spell began.
    """
    spells = Spells.steady(rng, [scaled(n, scale, 3) for n in IGXU_A_YEAR], IGXU_MEAN_DAYS)
    free = np.ones(len(people), dtype=bool)
    at_home = people.residence == WESTMINSTER
    who = np.empty(len(spells), dtype=np.int64)
    girls = {"F": 38 / 167, "M": 129 / 167}  # p68
    for group, on in _by_year(spells):
        off = int(len(group) * 0.16 + rng.random())  # p69
        parts = []
        for residence, size in ((WESTMINSTER, len(group) - off), (OTHER_LONDON, off)):
            targets = [("sex", girls), ("self_defined", IGXU_ETHNICITY)]
            if residence == WESTMINSTER:
                targets.append(("ward_code", IGXU_WARDS))
            parts.append(
                choose(people, rng, size, IGXU_BANDS, on=on, targets=targets, residence=residence, among=free)
            )
            free[parts[-1]] = False
        who[group] = rng.permutation(np.concatenate(parts))
    igxu = Cohort(who, spells)

    young = Spells.steady(rng, [scaled(n, scale, 2) for n in YJS_A_YEAR], YJS_MEAN_DAYS)
    shared = np.zeros(len(people), dtype=bool)
    shared[igxu.who] = True
    free &= ~shared
    shared &= at_home
    who = np.empty(len(young), dtype=np.int64)
    for group, on in _by_year(young):
        age = people.age(on)
        both = min(round(len(group) * 0.49), int((shared & (age >= 12) & (age <= 17)).sum()))
        placed = round(len(group) * 0.26)  # p27
        boys = [("sex", {"F": 0.04, "M": 0.96}), ("ward_code", YJS_WARDS)]  # p27
        parts = []
        for size, among, residence in (
            (both, shared, WESTMINSTER),
            (max(0, len(group) - both - placed), free, WESTMINSTER),
            (placed, free, OTHER_LONDON),
        ):
            targets = boys if residence == WESTMINSTER else boys[:1]
            if among is free:
                targets = [*targets, ("self_defined", YJS_ETHNICITY)]
            parts.append(
                choose(people, rng, size, YJS_BANDS, on=on, targets=targets, residence=residence, among=among)
            )
            shared[parts[-1]] = free[parts[-1]] = False
        who[group] = rng.permutation(np.concatenate(parts))[: len(group)]
    return igxu, Cohort(who, young)


def _by_year(spells: Spells) -> list[tuple[np.ndarray, np.datetime64]]:
    """The spells by the year in which they began, counted back from the last day, and the middle of it."""
    back = (LAST_DAY - spells.start).astype(int) // 365
    return [
        (np.flatnonzero(back == year), LAST_DAY - year * YEAR - np.timedelta64(183, "D"))
        for year in np.unique(back)
    ]


def write_igxu(
    out: Deliveries,
    geography: Geography,
    people: People,
    cohort: Cohort,
    in_yjs: np.ndarray,
    rng: np.random.Generator,
    scale: float,
) -> None:
    """Write the register of the gangs unit, on both register days."""
    spells, n = cohort.spells, len(cohort.who)
    rows = objects(
        [f"{r}/{s}" for r, s in zip(people.reference(cohort.who, IGXU), spells.start, strict=True)]
    )
    seen = people.observe(rng, cohort.who, IGXU, table="igxu_person", rows=rows)
    here = people.residence[cohort.who] == WESTMINSTER
    siblings = np.where(rng.random(n) < 0.88, rng.integers(1, 6, n), 0)  # p69
    known = np.where(rng.random(n) < 0.35, np.maximum(1, rng.binomial(siblings, 0.6)), 0)  # p69
    offences = rng.poisson(np.where(rng.random(n) < 0.3, 1.8, 0))
    score = np.clip(rng.normal(42, 14, n), 5, 95).round().astype(int)
    religion = {"Muslim": 0.45, "Christian": 0.16, "No Religion": 0.05, "Other": 0.01}
    fixed = {
        "person_ref": seen["reference"],
        **names_seen(seen),
        "self_defined_ethnicity": seen["self_defined"],
        "religion": drawn(rng, religion | {None: NO_RELIGION}, n),
        "home_postcode": seen["postcode"],
        "ward_name": ward_names(geography, seen["ward_code"]),
        "home_borough": seen["borough"],
        "tenure": only(drawn(rng, TENURE, n), here),
        "care_status": objects(np.where(here | (rng.random(n) < 0.5), "Neither", "Looked After")),
        "referral_source": drawn(rng, IGXU_SOURCES, n),
        "referred_on": spells.start - rng.integers(3, 40, n).astype("m8[D]"),
        "allocated_on": spells.start,
        "sibling_count": siblings,
        "siblings_known_count": only(known, siblings > 0),
        "is_missing_person": flags(rng, 35, n),  # p70
        "is_known_to_yjs": in_yjs[cohort.who],
        "services_known_count": drawn(rng, SERVICES_KNOWN, n),
        **{need: flags(rng, share, n) for need, share in IGXU_NEEDS.items()},
        "offences_before": offences,
        "knife_offences": rng.binomial(offences, 0.12),
        "impact_score_start": some_blank(rng, score, NO_START_SCORE),
    }
    after = rng.binomial(offences, 0.59)  # 41% fewer (p70)
    better = rng.random(n) < 0.67  # of those who completed (p70)
    latest = np.clip(score + np.where(better, rng.integers(3, 25, n), -rng.integers(0, 12, n)), 0, 100)
    latest = some_blank(rng, latest, NO_SCORE)
    outcome = objects(np.where(better, "Improved", "No improvement"))
    outcome = some_blank(rng, outcome, NO_OUTCOME)
    completed = flags(rng, 82, n)
    for day in REGISTER_DAYS:
        held, end = spells.at(day)
        closed = ~np.isnat(end)
        columns = {name: values[held] for name, values in fixed.items()}
        columns["as_at_date"] = np.full(len(held), np.datetime64(day))
        columns["status"] = objects(np.where(closed, "Closed", "Open"))
        columns["closed_on"] = end
        columns["is_completed"] = only(completed[held], closed)
        columns["offences_after"] = only(after[held], spells.start[held] + YEAR <= np.datetime64(day))
        columns["impact_score_latest"] = latest[held]
        columns["outcome"] = only(outcome[held], closed)
        table = laid_out("igxu_person", columns, iso=True, leave_out=["siblings_not_known_reason"])
        contract = contract_named("igxu_person")
        title = ["Integrated Gangs and Exploitation Unit", f"People worked with in the two years to {day}"]
        content = sheet(contract, table, "Cohort", title, numbers=False)
        name = f"igxu_cohort_{day}.xlsx"
        file = out.add("igxu_person", name, content, published=published_after(day), rows=len(table))
        label = contract.column("siblings_not_known_reason").label
        fault = "no reason why siblings are not known"
        plant(out, "G070", fault, file, "column_is_delivered", rows=len(table), column=label)
        for column, gap, fault in (
            ("religion", "G069", "religion not recorded for a third"),
            ("impact_score_latest", "G108", "impact scores out of date"),
            ("outcome", "G108", "outcomes not recorded"),
        ):
            excused = int((~closed).sum()) if column == "outcome" else 0
            plant_blank(out, gap, fault, file, "igxu_person", column, table, excused)


def write_yjs(
    out: Deliveries,
    geography: Geography,
    people: People,
    cohort: Cohort,
    in_igxu: np.ndarray,
    rng: np.random.Generator,
    scale: float,
) -> None:
    """Write the cohort on both register days, and the offences and assessments of each year."""
    spells, n, who = cohort.spells, len(cohort.who), cohort.who
    rows = objects([f"{r}/{s}" for r, s in zip(people.reference(who, YJS), spells.start, strict=True)])
    seen = people.observe(rng, who, YJS, table="yjs_person", rows=rows)
    placed = people.residence[who] != WESTMINSTER
    first = np.zeros(n, dtype=bool)
    for start, end in ((YEARS[0][0] - YEAR, YEARS[0][0] - 1), *YEARS):
        begun = np.flatnonzero((spells.start >= start) & (spells.start <= end))
        first[rng.permutation(begun)[: scaled(YJS_FIRST_TIME, scale, 1)]] = True
    early = (spells.start < YEARS[0][0]) & (spells.start >= YEARS[0][0] - YEAR)
    fixed = {
        "person_ref": seen["reference"],
        **names_seen(seen),
        "self_defined_ethnicity": seen["self_defined"],
        "home_postcode": seen["postcode"],
        "ward_name": only(ward_names(geography, seen["ward_code"]), ~placed),
        "home_borough": seen["borough"],
        "is_placed_out_of_borough": placed,
        "intervention_type": drawn(
            rng,
            {
                "Referral Order": 0.34, "Youth Rehabilitation Order": 0.24, "Youth Conditional Caution": 0.14,
                "Youth Caution": 0.10, "Community Resolution": 0.18,
            },
            n,
        ),
        "started_on": spells.start,
        "is_first_time_entrant": first,
        "first_entry_on": np.where(first, spells.start - 7, np.datetime64("NaT")),
        "is_in_custody": np.zeros(n, dtype=bool),  # none (p27)
        "is_known_to_igxu": in_igxu[who],
    }  # fmt: skip
    reoffended = only(flags(rng, REOFFENDED, n), early)
    for day in REGISTER_DAYS:
        held, end = spells.at(day, since_years=3)
        columns = {name: values[held] for name, values in fixed.items()}
        columns["as_at_date"] = np.full(len(held), np.datetime64(day))
        columns["status"] = objects(np.where(np.isnat(end), "Open", "Closed"))
        columns["ended_on"] = end
        columns["has_reoffended"] = only(reoffended[held], spells.start[held] + YEAR <= np.datetime64(day))
        table = laid_out("yjs_person", columns)
        file = out.add(
            "yjs_person", f"yjs_cohort_{day}.csv", quoted_csv(table), published=published_after(day, 30),
            rows=len(table),
        )  # fmt: skip
        fault = "reoffending is known of an old cohort only"
        plant_blank(out, "G022", fault, file, "yjs_person", "has_reoffended", table)
    for start, end in YEARS:
        _write_yjs_offences(out, people, cohort, (start, end), rng, scale)
        _write_yjs_needs(out, people, cohort, (start, end), rng, scale)


def _write_yjs_offences(
    out: Deliveries,
    people: People,
    cohort: Cohort,
    year: tuple[np.datetime64, np.datetime64],
    rng: np.random.Generator,
    scale: float,
) -> None:
    first, last = year
    spells = cohort.spells
    begin = np.maximum(spells.start - 120, first)
    days = (np.minimum(spells.end, last) - begin).astype(int) + 1
    busy = np.maximum(days, 0) * (rng.gamma(1.2, 1, len(spells)) + 0.1)
    count = scaled(YJS_OFFENCES, scale, 2)
    whose = rng.choice(len(spells), count * 20, p=busy / busy.sum())
    when = begin[whose] + (rng.random(len(whose)) * days[whose]).astype("m8[D]")
    order = np.argsort(when, kind="stable")
    # As many in each month: those nearest to evenly spaced days are kept.
    wanted = first + ((np.arange(count) + rng.random(count)) * 365 / count).astype("m8[D]")
    order = order[np.minimum(np.searchsorted(when[order], wanted) + np.arange(count) % 5, len(order) - 1)]
    order = order[np.argsort(when[order], kind="stable")]
    whose, when = whose[order], when[order]
    refs = objects([f"YO{str(last)[2:4]}{number:05d}" for number in range(1, count + 1)])
    reference = people.reference(cohort.who[whose], YJS)
    people.note(YJS, reference, "yjs_offence", refs, cohort.who[whose])
    classes = drawn(rng, YOUTH_OFFENCES, count)
    armed = np.array(["Blade" in name for name in classes]) | (
        np.array([name.startswith(("Robbery", "Violence with I")) for name in classes])
        & (rng.random(count) < 0.2)
    )
    table = laid_out(
        "yjs_offence",
        {
            "offence_ref": refs,
            "person_ref": reference,
            "committed_on": when,
            "offence_class": classes,
            "borough_name": objects(np.where(rng.random(count) < 0.7, HOME[1], "Brent")),
            "is_knife_enabled": armed,
            "outcome": drawn(
                rng, {"Referral Order": 0.4, "Youth Caution": 0.3, "Community Resolution": 0.3}, count
            ),
            "outcome_on": when + rng.integers(20, 200, count).astype("m8[D]"),
        },
    )
    table, broken = with_fault(
        table, "yjs_offence", "committed_on", "31/02/2023", scale, "offence_ref", "YO99"
    )
    file = out.add(
        "yjs_offence", f"yjs_offences_{first}_to_{last}.csv", quoted_csv(table),
        published=published_after(str(last), 30), rows=len(table),
    )  # fmt: skip
    plant(
        out,
        None,
        "day that does not exist",
        file,
        "row_value_does_not_parse",
        rows=broken,
        column="Offence Date",
    )


def _write_yjs_needs(
    out: Deliveries,
    people: People,
    cohort: Cohort,
    year: tuple[np.datetime64, np.datetime64],
    rng: np.random.Generator,
    scale: float,
) -> None:
    first, last = year
    spells = cohort.spells
    # The first assessment follows the start, and a review every half year.
    soon = spells.start + rng.integers(5, 30, len(spells))
    due = (soon[:, None] + 182 * np.arange(REVIEWS)).ravel()
    of_spell = np.repeat(np.arange(len(spells)), REVIEWS)
    kept = np.flatnonzero((due >= first) & (due <= last) & (due <= spells.end[of_spell]))
    kept = kept[np.argsort(due[kept], kind="stable")]
    of_spell, due = of_spell[kept], due[kept]
    total = len(due)
    areas = list(YJS_NEEDS)
    whose, due = np.repeat(of_spell, len(areas)), np.repeat(due, len(areas))
    area = np.tile(objects(areas), total)
    need = np.array([flags(rng, YJS_NEEDS[name], total) for name in areas]).T.ravel()
    contact = need & (rng.random(len(need)) < 0.8)
    substance, mind = area == "Substance Misuse", area == "Mental Health"
    diagnosed = np.zeros(len(need), dtype=bool)
    diagnosed[mind & contact] = flags(rng, 20, (mind & contact).sum())  # p28
    rating = drawn(rng, {"Low": 0.3, "Medium": 0.45, "High": 0.25}, len(need))
    main = drawn(rng, {"Cannabis": 0.86, "Alcohol": 0.08, "Nitrous Oxide": 0.06}, len(need))
    if not total:
        return
    reference = people.reference(cohort.who[whose], YJS)
    rows = objects([f"{r}/{d}/{a}" for r, d, a in zip(reference, due, area, strict=True)])
    people.note(YJS, reference, "yjs_need", rows, cohort.who[whose])
    table = laid_out(
        "yjs_need",
        {
            "person_ref": reference,
            "assessed_on": due,
            "need_area": area,
            "is_need": need,
            "rating": only(rating, need),
            "main_substance": only(main, need & substance),
            "is_in_contact_with_service": only(contact, need),
            "is_diagnosed": only(diagnosed, mind & contact),
        },
    )
    table, broken = with_fault(table, "yjs_need", "need_area", "Other worries", scale, "person_ref", "YJS9")
    file = out.add(
        "yjs_need", f"yjs_assetplus_{first}_to_{last}.csv.gz", quoted_csv(table),
        published=published_after(str(last), 30), rows=len(table),
    )  # fmt: skip
    plant(
        out, None, "area that the list does not have", file, "row_value_not_in_code_list", rows=broken,
        column="Need Area",
    )  # fmt: skip


# Probation, Starting Over, perpetrator programmes

PROBATION, STARTING_OVER, PROGRAMMES = "probation", "starting_over", "perpetrator_programmes"
CASELOAD, CASELOAD_DAY, CASELOAD_PART = 544, "2023-07-31", 0.667  # p28
PROBATION_BANDS = {(18, 25): 0.17, (26, 35): 0.333, (36, 49): 0.32, (50, 80): 0.177}  # p28
PROBATION_ETHNICITY = {
    "Community": {
        "W1": 0.22,
        "W2": 0.03,
        "W9": 0.12,
        "B1": 0.07,
        "B2": 0.09,
        "B9": 0.03,
        "O2": 0.09,
        "O9": 0.07,
    },
    "Custody": {
        "W1": 0.12,
        "W2": 0.02,
        "W9": 0.06,
        "B1": 0.07,
        "B2": 0.09,
        "B9": 0.03,
        "O2": 0.09,
        "O9": 0.07,
    },
}
# Licences are managed elsewhere and were not sent: the caseload is partial (p97).
SENTENCES = {
    "Community": {"Community Order": 0.55, "Suspended Sentence Order": 0.45},
    "Custody": {"Determinate Sentence": 0.88, "Life or Indeterminate Sentence": 0.12},
}
PROBATION_NEEDS = {
    "need_thinking": 78, "need_attitudes": 65, "need_lifestyle": 62, "need_relationships": 48, "need_ete": 45,
    "need_drugs": 44, "need_accommodation": 42, "need_alcohol": 26,
}  # fmt: skip
ROSH = {"Low": 0.13, "Medium": 0.64, "High": 0.19, "Very High": 0.04}  # p28
NO_HEALTH = 0.80
COMPLETED = (6, 7)  # p106, p26
CLIENTS_A_YEAR, CLIENT_MEAN_DAYS = (55, 56), 564  # p106; 34 a month on average (p26)
DRIVE_REFERRED, DRIVE_TAKEN_ON, CIFA_REFERRED = 52, 33, 114  # p76, April to September 2023
CIFA_BOROUGHS = (HOME[1], *OTHER_BOROUGHS[8:17])


def write_probation(
    out: Deliveries, geography: Geography, people: People, iom: Cohort, *, seed: int, scale: float
) -> None:
    """Write the caseload of July 2023, which is partial and has one age band only."""
    rng = generator(seed, "probation")
    day = np.datetime64(CASELOAD_DAY)
    total = scaled(CASELOAD, scale, 6)
    sizes = {"Community": round(total * CASELOAD_PART)}
    sizes["Custody"] = total - sizes["Community"]
    managed = iom.who[iom.spells.overlap(day, day)]
    shared = rng.permutation(managed)[: min(round(len(managed) * 0.7), sizes["Community"] // 2)]
    free = np.ones(len(people), dtype=bool)
    free[iom.who] = False
    parts, setting = [shared], ["Community"] * len(shared)
    for place, size in sizes.items():
        size -= len(shared) if place == "Community" else 0
        targets = [
            ("self_defined", PROBATION_ETHNICITY[place]), ("sex", {"M": 0.95, "F": 0.05}),
            ("residence", {WESTMINSTER: 0.84, NO_ABODE: 0.06, OTHER_LONDON: 0.10}),
        ]  # fmt: skip
        parts.append(choose(people, rng, size, PROBATION_BANDS, on=day, targets=targets, among=free))
        free[parts[-1]] = False
        setting += [place] * size
    order = rng.permutation(total)
    who, setting = np.concatenate(parts)[order], objects(setting)[order]
    seen = people.observe(
        rng, who, PROBATION, table="probation_person", rows=people.reference(who, PROBATION)
    )
    inside = setting == "Custody"
    sentence = np.empty(total, dtype=object)
    for place, kinds in SENTENCES.items():
        sentence[setting == place] = drawn(rng, kinds, (setting == place).sum())
    age = people.age(day)[who]
    banded = objects(np.where((age >= 26) & (age <= 35), "26-35", "Other"))
    health = {"None": 0.07, "Mental health": 0.07, "Respiratory": 0.03, "Diabetes": 0.02, "Other": 0.01}
    columns = {
        "person_ref": seen["reference"],
        "as_at_date": np.full(total, day),
        "given_name": seen["given_name"],
        "family_name": seen["family_name"],
        "age_band": only(banded, ~inside & (seen["sex"] == "M")),
        "sex": seen["sex"],
        "self_defined_ethnicity": seen["self_defined"],
        "home_postcode": only(seen["postcode"], ~inside),
        "ward_name": only(ward_names(geography, seen["ward_code"]), ~inside),
        "home_borough": only(seen["borough"], ~inside),
        "setting": setting,
        "sentence_type": sentence,
        "sentenced_on": day - rng.integers(5, 900, total).astype("m8[D]"),
        "index_offence": drawn(rng, INDEX_OFFENCES, total),
        "ogrs_pct": np.clip(rng.normal(52, 20, total).round(), 3, 97).astype(int),
        "risk_of_serious_harm": drawn(rng, ROSH, total),
        **{need: flags(rng, share, total) for need, share in PROBATION_NEEDS.items()},
        "health_condition": drawn(rng, health | {None: NO_HEALTH}, total),
    }
    contract = contract_named("probation_person")
    table = laid_out("probation_person", columns, iso=True, leave_out=["birth_date"])
    table, broken = with_fault(table, "probation_person", "as_at_date", "July", scale, "person_ref", "PRO9")
    title = ["Probation caseload", "OFFICIAL-SENSITIVE", f"Snapshot of {CASELOAD_DAY}"]
    content = sheet(contract, table, "Caseload", title)
    name = f"probation_caseload_{CASELOAD_DAY}.xlsx"
    file = out.add(
        "probation_person", name, content, published=published_after(CASELOAD_DAY), rows=len(table)
    )
    plant(out, "G113", "kinds of sentence that were not sent", file, "partial_scope", rows=len(table))
    plant(
        out, "G023", "no dates of birth", file, "column_is_delivered", rows=len(table),
        column=contract.column("birth_date").label,
    )  # fmt: skip
    for column, gap, fault in (
        ("age_band", "G023", "one age band of one group"),
        ("health_condition", "G024", "health conditions not recorded"),
    ):
        plant_blank(out, gap, fault, file, "probation_person", column, table)
    plant(
        out,
        None,
        "month in place of a day",
        file,
        "row_value_does_not_parse",
        rows=broken,
        column="Snapshot Date",
    )


def write_starting_over(out: Deliveries, people: People, iom: Cohort, *, seed: int, scale: float) -> None:
    """Write the clients of Starting Over, men of the offender management cohort, on both register days."""
    rng = generator(seed, "starting over")
    men = iom.who[people.sex[iom.who] == "M"]
    spells = Spells.steady(rng, [scaled(n, scale, 2) for n in CLIENTS_A_YEAR], CLIENT_MEAN_DAYS)
    # The latest to join the cohort are the latest to join the service.
    latest = men[np.argsort(iom.spells.start[people.sex[iom.who] == "M"], kind="stable")]
    n = min(len(spells), len(latest))
    spells = Spells(spells.start[len(spells) - n :], spells.end[len(spells) - n :])
    who = latest[len(latest) - n :]
    rows = objects(
        [f"{r}/{s}" for r, s in zip(people.reference(who, STARTING_OVER), spells.start, strict=True)]
    )
    seen = people.observe(rng, who, STARTING_OVER, table="starting_over_client", rows=rows)
    names = names_seen(seen)
    del names["sex"]
    ete, housing = flags(rng, 55, n), flags(rng, 75, n)
    met_ete, drug_free = flags(rng, 56, n), flags(rng, 95, n)  # p106
    completed = np.zeros(n, dtype=bool)
    for (first, last), count in zip(YEARS, COMPLETED, strict=True):
        ended = np.flatnonzero((spells.end >= first) & (spells.end <= last))
        completed[rng.permutation(ended)[: scaled(count, scale, 1)]] = True
    met_housing = np.where(spells.start < YEARS[0][0] - 180, flags(rng, 50, n), flags(rng, 38, n))  # p106
    treated = flags(rng, 27, n)  # 15 of 56 (p106)
    for day in REGISTER_DAYS:
        held, end = spells.at(day)
        ended = ~np.isnat(end)
        columns = {
            "client_ref": seen["reference"][held],
            "as_at_date": np.full(len(held), np.datetime64(day)),
            **{name: values[held] for name, values in names.items()},
            "iom_ref": people.reference(who[held], IOM),
            "referred_on": spells.start[held] - 14,
            "started_on": spells.start[held],
            "status": objects(np.where(ended, "Ended", "Current")),
            "ended_on": end,
            "is_completed": only(completed[held], ended),
            "has_ete_need": ete[held],
            "is_ete_need_met": only(met_ete[held], ete[held]),
            "has_housing_need": housing[held],
            "is_housing_need_met": only(met_housing[held], housing[held]),
            "is_in_treatment_12_weeks": treated[held],
            "is_drug_free_at_exit": only(drug_free[held], ended & completed[held]),
        }
        table = laid_out("starting_over_client", columns, iso=True)
        content = sheet(
            contract_named("starting_over_client"), table, "Clients", ["Starting Over", f"To {day}"]
        )
        name = f"starting_over_{day}.xlsx"
        out.add("starting_over_client", name, content, published=published_after(day), rows=len(table))


COUPLES = 760
VICTIM_ETHNICITY = {"W1": 0.17, "W2": 0.02, "W9": 0.17, "O2": 0.22}


def couples(people: People, n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Victim, perpetrator and relationship of `n` pairs; the same in every delivery about domestic abuse.

    The victims are residents; four of five are abused by a partner, 15 of 100 by family (p78).
    """
    rng = generator(seed, "couples")
    kinds = {
        "Former Partner": (0.46, (16, 65), (18, 66)), "Current Partner": (0.37, (16, 65), (18, 66)),
        "Child of Victim": (0.07, (40, 80), (16, 32)), "Parent of Victim": (0.02, (16, 30), (38, 66)),
        "Sibling": (0.03, (16, 45), (18, 45)), "Other Relative": (0.03, (18, 70), (18, 60)),
        "Other": (0.02, (18, 60), (18, 60)),
    }  # fmt: skip
    counts = spread(n, np.array([share for share, _, _ in kinds.values()]), rng)
    victims, perpetrators, relationship = [], [], []
    for (kind, (_, victim_age, perpetrator_age)), count in zip(kinds.items(), counts, strict=True):
        if not count:
            continue
        # Two in 450 are under 18 (p78); of whom the ethnicity is known, as in the partnership (p77).
        bands = {victim_age: 1.0} if victim_age[0] > 16 else {(16, 17): 0.008, (18, victim_age[1]): 0.992}
        targets = [("sex", {"F": 0.92, "M": 0.08}), ("self_defined", VICTIM_ETHNICITY)]
        first = np.datetime64("2021-07-01")
        victims.append(
            choose(people, rng, int(count), bands, on=first, targets=targets, residence=WESTMINSTER)
        )
        targets = [("sex", {"F": 0.08, "M": 0.92}), ("residence", {WESTMINSTER: 0.7, OTHER_LONDON: 0.24})]
        perpetrators.append(choose(people, rng, int(count), {perpetrator_age: 1.0}, targets=targets))
        relationship += [kind] * int(count)
    order = rng.permutation(n)
    return (
        np.concatenate(victims)[order],
        np.concatenate(perpetrators)[order],
        objects(relationship)[order],
    )


def write_programmes(out: Deliveries, people: People, *, seed: int, scale: float) -> None:
    """Write the referrals to Drive and CIFA of April to September 2023, of all the boroughs they serve."""
    rng = generator(seed, "perpetrator programmes")
    first, last = np.datetime64("2023-04-01"), LAST_DAY
    drive, cifa = scaled(DRIVE_REFERRED, scale, 2), scaled(CIFA_REFERRED, scale, 2)
    n = drive + cifa
    programme = objects(["Drive"] * drive + ["CIFA"] * cifa)
    borough = np.concatenate(
        [
            rng.choice(objects((*[HOME[1]] * 3, *OTHER_BOROUGHS)), drive),
            rng.choice(objects(CIFA_BOROUGHS), cifa),
        ]
    )
    ours = borough == HOME[1]
    _, known, _ = couples(people, scaled(COUPLES, scale, 8), seed=seed)
    who = choose(people, rng, n, {(18, 60): 1.0}, targets=[("sex", {"M": 0.92, "F": 0.08})])
    who[ours] = rng.permutation(known)[: ours.sum()] if ours.sum() <= len(known) else who[ours]
    when = first + rng.integers(0, (last - first).astype(int) + 1, n).astype("m8[D]")
    order = np.argsort(when, kind="stable")
    programme, borough, who, when = programme[order], borough[order], who[order], when[order]
    taken = np.zeros(n, dtype=bool)
    taken[np.flatnonzero(programme == "Drive")[: scaled(DRIVE_TAKEN_ON, scale, 1)]] = True
    taken |= (programme == "CIFA") & (rng.random(n) < 0.62)
    allocated = np.where(taken, when + rng.integers(4, 30, n).astype("m8[D]"), np.datetime64("NaT"))
    allocated = np.where(allocated > last, last, allocated)
    closed = taken & (rng.random(n) < 0.05)
    engagement = np.full(n, None, dtype=object)
    for each in ("Drive", "CIFA"):
        here = taken & (programme == each)
        engagement[here] = drawn(rng, {"Full": 0.86, "Partial": 0.1, "None": 0.04}, here.sum())  # p76
    refs = objects([f"PP23{number:05d}" for number in range(1, n + 1)])
    seen = people.observe(rng, who, PROGRAMMES, table="perpetrator_programme_referral", rows=refs)
    columns = {
        "referral_ref": refs,
        "programme": programme,
        "perpetrator_ref": seen["reference"],
        **names_seen(seen),
        "borough_name": borough,
        "referral_source": drawn(
            rng,
            {"Police": 0.42, "Children's Services": 0.22, "MARAC": 0.2, "Probation": 0.1, "IDVA": 0.06},
            n,
        ),
        "referred_on": when,
        "allocated_on": allocated,
        "status": objects(np.where(closed, "Closed", np.where(taken, "Open", "Waiting"))),
        "ended_on": np.where(closed, last, np.datetime64("NaT")),
        "engagement": engagement,
    }
    gone = {"is_repeat_perpetrator": "G078", "subsequent_da_count": None}
    table = laid_out("perpetrator_programme_referral", columns, leave_out=gone)
    name = "perpetrator_programmes_2023-24_q1_q2.csv"
    file = out.add(
        "perpetrator_programme_referral", name, quoted_csv(table), published="2023-11-10", rows=len(table)
    )
    contract = contract_named("perpetrator_programme_referral")
    for column, gap in gone.items():
        label = contract.column(column).label
        fault = f"nothing on {column.removeprefix('is_').replace('_', ' ')}"
        plant(out, gap, fault, file, "column_is_delivered", rows=len(table), column=label)
    plant(
        out, None, "six months of the twenty-four asked for", file, "period_is_as_asked",
        rows=len(table), column=contract.column("referred_on").label,
    )  # fmt: skip


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write the deliveries of all offender schemes."""
    iom = write_iom(out, geography, people, seed=seed, scale=scale)
    rng = generator(seed, "young people")
    igxu, yjs = _young_cohorts(people, rng, scale)
    in_igxu, in_yjs = np.zeros((2, len(people)), dtype=bool)
    in_igxu[igxu.who] = True
    in_yjs[yjs.who] = True
    write_igxu(out, geography, people, igxu, in_yjs, rng, scale)
    write_yjs(out, geography, people, yjs, in_igxu, rng, scale)
    write_probation(out, geography, people, iom, seed=seed, scale=scale)
    write_starting_over(out, people, iom, seed=seed, scale=scale)
    write_programmes(out, people, seed=seed, scale=scale)
