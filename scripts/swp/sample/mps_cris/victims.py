"""The table of victims."""

from dataclasses import dataclass

import numpy as np

from swp.sample.blocks import Block
from swp.sample.crimes import Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.faults import with_broken_rows
from swp.sample.mps_cris.basics import (
    AGENCY,
    DAY,
    MINORS,
    NOT_NOTIFIABLE,
    ROBBERY,
    SEXUAL,
    THEFT,
    VICTIM,
    VIOLENCE,
    YEARS,
    Year,
)
from swp.sample.mps_cris.columns import (
    blanked,
    count_blanks,
    drawn,
    plant_blanks,
    quoted_csv,
    text_table,
    yes,
)
from swp.sample.mps_cris.persons import (
    BANDS,
    STRANGERS,
    Partners,
    draw_bands,
    draw_people,
    draw_residence,
    residence_columns,
)
from swp.sample.mps_cris.reports import Reports
from swp.sample.people import People, age_on

SAME_ADDRESS = {"St James's": 0.26, "West End": 0.29, "Queen's Park": 0.76, "Abbey Road": 0.75}
VICTIM_AGES = {
    THEFT: (0.028, 0.255, 0.315, 0.185, 0.115, 0.062, 0.04),
    ROBBERY: (0.12, 0.32, 0.27, 0.13, 0.08, 0.05, 0.03),
    SEXUAL: (0.12, 0.31, 0.32, 0.14, 0.07, 0.03, 0.01),
    VIOLENCE: (0.06, 0.20, 0.30, 0.20, 0.13, 0.07, 0.04),
    NOT_NOTIFIABLE: (0.04, 0.18, 0.30, 0.22, 0.14, 0.07, 0.05),
}  # fmt: skip
OTHER_VICTIM_AGES = (0.005, 0.12, 0.28, 0.23, 0.17, 0.12, 0.075)
DOMESTIC_AGES, HATE_AGES = (
    (0.03, 0.20, 0.28, 0.23, 0.13, 0.08, 0.05),
    (0.03, 0.23, 0.30, 0.20, 0.13, 0.08, 0.03),
)
# How much likelier than in the population somebody of an ethnic appearance is met as a victim.
MET_AS_VICTIM = {"IC1": 1.0, "IC2": 1.0, "IC3": 0.8, "IC4": 1.75, "IC5": 0.75, "IC6": 0.65}
OCCUPATIONS = {
    "Student": 0.16, "Retail worker": 0.08, "Hospitality worker": 0.09, "Office worker": 0.3,
    "Health worker": 0.05, "Driver": 0.04, "Security": 0.03, "Police officer": 0.02, "Visitor": 0.12,
    "Retired": 0.05, "Not working": 0.06,
}  # fmt: skip


