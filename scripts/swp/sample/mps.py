"""Recorded crime counts of the Metropolitan Police, wide: a row per area and class, a column per month.

The layouts are those of the London Datastore: the borough and the ward file in Title Case with CRLF, the LSOA
file in capitals with LF, once with the classes of CRIS (codes of 2011) and once with those of CONNECT (2021).
"""

import csv
import io

import numpy as np

from swp.sample.crimes import CLASSES, Crimes, month_weights, year_weight
from swp.sample.deliveries import Deliveries
from swp.sample.geography import BOROUGHS, CITY, HOME
from swp.sample.marginals import (
    REVIEW_YEAR,
    YEAR_BEFORE,
    YEAR_BEFORE_LAST,
    Marginals,
    generator,
    months,
    spread,
)

AIRPORTS = "London Heathrow and London City Airports"
AVIATION = "Aviation Security (SO18)"
UNKNOWN = "Unknown"
HEATHROW = ("E05013570", "Heathrow Villages")
HEAVY = {AIRPORTS: 0.004, UNKNOWN: 0.0006}
AREAS = sorted([*(name for name in BOROUGHS if name != CITY), *HEAVY])
EARLIER, RECENT, RESTATED = ("2020-10", "2021-11"), ("2021-12", "2023-11"), ("2023-06", "2023-11")
CONNECT_MONTHS = ("2023-08", "2023-12")
# The publisher lists the first class of each major class also where it counts none.
ALWAYS_LISTED = {next(o.minor for o in CLASSES if o.major == major) for major in {o.major for o in CLASSES}}
NOT_A_NUMBER = "n/a"


def write(out: Deliveries, crimes: Crimes, marginals: Marginals, *, seed: int, scale: float) -> None:
    """Write the borough files (earlier, recent, restated), the ward file and the two LSOA files."""
    span = months(EARLIER[0], RECENT[1])
    boroughs = borough_counts(crimes, marginals, span, seed, scale)
    write_boroughs(out, boroughs, span, EARLIER, "borough_20_21.csv", "2023-12-12")
    recent = write_boroughs(out, boroughs, span, RECENT, "borough_21_23.csv", "2023-12-12", broken=True)
    out.plant(
        "count that is not a number",
        recent,
        "row_value_does_not_parse",
        rows=1,
        column=RECENT[1].replace("-", ""),
        month=RECENT[1],
    )
    again = restated(boroughs, span, marginals, seed)
    file = write_boroughs(out, again, span, RESTATED, "borough_23_23_restated.csv", "2024-01-10")
    out.plant(
        "restated counts of months already published",
        file,
        "later_publication_of_same_months",
        rows=len(AREAS) * len(CLASSES),
        month=RESTATED[1],
    )
    write_wards(out, crimes, boroughs, span, seed)
    write_lsoas_2011(out, crimes)
    write_lsoas_2021(out, crimes, seed)


def borough_counts(
    crimes: Crimes, marginals: Marginals, span: list[str], seed: int, scale: float
) -> np.ndarray:
    """Crimes by area (of AREAS) x class x month of `span`; the borough's own are those of `crimes`."""
    force, home = "Metropolitan Police Service", AREAS.index(HOME[1])
    elsewhere = [i for i in range(len(AREAS)) if i != home]
    weights = generator(seed, "boroughs").uniform(0.6, 1.5, len(AREAS))
    weights /= weights.sum()
    for name, share in HEAVY.items():
        weights[AREAS.index(name)] = share
    class_share = np.array([marginals.value("class_share_elsewhere", o.minor) for o in CLASSES])
    counts = np.zeros((len(AREAS), len(CLASSES), len(span)), dtype=np.int64)
    for period, first, last, own in (
        (YEAR_BEFORE_LAST, "2020-10", "2021-09", True),
        (YEAR_BEFORE, "2021-10", "2022-09", False),
        (REVIEW_YEAR, "2022-10", "2023-09", False),
        ("after", "2023-10", "2023-11", False),
    ):
        rng = generator(seed, "boroughs", period)
        like = REVIEW_YEAR if period == "after" else period
        columns = slice(span.index(first), span.index(last) + 1)
        by_month = month_weights(marginals, span[columns])
        part = scale * by_month.sum() / year_weight(marginals, "month_weight")
        own_total = marginals.value("recorded_crime", HOME[1], like)
        total = round((marginals.value("recorded_crime", force, like) - own_total) * part)
        by_area = spread(total, weights[elsewhere], rng)
        cell = np.outer(class_share / class_share.sum(), by_month / by_month.sum())
        counts[elsewhere, :, columns] = rng.multinomial(by_area, cell.ravel()).reshape(-1, *cell.shape)
        if own:
            exact = np.array([marginals.value("class_crimes", o.minor, YEAR_BEFORE) for o in CLASSES])
            cell = np.outer(exact / exact.sum(), by_month / by_month.sum())
            counts[home, :, columns] = rng.multinomial(round(own_total * part), cell.ravel()).reshape(
                cell.shape
            )
        else:
            counts[home, :, columns] = crimes.counts[:, :, crimes.between(first, last)].sum(axis=1)
    return counts


