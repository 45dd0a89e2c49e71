"""Anti-social behaviour of the Metropolitan Police: calls (CAD) of two years, and notices of one.

The calls are the invented incidents of `crimes`, a row each. Shares are those that the strategic assessment
2024 prints on p40 and p41; what it does not print is assumed.
"""

import numpy as np

from swp.sample.crimes import WEST_END_WARDS, Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import HOME, random_points, to_national_grid
from swp.sample.marginals import generator, scaled
from swp.sample.mps_cris.basics import MINUTE
from swp.sample.mps_cris.columns import (
    blanked,
    count_blanks,
    day,
    drawn,
    plant_blanks,
    quoted_csv,
    stamp,
    text_table,
    yes,
)
from swp.sample.people import People, age_on
from swp.sample.workbooks import workbook

AGENCY = "mps_asb"
CALLS, NOTICES = "mps_cad_asb", "asb_enforcement"
YEARS = (("2021-10", "2022-09", "2022-11-30"), ("2022-10", "2023-09", "2023-11-30"))
QUALIFIERS = {"Personal": 0.03, "Nuisance": 0.77, "Environmental": 0.02}  # the rest carry none
HEADINGS = {
    "Rowdy or Inconsiderate Behaviour": 0.56,
    "Rowdy/Nuisance Neighbours": 0.08,
    "Begging/Vagrancy": 0.11,
    "Vehicle Nuisance/Inappropriate Use": 0.07,
    "Noise": 0.05,
    "Street Drinking": 0.03,
    "Trespass": 0.03,
    "Malicious/Nuisance Communications": 0.02,
    "Fireworks": 0.015,
    "Littering/Drug Paraphernalia": 0.015,
    "Animal Problems": 0.01,
    "Prostitution-Related Activity": 0.006,
    "Vehicle Abandoned (not stolen)": 0.004,
}
RESULTS = {
    "Words of advice": 0.3,
    "Area searched, no trace": 0.34,
    "Dispersed": 0.12,
    "Advice by telephone": 0.2,
    "Arrest": 0.02,
    "Referred to council": 0.02,
}
NOTICE_TYPES = {
    "Community Protection Warning": 0.5,
    "Community Protection Notice": 0.24,
    "Fixed Penalty Notice (CPN breach)": 0.05,
    "Fixed Penalty Notice (PSPO)": 0.06,
    "Dispersal Direction": 0.12,
    "Closure Notice": 0.01,
    "Closure Order": 0.01,
    "Criminal Behaviour Order": 0.01,
}
REASONS = {
    "Begging": 0.48,
    "Drugs / Nitrous Oxide": 0.24,
    "Street Drinking": 0.07,
    "Rowdy Behaviour": 0.07,
    "Encampment / Street Population": 0.05,
    "Busking / Street Entertainment": 0.03,
    "Pedicab Nuisance": 0.03,
    "Street Gambling": 0.02,
    "Other": 0.01,
}
NOTICES_A_YEAR = 640


def _hours(late: bool) -> np.ndarray:
    """The weight of each hour: latest at the weekend (21 to 1), in the evening (19 to 20) in the week."""
    at = (0, 2, 4, 7, 12, 18, 19, 20, 21, 23, 24)
    weekend = (2.3, 1.1, 0.35, 0.3, 0.9, 1.4, 1.5, 1.7, 2.3, 2.4, 2.3)
    week = (1.2, 0.6, 0.3, 0.35, 1.0, 1.7, 2.2, 2.2, 1.8, 1.4, 1.2)
    weights = np.interp(np.arange(24), at, weekend if late else week)
    return weights / weights.sum()


def write(out: Deliveries, borough: Crimes, people: People, *, seed: int, scale: float) -> None:
    """Write the calls of two years, and the notices of the first: those of the review year never came."""
    for first, last, published in YEARS:
        write_calls(out, borough, first, last, published, seed, scale)
    write_notices(out, borough, people, *YEARS[0], seed, scale)


