"""People sleeping rough (CHAIN), low income households (LIFT) and claimants by ward.

The layouts are assumed. Totals are those of the strategic assessment 2024 (page beside each), or assumed.
"""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from swp.sample.deliveries import Deliveries, csv_bytes, pick, same
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import HOME, Geography
from swp.sample.health import exactly, uk_date
from swp.sample.lfb import blank_where, texts
from swp.sample.marginals import Marginals, generator, months, scaled, spread
from swp.sample.ons import rows_of
from swp.sample.people import NO_ABODE, People, age_on
from swp.sample.safestats import Places, exact_places

CHAIN, LIFT, DWP = "chain_person", "lift_household", "dwp_claimant_count"

CATEGORIES = ("New rough sleepers", "Living on the streets", "Intermittent rough sleepers")
# People of the last quarter in each category, and in all: 8 are in two (p31). Others by the total alone.
IN_CATEGORY, IN_ALL = (288, 83, 385), 748
QUARTER_TOTALS = {
    "2021-10": 770, "2022-01": 745, "2022-04": 790, "2022-07": 853,
    "2022-10": 800, "2023-01": 765, "2023-04": 740, "2023-07": 748,
}  # fmt: skip
# Sex and nationalities as printed add up to no more than the known (p31).
MALE, AGED_36_TO_45 = 0.77, 0.36
AGE_BANDS = (
    ("Under 18", 0, 17),
    ("18 - 25", 18, 25),
    ("26 - 35", 26, 35),
    ("36 - 45", 36, 45),
    ("46 - 55", 46, 55),
    ("Over 55", 56, 120),
)
AGE_ODDS = {"18 - 25": 0.07, "26 - 35": 0.24, "36 - 45": AGED_36_TO_45, "46 - 55": 0.21, "Over 55": 0.12}
YOUNGEST = 17  # in October 2022: nobody is younger than 16 when first seen
NATIONALITIES = {
    "2021-10": (("United Kingdom", 0.45), ("Romania", 0.27), ("Poland", 0.06), ("Other", 0.19), (None, 0.03)),
    "2022-10": (("United Kingdom", 0.43), ("Romania", 0.43), ("Poland", 0.03), ("Other", 0.09), (None, 0.02)),
}
NOT_ASSESSED, NO_NEEDS, PRISON = 0.18, 0.34, 0.30
WARD_SHARES = {"West End": 36, "St James's": 34}

# Households and children in April 2023 (p57); the wards' shares are printed, the year before assumed.
LIFT_YEARS = (("2022-04-01", 18_420, 7_300, "2022-05-10"), ("2023-04-01", 18_931, 7_412, "2023-05-09"))
LIFT_WARDS = {"Church Street": 11, "Westbourne": 10, "Queen's Park": 9, "Harrow Road": 8}
LIFT_STATUS = {"Coping": 0.52, "At risk": 0.27, "Struggling": 0.13, "In crisis": 0.08}

# Claimants under 25 (p57: an average of 720; the two wards' shares are printed).
CLAIMANT_WARDS = {"Church Street": 14, "Queen's Park": 12}
CLAIMANTS = {"Aged 16-24": (690, 720), "Aged 25-49": (3300, 3350), "Aged 50+": (2200, 2250)}
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def write(
    out: Deliveries, geography: Geography, marginals: Marginals, people: People, *, seed: int, scale: float
) -> None:
    """Write eight quarters of CHAIN, two snapshots of LIFT and two years of claimants by ward."""
    places = Places(geography, marginals, seed)
    write_chain(out, places, people, seed, scale)
    for snapshot in LIFT_YEARS:
        write_lift(out, places, snapshot, seed, scale)
    write_claimants(out, geography, seed)