def restated(counts: np.ndarray, span: list[str], marginals: Marginals, seed: int) -> np.ndarray:
    """The counts as published later: fewer, above all in the last three months."""
    keep = np.full(len(span), 1 + marginals.value("restatement", "earlier months") / 100)
    keep[-3:] = 1 + marginals.value("restatement", "last three months") / 100
    return generator(seed, "restated").binomial(counts, keep)


def write_boroughs(
    out: Deliveries,
    counts: np.ndarray,
    span: list[str],
    period: tuple[str, str],
    name: str,
    published: str,
    *,
    broken: bool = False,
) -> str:
    """Write one borough file for the months of `period`; `broken` adds a row with a count in words."""
    columns = slice(span.index(period[0]), span.index(period[1]) + 1)
    rows = [
        [offence.major, offence.minor, area, *counts[a, c, columns].tolist()]
        for a, area in enumerate(AREAS)
        for c, offence in enumerate(CLASSES)
        if offence.minor in ALWAYS_LISTED or counts[a, c, columns].any()
    ]
    if broken:
        empty = [0] * (columns.stop - columns.start - 1)
        rows.append(["Miscellaneous Crimes Against Society", "Bigamy", "Sutton", *empty, NOT_A_NUMBER])
    header = ["MajorText", "MinorText", "LookUp_BoroughName", *yyyymm(span[columns])]
    content = wide(header, rows, "\r\n")
    file = out.add("mps_crime_counts_borough", name, content, published=published, rows=len(rows))
    unknown = sum(row[2] == UNKNOWN for row in rows)
    out.plant("borough called Unknown", file, "area_not_known", rows=unknown, column="LookUp_BoroughName")
    return file


def write_wards(out: Deliveries, crimes: Crimes, boroughs: np.ndarray, span: list[str], seed: int) -> None:
    """Write the ward file: crimes whose ward is known, Heathrow Villages under two boroughs."""
    geography = crimes.geography
    columns, own = slice(span.index(RECENT[0]), span.index(RECENT[1]) + 1), crimes.between(*RECENT)
    rng = generator(seed, "wards")
    known = rng.binomial(boroughs[:, :, columns], crimes.with_ward.sum() / crimes.counts.sum())
    listed: list[tuple[str, str, str, np.ndarray]] = []
    for a, area in enumerate(AREAS):
        if area == AIRPORTS:
            listed.append((AVIATION, HEATHROW[1], HEATHROW[0], known[a]))
        elif area == HOME[1]:
            ward_of = np.array([atom.ward for atom in geography.atoms])
            for code, ward in sorted(geography.ward_names.items()):
                listed.append((area, ward, code, crimes.with_ward[:, ward_of == code, own].sum(axis=1)))
        elif area != UNKNOWN:
            wards = geography.wards_elsewhere(area)
            if area == "Hillingdon":
                wards[0] = HEATHROW
            weights = rng.uniform(0.5, 1.5, len(wards))
            parts = rng.multinomial(known[a], weights / weights.sum())
            listed += [(area, ward, code, parts[:, :, w]) for w, (code, ward) in enumerate(wards)]
    rows = [
        [offence.major, offence.minor, ward, code, area, *counts[c].tolist()]
        for area, ward, code, counts in sorted(listed, key=lambda row: row[:2])
        for c, offence in enumerate(CLASSES)
        if counts[c].any()
    ]
    header = ["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName", *yyyymm(span[columns])]
    content = wide(header, rows, "\r\n")
    file = out.add("mps_crime_counts_ward", "ward_21_23.csv", content, published="2023-12-12", rows=len(rows))
    twice = sum(row[3] == HEATHROW[0] and row[4] == AVIATION for row in rows)
    out.plant("one ward under two boroughs", file, "ward_under_two_boroughs", rows=twice, column="WardCode")


