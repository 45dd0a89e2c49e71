"""Integrated offender management: the cohort and its offences."""

from dataclasses import dataclass

import numpy as np

from swp.contracts import contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME, OTHER_BOROUGHS, Geography
from swp.sample.marginals import generator, scaled
from swp.sample.people import NO_ABODE, OTHER_LONDON, WESTMINSTER, People
from swp.sample.registers import (
    INDEX_OFFENCES,
    IOM,
    LAST_DAY,
    REGISTER_DAYS,
    YEAR,
    Spells,
    choose,
    drawn,
    flags,
    flags_by,
    laid_out,
    names_seen,
    objects,
    only,
    plant,
    published_after,
    quoted_csv,
    sheet,
    ward_names,
    with_fault,
)

IOM_AT = (
    70,
    51,
)  # on the cohort at the end of the year before (p107, its date is not printed) and after (p26)
IOM_STAYED, IOM_LEAVERS = 36, 90
IOM_BEFORE, IOM_AFTER = 1242, 418  # offences of leavers before and after (p107)
IOM_DURING, IOM_NOW = 0.56, 0.59  # of the rate before: leavers 44% fewer, the present cohort 41% fewer (p107)
IOM_BANDS = {(18, 34): 0.39, (35, 66): 0.61}  # p107
IOM_RESIDENCE = {WESTMINSTER: 0.84, NO_ABODE: 0.12, OTHER_LONDON: 0.04}
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