@dataclass
class Victims:
    """The victims of one year, a row each: the report's position, its sequence, the person (-1 for none)."""

    reports: Reports
    report: np.ndarray
    sequence: np.ndarray
    person: np.ndarray
    at_home: np.ndarray
    suspect_relation: np.ndarray

    def columns(
        self, people: People, rng: np.random.Generator, seen_before: dict[int, np.datetime64]
    ) -> dict[str, np.ndarray]:
        """The columns of the file, as texts."""
        reports, n = self.reports, len(self.report)
        is_org = self.person < 0
        natural = np.flatnonzero(~is_org)
        report = self.report
        references = np.array(
            [f"{reports.reference[r]}-{s}" for r, s in zip(report, self.sequence, strict=True)], dtype=object
        )
        seen = people.observe(
            rng, self.person[natural], AGENCY, error=0.03, table=VICTIM, rows=references[natural]
        )

        def spread(name: str) -> np.ndarray:
            values = np.full(n, None, dtype=object)
            values[natural] = seen[name]
            return values

        committed = reports.committed_from[report].astype("M8[D]")
        age = np.full(n, None, dtype=object)
        years = age_on(people.birth_date[self.person[natural]], committed[natural])
        age[natural] = np.maximum(years, 0).astype(str)
        flags = {name: reports.flags[name][report] for name in ("domestic", "hate")}
        known = reports.trait("seen")[report]
        known = np.where(flags["domestic"], 0.76, np.where(flags["hate"], 0.68, known))
        unseen = rng.random(n) >= known
        ic_code = spread("ic_code")
        ic_code[unseen & (rng.random(n) < 0.9)] = None
        ic_code[unseen & ~is_org & (ic_code != None)] = "IC9"  # noqa: E711
        category, borough, ward, postcode, address = residence_columns(
            people, self.person, seen, natural, rng.random(n) < 0.22, rng.random(n) < 0.08
        )
        at_home = self.at_home & (category == "Within Borough")
        ward[at_home] = people.ward_code[self.person[at_home]]
        major = reports.major[report]
        violent = np.isin(major, [VIOLENCE, ROBBERY, SEXUAL])
        injury = injuries(rng, reports, report)
        injury[~violent | is_org | (rng.random(n) < 0.25)] = None
        born = np.array([t and f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in spread("birth_date")], dtype=object)
        return {
            "CRIME_REF_NO": reports.reference[report],
            "VICTIM_SEQ": self.sequence.astype(str).astype(object),
            "VICTIM_KEY": blanked(spread("reference"), rng.random(n) < 0.04),
            "REPEAT_VICTIM_FLAG": blanked(
                yes(self.repeats(seen_before) & (rng.random(n) < 0.85)), is_org | (rng.random(n) < 0.05)
            ),
            "ORGANISATION_FLAG": yes(is_org),
            "ORGANISATION_NAME": organisations(rng, is_org),
            "FORENAME": spread("given_name"),
            "SURNAME": spread("family_name"),
            "DOB": born,
            "AGE": blanked(age, rng.random(n) < 0.06),
            "SEX": blanked(spread("sex"), rng.random(n) < np.where(flags["domestic"], 0.1, 0.04)),
            "IC_CODE": ic_code,
            "SDE_CODE": blanked(spread("self_defined"), rng.random(n) < 0.68),
            "DISABILITY_FLAG": blanked(yes(rng.random(n) < 0.018), is_org | (rng.random(n) < 0.22)),
            "RES_CATEGORY": category,
            "RES_BOROUGH": borough,
            "RES_WARD_CODE": ward,
            "RES_POSTCODE": postcode,
            "RES_ADDRESS": address,
            "ADDRESS_IS_VENUE": blanked(yes(self.at_home), is_org | (rng.random(n) < 0.1)),
            "INJURY_LEVEL": injury,
            "VCL_GIVEN": blanked(
                yes(rng.random(n) < np.where(flags["hate"], 0.28, 0.36)), is_org | (rng.random(n) < 0.25)
            ),
            "OCCUPATION": blanked(drawn(rng, OCCUPATIONS, n), is_org | (rng.random(n) < 0.6)),
            "REL_TO_SUSPECT": self.suspect_relation,
        }

    def repeats(self, seen_before: dict[int, np.datetime64]) -> np.ndarray:
        """Whether each is a victim of an earlier report of 12 months; `seen_before` is carried on."""
        recorded = self.reports.recorded[self.report]
        order = np.lexsort((recorded, self.person))
        person, when = self.person[order], recorded[order]
        same = np.append(False, person[1:] == person[:-1])
        earlier = np.append(when[:1], when[:-1])
        firsts = np.flatnonzero(~same)
        long_ago = np.datetime64("1900-01-01T00:00")
        earlier[firsts] = [seen_before.get(p, long_ago) for p in person[firsts].tolist()]
        is_repeat = np.zeros(len(order), dtype=bool)
        is_repeat[order] = (when - earlier <= 365 * DAY) & (person >= 0)
        lasts = np.append(~same[1:], True)
        seen_before.update(zip(person[lasts].tolist(), when[lasts], strict=True))
        return is_repeat


