"""Deliveries of Children's Services: families, suspensions and exclusions, the school census.

The totals and shares are those that the assessment prints (pages beside them); what is not printed is
assumed. A census is a count of the whole borough and does not follow `scale`.
"""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from swp.contracts import contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME, Geography
from swp.sample.marginals import generator, scaled, spread
from swp.sample.people import OTHER_LONDON, WESTMINSTER, People
from swp.sample.registers import (
    Columns,
    choose,
    drawn,
    laid_out,
    objects,
    only,
    plant,
    published_after,
    quoted_csv,
    sheet,
    ward_names,
    with_fault,
)

FAMILIES_AGENCY, PUPILS = "supporting_families", "exclusions"

FAMILIES, CRIME, ABUSE, BOTH = 4332, 717, 857, 358  # p59
FAMILIES_DAY = "2023-09-30"
FRAMEWORK_DAY = np.datetime64("2022-10-03")
FAMILY_WARDS = {
    "E05013794": 0.14, "E05013809": 0.12, "E05013804": 0.12, "E05013795": 0.11, "E05013803": 0.08,
}  # fmt: skip
# The other criteria, of families without and with a criterion of crime or abuse (p59 names the order only).
OTHER_CRITERIA = {
    "meets_worklessness": (52, 68), "meets_school_attendance": (38, 55), "meets_children_in_need": (47, 45),
    "meets_health": (50, 44),
}  # fmt: skip
CRITERIA = (
    "meets_crime_asb", "meets_school_attendance", "meets_children_in_need", "meets_worklessness",
    "meets_domestic_abuse", "meets_health",
)  # fmt: skip
NOT_SENT = (
    "lead_practitioner", "plan_opened_on", "plan_closed_on", "intervention", "is_outcome_achieved",
    "outcome_on", "is_outcome_sustained", "crime_asb_met_on", "domestic_abuse_met_on",
)  # fmt: skip

# Academic year, exclusions (1,023 is printed, p58; the year before is assumed) and the ages, whose most
# common was 14 and, the year before, 15 (p58).
AGE_SHARES = {
    "2021/22": {6: 2, 8: 3, 9: 4, 10: 5, 11: 10, 12: 14, 13: 16, 14: 17, 15: 21, 16: 8},
    "2022/23": {6: 2, 8: 3, 9: 4, 10: 5, 11: 11, 12: 16, 13: 18, 14: 22, 15: 13, 16: 6},
}
EXCLUSIONS = {"2021/22": 941, "2022/23": 1023}
RESIDENT = {"2021/22": 58, "2022/23": 55}  # p58; that the share falls is printed, the earlier one is not
TERM_MONTHS = {
    "09": 0.08, "10": 0.09, "11": 0.13, "12": 0.07, "01": 0.10, "02": 0.08, "03": 0.13, "04": 0.06,
    "05": 0.10, "06": 0.10, "07": 0.06,
}  # fmt: skip
# Wards before May 2022, of resident pupils (p58); the rest is shared by the others.
OLD_WARDS = {
    "Church Street": 0.18, "Westbourne": 0.14, "Queen's Park": 0.08, "Churchill": 0.08, "Harrow Road": 0.07,
    "Tachbrook": 0.05, "Warwick": 0.04, "Vincent Square": 0.06, "Maida Vale": 0.05, "Little Venice": 0.04,
    "Bayswater": 0.04, "Bryanston and Dorset Square": 0.04, "Regent's Park": 0.04, "Abbey Road": 0.03,
    "Lancaster Gate": 0.02, "Hyde Park": 0.01, "Marylebone High Street": 0.01, "St James's": 0.01,
    "West End": 0.01,
}  # fmt: skip
ABOLISHED = ("Churchill", "Tachbrook", "Warwick", "Bryanston and Dorset Square", "Marylebone High Street")
REASONS = {
    "Persistent or general disruptive behaviour": 0.38, "Physical assault against a pupil": 0.24,
    "Verbal abuse / threatening behaviour against an adult": 0.12,
    "Physical assault against an adult": 0.06, "Verbal abuse / threatening behaviour against a pupil": 0.05,
    "Drug and alcohol related": 0.04, "Bullying": 0.02,
    "Use or threat of use of an offensive weapon or prohibited item": 0.03, "Damage": 0.02, "Theft": 0.01,
    "Inappropriate use of social media or online technology": 0.01, "Racist abuse": 0.01,
    "Sexual misconduct": 0.005, "Abuse against sexual orientation and gender identity": 0.003,
    "Wilful and repeated transgression of public health protective measures": 0.002,
}  # fmt: skip
SECOND_REASON, THIRD_REASON = 0.22, 0.04
KINDS = {"FIXD": 0.975, "LNCH": 0.007, "PERM": 0.018}
SEN = {"N": 0.54, "K": 0.31, "E": 0.15}  # p58

