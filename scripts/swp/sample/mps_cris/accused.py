"""The table of the accused."""

from dataclasses import dataclass

import numpy as np

from swp.sample.blocks import Block
from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME
from swp.sample.mps_cris.basics import ACCUSED, AGENCY, DRUGS, HO_CODES, MINORS, MINUTE, YEARS, Year
from swp.sample.mps_cris.columns import blanked, count_blanks, day, drawn, plant_blanks
from swp.sample.mps_cris.persons import (
    MET_AS_OFFENDER,
    PARTNERS,
    Partners,
    draw_bands,
    draw_people,
    draw_residence,
    residence_columns,
)
from swp.sample.mps_cris.reports import Reports
from swp.sample.people import People, age_on
from swp.sample.workbooks import Book

SHEET = "Accused"

ACCUSED_AGES, DRUGS_ACCUSED_AGES = (
    (0.06, 0.23, 0.32, 0.21, 0.12, 0.05, 0.01),
    (0.03, 0.41, 0.29, 0.15, 0.08, 0.03, 0.01),
)


@dataclass
class Offenders:
    """Who is accused of what: positions of reports and persons."""

    report: np.ndarray
    person: np.ndarray


def draw_accused(people: People, reports: Reports, partners: Partners, rng: np.random.Generator) -> Offenders:
    """Somebody accused in most detected crimes, of hate crime in fewer (86 are printed)."""
    n = len(reports)
    has = reports.detected & (rng.random(n) < np.where(reports.flags["hate"], 0.37, 0.85))
    report = np.flatnonzero(has)
    report = np.sort(np.append(report, report[rng.random(len(report)) < 0.06]))
    major = reports.major[report]
    band = draw_bands(rng, major, {DRUGS: DRUGS_ACCUSED_AGES}, ACCUSED_AGES)
    female = rng.random(len(report)) < reports.trait("accused_f")[report]
    share = reports.trait("accused_resident")[report]
    residence = draw_residence(rng, share, reports.ward[report], 1, 0.17, band)
    person = draw_people(rng, people, female, band, residence, repeat=0.35, met=MET_AS_OFFENDER)
    for at in np.flatnonzero(reports.flags["domestic"][report]):
        person[at] = partners.person.get(int(report[at]), person[at])
    return Offenders(report, person)


class AccusedFile:
    """The accused of one year: a workbook with two rows of title. From April 2023 their homes are blank."""

    def __init__(self, out: Deliveries, year: Year):
        self.out, self.year, self.book = out, year, Book()
        self.file = out.begin(ACCUSED, f"{ACCUSED}_{year.months}.xlsx", published=year.published)
        self.book.append("Cover", [["Synthetic sample: no real person"]])
        title = f"Accused, {HOME[1]}, {year.first} to {year.last}"
        self.book.append(SHEET, [[title], ["Synthetic sample"], []])
        self.rows = 0

    def add(
        self, people: People, reports: Reports, offenders: Offenders, rng: np.random.Generator, block: Block
    ) -> None:
        """Add the accused of one block."""
        columns = accused_columns(people, reports, offenders, rng)
        texts = (np.asarray(values, object).tolist() for values in columns.values())
        body = [list(row) for row in zip(*texts, strict=True)]
        broken, year = block.broken_count(len(body), 3), self.year.last[2:4]
        for i in range(broken):
            body.append([*body[i][:-2], "not given", body[i][-1]])
            body[-1][0] = f"69{year}9{i:02d}/{year}"
        self.book.append(SHEET, body if self.rows else [list(columns), *body])
        self.rows += len(body)
        self.file.counted["broken"] += broken
        category = columns["RES_CATEGORY"]
        at_home = ~np.isin(category.astype(str), ["Outside London", "No Fixed Abode"])
        for column in ("IC_CODE", "REL_TO_VICTIM", "RES_CATEGORY"):
            count_blanks(self.file, column, columns[column])
        count_blanks(self.file, "RES_BOROUGH", columns["RES_BOROUGH"][at_home])

    def end(self) -> None:
        """Finish the file and note what was planted in it."""
        self.file.write(self.book.content(), self.rows)
        out, file = self.out, self.out.end(self.file)
        broken = self.file.counted["broken"]
        out.plant("date that is none", file, "row_value_does_not_parse", rows=broken, column="CHARGE_DATE")
        plant_blanks(out, "G123: ethnic appearance not always said", self.file, "IC_CODE", 10)
        plant_blanks(out, "G086: what they are to the victim seldom said", self.file, "REL_TO_VICTIM", 80)
        if self.year is YEARS[1]:
            what = "G020, G107, G119, G131: residence not supplied from April 2023"
            for column in ("RES_CATEGORY", "RES_BOROUGH"):
                plant_blanks(out, what, self.file, column, 40)


