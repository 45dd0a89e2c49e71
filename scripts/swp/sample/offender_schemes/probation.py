"""The caseload of probation, and Starting Over."""

import numpy as np

from swp.contracts import contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import generator, scaled
from swp.sample.offender_schemes.iom import Cohort
from swp.sample.people import NO_ABODE, OTHER_LONDON, WESTMINSTER, People
from swp.sample.registers import (
    INDEX_OFFENCES,
    IOM,
    PROBATION,
    REGISTER_DAYS,
    STARTING_OVER,
    YEARS,
    Spells,
    choose,
    drawn,
    flags,
    laid_out,
    names_seen,
    objects,
    only,
    plant,
    plant_blank,
    published_after,
    sheet,
    ward_names,
    with_fault,
)

CASELOAD, CASELOAD_DAY, CASELOAD_PART = 544, "2023-07-31", 0.667  # p28
PROBATION_BANDS = {(18, 25): 0.17, (26, 35): 0.333, (36, 49): 0.32, (50, 80): 0.177}  # p28
PROBATION_ETHNICITY = {
    "Community": {
        "W1": 0.22,
        "W2": 0.03,
        "W9": 0.12,
        "B1": 0.07,
        "B2": 0.09,
        "B9": 0.03,
        "O2": 0.09,
        "O9": 0.07,
    },
    "Custody": {
        "W1": 0.12,
        "W2": 0.02,
        "W9": 0.06,
        "B1": 0.07,
        "B2": 0.09,
        "B9": 0.03,
        "O2": 0.09,
        "O9": 0.07,
    },
}
# Licences are managed elsewhere and were not sent: the caseload is partial (p97).
SENTENCES = {
    "Community": {"Community Order": 0.55, "Suspended Sentence Order": 0.45},
    "Custody": {"Determinate Sentence": 0.88, "Life or Indeterminate Sentence": 0.12},
}
PROBATION_NEEDS = {
    "need_thinking": 78, "need_attitudes": 65, "need_lifestyle": 62, "need_relationships": 48, "need_ete": 45,
    "need_drugs": 44, "need_accommodation": 42, "need_alcohol": 26,
}  # fmt: skip
ROSH = {"Low": 0.13, "Medium": 0.64, "High": 0.19, "Very High": 0.04}  # p28
NO_HEALTH = 0.80
COMPLETED = (6, 7)  # p106, p26
CLIENTS_A_YEAR, CLIENT_MEAN_DAYS = (55, 56), 564  # p106; 34 a month on average (p26)