def injuries(rng: np.random.Generator, reports: Reports, report: np.ndarray) -> np.ndarray:
    """The degree of injury of each victim, as the class has it."""
    minor = np.array(MINORS)[reports.minor[report]]
    n = len(report)
    hurt = (minor == "Violence with Injury") | reports.flags["knife_injury"][report]
    level = np.where(
        hurt,
        rng.choice(["Minor", "Moderate", "Serious"], n, p=[0.72, 0.2, 0.08]),
        rng.choice(["No injury", "Threats only", "Minor"], n, p=[0.84, 0.1, 0.06]),
    ).astype(object)
    level[minor == "Homicide"] = "Fatal"
    return level


def organisations(rng: np.random.Generator, is_org: np.ndarray) -> np.ndarray:
    """Invented names of organisations, some of them victims again and again."""
    kinds = ("Stores", "Retail", "Hotel", "Catering", "Theatre", "Pharmacy", "Outfitters", "Bank")
    stems = (
        "Brelmark",
        "Caldvane",
        "Dorvex",
        "Fenthill",
        "Jorbana",
        "Kelvode",
        "Morvista",
        "Prydell",
        "Tarvanne",
    )
    names = np.array([f"{a} {b} {i}" for i in range(1, 7) for a in stems for b in kinds], dtype=object)
    weight = 1 / (np.arange(len(names)) + 5)
    values = np.full(len(is_org), None, dtype=object)
    values[is_org] = names[rng.choice(len(names), int(is_org.sum()), p=weight / weight.sum())]
    return values


class VictimFile:
    """The victims of one year. The first has neither key nor repeat flag, and an older encoding."""

    def __init__(self, out: Deliveries, year: Year):
        self.out, self.is_first = out, year is YEARS[0]
        self.file = out.begin(VICTIM, f"{VICTIM}_{year.months}.csv.gz", published=year.published)
        self.bad = ("CRIME_REF_NO", None) if self.is_first else ("VICTIM_SEQ", "first")

    def add(
        self,
        victims: Victims,
        people: People,
        rng: np.random.Generator,
        seen_before: dict[int, np.datetime64],
        block: Block,
    ) -> Partners:
        """Add the victims of one block; return who of domestic abuse is whose suspect."""
        columns = victims.columns(people, rng, seen_before)
        if self.is_first:
            del columns["VICTIM_KEY"], columns["REPEAT_VICTIM_FLAG"]
        table, broken = text_table(columns), block.broken_count(len(victims.report), 4)
        table = with_broken_rows(table, *self.bad, broken)
        encoding = "cp1252" if self.is_first else "utf-8"
        content = quoted_csv(table, encoding, heading=self.file.is_new)
        self.file.write(content, table.num_rows)
        self.file.counted["not plain"] += not content.isascii()
        self.file.counted["broken"] += broken
        natural = victims.person >= 0
        for column in ("IC_CODE", "SDE_CODE", "SEX", "RES_CATEGORY"):
            count_blanks(self.file, column, columns[column][natural])
        hurt = natural & np.isin(victims.reports.major[victims.report], [VIOLENCE, ROBBERY, SEXUAL])
        count_blanks(self.file, "INJURY_LEVEL", columns["INJURY_LEVEL"][hurt])
        domestic = np.flatnonzero(victims.reports.flags["domestic"][victims.report] & natural)
        return Partners(victims.report[domestic], victims.person[domestic], people, rng)

    def end(self) -> None:
        """Finish the file and note what was planted in it."""
        out, file = self.out, self.out.end(self.file)
        check = "row_key_is_blank" if self.is_first else "row_value_does_not_parse"
        words = check.removeprefix("row_").replace("_", " ")
        out.plant(words, file, check, rows=self.file.counted["broken"], column=self.bad[0])
        if self.is_first:
            out.plant_encoding(file, is_plain=not self.file.counted["not plain"])
            for column, gaps in (
                ("VICTIM_KEY", "G001, G012, G014, G074: no victim key"),
                ("REPEAT_VICTIM_FLAG", "G001, G012, G014, G074: no repeat victim flag"),
            ):
                out.plant(gaps, file, "column_is_delivered", rows=self.file.rows, column=column)
        for column, limit, gaps in (
            ("IC_CODE", 40, "G013, G049, G060, G073, G083, G090, G095, G128: ethnic appearance mostly blank"),
            ("SDE_CODE", 60, "G013, G107: self-defined ethnicity mostly blank"),
            ("SEX", 5, "G077, G122, G126, G130: sex of the victim not always said"),
            ("RES_CATEGORY", 15, "G121, G126, G131: home of a fifth of the victims not said"),
        ):
            plant_blanks(out, gaps, self.file, column, limit)
        what, check = "G061: injury not always said", "injury_not_recorded"
        out.plant(what, file, check, rows=self.file.counted["INJURY_LEVEL", "blank"], column="INJURY_LEVEL")