def accused_columns(
    people: People,
    reports: Reports,
    offenders: Offenders,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """The accused, each value as it stands in its cell."""
    report, person = offenders.report, offenders.person
    n, last_day = len(report), np.datetime64(reports.year.last, "M") + 1
    starts = np.append(True, report[1:] != report[:-1])
    sequence = np.arange(n) - np.maximum.accumulate(np.where(starts, np.arange(n), 0)) + 1
    rows = np.array(
        [f"{reports.reference[r]}-{s}" for r, s in zip(report, sequence, strict=True)], dtype=object
    )
    seen = people.observe(rng, person, AGENCY, error=0.02, table=ACCUSED, rows=rows)
    age = np.maximum(age_on(people.birth_date[person], reports.committed_from[report].astype("M8[D]")), 10)
    given = (reports.recorded[report] + (rng.exponential(7, n) * 1440).astype(int) * MINUTE).astype("M8[D]")
    given = np.minimum(given, last_day.astype("M8[D]") - 1)
    disposal = np.array(
        [{"1": "Charged", "2": "Youth Caution", "3": "Adult Caution", "6": "Penalty Notice for Disorder",
          "7": "Cannabis Warning"}[code] for code in reports.outcome[report]],
        dtype=object,
    )  # fmt: skip
    charged = np.flatnonzero(disposal == "Charged")
    disposal[charged] = drawn(rng, {"Charged": 0.85, "Further Charge": 0.1, "Summonsed": 0.05}, len(charged))
    disposal[(disposal == "Adult Caution") & (age < 18)] = "Youth Caution"
    late = given >= np.datetime64("2023-04-01")
    blank = rng.random(n) < np.where(late, 0.93, 0.12)
    category, borough, _, postcode, address = residence_columns(
        people, person, seen, np.arange(n), blank, rng.random(n) < 0.04
    )
    relation = np.full(n, None, dtype=object)
    for sex, shares in PARTNERS.items():
        here = np.flatnonzero(reports.flags["domestic"][report] & (people.sex[person] == sex))
        relation[here] = drawn(rng, shares, len(here))
    code = [next(iter(HO_CODES[MINORS[minor]])) for minor in reports.minor[report]]
    return {
        "CRIME_REF_NO": reports.reference[report],
        "ACCUSED_SEQ": sequence,
        "ACCUSED_KEY": seen["reference"],
        "FORENAME": seen["given_name"],
        "SURNAME": seen["family_name"],
        "DOB": np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in seen["birth_date"]], dtype=object),
        "AGE": blanked(age, rng.random(n) < 0.02),
        "SEX": seen["sex"],
        "IC_CODE": blanked(seen["ic_code"], rng.random(n) < 0.22),
        "SDE_CODE": blanked(seen["self_defined"], rng.random(n) < 0.3),
        "RES_CATEGORY": category,
        "RES_BOROUGH": borough,
        "RES_POSTCODE": postcode,
        "RES_ADDRESS": address,
        "REL_TO_VICTIM": relation,
        "DISPOSAL": disposal,
        "CHARGE_DATE": day(given),
        "CHARGED_HO_CODE": blanked(np.array(code, dtype=object), rng.random(n) < 0.03),
    }
