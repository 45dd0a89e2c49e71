"""The table of suspects."""

import numpy as np
import pyarrow as pa

from swp.sample.blocks import Block
from swp.sample.deliveries import Deliveries
from swp.sample.faults import with_broken_rows
from swp.sample.mps_cris.accused import Offenders
from swp.sample.mps_cris.basics import AGENCY, DRUGS, ROBBERY, SUSPECT, THEFT, VIOLENCE, Year
from swp.sample.mps_cris.columns import blanked, count_blanks, drawn, plant_blanks, text_table
from swp.sample.mps_cris.persons import (
    MET_AS_OFFENDER,
    PARTNERS,
    STRANGERS,
    Partners,
    draw_bands,
    draw_people,
)
from swp.sample.mps_cris.reports import Reports
from swp.sample.people import People, age_on

SUSPECT_AGES = {
    ROBBERY: (0.26, 0.36, 0.21, 0.10, 0.05, 0.02, 0.0), THEFT: (0.09, 0.24, 0.30, 0.20, 0.11, 0.05, 0.01),
    DRUGS: (0.04, 0.41, 0.29, 0.14, 0.08, 0.03, 0.01),
}  # fmt: skip
OTHER_SUSPECT_AGES = (0.13, 0.25, 0.27, 0.17, 0.10, 0.06, 0.02)


class SuspectFile:
    """The suspects of one year."""

    def __init__(self, out: Deliveries, year: Year):
        self.out = out
        self.file = out.begin(SUSPECT, f"{SUSPECT}_{year.months}.parquet", published=year.published)

    def add(
        self,
        people: People,
        reports: Reports,
        partners: Partners,
        offenders: Offenders,
        rng: np.random.Generator,
        block: Block,
    ) -> None:
        """Add the suspects of one block."""
        columns = suspect_columns(people, reports, partners, offenders, rng)
        table = text_table(columns)
        total = table.num_rows
        broken, twice = block.broken_count(total, 4), block.broken_count(total, 10)
        table = with_broken_rows(table, "SUSPECT_SEQ", None, broken)
        again = table.slice(0, twice).set_column(
            table.schema.get_field_index("SEX"), "SEX", pa.array(["U"] * twice, pa.string())
        )
        self.file.write_table(pa.concat_tables([table, again]))
        self.file.counted["broken"] += broken
        self.file.counted["twice"] += twice
        for column in ("SUSPECT_KEY", "AGE", "SEX", "IC_CODE"):
            count_blanks(self.file, column, columns[column])

    def end(self) -> None:
        """Finish the file and note what was planted in it."""
        out, file, counted = self.out, self.out.end(self.file), self.file.counted
        out.plant(
            "blank sequence of the suspect",
            file,
            "row_key_is_blank",
            rows=counted["broken"],
            column="SUSPECT_SEQ",
        )
        out.plant("suspect sent twice, with another sex", file, "repeated_key", rows=counted["twice"])
        for column, gaps in (
            ("RES_CATEGORY", "G063, G091, G103, G107, G119: no residence of suspects"),
            ("RES_BOROUGH", "G063, G091, G103, G107, G119: no home borough of suspects"),
        ):
            out.plant(gaps, file, "column_is_delivered", rows=self.file.rows, column=column)
        for column, gaps in (
            ("AGE", "G050, G057, G059: age of the suspect mostly blank"),
            ("IC_CODE", "G050, G062, G076: ethnic appearance of the suspect often blank"),
        ):
            plant_blanks(out, gaps, self.file, column, 40)
        plant_blanks(out, "G077, G128: sex of the suspect not always said", self.file, "SEX", 10)
        plant_blanks(out, "most suspects are known by description only", self.file, "SUSPECT_KEY", 60)


def suspect_columns(
    people: People,
    reports: Reports,
    partners: Partners,
    offenders: Offenders,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """The suspects, as texts: the accused, and others, most of them known by description only."""
    n = len(reports)
    accused = np.zeros(n, dtype=bool)
    accused[offenders.report] = True
    others = np.flatnonzero(~accused & (rng.random(n) < reports.trait("suspect")))
    more = others[np.isin(reports.major[others], [ROBBERY, VIOLENCE]) & (rng.random(len(others)) < 0.22)]
    loose = np.concatenate([others, more])
    major = reports.major[loose]
    band = draw_bands(rng, major, SUSPECT_AGES, OTHER_SUSPECT_AGES)
    female = rng.random(len(loose)) < np.where(
        reports.flags["hate"][loose], 0.13, reports.trait("suspect_f")[loose]
    )
    residence = rng.choice([0, 1, 2], len(loose), p=[0.2, 0.65, 0.15])
    person = draw_people(rng, people, female, band, residence, repeat=0.25, met=MET_AS_OFFENDER)
    for at in np.flatnonzero(reports.flags["domestic"][loose][: len(others)]):
        person[at] = partners.person.get(int(loose[at]), person[at])
    report = np.concatenate([offenders.report, loose])
    person = np.concatenate([offenders.person, person])
    named = np.concatenate([np.ones(len(offenders.report), dtype=bool), rng.random(len(loose)) < 0.28])
    named |= reports.flags["domestic"][report] & (rng.random(len(report)) < 0.85)
    order = np.argsort(report, kind="stable")
    report, person, named = report[order], person[order], named[order]
    starts = np.append(True, report[1:] != report[:-1])
    sequence = np.arange(len(report)) - np.maximum.accumulate(np.where(starts, np.arange(len(report)), 0)) + 1
    rows = np.array(
        [f"{reports.reference[r]}-{s}" for r, s in zip(report, sequence, strict=True)], dtype=object
    )
    total, at = len(report), np.flatnonzero(named)
    seen = people.observe(rng, person[at], AGENCY, error=0.05, table=SUSPECT, rows=rows[at])
    committed = reports.committed_from[report].astype("M8[D]")
    age = np.maximum(age_on(people.birth_date[person], committed), 10)
    guess = ~named & (rng.random(total) < 0.7)
    age = np.where(guess, (age + 2) // 5 * 5, age).astype(str).astype(object)
    domestic, hate = reports.flags["domestic"][report], reports.flags["hate"][report]
    no_age = rng.random(total) >= np.where(hate, 0.75, np.where(domestic, 0.72, np.where(named, 0.85, 0.22)))
    no_look = rng.random(total) >= np.where(hate, 0.64, np.where(named & ~domestic, 0.6, 0.5))
    relation = np.full(total, None, dtype=object)
    for sex, shares in PARTNERS.items():
        here = np.flatnonzero(domestic & (people.sex[person] == sex))
        relation[here] = drawn(rng, shares, len(here))
    known = np.flatnonzero(~domestic & (rng.random(total) < 0.27))
    relation[known] = drawn(rng, STRANGERS, len(known))
    born = np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in seen["birth_date"]], dtype=object)

    def spread(values: np.ndarray) -> np.ndarray:
        whole = np.full(total, None, dtype=object)
        whole[at] = values
        return whole

    return {
        "CRIME_REF_NO": reports.reference[report],
        "SUSPECT_SEQ": sequence.astype(str).astype(object),
        "SUSPECT_KEY": spread(seen["reference"]),
        "FORENAME": spread(seen["given_name"]),
        "SURNAME": spread(seen["family_name"]),
        "DOB": spread(born),
        "AGE": blanked(age, no_age),
        "SEX": blanked(people.sex[person], rng.random(total) < 0.13),
        "IC_CODE": blanked(people.ic_code[person], no_look),
        "REL_TO_VICTIM": relation,
    }