def draw_victims(borough: Crimes, people: People, reports: Reports, rng: np.random.Generator) -> Victims:
    """Who the victims are: organisations and people, residents above all where the class says so."""
    n = len(reports)
    has_org = rng.random(n) < reports.trait("organisation")
    chance = reports.trait("person")
    has_person = np.where(chance + reports.trait("organisation") <= 1.001, ~has_org, True) & (
        rng.random(n) < np.where(has_org, 1, chance / np.maximum(1 - reports.trait("organisation"), 1e-9))
    )
    has_person &= chance > 0
    robbed = has_org & (np.array(MINORS)[reports.minor] == "Robbery of Business Property")
    has_person |= robbed & (rng.random(n) < 0.5)
    violent = np.isin(reports.major, [VIOLENCE, ROBBERY])
    second = has_person & violent & ~reports.flags["domestic"] & (rng.random(n) < 0.06)
    report = np.concatenate([np.flatnonzero(has_org), np.flatnonzero(has_person), np.flatnonzero(second)])
    is_person = np.arange(len(report)) >= has_org.sum()
    order = np.argsort(report, kind="stable")
    report, is_person = report[order], is_person[order]
    starts = np.append(True, report[1:] != report[:-1])
    first = np.maximum.accumulate(np.where(starts, np.arange(len(report)), 0))
    sequence = np.arange(len(report)) - first + 1
    at = np.flatnonzero(is_person)
    who = report[at]
    domestic, hate = reports.flags["domestic"][who], reports.flags["hate"][who]
    major = reports.major[who]
    band = draw_bands(rng, major, VICTIM_AGES, OTHER_VICTIM_AGES)
    for flag, ages in ((domestic, DOMESTIC_AGES), (hate, HATE_AGES)):
        weights = np.array(ages)
        band[flag] = rng.choice(len(BANDS), int(flag.sum()), p=weights / weights.sum())
    share_f = np.where(domestic, 0.63, np.where(hate, 0.36, reports.trait("victim_f")[who]))
    female = rng.random(len(who)) < share_f
    share = np.where(domestic, 0.72, reports.trait("victim_resident")[who])
    residence = draw_residence(rng, share, reports.ward[who], 0, 0.33, band)
    person = draw_people(rng, people, female, band, residence, repeat=0.1, met=MET_AS_VICTIM)
    home_share = np.where(domestic, [SAME_ADDRESS.get(w, 0.6) for w in reports.ward[who]], 0.02)
    home_share = np.where(np.array(MINORS)[reports.minor[who]] == "Domestic Burglary", 0.95, home_share)
    at_home = (rng.random(len(who)) < home_share) & (reports.ward[who] != "")
    code_of = {name: code for code, name in borough.geography.ward_names.items()}
    lives_in = people.ward_code.astype("U9")
    for ward, code in code_of.items():
        for sex, is_female in (("F", True), ("M", False)):
            here = np.flatnonzero(at_home & (reports.ward[who] == ward) & (female == is_female))
            lives = (lives_in == code).astype(float)
            person[here] = people.pick(rng, len(here), age=(16, 95), sex=sex, repeat=0.25, weight=lives)
    everybody, home = np.full(len(report), -1), np.zeros(len(report), dtype=bool)
    everybody[at], home[at] = person, at_home
    relation = np.full(len(report), None, dtype=object)
    known = np.flatnonzero(is_person & (rng.random(len(report)) < 0.08) & ~reports.flags["domestic"][report])
    relation[known] = drawn(rng, STRANGERS, len(known))
    return Victims(reports, report, sequence, everybody, home, relation)