def write_probation(
    out: Deliveries, geography: Geography, people: People, iom: Cohort, *, seed: int, scale: float
) -> None:
    """Write the caseload of July 2023, which is partial and has one age band only."""
    rng = generator(seed, "probation")
    day = np.datetime64(CASELOAD_DAY)
    total = scaled(CASELOAD, scale, 6)
    sizes = {"Community": round(total * CASELOAD_PART)}
    sizes["Custody"] = total - sizes["Community"]
    managed = iom.who[iom.spells.overlap(day, day)]
    shared = rng.permutation(managed)[: min(round(len(managed) * 0.7), sizes["Community"] // 2)]
    free = np.ones(len(people), dtype=bool)
    free[iom.who] = False
    parts, setting = [shared], ["Community"] * len(shared)
    for place, size in sizes.items():
        size -= len(shared) if place == "Community" else 0
        targets = [
            ("self_defined", PROBATION_ETHNICITY[place]), ("sex", {"M": 0.95, "F": 0.05}),
            ("residence", {WESTMINSTER: 0.84, NO_ABODE: 0.06, OTHER_LONDON: 0.10}),
        ]  # fmt: skip
        parts.append(choose(people, rng, size, PROBATION_BANDS, on=day, targets=targets, among=free))
        free[parts[-1]] = False
        setting += [place] * size
    order = rng.permutation(total)
    who, setting = np.concatenate(parts)[order], objects(setting)[order]
    seen = people.observe(
        rng, who, PROBATION, table="probation_person", rows=people.reference(who, PROBATION)
    )
    inside = setting == "Custody"
    sentence = np.empty(total, dtype=object)
    for place, kinds in SENTENCES.items():
        sentence[setting == place] = drawn(rng, kinds, (setting == place).sum())
    age = people.age(day)[who]
    banded = objects(np.where((age >= 26) & (age <= 35), "26-35", "Other"))
    health = {"None": 0.07, "Mental health": 0.07, "Respiratory": 0.03, "Diabetes": 0.02, "Other": 0.01}
    columns = {
        "person_ref": seen["reference"],
        "as_at_date": np.full(total, day),
        "given_name": seen["given_name"],
        "family_name": seen["family_name"],
        "age_band": only(banded, ~inside & (seen["sex"] == "M")),
        "sex": seen["sex"],
        "self_defined_ethnicity": seen["self_defined"],
        "home_postcode": only(seen["postcode"], ~inside),
        "ward_name": only(ward_names(geography, seen["ward_code"]), ~inside),
        "home_borough": only(seen["borough"], ~inside),
        "setting": setting,
        "sentence_type": sentence,
        "sentenced_on": day - rng.integers(5, 900, total).astype("m8[D]"),
        "index_offence": drawn(rng, INDEX_OFFENCES, total),
        "ogrs_pct": np.clip(rng.normal(52, 20, total).round(), 3, 97).astype(int),
        "risk_of_serious_harm": drawn(rng, ROSH, total),
        **{need: flags(rng, share, total) for need, share in PROBATION_NEEDS.items()},
        "health_condition": drawn(rng, health | {None: NO_HEALTH}, total),
    }
    contract = contract_named("probation_person")
    table = laid_out("probation_person", columns, iso=True, leave_out=["birth_date"])
    table, broken = with_fault(table, "probation_person", "as_at_date", "July", scale, "person_ref", "PRO9")
    title = ["Probation caseload", "OFFICIAL-SENSITIVE", f"Snapshot of {CASELOAD_DAY}"]
    content = sheet(contract, table, "Caseload", title)
    name = f"probation_caseload_{CASELOAD_DAY}.xlsx"
    file = out.add(
        "probation_person", name, content, published=published_after(CASELOAD_DAY), rows=len(table)
    )
    plant(out, "G113", "kinds of sentence that were not sent", file, "partial_scope", rows=len(table))
    plant(
        out, "G023", "no dates of birth", file, "column_is_delivered", rows=len(table),
        column=contract.column("birth_date").label,
    )  # fmt: skip
    for column, gap, fault in (
        ("age_band", "G023", "one age band of one group"),
        ("health_condition", "G024", "health conditions not recorded"),
    ):
        plant_blank(out, gap, fault, file, "probation_person", column, table)
    plant(
        out,
        None,
        "month in place of a day",
        file,
        "row_value_does_not_parse",
        rows=broken,
        column="Snapshot Date",
    )


def write_starting_over(out: Deliveries, people: People, iom: Cohort, *, seed: int, scale: float) -> None:
    """Write the clients of Starting Over, men of the offender management cohort, on both register days."""
    rng = generator(seed, "starting over")
    men = iom.who[people.sex[iom.who] == "M"]
    spells = Spells.steady(rng, [scaled(n, scale, 2) for n in CLIENTS_A_YEAR], CLIENT_MEAN_DAYS)
    # The latest to join the cohort are the latest to join the service.
    latest = men[np.argsort(iom.spells.start[people.sex[iom.who] == "M"], kind="stable")]
    n = min(len(spells), len(latest))
    spells = Spells(spells.start[len(spells) - n :], spells.end[len(spells) - n :])
    who = latest[len(latest) - n :]
    rows = objects(
        [f"{r}/{s}" for r, s in zip(people.reference(who, STARTING_OVER), spells.start, strict=True)]
    )
    seen = people.observe(rng, who, STARTING_OVER, table="starting_over_client", rows=rows)
    names = names_seen(seen)
    del names["sex"]
    ete, housing = flags(rng, 55, n), flags(rng, 75, n)
    met_ete, drug_free = flags(rng, 56, n), flags(rng, 95, n)  # p106
    completed = np.zeros(n, dtype=bool)
    for (first, last), count in zip(YEARS, COMPLETED, strict=True):
        ended = np.flatnonzero((spells.end >= first) & (spells.end <= last))
        completed[rng.permutation(ended)[: scaled(count, scale, 1)]] = True
    met_housing = np.where(spells.start < YEARS[0][0] - 180, flags(rng, 50, n), flags(rng, 38, n))  # p106
    treated = flags(rng, 27, n)  # 15 of 56 (p106)
    for day in REGISTER_DAYS:
        held, end = spells.at(day)
        ended = ~np.isnat(end)
        columns = {
            "client_ref": seen["reference"][held],
            "as_at_date": np.full(len(held), np.datetime64(day)),
            **{name: values[held] for name, values in names.items()},
            "iom_ref": people.reference(who[held], IOM),
            "referred_on": spells.start[held] - 14,
            "started_on": spells.start[held],
            "status": objects(np.where(ended, "Ended", "Current")),
            "ended_on": end,
            "is_completed": only(completed[held], ended),
            "has_ete_need": ete[held],
            "is_ete_need_met": only(met_ete[held], ete[held]),
            "has_housing_need": housing[held],
            "is_housing_need_met": only(met_housing[held], housing[held]),
            "is_in_treatment_12_weeks": treated[held],
            "is_drug_free_at_exit": only(drug_free[held], ended & completed[held]),
        }
        table = laid_out("starting_over_client", columns, iso=True)
        content = sheet(
            contract_named("starting_over_client"), table, "Clients", ["Starting Over", f"To {day}"]
        )
        name = f"starting_over_{day}.xlsx"
        out.add("starting_over_client", name, content, published=published_after(day), rows=len(table))
