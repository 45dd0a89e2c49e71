"""The council's files on anti-social behaviour: housing, noise, triage desk, case reviews and others.

Layouts are those of the contracts, which are assumed. Totals and shares are printed in the strategic
assessment 2024, p15, p39 to 48, p81 and p84, unless a line says that they are assumed. What is never
delivered (satisfaction with casework) is listed as a fault and has no file.
"""

import io
import zipfile
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from swp.sample.deliveries import Deliveries
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import Geography
from swp.sample.marginals import generator, scaled, spread
from swp.sample.people import OTHER_LONDON, WESTMINSTER, People

AGENCY = "wcc_asb"
YEAR_STARTS = ("2021-10-01", "2022-10-01")
# When the council answered the request for two years.
ANSWERED = "2023-10-16"
WARDS = ("West End", "St James's")
# Where the council's homes are (assumed: the north west and the south of the borough).
STOCK = {
    "Queen's Park": 13, "Harrow Road": 12, "Westbourne": 11, "Church Street": 14, "Pimlico South": 11,
    "Vincent Square": 9, "Pimlico North": 6, "Little Venice": 5, "Maida Vale": 4, "St James's": 3,
    "Bayswater": 3, "West End": 2, "Abbey Road": 2, "Regent's Park": 2, "Lancaster Gate": 1,
    "Hyde Park": 1, "Marylebone": 1,
}  # fmt: skip
SEXES = {"M": "Male", "F": "Female", None: None}
VULNERABILITIES = {
    "None identified": 0.45, "Mental health": 0.16, "Physical health": 0.08, "Disability": 0.07, "Age": 0.08,
    "Substance misuse": 0.05, "Domestic abuse": 0.04, "Not assessed": 0.07,
}  # fmt: skip

Columns = dict[str, np.ndarray]


# -- Making columns ------------------------------------------------------------------------------------


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


# -- People and places ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """The population with its wards, and the people whom several services meet."""

    people: People
    ward_names: dict[str, str]
    ward: np.ndarray  # place of each person's ward in `wards`; -1 for those who live elsewhere
    harmed: np.ndarray
    alleged: np.ndarray

    @classmethod
    def of(cls, people: People, geography: Geography, seed: int, scale: float) -> "Ground":
        places = {code: at for at, code in enumerate(sorted(geography.ward_names))}
        ward = np.array([places.get(code, -1) for code in people.ward_code])
        ground = cls(people, geography.ward_names, ward, np.empty(0, int), np.empty(0, int))
        rng = generator(seed, AGENCY, "people met by several services")
        near = ground.near(STOCK)
        harmed, alleged = (
            people.pick(rng, scaled(n, scale, 40), age=ages, residence=WESTMINSTER, weight=near)
            for n, ages in ((500, (20, 85)), (420, (13, 60)))
        )
        return replace(ground, harmed=harmed, alleged=alleged)

    @cached_property
    def wards(self) -> list[str]:
        """Names of the wards, in the order of their codes."""
        return [self.ward_names[code] for code in sorted(self.ward_names)]

    @cached_property
    def householders(self) -> np.ndarray:
        """One person of each household in the borough."""
        household = self.people.household
        first = np.full(household.max() + 1, -1)
        inside = np.flatnonzero(self.ward >= 0)
        first[household[inside][::-1]] = inside[::-1]
        return first[first >= 0]

    def near(self, shares: dict[str, float]) -> np.ndarray:
        """A chance for each person, so that the wards get their shares; 0 in other wards."""
        sizes = np.bincount(self.ward + 1, minlength=len(self.wards) + 1)
        odds = np.array([0.0, *(shares.get(name, 0) for name in self.wards)])
        return (odds / np.maximum(sizes, 1))[self.ward + 1]

    def draw(
        self, rng: np.random.Generator, n: int, pool: np.ndarray, met: float, near: np.ndarray, ages: tuple
    ) -> np.ndarray:
        """`n` different people: the share `met` from the pool, the others by their chance `near`."""
        inside = rng.permutation(pool)[: round(n * met)]
        near = near.copy()
        near[pool] = 0
        others = self.people.pick(rng, n - len(inside), age=ages, residence=WESTMINSTER, weight=near)
        return rng.permutation(np.append(inside, others))

    def homes(self, rng: np.random.Generator, wards: np.ndarray) -> np.ndarray:
        """Somebody who lives in each of `wards`: a home of its own for each as long as there are any."""
        place = self.ward[self.householders]
        home = np.zeros(len(wards), dtype=np.int64)
        for number, name in enumerate(self.wards):
            here, there = np.flatnonzero(wards == name), self.householders[place == number]
            if len(here):
                home[here] = np.resize(rng.permutation(there), len(here))
        return home

    def named(self, ward_codes: np.ndarray) -> np.ndarray:
        """Names of wards by their codes; None stays."""
        return objects(self.ward_names.get(code) for code in ward_codes)


def earlier_case(rng: np.random.Generator, days: np.ndarray, eligible: np.ndarray) -> np.ndarray:
    """For each case one of the `eligible` cases of the 365 days before it; -1 where there is none."""
    among = np.flatnonzero(eligible)
    if not len(among):
        return np.full(len(days), -1)
    first = np.searchsorted(days[among], days - 365)
    last = np.searchsorted(days[among], days)
    at = first + (rng.random(len(days)) * (last - first)).astype(np.int64)
    return np.where(last > first, among[np.minimum(at, len(among) - 1)], -1)


def first_of_chain(parent: np.ndarray) -> np.ndarray:
    """The case at the beginning of each case's chain of repeats, which is where its person was new."""
    root = np.arange(len(parent))
    for case in np.flatnonzero(parent >= 0):
        root[case] = root[parent[case]]
    return root


@dataclass(frozen=True)
class Parties:
    """Who complains of whom in cases that stand in order of their days; -1 where nobody is named."""

    complainant: np.ndarray
    perpetrator: np.ndarray
    repeats_complainant: np.ndarray
    repeats_perpetrator: np.ndarray


def parties(
    rng: np.random.Generator,
    ground: Ground,
    days: np.ndarray,
    shares: list[dict[str, float]],
    per_year: list[int],
    unnamed: float,
    met: float = 0.4,
) -> Parties:
    """The people of cases, with repeats within a year as `shares` (of each year) says.

    A repeat is a person of a case of the 365 days before, so that flags and references agree but for the
    first months, whose earlier cases nobody delivered.
    """
    kind = np.concatenate([exact(rng, n, share) for n, share in zip(per_year, shares, strict=True)])
    both, again = kind == "both", np.isin(kind, ("both", "complainant"))
    offends = np.isin(kind, ("both", "perpetrator"))
    known = offends | (rng.random(len(days)) >= unnamed / max(1e-9, 1 - offends.mean()))
    by_perpetrator = earlier_case(rng, days, known)
    by_complainant = np.where(both, by_perpetrator, earlier_case(rng, days, np.ones(len(days), bool)))
    near = ground.near(STOCK)

    def persons(parent: np.ndarray, named: np.ndarray, pool: np.ndarray, ages: tuple) -> np.ndarray:
        root = first_of_chain(parent)
        fresh = np.flatnonzero((root == np.arange(len(root))) & named)
        who = np.full(len(root), -1)
        who[fresh] = ground.draw(rng, len(fresh), pool, met, near, ages)
        return np.where(named, who[root], -1)

    everybody = np.ones(len(days), bool)
    return Parties(
        persons(np.where(again, by_complainant, -1), everybody, ground.harmed, (18, 95)),
        persons(np.where(offends, by_perpetrator, -1), known, ground.alleged, (13, 80)),
        again,
        offends,
    )


# -- Writing files -------------------------------------------------------------------------------------


