"""Services for victims of domestic abuse, and adult safeguarding.

The totals and shares are those that the assessment prints (pages beside them); what is not printed is
assumed. Victims of the conferences go on to the partnership, and both know the same couples.
"""

from itertools import pairwise

import numpy as np

from swp.contracts import contract_named
from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import generator, scaled
from swp.sample.offender_schemes.programmes import COUPLES, VICTIM_ETHNICITY, couples
from swp.sample.people import WESTMINSTER, People
from swp.sample.registers import (
    YEARS,
    Columns,
    choose,
    drawn,
    flags,
    laid_out,
    objects,
    only,
    plant,
    plant_blank,
    published_after,
    quoted_csv,
    sheet,
    some_blank,
    ward_names,
    with_fault,
)

MARAC, ANGELOU, SAFEGUARDING = "marac", "angelou", "safeguarding"

# p77: 453 cases in the year to June 2023 and 483 before; the quarter after that is assumed to be like it.
MARAC_PERIODS = (
    ("2021-07-01", "2022-06-30", 483),
    ("2022-07-01", "2023-06-30", 453),
    ("2023-07-01", "2023-09-30", 112),
)
MARAC_SOURCES = {
    "Police": 0.28, "IDVA": 0.22, "Voluntary Sector": 0.11, "Children's Services": 0.10, "Housing": 0.07,
    "Mental Health Service": 0.06, "Hospital": 0.05, "Adult Social Care": 0.04, "Probation": 0.03,
    "Substance Misuse Service": 0.02, "Other": 0.02,
}  # fmt: skip
# Of cases, those that repeat by their dates and those so flagged (24%, p78): repeats are under-recorded.
TRUE_REPEATS, FLAGGED_REPEATS, REPEAT_DAYS = 0.31, 0.24, 350
CHILDREN_A_CASE = 325 / 453  # p77
REASONS = {"Professional judgement": 0.36, "Visible high risk": 0.44, "Escalation": 0.2}

# p76 and p82 to p84: the shares by kind of support are of 962, the referrals 770.
ANGELOU_REFERRALS, ANGELOU_NEW = (1134, 770), 513
SUPPORT = {
    "support_domestic_abuse": 741, "support_sexual_violence": 87, "support_stalking": 72,
    "support_harmful_practices": 53, "support_other": 7, "support_trafficking_sex_work": 2,
}  # fmt: skip
ANGELOU_SOURCES = {
    "MARAC": 0.27, "Self": 0.19, "Police": 0.13, "Children's Services": 0.09, "Housing": 0.08,
    "Hospital": 0.06, "General Practice": 0.05, "Adult Social Care": 0.03, "Mental Health Service": 0.03,
    "Voluntary Sector": 0.05, "Other": 0.02,
}  # fmt: skip
ABUSE = {
    "Emotional": 0.39, "Coercive Control": 0.24, "Physical": 0.22, "Financial": 0.07, "Sexual": 0.05,
    "Threats": 0.03,
}  # fmt: skip
ANGELOU_BANDS = {
    (16, 24): 0.08, (25, 34): 0.33, (35, 44): 0.29, (45, 54): 0.16, (55, 64): 0.10, (65, 90): 0.04,
}  # fmt: skip
ANGELOU_NEEDS = {
    "need_mental_health": 58, "need_housing": 41, "need_finance": 33, "need_children": 30,
    "need_physical_health": 21, "need_immigration": 19, "need_substance_misuse": 11,
}  # fmt: skip
ANGELOU_GIVEN = {
    "given_health_wellbeing": 64, "given_housing": 46, "given_safety": 43, "given_legal": 29,
    "given_finance": 27, "given_immigration": 18,
}  # fmt: skip
NO_ETHNICITY, SURVEYED, SAFER = 0.18, 0.55, 99

