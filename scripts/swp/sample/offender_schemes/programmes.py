"""Couples, and the programmes for perpetrators of domestic abuse."""

import numpy as np

from swp.contracts import contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.geography import HOME, OTHER_BOROUGHS
from swp.sample.marginals import generator, scaled, spread
from swp.sample.people import OTHER_LONDON, WESTMINSTER, People
from swp.sample.registers import (
    LAST_DAY,
    PROGRAMMES,
    choose,
    drawn,
    laid_out,
    names_seen,
    objects,
    plant,
    quoted_csv,
)

DRIVE_REFERRED, DRIVE_TAKEN_ON, CIFA_REFERRED = 52, 33, 114  # p76, April to September 2023
CIFA_BOROUGHS = (HOME[1], *OTHER_BOROUGHS[8:17])
COUPLES = 760
VICTIM_ETHNICITY = {"W1": 0.17, "W2": 0.02, "W9": 0.17, "O2": 0.22}


def couples(people: People, n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Victim, perpetrator and relationship of `n` pairs; the same in every delivery about domestic abuse.

    The victims are residents; four of five are abused by a partner, 15 of 100 by family (p78).
    """
    rng = generator(seed, "couples")
    kinds = {
        "Former Partner": (0.46, (16, 65), (18, 66)), "Current Partner": (0.37, (16, 65), (18, 66)),
        "Child of Victim": (0.07, (40, 80), (16, 32)), "Parent of Victim": (0.02, (16, 30), (38, 66)),
        "Sibling": (0.03, (16, 45), (18, 45)), "Other Relative": (0.03, (18, 70), (18, 60)),
        "Other": (0.02, (18, 60), (18, 60)),
    }  # fmt: skip
    counts = spread(n, np.array([share for share, _, _ in kinds.values()]), rng)
    victims, perpetrators, relationship = [], [], []
    for (kind, (_, victim_age, perpetrator_age)), count in zip(kinds.items(), counts, strict=True):
        if not count:
            continue
        # Two in 450 are under 18 (p78); of whom the ethnicity is known, as in the partnership (p77).
        bands = {victim_age: 1.0} if victim_age[0] > 16 else {(16, 17): 0.008, (18, victim_age[1]): 0.992}
        targets = [("sex", {"F": 0.92, "M": 0.08}), ("self_defined", VICTIM_ETHNICITY)]
        first = np.datetime64("2021-07-01")
        victims.append(
            choose(people, rng, int(count), bands, on=first, targets=targets, residence=WESTMINSTER)
        )
        targets = [("sex", {"F": 0.08, "M": 0.92}), ("residence", {WESTMINSTER: 0.7, OTHER_LONDON: 0.24})]
        perpetrators.append(choose(people, rng, int(count), {perpetrator_age: 1.0}, targets=targets))
        relationship += [kind] * int(count)
    order = rng.permutation(n)
    return (
        np.concatenate(victims)[order],
        np.concatenate(perpetrators)[order],
        objects(relationship)[order],
    )


def write_programmes(out: Deliveries, people: People, *, seed: int, scale: float) -> None:
    """Write the referrals to Drive and CIFA of April to September 2023, of all the boroughs they serve."""
    rng = generator(seed, "perpetrator programmes")
    first, last = np.datetime64("2023-04-01"), LAST_DAY
    drive, cifa = scaled(DRIVE_REFERRED, scale, 2), scaled(CIFA_REFERRED, scale, 2)
    n = drive + cifa
    programme = objects(["Drive"] * drive + ["CIFA"] * cifa)
    borough = np.concatenate(
        [
            rng.choice(objects((*[HOME[1]] * 3, *OTHER_BOROUGHS)), drive),
            rng.choice(objects(CIFA_BOROUGHS), cifa),
        ]
    )
    ours = borough == HOME[1]
    _, known, _ = couples(people, scaled(COUPLES, scale, 8), seed=seed)
    who = choose(people, rng, n, {(18, 60): 1.0}, targets=[("sex", {"M": 0.92, "F": 0.08})])
    who[ours] = rng.permutation(known)[: ours.sum()] if ours.sum() <= len(known) else who[ours]
    when = first + rng.integers(0, (last - first).astype(int) + 1, n).astype("m8[D]")
    order = np.argsort(when, kind="stable")
    programme, borough, who, when = programme[order], borough[order], who[order], when[order]
    taken = np.zeros(n, dtype=bool)
    taken[np.flatnonzero(programme == "Drive")[: scaled(DRIVE_TAKEN_ON, scale, 1)]] = True
    taken |= (programme == "CIFA") & (rng.random(n) < 0.62)
    allocated = np.where(taken, when + rng.integers(4, 30, n).astype("m8[D]"), np.datetime64("NaT"))
    allocated = np.where(allocated > last, last, allocated)
    closed = taken & (rng.random(n) < 0.05)
    engagement = np.full(n, None, dtype=object)
    for each in ("Drive", "CIFA"):
        here = taken & (programme == each)
        engagement[here] = drawn(rng, {"Full": 0.86, "Partial": 0.1, "None": 0.04}, here.sum())  # p76
    refs = objects([f"PP23{number:05d}" for number in range(1, n + 1)])
    seen = people.observe(rng, who, PROGRAMMES, table="perpetrator_programme_referral", rows=refs)
    columns = {
        "referral_ref": refs,
        "programme": programme,
        "perpetrator_ref": seen["reference"],
        **names_seen(seen),
        "borough_name": borough,
        "referral_source": drawn(
            rng,
            {"Police": 0.42, "Children's Services": 0.22, "MARAC": 0.2, "Probation": 0.1, "IDVA": 0.06},
            n,
        ),
        "referred_on": when,
        "allocated_on": allocated,
        "status": objects(np.where(closed, "Closed", np.where(taken, "Open", "Waiting"))),
        "ended_on": np.where(closed, last, np.datetime64("NaT")),
        "engagement": engagement,
    }
    gone = {"is_repeat_perpetrator": "G078", "subsequent_da_count": None}
    table = laid_out("perpetrator_programme_referral", columns, leave_out=gone)
    name = "perpetrator_programmes_2023-24_q1_q2.csv"
    file = out.add(
        "perpetrator_programme_referral", name, quoted_csv(table), published="2023-11-10", rows=len(table)
    )
    contract = contract_named("perpetrator_programme_referral")
    for column, gap in gone.items():
        label = contract.column(column).label
        fault = f"nothing on {column.removeprefix('is_').replace('_', ' ')}"
        plant(out, gap, fault, file, "column_is_delivered", rows=len(table), column=label)
    plant(
        out, None, "six months of the twenty-four asked for", file, "period_is_as_asked",
        rows=len(table), column=contract.column("referred_on").label,
    )  # fmt: skip