# Summer censuses: pupils by phase, residents, free meals, special needs (p57-58); the first is assumed.
CENSUS_DAYS = {"2022-05-19": 1.004, "2023-05-18": 1.0}
PHASES = {
    "Nursery": 480,
    "Primary": 10_050,
    "Secondary": 10_818,
    "Special": 280,
    "Alternative Provision": 111,
}
RESIDENTS, FREE_MEALS, SPECIAL_NEEDS, PLANS = 12_950, 8_281, 3_774, 1_050
CENSUS_WARDS = {"E05013794": 0.105, "E05013809": 0.095, "E05013795": 0.082, "E05013804": 0.082}
FREE_MEALS_WARDS = {"E05013794": 0.12, "E05013809": 0.12, "E05013795": 0.09, "E05013804": 0.09}  # p58
FREE_MEALS_OUTSIDE = 0.30
OUTSIDE = "Outside the borough"


def _criteria(rng: np.random.Generator, n: int) -> Columns:
    """The six criteria of `n` families: crime and abuse as printed, and never fewer than two (p59)."""
    crime, abuse, both = (round(count * n / FAMILIES) for count in (CRIME, ABUSE, BOTH))
    order = rng.permutation(n)
    met = {name: np.zeros(n, dtype=bool) for name in CRITERIA}
    met["meets_crime_asb"][order[:crime]] = True
    met["meets_domestic_abuse"][order[crime - both : crime - both + abuse]] = True
    either = met["meets_crime_asb"] | met["meets_domestic_abuse"]
    for name, (without, having) in OTHER_CRITERIA.items():
        met[name] = rng.random(n) * 100 < np.where(either, having, without)
    for name in rng.permutation(list(OTHER_CRITERIA)).tolist() * 2:
        few = np.sum([met[key] for key in CRITERIA], axis=0) < 2
        met[name] |= few & (rng.random(n) < 0.5)
    for name in ("meets_worklessness", "meets_children_in_need"):
        met[name] |= np.sum([met[key] for key in CRITERIA], axis=0) < 2
    return met