CONCERNS, CONCERNS_ON_ABUSE, CUCKOOING = (618, 548), (85, 76), (14, 20)  # p18, p79, p105
ABUSED_BANDS = {(18, 33): 0.35, (34, 64): 0.41, (65, 74): 0.12, (75, 95): 0.12}  # p79
OTHER_BANDS = {
    (18, 33): 0.09,
    (34, 64): 0.19,
    (65, 74): 0.16,
    (75, 84): 0.30,
    (85, 95): 0.26,
}  # half over 75 (p18)
CATEGORIES = {
    "Neglect and Acts of Omission": 0.34, "Self-neglect": 0.22, "Financial or Material Abuse": 0.17,
    "Physical Abuse": 0.11, "Psychological Abuse": 0.08, "Organisational Abuse": 0.04, "Sexual Abuse": 0.03,
    "Modern Slavery": 0.005, "Discriminatory Abuse": 0.005,
}  # fmt: skip
PLACES = {"Own Home": 0.58, "Care Home": 0.22, "Hospital": 0.1, "In the Community": 0.1}


def _days(rng: np.random.Generator, first: np.datetime64, last: np.datetime64, n: int) -> np.ndarray:
    """`n` days between two, both in, evenly and in order."""
    span = (last - first).astype(int) + 1
    return first + np.sort((np.arange(n) + rng.random(n)) * span / max(1, n)).astype("m8[D]")