def write_calls(
    out: Deliveries, borough: Crimes, first: str, last: str, published: str, seed: int, scale: float
) -> None:
    """Write one year of calls."""
    rng = generator(seed, CALLS, first)
    counts = borough.asb[:, borough.between(first, last)]
    place, month = np.nonzero(counts)
    place, month = np.repeat(place, counts[place, month]), np.repeat(month, counts[place, month])
    n, geography = len(place), borough.geography
    start = np.datetime64(first, "M") + month
    days = ((start + 1).astype("M8[D]") - start.astype("M8[D]")).astype(int)
    dates = start.astype("M8[D]") + (rng.random(n) * days).astype(int)
    weekend = np.isin((dates.astype(int) + 3) % 7, [4, 5, 6])
    hour = np.where(weekend, rng.choice(24, n, p=_hours(True)), rng.choice(24, n, p=_hours(False)))
    called = dates.astype("M8[m]") + (hour * 60 + rng.integers(60, size=n)) * MINUTE
    order = np.argsort(called, kind="stable")
    place, called = place[order], called[order]
    placed = place < len(geography.places)
    x, y = np.zeros(n), np.zeros(n)
    x[placed], y[placed] = to_national_grid(*random_points(geography.places, place[placed], rng))
    ward = np.array([at.ward for at in geography.places] + [None], dtype=object)[place]
    names = geography.ward_names
    qualifier = drawn(rng, QUALIFIERS | {"": 1 - sum(QUALIFIERS.values())}, n)
    heading = drawn(rng, HEADINGS, n)
    reference = [f"CAD{i + 1:05d}/{date[8:10]}{date[5:7]}{date[2:4]}"
                 for i, date in enumerate(np.datetime_as_string(called).tolist())]  # fmt: skip
    table = text_table(
        {
            "CAD_REF": np.array(reference, dtype=object),
            "INCIDENT_DATETIME": stamp(called),
            "OPENING_CODE": np.full(n, "ASB", dtype=object),
            "ASB_QUALIFIER": blanked(qualifier, qualifier == ""),
            "ASB_HEADING": blanked(heading, rng.random(n) < 0.12),
            "CLOSING_CODE": blanked(drawn(rng, {"200": 0.7, "207": 0.2, "215": 0.1}, n), rng.random(n) < 0.1),
            "BOROUGH": np.full(n, HOME[1], dtype=object),
            "WARD_CODE": ward,
            "WARD": np.array([names.get(code) for code in ward], dtype=object),
            "LSOA_CODE": np.array([at.code_2011 for at in geography.places] + [None], dtype=object)[place],
            "EASTING": blanked(np.char.mod("%d", x.round()), ~placed),
            "NORTHING": blanked(np.char.mod("%d", y.round()), ~placed),
            "RESULT": blanked(drawn(rng, RESULTS, n), rng.random(n) < 0.05),
        }
    )
    broken = broken_count(scale, n, 4)
    fresh = np.array([f"CAD9{i:04d}/{first[2:4]}" for i in range(broken)], dtype=object)
    table = with_broken_rows(
        table, "INCIDENT_DATETIME", "24:75", broken, {"CAD_REF": text_table({"c": fresh})["c"].chunk(0)}
    )
    name = f"{CALLS}_{first}_{last}.csv".replace("-", "")
    growing = out.begin(CALLS, name, published=published)
    growing.write(quoted_csv(table), table.num_rows)
    count_blanks(growing, "ASB_QUALIFIER", blanked(qualifier, qualifier == ""))
    file = out.end(growing)
    out.plant("time that is none", file, "row_value_does_not_parse", rows=broken, column="INCIDENT_DATETIME")
    plant_blanks(out, "G033: a fifth without a category", growing, "ASB_QUALIFIER", 10)
    for column, fault in (
        ("CALLER_KEY", "G034: no key of the caller"),
        ("SUBJECT_KEY", "G034: no key of the person complained about"),
        ("REPEAT_CALLER_FLAG", "G034, G124: no repeat caller flag"),
        ("LOCATION_UPRN", "G034: no property reference"),
    ):
        out.plant(fault, file, "column_is_delivered", rows=table.num_rows, column=column)


def write_notices(
    out: Deliveries,
    borough: Crimes,
    people: People,
    first: str,
    last: str,
    published: str,
    seed: int,
    scale: float,
) -> None:
    """Write the notices of one year as a workbook with a title above the headings."""
    rng = generator(seed, NOTICES)
    n = scaled(NOTICES_A_YEAR, scale, 12)
    span = (np.datetime64(last, "M") + 1).astype("M8[D]") - np.datetime64(first, "D")
    issued = np.sort(np.datetime64(first, "D") + rng.integers(span.astype(int), size=n))
    person = people.pick(
        rng, n, age=(16, 70), on=f"{first}-01", repeat=0.4, weight=np.where(people.sex == "M", 6.0, 1.0)
    )
    rows = np.array([f"EN{i + 1:05d}" for i in range(n)], dtype=object)
    seen = people.observe(rng, person, AGENCY, error=0.06, table=NOTICES, rows=rows)
    names = borough.geography.ward_names
    weight = np.array([8.0 if name in WEST_END_WARDS else 1.0 for name in names.values()])
    ward = np.array(list(names), dtype=object)[rng.choice(len(names), n, p=weight / weight.sum())]
    notice = drawn(rng, NOTICE_TYPES, n)
    born = np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in seen["birth_date"]], dtype=object)
    columns = {
        "NOTICE_ID": rows,
        "ISSUED_DATE": day(issued),
        "NOTICE_TYPE": notice,
        "REASON": blanked(drawn(rng, REASONS, n), rng.random(n) < 0.02),
        "FORENAME": seen["given_name"],
        "SURNAME": seen["family_name"],
        "DOB": born,
        "AGE": blanked(age_on(people.birth_date[person], issued), rng.random(n) < 0.05),
        "SEX": seen["sex"],
        "BREACHED": yes((notice == "Community Protection Notice") & (rng.random(n) < 0.2)),
        "WARD_CODE": ward,
        "WARD": np.array([names[code] for code in ward], dtype=object),
    }
    body = [
        list(row) for row in zip(*(np.asarray(v, object).tolist() for v in columns.values()), strict=True)
    ]
    title = [
        [f"Enforcement against anti-social behaviour, {HOME[1]}, {first} to {last}"],
        ["Synthetic sample"],
    ]
    content = workbook({"Enforcement": [*title, [], list(columns), *body]})
    name = f"{NOTICES}_{first}_{last}.xlsx".replace("-", "")
    file = out.add(NOTICES, name, content, published=published, rows=len(body))
    out.plant(
        "S05: no notices of the review year",
        file,
        "period_shorter_than_asked",
        rows=len(body),
        month="2022-10",
    )
    out.plant("G124: no key of the person", file, "column_is_delivered", rows=len(body), column="SUBJECT_KEY")
