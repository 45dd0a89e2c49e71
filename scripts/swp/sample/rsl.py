"""Case files of registered landlords: three of some forty send one, each in headings and a format of its own.

The numbers of cases are assumed: the assessment prints none. Landlords meet the people of the council's
files, so that a person can be known to both.
"""

import io
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count
from swp.sample.geography import Geography
from swp.sample.marginals import generator, scaled
from swp.sample.people import People
from swp.sample.wcc_asb.columns import (
    Columns,
    blank,
    days_of,
    drawn,
    exact,
    numbered,
    person_columns,
    quoted_csv,
    set_cells,
    table_of,
    uk,
    yes,
)
from swp.sample.wcc_asb.ground import ANSWERED, Ground, parties, plant_gap
from swp.sample.wcc_asb.housing import REPEATS, duration
from swp.sample.workbooks import titled, workbook

AGENCY, SOURCE = "rsl", "rsl_asb_case"
PROVIDERS = 40
# Landlord: the agency that refers to its people, cases of the year before and of the review year.
LANDLORDS = {
    "Peabody": ("peabody", (160, 148)),
    "Notting Hill Genesis": ("nottinghill", (130, 121)),
    "Octavia": ("octavia", (70, 62)),
}
CATEGORIES = {
    "Noise": 31, "Verbal abuse, harassment or intimidation": 22, "Drugs, substance misuse or dealing": 16,
    "Vandalism and damage to property": 5, "Physical violence": 4, "Misuse of communal areas": 6,
    "Litter, rubbish or fly-tipping": 5, "Pets and animals": 3, "Alcohol related": 2, "Garden nuisance": 1,
    "Vehicle nuisance": 1, "Hate incident": 1, "Domestic abuse": 1, "Criminal behaviour": 1, "Other": 1,
}  # fmt: skip
RISKS = {"High": 28, "Medium": 42, "Standard": 30}
ACTIONS = {
    "No action": 38, "Warning letter": 28, "Mediation": 10, "Acceptable behaviour contract": 7,
    "Notice of seeking possession": 6, "Injunction": 4, "Referral to support": 5,
    "Closure order": 1, "Eviction": 1,
}  # fmt: skip
WITHIN_30_DAYS = 0.35
# What the others call the columns.
NOTTING_HILL = {
    "Case Number": "Reference Number", "Date Reported": "Case Opened Date",
    "Date Case Closed": "Case Closed Date",
}  # fmt: skip
OCTAVIA = {
    "Case Number": "ASB Case No", "Date Reported": "Reported On", "Date Case Closed": "Closed On",
    "ASB Type": "Category Of ASB",
}  # fmt: skip
PERPETRATOR = (
    "Perpetrator Ref", "Perpetrator Forename", "Perpetrator Surname", "Perpetrator DOB", "Perpetrator Gender",
    "Repeat Perpetrator?",
)  # fmt: skip


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write a file for each of the three landlords, of both years."""
    ground = Ground.of(people, geography, seed, scale)
    cases = {name: cases_of(ground, name, seed, scale) for name in LANDLORDS}
    write_peabody(out, cases["Peabody"], scale)
    write_notting_hill(out, cases["Notting Hill Genesis"])
    write_octavia(out, cases["Octavia"])
    silent = PROVIDERS - len(LANDLORDS)
    what = f"{silent} of some {PROVIDERS} landlords send nothing"
    plant_gap(out, "G035, G115", what, f"{SOURCE}/", "publisher_never_sent", silent, "Landlord")


def cases_of(ground: Ground, landlord: str, seed: int, scale: float) -> Columns:
    """The cases of one landlord, in the order of their days and under the labels of the contract."""
    agency, counts = LANDLORDS[landlord]
    rng = generator(seed, AGENCY, landlord)
    per_year = [scaled(n, scale, 6) for n in counts]
    n = sum(per_year)
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(per_year)])
    refs = numbered(f"{agency[:3].upper()}-{{:05d}}", n, 501)
    who = parties(rng, ground, days, list(REPEATS), per_year, unnamed=0.2)
    complainant = ground.people.observe(
        rng, who.complainant, agency, table=SOURCE, rows=refs + "/complainant"
    )
    named = np.flatnonzero(who.perpetrator >= 0)
    seen = ground.people.observe(
        rng, who.perpetrator[named], agency, table=SOURCE, rows=refs[named] + "/perpetrator"
    )
    perpetrator = {name: np.full(n, None, dtype=object) for name in seen}
    for name, values in seen.items():
        perpetrator[name][named] = values
    closed = days + duration(rng, n, WITHIN_30_DAYS)
    action = drawn(rng, n, ACTIONS)
    acted = days + rng.integers(5, 60, size=n)
    return {
        "Landlord": np.full(n, landlord, dtype=object),
        "Case Number": refs,
        "Date Reported": uk(days),
        "Date Case Closed": blank(uk(closed), closed >= np.datetime64(ANSWERED)),
        "ASB Type": np.concatenate([exact(rng, k, CATEGORIES) for k in per_year]),
        "Risk Rating": drawn(rng, n, RISKS),
        "Ward Name": ground.named(complainant["ward_code"]),
        "Home Address": complainant["address"],
        "Home Postcode": complainant["postcode"],
        "Home UPRN": complainant["uprn"],
        "Complainant Ref": complainant["reference"],
        **person_columns("Complainant", complainant),
        "Repeat Complainant?": yes(who.repeats_complainant),
        "Perpetrator Ref": perpetrator["reference"],
        **person_columns("Perpetrator", perpetrator),
        "Repeat Perpetrator?": yes(who.repeats_perpetrator),
        "Enforcement Action": action,
        "Enforcement Date": blank(uk(acted), action == "No action"),
    }


def renamed(cases: Columns, names: dict[str, str], without: tuple[str, ...] = ()) -> Columns:
    return {names.get(name, name): values for name, values in cases.items() if name not in without}


def write_peabody(out: Deliveries, cases: Columns, scale: float) -> None:
    """CSV in an old encoding, with the labels of the contract."""
    table = table_of(cases)
    broken = broken_count(scale, table.num_rows, 2)
    if broken:
        table = set_cells(table, "ASB Type", broken, "Nuisance (general)")
    content = quoted_csv(table, encoding="cp1252")
    file = out.add(SOURCE, "rsl_asb_peabody_2021-23.csv", content, published=ANSWERED, rows=table.num_rows)
    out.plant_encoding(file, is_plain=content.isascii())
    out.plant("category of no shared list", file, "values_in_code_list", rows=broken, column="ASB Type")


def write_notting_hill(out: Deliveries, cases: Columns) -> None:
    """Parquet with ISO dates in columns of dates, and nothing about perpetrators."""
    cases = renamed(cases, NOTTING_HILL, PERPETRATOR)
    table = table_of(cases)
    for name in ("Case Opened Date", "Case Closed Date", "Complainant DOB", "Enforcement Date"):
        at = table.schema.get_field_index(name)
        days = [day and date.fromisoformat(day) for day in as_iso(cases[name])]
        table = table.set_column(at, name, pa.array(days, pa.date32()))
    buffer = io.BytesIO()
    pa.parquet.write_table(table, buffer, compression="zstd")
    name = "rsl_asb_notting_hill_genesis_2021-23.parquet"
    file = out.add(SOURCE, name, buffer.getvalue(), published=ANSWERED, rows=table.num_rows)
    for column in PERPETRATOR:
        what = "perpetrators are left out, so repeats cannot be seen"
        plant_gap(out, "G124", what, file, "column_is_delivered", table.num_rows, column)


def write_octavia(out: Deliveries, cases: Columns) -> None:
    """A workbook with Excel dates under a title, without the repeat flags."""
    cases = renamed(cases, OCTAVIA, ("Repeat Complainant?", "Repeat Perpetrator?"))
    dates = ("Reported On", "Closed On", "Complainant DOB", "Perpetrator DOB", "Enforcement Date")
    table = table_of({name: as_iso(values) if name in dates else values for name, values in cases.items()})
    title = "Anti-social behaviour cases in Westminster (synthetic sample)"
    content = workbook({"ASB cases": titled(table, (title,), dates)}, merged=1)
    file = out.add(
        SOURCE, "octavia_asb_cases_westminster_2021-23.xlsx", content, published=ANSWERED, rows=table.num_rows
    )
    for column in ("Repeat Complainant?", "Repeat Perpetrator?"):
        plant_gap(out, "G124", "repeat flag is left out", file, "column_is_delivered", table.num_rows, column)


def as_iso(days: np.ndarray) -> list[str | None]:
    """Texts dd/mm/yyyy as ISO dates."""
    return [day and "-".join(reversed(day.split("/"))) for day in days]
