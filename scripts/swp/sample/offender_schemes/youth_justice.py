"""Youth justice: young people, their offences and their needs."""

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME, Geography
from swp.sample.marginals import scaled
from swp.sample.offender_schemes.iom import Cohort
from swp.sample.people import WESTMINSTER, People
from swp.sample.registers import (
    REGISTER_DAYS,
    YEAR,
    YEARS,
    YJS,
    drawn,
    flags,
    laid_out,
    names_seen,
    objects,
    only,
    plant,
    plant_blank,
    plant_empty_months,
    published_after,
    quoted_csv,
    ward_names,
    with_fault,
)

YJS_FIRST_TIME = 28  # p27
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
    plant_empty_months(out, file, when)
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
    plant_empty_months(out, file, due)
    plant(
        out, None, "area that the list does not have", file, "row_value_not_in_code_list", rows=broken,
        column="Need Area",
    )  # fmt: skip