def write_families(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write the open families, one adult standing for each; nothing is sent of the support they get."""
    rng = generator(seed, "supporting families")
    n = scaled(FAMILIES, scale, 4)
    # One adult of each home, so that no two families are one.
    first = np.zeros(len(people), dtype=bool)
    of_age = np.flatnonzero((people.age(FAMILIES_DAY) >= 21) & (people.household >= 0))
    first[of_age[np.unique(people.household[of_age], return_index=True)[1]]] = True
    who = choose(
        people,
        rng,
        n,
        {(21, 62): 1.0},
        targets=[("ward_code", FAMILY_WARDS)],
        among=first,
        residence=WESTMINSTER,
    )
    day = np.datetime64(FAMILIES_DAY)
    opened = day - (rng.gamma(2, 260, n).astype("m8[D]") + 5)
    newer = opened >= FRAMEWORK_DAY
    reference = people.reference(who, FAMILIES_AGENCY)
    codes = people.ward_code[who]
    lsoa = people.lsoa_2021_code[who]
    unplaced = rng.random(n) < 0.03
    met = _criteria(rng, n)
    contract = contract_named("supporting_families_family")

    def texts(values: np.ndarray) -> pa.Array:
        return pa.array(values.tolist(), pa.string())

    columns = {
        "family_ref": texts(reference),
        "as_at_date": pa.array(np.full(n, day)),
        "framework_version": texts(objects(np.where(newer, "TEN-OUTCOMES-2022", "SIX-CRITERIA"))),
        **{name: pa.array(values) for name, values in met.items()},
        "opened_on": pa.array(opened),
        "lsoa_2021_code": texts(only(lsoa, ~unplaced)),
        "ward_name": texts(only(ward_names(geography, codes), ~unplaced)),
        "uprn": texts(people.uprn[who]),
        "child_count": pa.array(rng.poisson(1.1, n) + 1, pa.int32()),
    }
    assert set(columns) | set(NOT_SENT) == set(contract.by_name)
    table = pa.table({contract.column(name).label: values for name, values in columns.items()})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    name = f"supporting_families_{FAMILIES_DAY}.parquet"
    file = out.add(
        "supporting_families_family",
        name,
        buffer.getvalue(),
        published=published_after(FAMILIES_DAY, 25),
        rows=n,
    )
    for column in NOT_SENT:
        gap, fault = "G056", "nothing on how families are supported"
        if column.endswith("_met_on"):
            gap, fault = None, "criteria without their dates"
        label = contract.column(column).label
        plant(out, gap, fault, file, "column_is_delivered", rows=n, column=label)


def _school_days(rng: np.random.Generator, year: str, n: int) -> np.ndarray:
    """`n` weekdays in term, by the share of each month."""
    counts = spread(n, np.array(list(TERM_MONTHS.values())), rng)
    days = []
    for month, count in zip(TERM_MONTHS, counts, strict=True):
        first = np.datetime64(f"{int(year[:4]) + (month < '08')}-{month}", "M")
        span = np.arange(first.astype("M8[D]"), (first + 1).astype("M8[D]"))
        # Half of April and the ends of July and December are holidays.
        last = {"04": 30, "07": 21, "12": 17}.get(month, 31)
        span = span[(span.astype(int) + 3) % 7 < 5][3 if month != "04" else 12 :]
        span = span[(span - first.astype("M8[D]")).astype(int) < last]
        days.append(rng.choice(span, count))
    return np.sort(np.concatenate(days))


def write_exclusions(
    out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float
) -> None:
    """Write an academic year a file, without the sex of the pupils and with wards that are no more."""
    schools = {
        "Primary": [f"Sample Primary School {n}" for n in range(1, 9)],
        "Secondary": [f"Example Academy {n}" for n in range(1, 12)],
        "Alternative Provision": ["Pattern Street Centre"],
    }
    for year, total in EXCLUSIONS.items():
        rng = generator(seed, "exclusions", year)
        n = scaled(total, scale, 6)
        end = np.datetime64(f"20{year[-2:]}-07-31")
        ages = {(age, age): share for age, share in AGE_SHARES[year].items()}
        resident = round(n * RESIDENT[year] / 100)
        who = np.concatenate(
            [
                choose(people, rng, size, ages, on=end - 150, repeat=0.3, residence=home)
                for home, size in ((WESTMINSTER, resident), (OTHER_LONDON, n - resident))
                if size
            ]
        )
        when = _school_days(rng, year, n)[rng.permutation(n)]
        # Nobody is sent home twice on one day.
        key = np.char.add(who.astype(str), when.astype(str))
        _, once = np.unique(key, return_index=True)
        again = np.setdiff1d(np.arange(n), once)
        when[again] -= np.where((when[again].astype(int) + 3) % 7 == 0, 3, 1).astype("m8[D]")
        order = np.argsort(when, kind="stable")
        who, when = who[order], when[order]
        here = people.residence[who] == WESTMINSTER
        reference = people.reference(who, PUPILS)
        rows = objects([f"{r}/{d}" for r, d in zip(reference, when, strict=True)])
        people.note(PUPILS, reference, "exclusion", rows, who)
        age = ((when - people.birth_date[who]).astype(int) // 365.25).astype(int)
        phase = objects(np.where(age <= 11, "Primary", "Secondary"))
        phase[(rng.random(n) < 0.03) & (age > 11)] = "Alternative Provision"
        school = objects(
            [schools[p][int(x * len(schools[p]))] for p, x in zip(phase, rng.random(n), strict=True)]
        )
        reasons = [drawn(rng, REASONS, n) for _ in range(3)]
        second = (rng.random(n) < SECOND_REASON) & (reasons[1] != reasons[0])
        third = second & (rng.random(n) < THIRD_REASON / SECOND_REASON) & (reasons[2] != reasons[0])
        third &= reasons[2] != reasons[1]
        kind = drawn(rng, KINDS, n)
        ward = drawn(rng, OLD_WARDS, n)
        table = laid_out(
            "exclusion",
            {
                "pupil_ref": reference,
                "academic_year": objects([year] * n),
                "started_on": when,
                "exclusion_type": kind,
                "session_count": only(
                    rng.choice([1, 2, 4, 6, 10], n, p=[0.1, 0.4, 0.25, 0.15, 0.1]), kind != "PERM"
                ),
                "reason_1": reasons[0],
                "reason_2": only(reasons[1], second),
                "reason_3": only(reasons[2], third),
                "school_name": school,
                "school_phase": phase,
                "age": age,
                "year_group": objects([str(max(0, min(13, a - 4))) for a in age]),
                "sen_status": drawn(rng, SEN, n),
                "is_resident": here,
                "home_borough": people.borough[who],
                "ward_name": only(ward, here),
            },
            leave_out=["sex"],
        )
        gone = int((np.isin(ward, ABOLISHED) & here).sum())
        contract = contract_named("exclusion")
        table, broken = with_fault(
            table, "exclusion", "exclusion_type", "SENT HOME", scale, "pupil_ref", "EXC9"
        )
        name = f"suspensions_and_exclusions_{year.replace('/', '-')}.csv"
        file = out.add(
            "exclusion", name, quoted_csv(table), published=published_after(str(end), 75), rows=len(table)
        )
        plant(
            out, "G054", "wards as they were before May 2022", file, "values_in_code_list", rows=gone,
            column=contract.column("ward_name").label,
        )  # fmt: skip
        plant(
            out, "G055", "no sex of the pupils", file, "column_is_delivered", rows=len(table),
            column=contract.column("sex").label,
        )  # fmt: skip
        plant(
            out, None, "up to three reasons, whose shares add up to more than a hundred", file,
            "overlapping_categories_are_never_summed", rows=int(second.sum() + third.sum()),
        )  # fmt: skip
        plant(
            out, None, "kind that the list does not have", file, "row_value_not_in_code_list", rows=broken,
            column=contract.column("exclusion_type").label,
        )  # fmt: skip


def _shares(geography: Geography, named: dict[str, float], outside: float) -> np.ndarray:
    """Shares of the wards (the named ones as stated, the others alike) and of outside, summing to 1."""
    codes = sorted(geography.ward_names)
    rest = (1 - outside - sum(named.values())) / (len(codes) - len(named))
    return np.array([named.get(code, rest) for code in codes] + [outside])


def write_census(out: Deliveries, geography: Geography, *, seed: int) -> None:
    """Write the summer census of two years: counts by phase and ward of residence."""
    areas = [geography.ward_names[code] for code in sorted(geography.ward_names)] + [OUTSIDE]
    total = sum(PHASES.values())
    living_in = RESIDENTS / total
    home = _shares(
        geography, {ward: share * living_in for ward, share in CENSUS_WARDS.items()}, 1 - living_in
    )
    poor = _shares(geography, FREE_MEALS_WARDS, FREE_MEALS_OUTSIDE)
    for day, size in CENSUS_DAYS.items():
        rng = generator(seed, "census", day)
        pupils = np.array([spread(round(count * size), home, rng) for count in PHASES.values()])
        in_area = spread(round(FREE_MEALS * size), poor, rng)
        meals = np.array([spread(int(n), pupils[:, i] + 1e-9, rng) for i, n in enumerate(in_area)]).T
        meals = np.minimum(meals, pupils)
        weight = pupils * np.array([0.7, 1.0, 1.0, 4.5, 3.5])[:, None]
        needs = np.minimum(
            spread(round(SPECIAL_NEEDS * size), weight.ravel(), rng).reshape(pupils.shape), pupils
        )
        part = spread(round(PLANS * size), needs.ravel() + 1e-9, rng).reshape(pupils.shape)
        plans = np.minimum(part, needs)
        table = laid_out(
            "school_census_aggregate",
            {
                "census_date": np.full(pupils.size, np.datetime64(day)),
                "phase": np.repeat(objects(list(PHASES)), len(areas)),
                "residence_area": np.tile(objects(areas), len(PHASES)),
                "pupil_count": pupils.ravel(),
                "free_meals_count": meals.ravel(),
                "sen_support_count": (needs - plans).ravel(),
                "sen_plan_count": plans.ravel(),
            },
            iso=True,
        )
        title = [f"School census, summer {day[:4]}", f"State-funded schools in {HOME[1]}"]
        content = sheet(contract_named("school_census_aggregate"), table, "Census", title)
        name = f"school_census_summer_{day[:4]}.xlsx"
        out.add("school_census_aggregate", name, content, published=published_after(day, 60), rows=len(table))


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write the deliveries of Children's Services."""
    write_families(out, geography, people, seed=seed, scale=scale)
    write_exclusions(out, geography, people, seed=seed, scale=scale)
    write_census(out, geography, seed=seed)