def write_lsoas_2011(out: Deliveries, crimes: Crimes) -> None:
    """Write the borough's LSOA file of October 2021 to November 2023: codes of 2011, classes of CRIS."""
    columns = crimes.between("2021-10", RECENT[1])
    by_lsoa: dict[tuple[str, str], np.ndarray] = {}
    for p, place in enumerate(crimes.geography.places):
        key = (place.code_2011, place.name_2011)
        by_lsoa[key] = by_lsoa.get(key, 0) + crimes.counts[:, p, columns]
    rows = [
        [code, name, HOME[0], offence.major.upper(), offence.minor.upper(), *counts[c].tolist()]
        for n, ((code, name), counts) in enumerate(sorted(by_lsoa.items()))
        for c, offence in enumerate(CLASSES)
        if counts[c].any() or (n == 0 and offence.minor in ALWAYS_LISTED)
    ]
    blank = ["", "", *rows[0][2:5], *([0] * (len(rows[0]) - 5))]
    content = wide([*LSOA_HEADER, *yyyymm(crimes.months[columns])], [*rows, blank], "\n")
    file = out.add(
        "mps_crime_counts_lsoa",
        "westminster_lsoa2011_202110_202311.csv",
        content,
        published="2023-12-12",
        rows=len(rows) + 1,
    )
    out.plant("row without its LSOA code", file, "row_key_is_blank", rows=1, column="lsoa_code")


LSOA_HEADER = ["lsoa_code", "lsoa_name", "borough", "major_category", "minor_category"]


def write_lsoas_2021(out: Deliveries, crimes: Crimes, seed: int) -> None:
    """Write the borough's LSOA file of August to December 2023: codes of 2021, classes of CONNECT.

    As published it has no sexual offences. In its latest months residential burglary is told apart by kind
    of building.
    """
    rng = generator(seed, "connect")
    columns = crimes.between(*CONNECT_MONTHS)
    span = crimes.months[columns]
    since = span.index("2023-11")
    table: dict[tuple[str, str, str, str], np.ndarray] = {}

    def add(place, major: str, minor: str, counts: np.ndarray) -> None:
        key = (place.code_2021, place.name_2021, major, minor)
        table[key] = table.get(key, 0) + counts

    for p, place in enumerate(crimes.geography.places):
        for c, offence in enumerate(CLASSES):
            if offence.connect is None:
                continue
            counts, major = crimes.counts[c, p, columns], offence.major.upper()
            if offence.connect == "BURGLARY - RESIDENTIAL":
                later = counts * (np.arange(len(span)) >= since)
                dwelling = rng.binomial(later, 0.8)
                add(place, major, "BURGLARY IN A DWELLING", dwelling)
                add(place, major, "BURGLARY NON-DWELLING", later - dwelling)
                counts = counts - later
            add(place, major, offence.connect, counts)
    rows = [
        [key[0], key[1], HOME[0], *key[2:], *counts.tolist()]
        for key, counts in sorted(table.items())
        if counts.any()
    ]
    file = out.add(
        "mps_crime_counts_lsoa",
        "westminster_lsoa2021_202308_202312.csv",
        wide([*LSOA_HEADER, *yyyymm(span)], rows, "\n"),
        published="2024-01-12",
        rows=len(rows),
    )
    sexual = [c for c, offence in enumerate(CLASSES) if offence.major == "Sexual Offences"]
    out.plant(
        "G110: no sexual offences by LSOA",
        file,
        "class_not_counted_by_lsoa",
        rows=int(crimes.counts[sexual][:, :, columns].sum()),
        column="major_category",
    )


def yyyymm(span: list[str]) -> list[str]:
    """Months as column headings."""
    return [month.replace("-", "") for month in span]


def wide(header: list[str], rows: list[list], eol: str) -> bytes:
    """A CSV file of rows of text and counts; only values with a comma are quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=eol)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()