def rough_sleepers(people: People, rng: np.random.Generator, n: int) -> np.ndarray:
    """Indexes of `n` different people: those without an abode first, with the printed sex and ages."""
    years, male = people.age("2022-10-01"), people.sex == "M"
    homeless = people.residence == NO_ABODE
    weight = np.zeros(len(people))
    for band, low, high in AGE_BANDS:
        for is_male, share in ((True, MALE), (False, 1 - MALE)):
            inside = (years >= max(low, YOUNGEST)) & (years <= high) & (male == is_male)
            if inside.any():
                each = np.where(homeless[inside], 6.0, 1.0)
                weight[inside] = AGE_ODDS.get(band, 0.002) * share * each / each.sum()
    # A draw at random of so many: the odds would not be kept without putting back.
    n = min(n, int((weight > 0).sum() // 2))
    return people.pick(rng, n, weight=weight)


def write_chain(out: Deliveries, places: Places, people: People, seed: int, scale: float) -> None:
    """Write a file a quarter. A person stays the same from quarter to quarter; some are in two categories."""
    rng = generator(seed, "rough sleepers")
    totals = {quarter: scaled(total, scale, 12) for quarter, total in QUARTER_TOTALS.items()}
    pool = rough_sleepers(people, rng, round(sum(totals.values()) * 0.5))
    traits = rng.random((4, len(pool)))
    in_two = sum(IN_CATEGORY) - IN_ALL
    new_share, street_share = IN_CATEGORY[0] / IN_ALL, (IN_CATEGORY[1] - in_two) / IN_ALL
    first_new = 0
    for quarter, total in totals.items():
        total = min(total, len(pool))
        new = min(round(total * new_share), len(pool) - first_new)
        known = rng.permutation(max(first_new, total))[: total - new] if first_new >= total else None
        fresh = np.arange(first_new, first_new + new)
        if known is None:
            # The first quarters: people known from before the first delivery, from the end of the pool.
            known = np.arange(len(pool) - (total - new), len(pool))
        first_new += new
        who = np.unique(np.concatenate([fresh, known]))
        category = np.where(np.isin(who, fresh), 0, 2)
        old = np.flatnonzero(category == 2)
        category[rng.permutation(old)[: round(total * street_share)]] = 1
        twice = rng.permutation(np.flatnonzero(category == 0))[: max(1, round(total * in_two / IN_ALL))]
        rows = np.concatenate([np.arange(len(who)), twice])
        shown = np.concatenate([category, np.ones(len(twice), dtype=int)])
        write_quarter(out, places, people, quarter, pool, who[rows], shown, traits, len(twice), rng, scale)


def write_quarter(
    out: Deliveries,
    places: Places,
    people: People,
    quarter: str,
    pool: np.ndarray,
    who: np.ndarray,
    category: np.ndarray,
    traits: np.ndarray,
    twice: int,
    rng: np.random.Generator,
    scale: float,
) -> None:
    """Write one quarter: a row for each person (position in `pool`) and category."""
    n, index = len(who), pool[who]
    end = (np.datetime64(quarter, "M") + 3).astype("M8[D]") - 1
    month = int(quarter[-2:])
    words = f"{MONTH_NAMES[month - 1][:3]}-{MONTH_NAMES[month + 1][:3]} {quarter[:4]}"
    reference = people.reference(index, CHAIN)
    people.note(
        CHAIN, reference, CHAIN, np.char.add(f"{quarter}/", np.arange(n).astype(str)).astype(object), index
    )
    years = age_on(people.birth_date[index], end)
    bands = np.array([low for _, low, _ in AGE_BANDS])
    nations = NATIONALITIES["2022-10" if quarter >= "2022-10" else "2021-10"]
    nation = np.searchsorted(np.cumsum([share for _, share in nations])[:-1], traits[0, who], side="right")
    not_assessed = traits[1, who] < NOT_ASSESSED
    # Of those assessed, so many have needs that just over a third of all are known to have none.
    needy = ~not_assessed & (traits[2, who] >= NO_NEEDS / (1 - NOT_ASSESSED))

    def need(share: float) -> pa.Array:
        return blank_where(not_assessed, pick(["No", "Yes"], (needy & (rng.random(n) < share)).astype(int)))

    ward = exact_places(n, places.odds_by_ward(WARD_SHARES), rng)
    table = pa.table(
        {
            "CHAIN ID": pa.array(reference, pa.string()),
            "Quarter": same(words, n),
            "Quarter End": same(uk_date(end), n),
            "Borough Seen": same(HOME[1], n),
            "CHAIN Category": pick(list(CATEGORIES), category),
            "Ward Last Seen": blank_where(rng.random(n) < 0.06, pick(places.wards, ward)),
            "Nationality": pick([name for name, _ in nations], nation),
            "Gender": pick(["Female", "Male"], (people.sex[index] == "M").astype(int)),
            "Age Band": pick(
                [name for name, _, _ in AGE_BANDS], np.searchsorted(bands, years, side="right") - 1
            ),
            "Alcohol Need": need(0.5),
            "Drug Need": need(0.48),
            "Mental Health Need": need(0.75),
            "Prison Experience": blank_where(
                not_assessed & (traits[3, who] >= PRISON),
                pick(["No", "Yes"], (traits[3, who] < PRISON).astype(int)),
            ),
            "Care Experience": blank_where(
                not_assessed, pick(["No", "Yes"], (traits[3, who] > 0.9).astype(int))
            ),
            "Times Seen": texts(rng.geometric(0.4, n), "%d"),
        }
    )
    broken = broken_count(scale, n, 1) if quarter == "2023-07" else 0
    table = with_broken_rows(table, "CHAIN ID", None, broken)
    name = f"chain_westminster_{quarter.replace('-', '')}_{str(end)[:7].replace('-', '')}.csv"
    path = out.add(CHAIN, name, csv_bytes(table), published=str(end + 40), rows=n + broken)
    out.plant("person without a reference", path, "row_key_is_blank", rows=broken, column="CHAIN ID")
    out.plant(
        "people in two categories of a quarter",
        path,
        "categories_overlap",
        rows=twice,
        column="CHAIN Category",
        month=str(end)[:7],
    )


def write_lift(
    out: Deliveries, places: Places, snapshot: tuple[str, int, int, str], seed: int, scale: float
) -> None:
    """Write one snapshot of low income households as Parquet."""
    day, households, children, published = snapshot
    rng = generator(seed, "low income", day)
    n = scaled(households, scale, 40)
    place = exact_places(n, places.odds_by_ward(LIFT_WARDS), rng)
    kids = np.where(exactly(n, 0.215, rng), 1 + rng.choice(4, n, p=[0.42, 0.37, 0.15, 0.06]), 0)
    kids = to_total(kids, round(children * n / households), rng)
    table = pa.table(
        {
            "lift_household_id": texts(rng.permutation(n) + 1, "LH%08d"),
            "snapshot_date": same(day, n),
            "ward_cd": pick(places.ward_codes, place),
            "ward_nm": pick(places.wards, place),
            "lsoa_cd": pick(places.lsoas, place),
            "dependent_children": texts(kids, "%d"),
            "household_type": pick(
                ["Single", "Couple", "Lone parent", "Couple with children"],
                np.where(kids > 0, 2, 0) + (rng.random(n) < 0.3),
            ),
            "tenure": blank_where(
                rng.random(n) < 0.08,
                pick(
                    ["Council", "Housing association", "Private rented", "Temporary"],
                    rng.choice(4, n, p=[0.38, 0.34, 0.2, 0.08]),
                ),
            ),
            "financial_status": pick(list(LIFT_STATUS), rng.choice(4, n, p=list(LIFT_STATUS.values()))),
        }
    )
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    out.add(
        LIFT,
        f"lift_westminster_{day.replace('-', '')}.parquet",
        buffer.getvalue(),
        published=published,
        rows=n,
    )


def to_total(kids: np.ndarray, total: int, rng: np.random.Generator) -> np.ndarray:
    """`kids` with one more or fewer in some homes with children, so that they add up to `total`."""
    for _ in range(20):
        gap = total - int(kids.sum())
        able = np.flatnonzero(kids > 0 if gap > 0 else kids > 1)
        if not gap or not len(able):
            break
        kids[rng.permutation(able)[: abs(gap)]] += np.sign(gap)
    return kids


def write_claimants(out: Deliveries, geography: Geography, seed: int) -> None:
    """Write claimants by ward, age and month, rounded to 5; the table stays whole at any scale."""
    rng = generator(seed, "claimants")
    wards = sorted(geography.ward_names.items())
    weights = rng.uniform(0.5, 1.5, len(wards))
    weights *= (100 - sum(CLAIMANT_WARDS.values())) / sum(
        w for w, (_, name) in zip(weights, wards, strict=True) if name not in CLAIMANT_WARDS
    )
    for n, (_, name) in enumerate(wards):
        weights[n] = CLAIMANT_WARDS.get(name, weights[n])
    rows = []
    for month in months("2021-10", "2023-09"):
        year = int(month >= "2022-10")
        words = f"{MONTH_NAMES[int(month[-2:]) - 1]} {month[:4]}"
        for band, totals in CLAIMANTS.items():
            counts = spread(round(totals[year] * rng.uniform(0.97, 1.03)), weights / weights.sum(), rng)
            rows += [
                [words, code, name, band, 5 * round(count / 5)]
                for (code, name), count in zip(wards, counts, strict=True)
            ]
    header = "Claimant Month,2022 Ward Code,2022 Ward,Claimant Age,Claimants"
    out.add(
        DWP,
        "claimant_count_wards_202110_202309.csv",
        rows_of(header, rows),
        published="2023-11-14",
        rows=len(rows),
    )