def _repeating(
    rng: np.random.Generator, when: np.ndarray, share: float, number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which of `number` couples each case is about, and whether it was discussed in the twelve months before.

    `share` of the cases repeat a couple of an earlier case within 350 days.
    """
    couple, repeats = np.empty(len(when), dtype=np.int64), np.zeros(len(when), dtype=bool)
    earliest = np.searchsorted(when, when - REPEAT_DAYS)
    before = np.searchsorted(when, when - 13)
    wants, at = rng.random(len(when)) < share, rng.random(len(when))
    fresh = 0
    for case in range(len(when)):
        if (wants[case] and before[case] > earliest[case]) or fresh >= number:
            low, high = earliest[case], max(before[case], earliest[case] + 1)
            couple[case] = couple[low + int(at[case] * (high - low))] if case else 0
            repeats[case] = True
        else:
            couple[case] = fresh
            fresh += 1
    return couple, repeats


def write_marac(
    out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Write the cases of each period; return the meeting and the victim of each case."""
    rng = generator(seed, "marac")
    victims, perpetrators, relationship = couples(people, scaled(COUPLES, scale, 8), seed=seed)
    counts = [scaled(n, scale, 2) for _, _, n in MARAC_PERIODS]
    spans = [(np.datetime64(first), np.datetime64(last)) for first, last, _ in MARAC_PERIODS]
    # Conferences are every second Thursday: the day is moved back to it, within the period.
    parts = []
    for (first, last), n in zip(spans, counts, strict=True):
        day = _days(rng, first + 13, last, n)
        parts.append(day - (day - np.datetime64("2021-07-08")).astype(int) % 14)
    when = np.concatenate(parts)
    n = len(when)
    couple, repeats = _repeating(rng, when, TRUE_REPEATS, len(victims))
    edges = np.concatenate([[0], np.cumsum(counts)])
    flagged = np.zeros(n, dtype=bool)
    for start, stop in pairwise(edges):
        again = rng.permutation(start + np.flatnonzero(repeats[start:stop]))
        flagged[again[: round(FLAGGED_REPEATS * (stop - start))]] = True
    victim, perpetrator = victims[couple], perpetrators[couple]
    refs = objects([f"MC{number:06d}" for number in range(1, n + 1)])
    rows = objects([f"{r}/{d}/victim" for r, d in zip(refs, when, strict=True)])
    seen = people.observe(rng, victim, MARAC, table="marac_case", rows=rows)
    rows = objects([f"{r}/{d}/perpetrator" for r, d in zip(refs, when, strict=True)])
    other = people.observe(rng, perpetrator, MARAC, table="marac_case", rows=rows)
    reason = drawn(rng, REASONS, n)
    reason[flagged] = "Repeat"
    dash = np.clip(
        np.where(reason == "Visible high risk", rng.normal(16.5, 2, n), rng.normal(12, 2.5, n)), 0, 24
    )
    birth = people.birth_date
    columns: Columns = {
        "case_ref": refs,
        "meeting_date": when,
        "referred_on": when - rng.integers(5, 19, n).astype("m8[D]"),
        "referring_agency": drawn(rng, MARAC_SOURCES, n),
        "referral_reason": reason,
        "dash_score": some_blank(rng, dash.round().astype(int), 0.08),
        "is_repeat": flagged,
        "victim_ref": seen["reference"],
        "perpetrator_ref": other["reference"],
        "relationship": relationship[couple],
        "children_count": rng.poisson(CHILDREN_A_CASE, n),
        "victim_age": ((when - birth[victim]).astype(int) // 365.25).astype(int),
        "victim_sex": seen["sex"],
        "victim_ethnicity": seen["self_defined"],
        "is_victim_lgbt": flags(rng, 3, n),
        "is_victim_disabled": flags(rng, 17, n),
        "victim_ward_name": ward_names(geography, seen["ward_code"]),
        "perpetrator_age": ((when - birth[perpetrator]).astype(int) // 365.25).astype(int),
        "perpetrator_sex": other["sex"],
        "is_perpetrator_on_programme": flags(rng, 2, n),
        "action_count": rng.poisson(5, n),
    }
    for (first, last), (start, stop) in zip(spans, pairwise(edges), strict=True):
        part = {name: values[start:stop] for name, values in columns.items()}
        table = laid_out("marac_case", part, iso=True)
        table, broken = with_fault(
            table, "marac_case", "meeting_date", "to be agreed", scale, "case_ref", "MC9"
        )
        title = ["MARAC cases discussed", "RESTRICTED", f"Meetings from {first} to {last}"]
        content = sheet(contract_named("marac_case"), table, "Cases", title)
        name = f"marac_cases_{first}_to_{last}.xlsx"
        file = out.add("marac_case", name, content, published=published_after(str(last), 30), rows=len(table))
        missed = int((repeats & ~flagged)[start:stop].sum())
        fault = "repeat cases that are not flagged"
        plant(out, "G080", fault, file, "repeat_flag_agrees_with_dates", rows=missed, column="Repeat Case")
        plant(
            out, None, "words in place of a day", file, "row_value_does_not_parse", rows=broken,
            column="Meeting Date",
        )  # fmt: skip
    return when, victim


def _support(rng: np.random.Generator, n: int) -> Columns:
    """The kinds of support of `n` referrals: more kinds than referrals, and at least one for each."""
    total = ANGELOU_REFERRALS[1]
    columns = {}
    for name, count in SUPPORT.items():
        columns[name] = np.zeros(n, dtype=bool)
        columns[name][rng.permutation(n)[: round(count * n / total)]] = True
    without = np.flatnonzero(~np.any(list(columns.values()), axis=0))
    # Who has no kind yet takes one over from a referral that has two.
    for name in ("support_sexual_violence", "support_stalking", "support_harmful_practices"):
        spare = np.flatnonzero(columns[name] & columns["support_domestic_abuse"])[: len(without)]
        columns[name][spare] = False
        columns[name][without[: len(spare)]] = True
        without = without[len(spare) :]
    columns["support_domestic_abuse"][without] = True
    return columns


def _angelou_clients(
    people: People, rng: np.random.Generator, when: np.ndarray, source: np.ndarray, meetings, victims
) -> np.ndarray:
    """Whom each referral is about: a victim of a recent conference, somebody known, or somebody new."""
    n = len(when)
    targets = [("sex", {"F": 0.94, "M": 0.06}), ("self_defined", VICTIM_ETHNICITY)]
    who = choose(people, rng, n, ANGELOU_BANDS, targets=targets, residence=WESTMINSTER)
    back = rng.random(n) < 0.2
    earlier = (rng.random(n) * np.arange(n)).astype(np.int64)
    for referral in np.flatnonzero(back):
        who[referral] = who[earlier[referral]]
    # A conference that took place within the five weeks before.
    high = np.searchsorted(meetings, when, side="right")
    low = np.searchsorted(meetings, when - 35)
    recent = (source == "MARAC") & (high > low)
    case = low + (rng.random(n) * (high - low)).astype(np.int64)
    who[recent] = victims[case[recent]]
    return who


def write_angelou(
    out: Deliveries, geography: Geography, people: People, meetings: np.ndarray, victims: np.ndarray,
    *, seed: int, scale: float,
) -> None:  # fmt: skip
    """Write the referrals of two years; court stages and kinds of harmful practice are not sent."""
    rng = generator(seed, "angelou")
    counts = [scaled(n, scale, 4) for n in ANGELOU_REFERRALS]
    when = np.concatenate([_days(rng, *year, n) for year, n in zip(YEARS, counts, strict=True)])
    n = len(when)
    source = np.concatenate([drawn(rng, ANGELOU_SOURCES, count) for count in counts])
    who = _angelou_clients(people, rng, when, source, meetings, victims)
    refs = objects([f"ANG{number:06d}" for number in range(1, n + 1)])
    seen = people.observe(rng, who, ANGELOU, table="angelou_referral", rows=refs)
    first_time = np.zeros(n, dtype=bool)
    first_time[np.unique(who, return_index=True)[1]] = True
    new = first_time.copy()
    review = np.arange(n) >= counts[0]
    candidates = rng.permutation(np.flatnonzero(first_time & review))
    new[candidates[scaled(ANGELOU_NEW, scale, 1) :]] = False
    support = {name: np.empty(n, dtype=bool) for name in SUPPORT}
    for here in (~review, review):
        for name, values in _support(rng, here.sum()).items():
            support[name][here] = values
    age = ((when - people.birth_date[who]).astype(int) // 365.25).astype(int)
    # With the dash that word processors put: the file is not UTF-8 and its reader must know.
    dash = "\N{EN DASH}"
    names = [f"16{dash}24", *(f"{low}{dash}{low + 9}" for low in (25, 35, 45, 55)), "65 and over"]
    band = objects(names)[np.searchsorted([25, 35, 45, 55, 65], age, side="right")]
    # Cases of the review year stay open for longer (p76).
    length = rng.gamma(2, np.where(review, 120, 80), n).astype("m8[D]") + 14
    closed = when + length <= YEARS[1][1]
    ethnicity = seen["self_defined"]
    ethnicity[ethnicity == "NS"] = None
    safer = only(flags(rng, SAFER, n), closed & (rng.random(n) < SURVEYED))
    columns: Columns = {
        "referral_ref": refs,
        "client_ref": seen["reference"],
        "referred_on": when,
        "client_status": objects(np.where(new, "New", "Existing")),
        "referral_source": source,
        **support,
        "abuse_type": only(drawn(rng, ABUSE, n), support["support_domestic_abuse"]),
        "sex": seen["sex"],
        "age_band": some_blank(rng, band, 0.03),
        "self_defined_ethnicity": some_blank(rng, ethnicity, NO_ETHNICITY),
        "ward_name": ward_names(geography, seen["ward_code"]),
        **{name: flags(rng, share, n) for name, share in (ANGELOU_NEEDS | ANGELOU_GIVEN).items()},
        "case_status": objects(np.where(closed, "Closed", "Open")),
        "closed_on": np.where(closed, when + length, np.datetime64("NaT")),
        "is_safer_at_exit": safer,
    }
    gone = {
        "court_stage": ("G079", "nothing on where court proceedings stand"),
        "harmful_practice_type": ("G087", "no kind of harmful practice"),
    }
    contract = contract_named("angelou_referral")
    for year, here in zip(YEARS, (~review, review), strict=True):
        part = {name: values[here] for name, values in columns.items()}
        table = laid_out("angelou_referral", part, leave_out=gone)
        whole = table
        table, broken = with_fault(table, "angelou_referral", "referral_ref", None, scale, "referral_ref", "")
        name = f"angelou_referrals_{year[0]}_to_{year[1]}.csv"
        content = quoted_csv(table, "cp1252")
        # Both years are sent together, so that the older referrals have their closing dates.
        sent = published_after(str(YEARS[-1][1]), 35)
        file = out.add("angelou_referral", name, content, published=sent, rows=len(table))
        out.plant_encoding(file, is_plain=content.isascii())
        for column, (gap, fault) in gone.items():
            label = contract.column(column).label
            plant(out, gap, fault, file, "column_is_delivered", rows=len(table), column=label)
        fault = "ethnicity not known for one in five"
        plant_blank(out, "G127", fault, file, "angelou_referral", "self_defined_ethnicity", whole)
        still_open = int((~closed[here]).sum())
        fault = "few were asked at the exit"
        plant_blank(out, None, fault, file, "angelou_referral", "is_safer_at_exit", whole, excused=still_open)
        mentions = sum(int(part[name].sum()) for name in SUPPORT)
        plant(
            out, None, "kinds of support that overlap and add up to more than the referrals", file,
            "overlapping_categories_are_never_summed", rows=mentions - int(here.sum()),
        )  # fmt: skip
        plant(out, None, "no reference", file, "row_key_is_blank", rows=broken, column="Referral ID")


def write_safeguarding(
    out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float
) -> None:
    """Write the concerns of each year."""
    rng = generator(seed, "safeguarding")
    number = 0
    for place, (first, last) in enumerate(YEARS):
        total, abused = scaled(CONCERNS[place], scale, 4), scaled(CONCERNS_ON_ABUSE[place], scale, 1)
        parts = []
        for size, bands, female in ((abused, ABUSED_BANDS, 0.80), (total - abused, OTHER_BANDS, 0.545)):
            targets = [("sex", {"F": female, "M": 1 - female})]
            parts.append(
                choose(
                    people,
                    rng,
                    size,
                    bands,
                    on=first + 182,
                    targets=targets,
                    repeat=0.08,
                    residence=WESTMINSTER,
                )
            )
        who = np.concatenate(parts)
        is_abuse = np.arange(total) < abused
        order = rng.permutation(total)
        who, is_abuse = who[order], is_abuse[order]
        when = _days(rng, first, last, total)
        refs = objects([f"SC{number + i:06d}" for i in range(1, total + 1)])
        number += total
        seen = people.observe(rng, who, SAFEGUARDING, error=0.02, table="safeguarding_concern", rows=refs)
        category = drawn(rng, CATEGORIES, total)
        category[is_abuse & (rng.random(total) < 0.85)] = "Domestic Abuse"
        crime = flags(rng, 33, total)  # p18
        told = np.zeros(total, dtype=bool)
        told[crime] = flags(rng, 69, crime.sum())  # p18
        age = ((when - people.birth_date[who]).astype(int) // 365.25).astype(int)
        names = ["18-33", "34-64", "65-74", "75-84", "85 and over"]
        band = objects(names)[np.searchsorted([34, 65, 75, 85], age, side="right")]
        cuckooed = np.zeros(total, dtype=bool)
        cuckooed[rng.permutation(total)[: scaled(CUCKOOING[place], scale)]] = True
        risk = {
            "Service Provider": 0.333,
            "Known to Individual": 0.45,
            "Unknown to Individual": 0.12,
            "Not Applicable": 0.097,
        }
        table = laid_out(
            "safeguarding_concern",
            {
                "concern_ref": refs,
                "adult_ref": seen["reference"],
                "raised_on": when,
                "category": category,
                "is_domestic_abuse": is_abuse,
                "is_crime": crime,
                "is_reported_to_police": only(told, crime),
                "is_cuckooing": cuckooed,
                "source_of_risk": drawn(rng, risk, total),
                "location": drawn(rng, PLACES, total),
                "age_band": band,
                "sex": seen["sex"],
                "self_defined_ethnicity": seen["self_defined"],
                "ward_name": ward_names(geography, seen["ward_code"]),
                "is_section_42": flags(rng, 36, total),
            },
        )
        table, broken = with_fault(
            table, "safeguarding_concern", "raised_on", "n.d.", scale, "concern_ref", "SC9"
        )
        name = f"safeguarding_concerns_{first}_to_{last}.csv.gz"
        file = out.add(
            "safeguarding_concern", name, quoted_csv(table), published=published_after(str(last), 25),
            rows=len(table),
        )  # fmt: skip
        plant(
            out, None, "no day but a mark", file, "row_value_does_not_parse", rows=broken,
            column="Concern Start Date",
        )  # fmt: skip


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, scale: float) -> None:
    """Write the deliveries about domestic abuse and safeguarding."""
    meetings, victims = write_marac(out, geography, people, seed=seed, scale=scale)
    write_angelou(out, geography, people, meetings, victims, seed=seed, scale=scale)
    write_safeguarding(out, geography, people, seed=seed, scale=scale)