def quoted_csv(table: pa.Table, *, eol: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """`table` as CSV with its texts in quotes: categories hold commas."""
    buffer = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=True, quoting_style="needed", eol=eol)
    pa.csv.write_csv(table, buffer, options)
    content = buffer.getvalue()
    return content if encoding == "utf-8" else content.decode().encode(encoding)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title lines, merged over the table, and the columns that are Excel dates (ISO texts)."""

    name: str
    table: pa.Table
    titles: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FORMAT = (
    '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
)
# Cell styles: 0 plain, 1 a date, 2 bold.
STYLES = (
    f'<styleSheet xmlns="{NAMESPACE}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="3">{FORMAT.format(0, 0)}{FORMAT.format(14, 0)}{FORMAT.format(0, 1)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def letters(position: int) -> str:
    """The letters of the spreadsheet column at `position`, from 0."""
    return (chr(64 + position // 26) if position >= 26 else "") + chr(65 + position % 26)


def sheet_xml(sheet: Sheet) -> str:
    """The sheet as the format has it: texts in place, dates as days since 1899-12-30 with a date style."""
    header = len(sheet.titles) + bool(sheet.titles) + 1
    width, rows = sheet.table.num_columns, []

    def text(column: int, row: int, value: str, style: int = 0) -> str:
        return f'<c r="{letters(column)}{row}" t="inlineStr" s="{style}"><is><t>{escape(value)}</t></is></c>'

    for row, title in enumerate(sheet.titles, start=1):
        rows.append(f'<row r="{row}">{text(0, row, title, 2)}</row>')
    headings = "".join(text(i, header, name, 2) for i, name in enumerate(sheet.table.column_names))
    rows.append(f'<row r="{header}">{headings}</row>')
    epoch = np.datetime64("1899-12-30")
    columns = []
    for position, name in enumerate(sheet.table.column_names):
        cells = []
        for row, value in enumerate(sheet.table[name].to_pylist(), start=header + 1):
            if value is None:
                cells.append("")
            elif name in sheet.dates and value[4:5] == "-":
                days = (np.datetime64(value, "D") - epoch).astype(int)
                cells.append(f'<c r="{letters(position)}{row}" s="1"><v>{days}</v></c>')
            else:
                cells.append(text(position, row, value))
        columns.append(cells)
    for row, cells in enumerate(zip(*columns, strict=True), start=header + 1):
        rows.append(f'<row r="{row}">{"".join(cells)}</row>')
    merged = "".join(
        f'<mergeCell ref="A{row}:{letters(width - 1)}{row}"/>' for row in range(1, len(sheet.titles) + 1)
    )
    merged = f'<mergeCells count="{len(sheet.titles)}">{merged}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def workbook(*sheets: Sheet) -> bytes:
    """An Excel workbook; the same sheets give the same bytes."""
    numbers = range(1, len(sheets) + 1)
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    override = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{part}.worksheet+xml"/>'
        for n in numbers
    )
    named = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{part}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{part}.styles+xml"/>{override}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}">'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId{len(sheets) + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": STYLES,
    }
    parts |= {
        f"xl/worksheets/sheet{n}.xml": sheet_xml(sheet) for n, sheet in zip(numbers, sheets, strict=True)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 10, 16, 9, 0, 0)), (XML + content).encode())
    return buffer.getvalue()


def plant_gap(
    out: Deliveries, gap_id: str, fault: str, file: str, check: str, rows: int, column: str | None = None
) -> None:
    """Note a fault that is one of the assessment's gaps; the number of the gap leads the words."""
    out.plant(f"{gap_id}: {fault}", file, check, rows=rows, column=column)


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write every delivery of the council on anti-social behaviour and what stands beside it."""
    ground = Ground.of(people, geography, seed, scale)
    write_housing(out, ground, seed, scale)
    write_noise(out, ground, seed, scale)
    referred = write_triage(out, ground, seed, scale)
    write_case_reviews(out, ground, referred, seed, scale)
    write_subjects(out, ground, seed, scale)
    write_activities(out, ground, seed, scale)
    write_licences(out, geography, seed, scale)
    write_panel(out, ground, seed, scale)
    write_modern_slavery(out, ground, seed, scale)
    never = "asb_satisfaction_answer/"
    plant_gap(out, "G043, G101", "satisfaction is asked by nobody", never, "delivery_never_received", 1)


# -- Housing -------------------------------------------------------------------------------------------

HOUSING_CASES = (395, 342)  # the year before is assumed: cases have been falling
HOUSING_CATEGORIES = {
    "Noise": 25, "Drug use/dealing": 25, "Intimidation and harassment": 24, "Violence": 6, "Vandalism": 4,
    "Misuse of communal areas": 4, "Litter, rubbish or fly-tipping": 3, "Alcohol related": 2,
    "Pets and animals": 2, "Domestic abuse": 1, "Hate incident": 1, "Vehicle nuisance": 1, "Cuckooing": 1,
    "Other": 1,
}  # fmt: skip
# What the risk depends on, besides chance.
GRAVE = {"Violence": 1.5, "Drug use/dealing": 0.6, "Intimidation and harassment": 0.6, "Domestic abuse": 1.5,
         "Hate incident": 1.0, "Cuckooing": 1.0}  # fmt: skip
REPEATS = (
    {"both": 16, "complainant": 12, "perpetrator": 25, "neither": 47},
    {"both": 18, "complainant": 12, "perpetrator": 26, "neither": 44},
)
WITHIN_30_DAYS = (0.45, 0.25)
RISKS = {"High": 0.48, "Medium": 0.33, "Low": 0.19}
ACTIONS = (
    "Warning letter", "Warning letter; Acceptable behaviour contract", "Mediation",
    "Diary sheets; Warning letter", "Notice of seeking possession", "Injunction", "Referral to support",
    "Joint visit with police", "None",
)  # fmt: skip
OUTCOMES = {"Resolved": 0.55, "Not substantiated": 0.2, "Complainant withdrew": 0.1, "Tenancy ended": 0.05,
            "Referred to another agency": 0.1}  # fmt: skip


def duration(rng: np.random.Generator, n: int, quick: float) -> np.ndarray:
    """Days until a case is closed: the share `quick` within 30, the others up to ten months."""
    soon = np.zeros(n, dtype=bool)
    soon[rng.permutation(n)[: round(quick * n)]] = True
    return np.where(
        soon, rng.integers(2, 31, size=n), 31 + np.minimum(rng.exponential(75, n), 270).astype(int)
    )


def write_housing(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """Two workbooks of housing cases: a merged title over the table, numbers and dates as text."""
    rng = generator(seed, AGENCY, "housing")
    per_year = [scaled(n, scale, 8) for n in HOUSING_CASES]
    days = np.concatenate([days_of(rng, year, n) for year, n in enumerate(per_year)])
    people, n = ground.people, len(days)
    refs = numbered("HASB{:06d}", n, 210_001)
    who = parties(rng, ground, days, list(REPEATS), per_year, unnamed=0.12)
    complainant = people.observe(
        rng, who.complainant, "housing", table="housing_asb_case", rows=refs + "/complainant"
    )
    named = np.flatnonzero(who.perpetrator >= 0)
    seen = people.observe(
        rng, who.perpetrator[named], "housing", table="housing_asb_case", rows=refs[named] + "/perpetrator"
    )
    perpetrator = {}
    for name, values in seen.items():
        perpetrator[name] = np.full(n, None, dtype=object)
        perpetrator[name][named] = values
    category = np.concatenate([exact(rng, k, HOUSING_CATEGORIES) for k in per_year])
    grave = rng.random(n) + np.array([GRAVE.get(name, 0) for name in category])
    risk = np.empty(n, dtype=object)
    first = 0
    for k in per_year:
        order = first + np.argsort(-grave[first : first + k], kind="stable")
        risk[order] = np.repeat(objects(RISKS), spread(k, np.array(list(RISKS.values())), rng))
        first += k
    lasted = np.concatenate([duration(rng, k, q) for k, q in zip(per_year, WITHIN_30_DAYS, strict=True)])
    closed = days + lasted
    still_open = closed >= np.datetime64(ANSWERED)
    ward = ground.named(complainant["ward_code"])
    estate = objects(
        w and f"{w} Estate {c}" for w, c in zip(ward, drawn(rng, n, {"A": 5, "B": 3, "C": 2}), strict=True)
    )
    to_police = rng.random(n) < np.where(grave > 1, 0.6, 0.15)
    columns = {
        "Case Ref": refs,
        "Date Opened": uk(days),
        "Case Status": np.where(still_open, "Open", "Closed").astype(object),
        "Date Closed": blank(uk(closed), still_open),
        "Days Open": objects(
            str(d) for d in np.minimum(lasted, (np.datetime64(ANSWERED) - days).astype(int))
        ),
        "ASB Category": category,
        "Risk Level": risk,
        "Risk Score": objects(str(round(12 * g)) for g in grave),
        "Estate": blank(estate, rng.random(n) < 0.2),
        "Property Address": complainant["address"],
        "Postcode": complainant["postcode"],
        "UPRN": complainant["uprn"],
        "Ward": ward,
        "Complainant ID": complainant["reference"],
        **person_columns("Complainant", complainant),
        "Complainant Ethnicity": complainant["self_defined"],
        "Complainant Vulnerability": blank(drawn(rng, n, VULNERABILITIES), rng.random(n) < 0.25),
        "Repeat Complainant": yes(who.repeats_complainant),
        "Alleged Perpetrator ID": perpetrator["reference"],
        **person_columns("Alleged Perpetrator", perpetrator),
        "Repeat Perpetrator": yes(who.repeats_perpetrator),
        "Reported To Police": yes(to_police),
        "Actions Taken": drawn(rng, n, dict.fromkeys(ACTIONS, 1)),
        "Outcome": blank(drawn(rng, n, OUTCOMES), still_open),
    }
    whole = table_of(columns)
    for year, (first, count) in enumerate(((0, per_year[0]), (per_year[0], per_year[1]))):
        label = ("2021-22", "2022-23")[year]
        table = whole.slice(first, count).combine_chunks()
        broken = broken_count(scale, count, 2)
        plants = []
        if year == 0 and broken:
            fresh = {"Case Ref": pa.array(numbered("HASB9{:05d}", broken), pa.string())}
            table = with_broken_rows(table, "Date Opened", "31/02/2022", broken, fresh)
            plants.append(("date that does not exist", "row_value_does_not_parse", broken, "Date Opened"))
        if year == 1 and broken:
            table = with_broken_rows(table, "Case Status", "Re-opened", broken)
            plants.append(("case that stands twice, re-opened", "repeated_key", broken, "Case Ref"))
            table = set_cells(table, "Ward", broken, "Bryanston & Dorset Square")
            plants.append(("ward of before May 2022", "values_in_code_list", broken, "Ward"))
        titles = (
            "Housing anti-social behaviour cases (synthetic sample)",
            f"Cases opened October to September {label}",
        )
        file = out.add(
            "housing_asb_case",
            f"Housing ASB cases {label}.xlsx",
            workbook(Sheet("Cases", table, titles), notes("housing")),
            published=ANSWERED,
            rows=table.num_rows,
        )
        for fault, check, rows, column in plants:
            out.plant(fault, file, check, rows=rows, column=column)
        what = "cases that read like crime carry no police reference"
        plant_gap(out, "G036", what, file, "column_is_delivered", table.num_rows, "Police Crime Ref")


def set_cells(table: pa.Table, column: str, count: int, value: str) -> pa.Table:
    """`table` with `value` in the first `count` cells of a column."""
    values = table[column].to_pylist()
    values[:count] = [value] * count
    return table.set_column(table.schema.get_field_index(column), column, pa.array(values, pa.string()))


def notes(subject: str) -> Sheet:
    """The sheet of remarks that workbooks carry beside the table."""
    lines = [f"Extract of {subject} cases", "Synthetic: nothing here is a real record"]
    return Sheet("Read me", pa.table({"Notes": pa.array(lines)}))


# -- Noise ---------------------------------------------------------------------------------------------

NOISE = (19_000, 16_542)
# Type: share of complaints, of which from places with 10 or more and with 3 to 9 in the year (the sums over
# the types are printed), share in the two wards, and of the rest that of Marylebone and of Harrow Road.
NOISE_TYPES = {
    "Residential": (0.39, 0.172, 0.320, 0.165, 0.08, 0.09),
    "Street": (0.28, 0.2915, 0.300, 0.50, 0.08, 0.06),
    "Commercial premises": (0.14, 0.302, 0.330, 0.46, 0.18, 0.08),
    "Construction": (0.07, 0.10, 0.237, 0.165, 0.10, 0.09),
    "Alarm": (0.05, 0.10, 0.237, 0.165, 0.10, 0.09),
    "Traffic and deliveries": (0.04, 0.10, 0.237, 0.165, 0.10, 0.09),
    "Machinery and plant": (0.03, 0.10, 0.237, 0.165, 0.10, 0.09),
}
LANCASTER_GATE = 0.075
# The two places with hundreds of complaints, and homes with more than 20: 18, of which 4 with more than 50.
WORST_STREETS = ((262, "West End"), (194, "Harrow Road"))
WORST_HOMES = (71, 62, 55, 52, 44, 39, 36, 33, 31, 29, 28, 26, 25, 24, 23, 23, 22, 22)
SUBTYPES = {
    "Residential": {
        "Loud music, TV or party": 46, "Footsteps and banging": 18, "Shouting and voices": 16,
        "Domestic appliances": 8, "Animals": 6, "Building work": 6,
    },
    "Street": {"Shouting and voices": 45, "Vehicles and pedicabs": 30, "Busking and street music": 25},
    "Commercial premises": {
        "Loud music, TV or party": 40, "Patrons leaving premises": 25, "Deliveries and collections": 20,
        "Plant or ventilation": 15,
    },
    "Construction": {"Building work": 1}, "Alarm": {"Alarm sounding": 1},
    "Traffic and deliveries": {"Deliveries and collections": 6, "Vehicles and pedicabs": 4},
    "Machinery and plant": {"Plant or ventilation": 1},
}  # fmt: skip
# Weight of each hour from midnight on, by kind of noise.
HOURS = {
    "Residential": (10, 8, 6, 4, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 4, 5, 6, 9, 11),
    "Commercial premises": (7, 4, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 4, 5, 7, 13, 13),
    "Street": (8, 5, 3, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 6, 8, 8),
    "other": (3, 2, 2, 1, 1, 2, 4, 7, 8, 8, 7, 6, 6, 6, 6, 5, 5, 4, 3, 3, 3, 3, 4, 4),
}
NOISE_OUTCOMES = {"Advice given": 0.35, "No noise heard on visit": 0.2, "Noise stopped on visit": 0.18,
                  "Informal warning": 0.12, "Abatement notice": 0.03, "No further contact": 0.12}  # fmt: skip
MOST_CALLERS = 6
EXTRA_QUARTER, TWICE_QUARTER, BROKEN_QUARTER = 2, 5, 6


def filled(rng: np.random.Generator, mass: int, low: int, high: int) -> np.ndarray:
    """Whole numbers from `low` to `high` that add up to `mass`, or to as much of it as they can."""
    sizes = rng.integers(low, high + 1, size=mass // low + 1)
    sizes = sizes[np.cumsum(sizes) <= mass]
    left = mass - int(sizes.sum())
    for at in np.flatnonzero(sizes < high)[:left]:
        sizes[at] += 1
    return sizes


def place_sizes(
    rng: np.random.Generator, total: int, heavy: float, middle: float, worst: tuple[int, ...], high: int
) -> np.ndarray:
    """Complaints of each place, the largest first.

    `heavy` and `middle` are the shares of `total` at places with 10 or more and with 3 to 9. `worst` are
    named sizes, left out of a sample too small for them; the other heavy ones have up to `high`.
    """
    named = np.array(worst if sum(worst) <= heavy * total else (), dtype=np.int64)
    many = np.append(named, filled(rng, round(heavy * total) - int(named.sum()), 10, high))
    some = filled(rng, round((heavy + middle) * total) - int(many.sum()), 3, 9)
    left = total - int(many.sum() + some.sum())
    pairs = round(0.16 * left)
    few = np.append(np.full(pairs, 2), np.ones(left - 2 * pairs, dtype=np.int64))
    return np.concatenate([many, some, few]).astype(np.int64)


def place_wards(rng: np.random.Generator, sizes: np.ndarray, shares: dict[str, float], fixed: list[str]):
    """The ward of each place: by chance for the large ones, the others so that wards get their shares."""
    names, odds = list(shares), np.array(list(shares.values()))
    odds = odds / odds.sum()
    large = sizes >= 10
    ward = np.empty(len(sizes), dtype=np.int64)
    ward[large] = rng.choice(len(names), large.sum(), p=odds)
    ward[: len(fixed)] = [names.index(name) for name in fixed]
    left = np.maximum(odds * sizes.sum() - np.bincount(ward[large], sizes[large], len(names)), 0)
    small = rng.permutation(np.flatnonzero(~large))
    middle = np.cumsum(sizes[small]) - sizes[small] / 2
    edges = np.cumsum(left) / max(1, left.sum()) * sizes[small].sum()
    ward[small] = np.minimum(np.searchsorted(edges, middle), len(names) - 1)
    return objects(names)[ward]


def noise_ward_shares(ground: Ground, kind: str) -> dict[str, float]:
    """The share of each ward in the complaints of a type."""
    _, _, _, two, marylebone, harrow_road = NOISE_TYPES[kind]
    shares = {"West End": two * 0.6, "St James's": two * 0.4}
    rest = {"Marylebone": marylebone, "Harrow Road": harrow_road, "Lancaster Gate": LANCASTER_GATE}
    others = [w for w in sorted(ground.wards) if w not in (*shares, *rest)]
    rest |= dict.fromkeys(others, (1 - sum(rest.values())) / len(others))
    return shares | {name: (1 - two) * share for name, share in rest.items()}


class Complaints(NamedTuple):
    """Noise complaints: type, place and ward of each, how many people complain of the place, and when."""

    kind: np.ndarray
    place: np.ndarray
    ward: np.ndarray
    callers: np.ndarray
    when: np.ndarray


def write_noise(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """Eight quarterly files of noise complaints."""
    rng = generator(seed, AGENCY, "noise")
    parts = []
    for kind, (share, heavy, middle, *_) in NOISE_TYPES.items():
        before: tuple[np.ndarray, np.ndarray] | None = None
        for year in (1, 0):
            total = scaled(NOISE[year] * share, scale, 3)
            worst = {"Street": [n for n, _ in WORST_STREETS], "Residential": list(WORST_HOMES)}.get(kind, [])
            worst = sorted(worst * max(1, round(scale)), reverse=True)
            sizes = place_sizes(rng, total, heavy, middle, tuple(worst), 20 if kind == "Residential" else 40)
            fixed = [w for _, w in sorted(WORST_STREETS * max(1, round(scale)), reverse=True)]
            fixed = fixed if kind == "Street" and sizes[0] > 100 else []
            wards = place_wards(rng, sizes, noise_ward_shares(ground, kind), fixed)
            place = noise_places(rng, ground, kind, year, wards)
            if before is not None:
                # A third of the places of one year are heard of in the other as well.
                again = rng.permutation(len(place))[: min(len(place), len(before[0])) // 3]
                same = again[again < len(before[0])]
                same = same[before[1][same] == wards[same]]
                place[same] = before[0][same]
            before = (place, wards)
            parts.append(
                Complaints(
                    np.full(int(sizes.sum()), kind, dtype=object),
                    np.repeat(place, sizes),
                    np.repeat(wards, sizes),
                    np.repeat(np.minimum(sizes, MOST_CALLERS), sizes),
                    noise_times(rng, kind, year, int(sizes.sum())),
                )
            )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[-1], kind="stable")
    noise_files(out, ground, rng, scale, Complaints(*(column[order] for column in columns)))


def noise_places(
    rng: np.random.Generator, ground: Ground, kind: str, year: int, wards: np.ndarray
) -> np.ndarray:
    """A text for each place: for a home the number of somebody who lives there, else of the spot."""
    if kind == "Residential":
        return objects(f"home|{person}" for person in ground.homes(rng, wards))
    label = {"Street": "Street", "Traffic and deliveries": "Road"}.get(kind, "Premises")
    spot = rng.permutation(len(wards) * 3)[: len(wards)] + (year * 10 + list(NOISE_TYPES).index(kind)) * 10**6
    return objects(f"{label}|{number}" for number in spot)


def noise_times(rng: np.random.Generator, kind: str, year: int, n: int) -> np.ndarray:
    """When complaints were received: more at weekends and a little more in summer."""
    days = np.datetime64(YEAR_STARTS[year]) + np.arange(365)
    weekday = (days.astype(int) + 3) % 7
    month = days.astype("M8[M]").astype(int) % 12 + 1
    weight = np.where(weekday >= 4, 1.45, 1.0) * np.where(
        np.isin(month, (5, 6, 7, 8)), 1.1 if year else 1.3, 1.0
    )
    hours = np.array(HOURS.get(kind, HOURS["other"]), float)
    day = rng.choice(365, n, p=weight / weight.sum())
    minute = rng.choice(24, n, p=hours / hours.sum()) * 60 + rng.integers(60, size=n)
    return days[day].astype("M8[m]") + minute


def clock(when: np.ndarray) -> np.ndarray:
    """Minutes as dd/mm/yyyy HH:MM."""
    return objects(
        f"{t[8:10]}/{t[5:7]}/{t[:4]} {t[11:]}" for t in np.datetime_as_string(when, unit="m").tolist()
    )


def noise_files(
    out: Deliveries, ground: Ground, rng: np.random.Generator, scale: float, told: Complaints
) -> None:
    """Write the complaints, which stand in the order of their times, quarter by quarter."""
    kinds, place, ward, customers, when = told
    people, n = ground.people, len(when)
    refs = objects(f"NS{str(m)[2:4]}{i:07d}" for i, m in enumerate(when.astype("M8[Y]"), start=1))
    code_of = {name: code for code, name in ground.ward_names.items()}
    wards = sorted(code_of.values())
    kind_of, _, number = zip(*(text.partition("|") for text in place), strict=True)
    number = np.array(number, dtype=np.int64)
    home = np.array(kind_of) == "home"
    at = np.where(home, number, 0)
    address = objects(
        f"{'' if k == 'Premises' else 'Sample '}{k} {v}, {w}"
        for k, v, w in zip(kind_of, number, ward, strict=True)
    )
    address = np.where(home, people.address[at], address)
    postcode = objects(
        f"ZZ{wards.index(code_of[w]) + 1} {v % 9 + 1}ZZ" for v, w in zip(number, ward, strict=True)
    )
    uprn = np.where(home, people.uprn[at], objects(f"9991{v:08d}" for v in number))
    in_street = np.isin(np.array(kind_of), ("Street", "Road"))
    # Each place has a few people who complain of it.
    _, which = np.unique(place.astype(str), return_inverse=True)
    slot = which * MOST_CALLERS + (rng.random(n) * customers).astype(np.int64)
    _, slot = np.unique(slot, return_inverse=True)
    callers = people.pick(rng, slot.max() + 1, age=(18, 95), residence=WESTMINSTER)[slot]
    seen = people.observe(rng, callers, "noise", table="noise_complaint", rows=refs)
    anonymous = rng.random(n) < 0.15
    visited = rng.random(n) < 0.4
    closed = when + rng.integers(30, 20_000, size=n)
    subtype = np.empty(n, dtype=object)
    for kind, shares in SUBTYPES.items():
        here = kinds == kind
        subtype[here] = drawn(rng, int(here.sum()), shares)
    table = table_of(
        {
            "SR Ref": refs,
            "Received": clock(when),
            "Noise Type": kinds,
            "Noise Sub Type": blank(subtype, rng.random(n) < 0.1),
            "Noise Location": address,
            "Noise Postcode": blank(np.where(home, people.postcode[at], postcode), in_street),
            "Noise UPRN": blank(uprn, in_street | (rng.random(n) < 0.04)),
            "Ward": blank(ward, rng.random(n) < 0.01),
            "Customer ID": blank(seen["reference"], anonymous),
            "Customer Forename": blank(seen["given_name"], anonymous),
            "Customer Surname": blank(seen["family_name"], anonymous),
            "Customer Postcode": blank(seen["postcode"], anonymous),
            "Statutory Nuisance": blank(yes(rng.random(n) < 0.05), ~visited),
            "Officer Visit": yes(visited),
            "Closed": clock(closed),
            "Outcome": blank(drawn(rng, n, NOISE_OUTCOMES), rng.random(n) < 0.08),
        }
    )
    quarter = (when.astype("M8[M]") - np.datetime64("2021-10", "M")).astype(int) // 3
    for q in range(8):
        first, last = np.datetime64("2021-10", "M") + 3 * q, np.datetime64("2021-10", "M") + 3 * q + 2
        rows = np.flatnonzero(quarter == q)
        noise_quarter(out, rng, scale, q, str(first), str(last), table.slice(rows[0], len(rows)))


def noise_quarter(
    out: Deliveries, rng: np.random.Generator, scale: float, q: int, first: str, last: str, table: pa.Table
) -> None:
    """Write one quarter with the faults that are planted in it."""
    published = str(np.datetime64(np.datetime64(last, "M") + 1, "D") + 16)
    plants = []
    table = table.combine_chunks()
    broken = broken_count(scale, table.num_rows)
    if q == TWICE_QUARTER and broken:
        table = pa.concat_tables([table, table.slice(0, broken)])
        plants.append(("rows twice, alike in every column", "exact_duplicates", broken, None))
    if q == BROKEN_QUARTER and broken:
        table = with_broken_rows(table, "SR Ref", None, broken)
        plants.append(("complaint without its reference", "row_key_is_blank", broken, "SR Ref"))
        table = set_cells(table, "Noise Type", broken, "Noise - misc")
        plants.append(("type that is in no list", "values_in_code_list", broken, "Noise Type"))
    if q == EXTRA_QUARTER:
        table = table.append_column("Officer Code", pa.repeat(pa.scalar("EH00"), table.num_rows))
        plants.append(("column that nobody asked for", "unexpected_column", table.num_rows, "Officer Code"))
    encoding = "cp1252" if q == 0 else "utf-8"
    name = f"noise_complaints_{first}_to_{last}_extract_{published}.csv"
    content = quoted_csv(table, encoding=encoding)
    file = out.add("noise_complaint", name, content, published=published, rows=table.num_rows)
    for fault, check, rows, column in plants:
        out.plant(fault, file, check, rows=rows, column=column)
    what = "nobody says which complaints are anti-social behaviour"
    plant_gap(out, "G032, G037", what, file, "column_is_delivered", table.num_rows, "Classed As ASB")


# -- Triage desk ---------------------------------------------------------------------------------------

REFERRALS = (144, 81)
CASES_WORKED_ON, CATEGORIES_GIVEN = 127, 391
TWO_REFERRALS = 3  # assumed
TRIAGE_CATEGORIES = {
    "Harassment, abuse or intimidation": 31, "Drugs": 17, "Noise": 14, "Cuckooing": 11,
    "Neighbour dispute": 6, "Rough sleeping": 4, "Begging": 3, "Alcohol": 3, "Violence": 3, "Youth ASB": 3,
    "Sex work": 2, "Fly-tipping and waste": 1, "Exploitation": 1, "Other": 1,
}  # fmt: skip
GIVEN_TO_CASES = {"Drugs": 0.16, "Noise": 0.13}
TRIAGE_WARDS = {"St James's": 20, "Vincent Square": 11, "Church Street": 10, "West End": 7}
TRIAGE_LANDLORDS = {
    "Westminster Housing": 19, "Notting Hill Genesis": 5, "Octavia": 5, "Peabody": 5,
    "Other registered provider": 5,
}  # fmt: skip
PRIVATE = {"Private landlord": 18, "Owner occupier": 10, "Not applicable": 14}
PRIORITIES = {"Low": 59, "Medium": 26, "High": 15}
ROLE_KNOWN = 0.45
ROLES = {"Alleged perpetrator": 55, "Victim": 35, "Witness": 10}
REFERRERS = {
    "Police": 30, "Council housing": 22, "Registered landlord": 18, "Resident": 12, "Adult social care": 8,
    "Children's services": 6, "Other": 4,
}  # fmt: skip
MARKERS = {
    "Child": "Vulnerability", "Disability": "Vulnerability", "Mental health": "Vulnerability",
    "Substance misuse": "Vulnerability", "Domestic abuse": "Vulnerability", "None identified": "Both",
    "Weapons": "Risk", "Violence to staff": "Risk", "Repeat victim": "Risk", "Escalating": "Risk",
}  # fmt: skip


def wards_of(ground: Ground, named: dict[str, float]) -> dict[str, float]:
    """Shares of all wards (of 100): the named ones, and the others alike."""
    others = [w for w in sorted(ground.wards) if w not in named]
    return named | dict.fromkeys(others, (100 - sum(named.values())) / len(others))


def case_categories(
    rng: np.random.Generator, main: np.ndarray, worked_on: np.ndarray, total: int
) -> list[set[str]]:
    """The categories of each case: its main one and others, `total` in the cases worked on."""
    given = [{category} for category in main]
    names = list(TRIAGE_CATEGORIES)

    def add(cases: np.ndarray, goal: int, category: str | None = None) -> None:
        have = sum(len(given[c]) if category is None else category in given[c] for c in cases)
        for case in rng.permutation(np.repeat(cases, 6)):
            name = category or names[rng.integers(len(names))]
            if category is None and name in GIVEN_TO_CASES:
                continue
            if have < goal and name not in given[case]:
                given[case].add(name)
                have += 1

    others = np.setdiff1d(np.arange(len(main)), worked_on)
    for cases, goal in ((worked_on, total), (others, round(3 * len(others)))):
        for category, share in GIVEN_TO_CASES.items():
            add(cases, round(share * goal), category)
        add(cases, goal)
    return given


def triage_persons(rng: np.random.Generator, ground: Ground, role: np.ndarray) -> np.ndarray:
    """Who is referred: most alleged perpetrators are men, and many are under 18."""
    who = np.zeros(len(role), dtype=np.int64)
    offends = role == "Alleged perpetrator"
    sexes, young = exact(rng, int(offends.sum()), {"M": 80, "F": 20}), rng.random(offends.sum()) < 0.45
    pools = ground.people.age("2023-04-01")[ground.alleged], ground.people.sex[ground.alleged]
    picked = np.zeros(int(offends.sum()), dtype=np.int64)
    for sex in ("M", "F"):
        for is_young in (True, False):
            here = (sexes == sex) & (young == is_young)
            met = ground.alleged[(pools[1] == sex) & ((pools[0] < 18) == is_young)][: int(here.sum() * 0.5)]
            ages = (12, 17) if is_young else (18, 60)
            others = ground.people.pick(rng, int(here.sum()) - len(met), age=ages, on="2023-04-01", sex=sex)
            picked[here] = np.append(met, others)
    who[offends] = picked
    near = ground.near(dict.fromkeys(ground.wards, 1))
    who[~offends] = ground.draw(rng, int((~offends).sum()), ground.harmed, 0.35, near, (16, 90))
    return who


def write_triage(out: Deliveries, ground: Ground, seed: int, scale: float) -> np.ndarray:
    """One workbook of referrals, with a sheet that explains the markers.

    Returns everybody who is in it, or lives in a home that is.
    """
    rng = generator(seed, AGENCY, "triage")
    per_year = [scaled(n, scale, 6) for n in REFERRALS]
    n = sum(per_year)
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(per_year)])
    refs = numbered("TR{:05d}", n, 30_001)
    # A case has one referral, but for a few that are referred again.
    twice = min(scaled(TWO_REFERRALS, scale), per_year[1] // 4)
    case = np.arange(n)
    case[-twice or n :] = case[n - 2 * twice : n - twice]
    cases = n - twice
    carried = max(0, scaled(CASES_WORKED_ON, scale) - (per_year[1] - twice))
    start = np.datetime64(YEAR_STARTS[1])
    closed = days[:cases] + rng.integers(20, 200, size=cases)
    before = np.flatnonzero(days[:cases] < start)
    late = before[-carried:] if carried else before[:0]
    closed[before] = np.minimum(closed[before], start - 1 - rng.integers(1, 9, size=len(before)))
    closed[before] = np.maximum(closed[before], days[:cases][before])
    closed[late] = start + rng.integers(3, 150, size=len(late))
    still_open = closed >= np.datetime64(ANSWERED)
    worked_on = np.union1d(late, np.flatnonzero(days[:cases] >= start))
    main = np.concatenate([exact(rng, k, TRIAGE_CATEGORIES) for k in (per_year[0], per_year[1])])[:cases]
    given = case_categories(rng, main, worked_on, scaled(CATEGORIES_GIVEN, scale, 3 * len(worked_on)))
    role = drawn(rng, n, ROLES)
    role_known = some(rng, n, ROLE_KNOWN)
    who = triage_persons(rng, ground, role)
    ward = np.concatenate([exact(rng, k, wards_of(ground, TRIAGE_WARDS)) for k in per_year])
    home = ground.homes(rng, ward)
    seen = ground.people.observe(rng, who, "asbteam", table="asb_triage_referral", rows=refs)
    landlord = np.concatenate([exact(rng, k, TRIAGE_LANDLORDS | PRIVATE) for k in per_year])
    social = np.isin(landlord, list(TRIAGE_LANDLORDS))
    unsaid = some(rng, n, 0.55)  # sex and date of birth
    marked = some(rng, n, 0.12), some(rng, n, 0.12)
    risks = drawn(
        rng,
        n,
        {"Repeat victim": 3, "Escalating": 2, "Weapons": 1, "None identified": 2, "Escalating; Weapons": 1},
    )
    vulnerable = drawn(
        rng,
        n,
        {
            "Mental health": 4,
            "Substance misuse": 3,
            "Child": 2,
            "Mental health; Disability": 1,
            "None identified": 2,
        },
    )
    columns = {
        "Referral ID": refs,
        "Referral Date": uk(days),
        "ASB Case ID": numbered("ASB{:05d}", cases, 7001)[case],
        "Case Status": np.where(still_open, "Open", "Closed").astype(object)[case],
        "Case Closed": blank(uk(closed), still_open)[case],
        "Referred By": blank(drawn(rng, n, REFERRERS), rng.random(n) < 0.05),
        "Referral Category": main[case],
        "All Categories": objects("; ".join(sorted(given[c])) for c in case),
        "Priority": np.concatenate([exact(rng, k, PRIORITIES) for k in per_year]),
        "Ward": ward,
        "Social Housing": yes(social),
        "Landlord": landlord,
        "Address": ground.people.address[home],
        "Postcode": ground.people.postcode[home],
        "UPRN": blank(ground.people.uprn[home], rng.random(n) < 0.1),
        "Person ID": seen["reference"],
        **person_columns("Person", seen),
        "Role": blank(role, ~role_known),
        "Risk Markers": blank(risks, ~marked[0]),
        "Vulnerability Markers": blank(vulnerable, ~marked[1]),
        "Outcome": blank(drawn(rng, n, OUTCOMES), still_open[case]),
    }
    for name in ("Person DOB", "Person Gender"):
        columns[name] = blank(columns[name], unsaid)
    table = table_of(columns)
    legend = pa.table({"Marker": pa.array(list(MARKERS)), "Kind": pa.array(list(MARKERS.values()))})
    title = "ASB triage desk referrals October 2021 to September 2023 (synthetic sample)"
    content = workbook(Sheet("Referrals", table, (title,)), Sheet("Markers", legend))
    file = out.add(
        "asb_triage_referral", "ASB triage referrals 2021-23.xlsx", content, published=ANSWERED, rows=n
    )
    several = sum(len(categories) > 1 for categories in given)
    what = "cases with several categories, which overlap"
    plant_gap(out, "G038", what, file, "overlapping_categories_are_never_summed", several, "All Categories")
    for fault, column, gap in (
        ("role is seldom said", "Role", "G039"),
        ("risk markers are seldom used", "Risk Markers", "G040"),
        ("vulnerability markers are seldom used", "Vulnerability Markers", "G040"),
        ("sex of the person is known for less than half", "Person Gender", "G125"),
        ("date of birth is known for less than half", "Person DOB", "G125"),
    ):
        plant_gap(out, gap, fault, file, "column_is_filled", table[column].null_count, column)
    return np.union1d(who, home)


# -- Case reviews --------------------------------------------------------------------------------------

APPLICATIONS = (31, 80)  # the year before is assumed: a great increase
# Shares of the 80: 44 are printed as upheld, the rest is assumed among the printed reasons.
DECISIONS = {"Upheld": 44, "Below threshold": 14, "Outside Westminster": 8, "Duplicate application": 7,
             "Withdrawn by applicant": 7}  # fmt: skip
REVIEW_LANDLORDS = {
    "Westminster Housing": 42, "Peabody": 5, "Notting Hill Genesis": 5, "Octavia": 2,
    "Other registered provider": 10, "Private landlord": 9, "Owner occupier": 7,
}  # fmt: skip
ISSUES = {"Noise": 40, "Harassment, abuse or intimidation": 25, "Drugs": 18, "Misuse of communal areas": 12,
          "Neighbour dispute": 5}  # fmt: skip
COMPLAINED_TO = {"Registered landlord": 20, "Council housing": 35, "Council noise service": 22, "Police": 18,
                 "Councillor or MP": 5}  # fmt: skip
LOCAL_CRITERIA = 0.1  # of those upheld, by criteria wider than the statute's (assumed)


def write_case_reviews(
    out: Deliveries, ground: Ground, referred: np.ndarray, seed: int, scale: float
) -> None:
    """Applications and their complaints, a workbook each, with Excel dates.

    None of the applicants, nor of their homes, is known to the triage desk.
    """
    rng = generator(seed, AGENCY, "case reviews")
    per_year = [scaled(n, scale, 8) for n in APPLICATIONS]
    n = sum(per_year)
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(per_year)])
    kind = np.concatenate([exact(rng, k, DECISIONS) for k in per_year])
    refs = numbered("CR{:05d}", n, 401)
    near = ground.near(STOCK)
    known = np.isin(ground.people.household, ground.people.household[referred])
    near[known] = 0
    who = ground.people.pick(rng, n, age=(20, 90), residence=WESTMINSTER, weight=near)
    met = ground.harmed[~known[ground.harmed]][: round(0.3 * n)]
    who[rng.permutation(n)[: len(met)]] = met
    elsewhere = kind == "Outside Westminster"
    who[elsewhere] = ground.people.pick(rng, int(elsewhere.sum()), age=(20, 90), residence=OTHER_LONDON)
    # One that repeats another has the person and the complaints of the one before it.
    like = np.arange(n)
    for at in np.flatnonzero((kind == "Duplicate application") & (like > 0)):
        like[at] = like[at - 1]
    who = who[like]
    seen = ground.people.observe(rng, who, "casereview", table="asb_case_review", rows=refs)
    upheld = kind == "Upheld"
    statutory = upheld & (rng.random(n) >= LOCAL_CRITERIA)
    decided = days + rng.integers(10, 75, size=n)
    held = decided + rng.integers(14, 60, size=n)
    number = np.select(
        [statutory, upheld, kind == "Below threshold"],
        [rng.integers(3, 9, size=n), rng.integers(3, 5, size=n), rng.integers(1, 4, size=n)],
        rng.integers(2, 6, size=n),
    )[like]
    unreviewed = np.zeros(n, dtype=bool)
    unreviewed[upheld] = some(rng, int(upheld.sum()), 0.55)
    iso = np.datetime_as_string
    columns = {
        "Application Ref": refs,
        "Application Date": iso(days).astype(object),
        "Applicant ID": seen["reference"],
        **person_columns("Applicant", seen),
        "Address": seen["address"],
        "Postcode": seen["postcode"],
        "UPRN": seen["uprn"],
        "Ward": ground.named(seen["ward_code"]),
        "Landlord": np.concatenate([exact(rng, k, REVIEW_LANDLORDS) for k in per_year]),
        "Main Issue": blank(drawn(rng, n, ISSUES), some(rng, n, 0.55)),
        "Complaints Stated": objects(str(k) for k in number),
        "Decision": np.where(upheld, "Upheld", "Not upheld").astype(object),
        "Reason Not Upheld": blank(kind, upheld),
        "Decision Date": iso(decided).astype(object),
        "Known To ASB Team": np.full(n, "No", dtype=object),
        "Review Date": blank(iso(held).astype(object), ~upheld | unreviewed),
    }
    columns["Applicant DOB"] = seen["birth_date"]
    silent = rng.permutation(np.flatnonzero(~upheld))[: max(1, round(0.25 * (~upheld).sum()))]
    columns["Reason Not Upheld"][silent] = None
    table = table_of(columns)
    dates = ("Application Date", "Applicant DOB", "Decision Date", "Review Date")
    title = "ASB case review applications (synthetic sample)"
    file = out.add(
        "asb_case_review",
        "ASB case review applications 2021-23.xlsx",
        workbook(Sheet("Applications", table, (title,), dates), notes("case review")),
        published=ANSWERED,
        rows=n,
    )
    for fault, column, gap in (
        ("no link to the cases of the triage desk", "ASB Team Case ID", "G044"),
        ("whether the local or the statutory criteria were met is not said", "Threshold Basis", "G045"),
        ("recommendations are not recorded, but must be returned", "Recommendations Made", "G046"),
    ):
        plant_gap(out, gap, fault, file, "column_is_delivered", n, column)
    for fault, column, rows, gap in (
        ("long disputes are put under no issue", "Main Issue", table["Main Issue"].null_count, "G041"),
        ("reason is not said of each application that failed", "Reason Not Upheld", len(silent), "G042"),
        (
            "day of the review is seldom recorded",
            "Review Date",
            int(unreviewed.sum()),
            "G046",
        ),
    ):
        plant_gap(out, gap, fault, file, "column_is_filled", rows, column)
    kind, statutory, days = (column[like] for column in (kind, statutory, days))
    write_complaints(out, rng, scale, refs, Applications(days, kind, statutory, number, like))


class Applications(NamedTuple):
    """What the complaints depend on; `like` is the application whose complaints each one has."""

    day: np.ndarray
    kind: np.ndarray
    statutory: np.ndarray
    number: np.ndarray
    like: np.ndarray


def write_complaints(
    out: Deliveries, rng: np.random.Generator, scale: float, refs: np.ndarray, of: Applications
) -> None:
    """The complaints that each application rests on, of which some do not qualify."""
    n, first = len(refs), np.cumsum(of.number) - of.number
    app = np.repeat(np.arange(n), of.number)
    place = np.arange(len(app)) - first[app]
    ago = rng.integers(3, 150, size=len(app))
    delay = rng.integers(0, 22, size=len(app))
    # A complaint does not qualify if it is older than six months, or was made more than a month after.
    below = of.kind[app] == "Below threshold"
    too_old = (((of.kind[app] == "Upheld") & ~of.statutory[app]) | below) & (place >= 2)
    ago = np.where(too_old, rng.integers(200, 400, size=len(app)), ago)
    delay = np.where(below & (place == 1), rng.integers(40, 120, size=len(app)), delay)
    made = of.day[app] - ago
    behaviour = np.datetime_as_string(made - delay).astype(object)
    behaviour[rng.random(len(app)) < 0.08] = None
    same = first[of.like[app]] + place
    made, behaviour = made[same], behaviour[same]
    columns = {
        "Application Ref": refs[app],
        "Complaint No": objects(str(k + 1) for k in place),
        "Date Of Behaviour": behaviour,
        "Date Of Complaint": np.datetime_as_string(made).astype(object),
        "Complained To": drawn(rng, len(app), COMPLAINED_TO)[same],
        "Their Ref": blank(numbered("X{:06d}", len(app)), rng.random(len(app)) < 0.5)[same],
        "Behaviour": drawn(rng, len(app), ISSUES)[same],
    }
    table = table_of(columns)
    vague = broken_count(scale, len(app), 2)
    table = set_cells(table, "Date Of Behaviour", vague, "last summer") if vague else table
    sheet = Sheet("Complaints", table, (), ("Date Of Behaviour", "Date Of Complaint"))
    file = out.add(
        "asb_case_review_complaint",
        "ASB case review complaints 2021-23.xlsx",
        workbook(sheet, notes("case review")),
        published=ANSWERED,
        rows=table.num_rows,
    )
    out.plant("date in words among Excel dates", file, "values_parse", rows=vague, column="Date Of Behaviour")


# -- The other files -----------------------------------------------------------------------------------

SUBJECTS = (84, 96)  # assumed
SUBJECT_TYPES = {"Drugs": 25, "Cuckooing": 18, "Harassment, abuse or intimidation": 20, "Youth ASB": 15,
                 "Noise": 10, "Exploitation": 7, "Other": 5}  # fmt: skip


def write_subjects(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """People in the multi-agency system: names and little else, in the encoding of an old export."""
    rng = generator(seed, AGENCY, "e-cins")
    n = [scaled(k, scale, 6) for k in SUBJECTS]
    days = np.concatenate([days_of(rng, year, k) for year, k in enumerate(n)])
    n = sum(n)
    near = ground.near(STOCK)
    alleged = rng.random(n) < 0.75
    who = np.zeros(n, dtype=np.int64)
    who[alleged] = ground.draw(rng, int(alleged.sum()), ground.alleged, 0.7, near, (13, 60))
    who[~alleged] = ground.draw(rng, int((~alleged).sum()), ground.harmed, 0.5, near, (16, 85))
    # A case has one to three people.
    case = np.cumsum(rng.random(n) < 0.65)
    cases = numbered("EC{:05d}", int(case.max()) + 1, 1201)[case]
    seen = ground.people.observe(rng, who, "ecins", table="ecins_subject", rows=cases)
    people = person_columns("Subject", seen)
    del people["Subject Gender"]
    closed = days + rng.integers(60, 400, size=n)
    role = np.where(alleged, "Alleged perpetrator", "Victim").astype(object)
    table = table_of(
        {
            "Profile ID": seen["reference"],
            "E-CINS Case": cases,
            "Date Added": uk(days),
            "Case Type": drawn(rng, n, SUBJECT_TYPES),
            "Lead Agency": drawn(rng, n, {"Council ASB team": 6, "Police": 3, "Council housing": 1}),
            "Subject Role": blank(role, some(rng, n, 0.6)),
            **people,
            "Subject Address": seen["address"],
            "Subject Postcode": seen["postcode"],
            "Subject Ward": ground.named(seen["ward_code"]),
            "Date Closed": blank(uk(closed), closed >= np.datetime64(ANSWERED)),
        }
    )
    content = quoted_csv(table, encoding="cp1252")
    file = out.add(
        "ecins_subject", "ecins_subjects_2021-10_to_2023-09.csv", content, published=ANSWERED, rows=n
    )
    for column in ("Subject Gender", "Subject Ethnicity", "Risk", "Vulnerability"):
        plant_gap(out, "G104", "little is recorded of the people", file, "column_is_delivered", n, column)
    unsaid = table["Subject Role"].null_count
    plant_gap(out, "G104", "role is seldom said", file, "column_is_filled", unsaid, "Subject Role")


ACTIVITIES = (2_450, 2_600)  # assumed
PROBLEM_SOLVING = 0.35
# In order: the sex industry is the fourth in problem solving, theft and robbery a large part of it.
PROBLEMS = {
    "Street cleanliness and waste": 25, "Theft and robbery": 15, "Pedicabs": 13, "Sex industry": 10,
    "Aggressive begging": 9, "Street population": 8, "Noise": 7, "Drugs": 6, "Licensed premises": 4,
    "Youth ASB": 2, "Other": 1,
}  # fmt: skip
WORK = {"Street cleanliness and waste": 35, "Community engagement": 25, "Crime prevention": 14, "Noise": 8,
        "Pedicabs": 5, "Aggressive begging": 4, "Street population": 4, "Other": 5}  # fmt: skip
MISSING_MONTH = "2022-05"


def write_activities(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """The work of the neighbourhood co-ordinators, a file a year; one month was never sent."""
    rng = generator(seed, AGENCY, "neighbourhood")
    every = dict.fromkeys(sorted(ground.wards), 1.0)
    west_end = every | {"West End": 24, "St James's": 24}
    number = 1
    for year, total in enumerate(ACTIVITIES):
        n = scaled(total, scale, 48)
        days = days_of(rng, year, n)
        solving = rng.random(n) < PROBLEM_SOLVING
        issue = np.empty(n, dtype=object)
        issue[solving] = exact(rng, int(solving.sum()), PROBLEMS)
        issue[~solving] = exact(rng, int((~solving).sum()), WORK)
        central = np.isin(issue, ("Pedicabs", "Aggressive begging", "Street population", "Sex industry"))
        table = table_of(
            {
                "Activity Ref": numbered("NC{:06d}", n, number),
                "Activity Date": uk(days),
                "Activity Type": np.where(solving, "Problem solving", "Activity").astype(object),
                "Issue": issue,
                "Activity Ward": np.where(central, drawn(rng, n, west_end), drawn(rng, n, every)),
                "Partners Involved": drawn(
                    rng, n, {"Police": 3, "Police; Licensing": 1, "Waste team": 3, None: 4}
                ),
                "Hours": drawn(rng, n, {"0.5": 3, "1": 5, "1.5": 2, "2": 3, "4": 1}),
                "Progress": blank(
                    drawn(rng, n, {"Solved": 4, "Open": 3, "Recurring": 3}), ~solving & (rng.random(n) < 0.4)
                ),
            }
        )
        number += n
        gone = days.astype("M8[M]") == np.datetime64(MISSING_MONTH, "M")
        table = table.filter(pa.array(~gone))
        name = f"neighbourhood_coordinators_{('2021-22', '2022-23')[year]}.csv"
        content = quoted_csv(table, eol="\n")
        file = out.add("neighbourhood_activity", name, content, published=ANSWERED, rows=table.num_rows)
        out.plant("a month that was not sent", file, "month_is_missing", rows=int(gone.sum()),
                  column="Activity Date", month=MISSING_MONTH)  # fmt: skip


LICENCES = 3_700  # assumed
LICENCE_WARDS = {"West End": 33, "St James's": 21, "Marylebone": 7, "Lancaster Gate": 5}
PREMISES = {"Restaurant": 40, "Public house or bar": 15, "Shop": 22, "Hotel": 9, "Night club": 3,
            "Theatre or cinema": 4, "Takeaway": 7}  # fmt: skip
REGISTERS = ("2022-09-30", "2023-09-30")


def write_licences(out: Deliveries, geography: Geography, seed: int, scale: float) -> None:
    """The register of premises licences on two days, as Parquet with typed columns."""
    rng = generator(seed, AGENCY, "licences")
    n = scaled(LICENCES, scale, 40)
    others = [name for name in sorted(geography.ward_names.values()) if name not in LICENCE_WARDS]
    shares = LICENCE_WARDS | dict.fromkeys(others, (100 - sum(LICENCE_WARDS.values())) / len(others))
    ward = exact(rng, n, shares)
    codes = {name: code for code, name in geography.ward_names.items()}
    lsoas = {
        name: sorted({r["lsoa_2021_code"] for r in geography.lsoas if r["ward_code"] == codes[name]})
        for name in codes
    }
    lsoa = objects(
        lsoas[name][at % len(lsoas[name])] for name, at in zip(ward, rng.integers(10**6, size=n), strict=True)
    )
    kind = drawn(rng, n, PREMISES)
    since = np.datetime64("2005-11-24") + rng.integers(17 * 365 + 300, size=n)
    late = np.isin(kind, ("Public house or bar", "Night club"))
    hour = np.where(
        late,
        drawn(rng, n, {"01:00": 4, "03:00": 3, "00:30": 3, "06:00": 1}),
        drawn(rng, n, {"23:00": 4, "23:30": 4, "00:00": 3}),
    )
    district = sorted(codes)
    table = pa.table(
        {
            "Licence Number": pa.array(numbered("LIP{:06d}", n, 1), pa.string()),
            "Premises Name": pa.array([f"Sample {k} {i}" for i, k in enumerate(kind, start=1)], pa.string()),
            "Premises Type": pa.array(kind, pa.string()),
            "Premises Address": pa.array(
                [f"{i % 180 + 1} Sample Parade {i // 180 + 1}" for i in range(n)], pa.string()
            ),
            "Premises Postcode": pa.array(
                [f"ZZ{district.index(w) + 1} {i % 9 + 1}ZX" for i, w in enumerate(ward)], pa.string()
            ),
            "Premises UPRN": pa.array(numbered("9992{:08d}", n), pa.string()),
            "Premises Ward": pa.array(ward, pa.string()),
            "Premises LSOA": pa.array(lsoa, pa.string()),
            "Licensed From": pa.array(since.astype("M8[D]").astype(object), pa.date32()),
            "Alcohol": pa.array(rng.random(n) < 0.86),
            "Terminal Hour": pa.array(blank(hour, rng.random(n) < 0.03), pa.string()),
            "Capacity": pa.array(rng.integers(20, 600, size=n), pa.int32(), mask=rng.random(n) < 0.3),
            "Cumulative Impact Area": pa.array(np.isin(ward, WARDS) & (rng.random(n) < 0.85)),
        }
    )
    for day in REGISTERS:
        rows = table.filter(pa.array(since <= np.datetime64(day)))
        buffer = io.BytesIO()
        pa.parquet.write_table(rows, buffer, compression="zstd")
        name = f"licensing_register_{day}.parquet"
        out.add("licensing_premises", name, buffer.getvalue(), published=day, rows=rows.num_rows)


RESPONDENTS = 156
HAPPY, UNHAPPY = ("Very satisfied", "Fairly satisfied"), ("Fairly dissatisfied", "Very dissatisfied")
NEITHER = "Neither satisfied nor dissatisfied"
# Question: shares of the answers, and of the respondents to whom it applies (assumed).
ANSWERS = {
    "Q01": (
        1.0,
        {"Very confident": 22, "Fairly confident": 38, "Not very confident": 27, "Not at all confident": 13},
    ),
    "Q02": (0.64, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (8, 18, 27, 27, 20), strict=True))),
    "Q03": (0.5, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (12, 22, 28, 22, 16), strict=True))),
    "Q04": (1.0, {"Yes, a lot": 35, "Yes, some": 47, "No": 14, "Don't know": 4}),
    "Q05": (0.6, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (5, 14, 26, 29, 26), strict=True))),
    "Q06": (0.6, dict(zip((*HAPPY, NEITHER, *UNHAPPY), (10, 24, 26, 22, 18), strict=True))),
}
BANDS = {"16-24": 4, "25-34": 14, "35-44": 18, "45-54": 20, "55-64": 21, "65+": 23, None: 4}


def write_panel(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """The one consultation of 2023: a row for each respondent and question."""
    rng = generator(seed, AGENCY, "panel")
    n = scaled(RESPONDENTS, scale, 20)
    respondent = {
        "Respondent": numbered("P{:05d}", n),
        "Date Answered": uk(np.sort(np.datetime64("2023-05-15") + rng.integers(40, size=n))),
        "Respondent Group": drawn(rng, n, {"Residents' panel": 7, "Community consultation": 3}),
        "Home Ward": blank(drawn(rng, n, wards_of(ground, {})), rng.random(n) < 0.08),
        "Age Group": drawn(rng, n, BANDS),
        "Gender": drawn(rng, n, {"Female": 54, "Male": 42, None: 4}),
        "Ethnic Group": blank(
            drawn(rng, n, {"W1": 55, "W9": 20, "A9": 8, "B2": 6, "M9": 5, "NS": 6}), rng.random(n) < 0.1
        ),
    }
    parts = []
    for question, (applies, shares) in ANSWERS.items():
        answer = np.full(n, "Does not apply", dtype=object)
        asked = rng.permutation(n)[: round(applies * n)]
        answer[asked] = exact(rng, len(asked), shares)
        parts.append(
            table_of(respondent | {"Question No": np.full(n, question, dtype=object), "Answer": answer})
        )
    table = pa.concat_tables(parts)
    table = table.take(pa.array(np.argsort(np.tile(np.arange(n), len(parts)), kind="stable")))
    content = quoted_csv(table, eol="\n")
    out.add(
        "residents_panel_answer",
        "residents_panel_2023.csv",
        content,
        published="2023-08-31",
        rows=table.num_rows,
    )


SLAVERY = ((19, 2), (24, 3))  # referrals and duties to notify; the year before is assumed
EXPLOITATION = {
    True: {"County lines": 45, "Criminal exploitation": 30, "Sexual exploitation": 15, "Not known": 10},
    False: {"Labour exploitation": 35, "Sexual exploitation": 25, "Domestic servitude": 20,
            "Criminal exploitation": 15, "Not known": 5},
}  # fmt: skip


def write_modern_slavery(out: Deliveries, ground: Ground, seed: int, scale: float) -> None:
    """The council's log of modern slavery referrals and duties to notify (adults who do not consent)."""
    rng = generator(seed, AGENCY, "modern slavery")
    days, notified = [], []
    for year, counts in enumerate(SLAVERY):
        kinds = np.repeat([False, True], [scaled(k, scale, 1) for k in counts])
        days.append(days_of(rng, year, len(kinds)))
        notified.append(rng.permutation(kinds))
    days, notified = np.concatenate(days), np.concatenate(notified)
    n = len(days)
    child = ~notified & (rng.random(n) < 0.55)
    kind = np.where(child, drawn(rng, n, EXPLOITATION[True]), drawn(rng, n, EXPLOITATION[False]))
    decision = drawn(rng, n, {"Positive": 80, "Negative": 8, "Pending": 12})
    table = table_of(
        {
            "NRM Ref": numbered("MS{:04d}", n, 101),
            "Date Submitted": uk(days),
            "NRM Or DtN": np.where(notified, "Duty to notify", "NRM").astype(object),
            "Adult Or Child": np.where(child, "Child", "Adult").astype(object),
            "Sex": drawn(rng, n, {"Male": 62, "Female": 38}),
            "Nationality": drawn(rng, n, {"British": 45, "Albanian": 20, "Vietnamese": 12, "Other": 23}),
            "Exploitation Type": kind,
            "Submitting Service": np.where(child, "Children's services", "Adult social care").astype(object),
            "Reasonable Grounds": blank(decision, notified),
        }
    )
    out.add(
        "nrm_referral",
        "nrm_referrals_2021-10_to_2023-09.csv",
        quoted_csv(table, eol="\n"),
        published=ANSWERED,
        rows=n,
    )
