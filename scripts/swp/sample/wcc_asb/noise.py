"""Complaints about noise, a file a quarter."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from swp.sample.blocks import Block
from swp.sample.deliveries import Deliveries
from swp.sample.faults import with_broken_rows
from swp.sample.marginals import generator, scaled
from swp.sample.people import WESTMINSTER
from swp.sample.wcc_asb.columns import (
    YEAR_STARTS,
    blank,
    clock,
    drawn,
    objects,
    quoted_csv,
    set_cells,
    table_of,
    yes,
)
from swp.sample.wcc_asb.ground import AGENCY, Ground, plant_gap

NOISE_SOURCE = "noise_complaint"
NOISE = (19_000, 16_542)
# Type: share of complaints, of which from places with 10 or more and with 3 to 9 in the year (the sums over
# the types are printed), share in the two wards, and of the rest that of Marylebone and of Harrow Road.
NOISE_TYPES = {
    "Residential": (0.39, 0.172, 0.320, 0.165, 0.08, 0.09),
    "Street": (0.28, 0.2915, 0.300, 0.50, 0.08, 0.06),
    "Commercial premises": (0.14, 0.302, 0.330, 0.46, 0.18, 0.08),
    "Construction": (0.07, 0.10, 0.237, 0.165, 0.10, 0.09),
    "Alarm": (0.05, 0.10, 0.237, 0.165, 0.10, 0.09),
    "Traffic and deliveries": (0.04, 0.10, 0.237, 0.165, 0.10, 0.09),
    "Machinery and plant": (0.03, 0.10, 0.237, 0.165, 0.10, 0.09),
}
LANCASTER_GATE = 0.075
# The two places with hundreds of complaints, and homes with more than 20: 18, of which 4 with more than 50.
WORST_STREETS = ((262, "West End"), (194, "Harrow Road"))
WORST_HOMES = (71, 62, 55, 52, 44, 39, 36, 33, 31, 29, 28, 26, 25, 24, 23, 23, 22, 22)
SUBTYPES = {
    "Residential": {
        "Loud music, TV or party": 46, "Footsteps and banging": 18, "Shouting and voices": 16,
        "Domestic appliances": 8, "Animals": 6, "Building work": 6,
    },
    "Street": {"Shouting and voices": 45, "Vehicles and pedicabs": 30, "Busking and street music": 25},
    "Commercial premises": {
        "Loud music, TV or party": 40, "Patrons leaving premises": 25, "Deliveries and collections": 20,
        "Plant or ventilation": 15,
    },
    "Construction": {"Building work": 1}, "Alarm": {"Alarm sounding": 1},
    "Traffic and deliveries": {"Deliveries and collections": 6, "Vehicles and pedicabs": 4},
    "Machinery and plant": {"Plant or ventilation": 1},
}  # fmt: skip
# Weight of each hour from midnight on, by kind of noise.
HOURS = {
    "Residential": (10, 8, 6, 4, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 4, 5, 6, 9, 11),
    "Commercial premises": (7, 4, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 4, 5, 7, 13, 13),
    "Street": (8, 5, 3, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 6, 8, 8),
    "other": (3, 2, 2, 1, 1, 2, 4, 7, 8, 8, 7, 6, 6, 6, 6, 5, 5, 4, 3, 3, 3, 3, 4, 4),
}
NOISE_OUTCOMES = {"Advice given": 0.35, "No noise heard on visit": 0.2, "Noise stopped on visit": 0.18,
                  "Informal warning": 0.12, "Abatement notice": 0.03, "No further contact": 0.12}  # fmt: skip
MOST_CALLERS = 6
EXTRA_QUARTER, TWICE_QUARTER, BROKEN_QUARTER = 2, 5, 6


def filled(rng: np.random.Generator, mass: int, low: int, high: int) -> np.ndarray:
    """Whole numbers from `low` to `high` that add up to `mass`, or to as much of it as they can."""
    sizes = rng.integers(low, high + 1, size=mass // low + 1)
    sizes = sizes[np.cumsum(sizes) <= mass]
    left = mass - int(sizes.sum())
    for at in np.flatnonzero(sizes < high)[:left]:
        sizes[at] += 1
    return sizes


def place_sizes(
    rng: np.random.Generator, total: int, heavy: float, middle: float, worst: tuple[int, ...], high: int
) -> np.ndarray:
    """Complaints of each place, the largest first.

    `heavy` and `middle` are the shares of `total` at places with 10 or more and with 3 to 9. `worst` are
    named sizes, left out of a sample too small for them; the other heavy ones have up to `high`.
    """
    named = np.array(worst if sum(worst) <= heavy * total else (), dtype=np.int64)
    many = np.append(named, filled(rng, round(heavy * total) - int(named.sum()), 10, high))
    some = filled(rng, round((heavy + middle) * total) - int(many.sum()), 3, 9)
    left = total - int(many.sum() + some.sum())
    pairs = round(0.16 * left)
    few = np.append(np.full(pairs, 2), np.ones(left - 2 * pairs, dtype=np.int64))
    return np.concatenate([many, some, few]).astype(np.int64)


def place_wards(rng: np.random.Generator, sizes: np.ndarray, shares: dict[str, float], fixed: list[str]):
    """The ward of each place: by chance for the large ones, the others so that wards get their shares."""
    names, odds = list(shares), np.array(list(shares.values()))
    odds = odds / odds.sum()
    large = sizes >= 10
    ward = np.empty(len(sizes), dtype=np.int64)
    ward[large] = rng.choice(len(names), large.sum(), p=odds)
    ward[: len(fixed)] = [names.index(name) for name in fixed]
    left = np.maximum(odds * sizes.sum() - np.bincount(ward[large], sizes[large], len(names)), 0)
    small = rng.permutation(np.flatnonzero(~large))
    middle = np.cumsum(sizes[small]) - sizes[small] / 2
    edges = np.cumsum(left) / max(1, left.sum()) * sizes[small].sum()
    ward[small] = np.minimum(np.searchsorted(edges, middle), len(names) - 1)
    return objects(names)[ward]


def noise_ward_shares(ground: Ground, kind: str) -> dict[str, float]:
    """The share of each ward in the complaints of a type."""
    _, _, _, two, marylebone, harrow_road = NOISE_TYPES[kind]
    shares = {"West End": two * 0.6, "St James's": two * 0.4}
    rest = {"Marylebone": marylebone, "Harrow Road": harrow_road, "Lancaster Gate": LANCASTER_GATE}
    others = [w for w in sorted(ground.wards) if w not in (*shares, *rest)]
    rest |= dict.fromkeys(others, (1 - sum(rest.values())) / len(others))
    return shares | {name: (1 - two) * share for name, share in rest.items()}


class Complaints(NamedTuple):
    """Noise complaints: type, place and ward of each, how many people complain of the place, and when."""

    kind: np.ndarray
    place: np.ndarray
    ward: np.ndarray
    callers: np.ndarray
    when: np.ndarray


def write_noise(out: Deliveries, ground: Ground, seed: int, blocks: list[Block]) -> None:
    """Eight quarterly files of noise complaints."""
    quarters = [Quarter(out, number) for number in range(8)]
    told = 0
    for block in blocks:
        if block.of > 1:
            out.tell(f"{NOISE_SOURCE}: block {block.number + 1} of {block.of}")
        rng = generator(seed, AGENCY, "noise", *block.names)
        complaints = noise_complaints(rng, ground, block)
        table = noise_table(rng, ground, complaints, told + 1)
        told += table.num_rows
        month = complaints.when.astype("M8[M]") - np.datetime64("2021-10", "M")
        for number, quarter in enumerate(quarters):
            rows = np.flatnonzero(month.astype(int) // 3 == number)
            quarter.add(table.slice(rows[0], len(rows)), block)
    for quarter in quarters:
        quarter.end()


def noise_complaints(rng: np.random.Generator, ground: Ground, block: Block) -> Complaints:
    """The complaints of two years, in the order of their times."""
    parts = []
    for kind, (share, heavy, middle, *_) in NOISE_TYPES.items():
        before: tuple[np.ndarray, np.ndarray] | None = None
        for year in (1, 0):
            total = scaled(NOISE[year] * share, block.scale, 3)
            worst = {"Street": [n for n, _ in WORST_STREETS], "Residential": list(WORST_HOMES)}.get(kind, [])
            worst = sorted(worst * max(1, round(block.scale)), reverse=True)
            sizes = place_sizes(rng, total, heavy, middle, tuple(worst), 20 if kind == "Residential" else 40)
            fixed = [w for _, w in sorted(WORST_STREETS * max(1, round(block.scale)), reverse=True)]
            fixed = fixed if kind == "Street" and sizes[0] > 100 else []
            wards = place_wards(rng, sizes, noise_ward_shares(ground, kind), fixed)
            place = noise_places(rng, ground, kind, year, wards, block)
            if before is not None:
                # A third of the places of one year are heard of in the other as well.
                again = rng.permutation(len(place))[: min(len(place), len(before[0])) // 3]
                same = again[again < len(before[0])]
                same = same[before[1][same] == wards[same]]
                place[same] = before[0][same]
            before = (place, wards)
            parts.append(
                Complaints(
                    np.full(int(sizes.sum()), kind, dtype=object),
                    np.repeat(place, sizes),
                    np.repeat(wards, sizes),
                    np.repeat(np.minimum(sizes, MOST_CALLERS), sizes),
                    noise_times(rng, kind, year, int(sizes.sum())),
                )
            )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[-1], kind="stable")
    return Complaints(*(column[order] for column in columns))


def noise_places(
    rng: np.random.Generator, ground: Ground, kind: str, year: int, wards: np.ndarray, block: Block
) -> np.ndarray:
    """A text for each place: for a home the number of somebody who lives there, else of the spot."""
    if kind == "Residential":
        return objects(f"home|{person}" for person in ground.homes(rng, wards))
    label = {"Street": "Street", "Traffic and deliveries": "Road"}.get(kind, "Premises")
    apart = (year * 10 + list(NOISE_TYPES).index(kind)) * 10**6 + block.number * 10**5
    spot = rng.permutation(len(wards) * 3)[: len(wards)] + apart
    return objects(f"{label}|{number}" for number in spot)


def noise_times(rng: np.random.Generator, kind: str, year: int, n: int) -> np.ndarray:
    """When complaints were received: more at weekends and a little more in summer."""
    days = np.datetime64(YEAR_STARTS[year]) + np.arange(365)
    weekday = (days.astype(int) + 3) % 7
    month = days.astype("M8[M]").astype(int) % 12 + 1
    weight = np.where(weekday >= 4, 1.45, 1.0) * np.where(
        np.isin(month, (5, 6, 7, 8)), 1.1 if year else 1.3, 1.0
    )
    hours = np.array(HOURS.get(kind, HOURS["other"]), float)
    day = rng.choice(365, n, p=weight / weight.sum())
    minute = rng.choice(24, n, p=hours / hours.sum()) * 60 + rng.integers(60, size=n)
    return days[day].astype("M8[m]") + minute


def noise_table(rng: np.random.Generator, ground: Ground, told: Complaints, first: int) -> pa.Table:
    """The complaints as the council writes them, numbered from `first`."""
    kinds, place, ward, customers, when = told
    people, n = ground.people, len(when)
    refs = objects(f"NS{str(m)[2:4]}{i:07d}" for i, m in enumerate(when.astype("M8[Y]"), start=first))
    code_of = {name: code for code, name in ground.ward_names.items()}
    wards = sorted(code_of.values())
    kind_of, _, number = zip(*(text.partition("|") for text in place), strict=True)
    number = np.array(number, dtype=np.int64)
    home = np.array(kind_of) == "home"
    at = np.where(home, number, 0)
    address = objects(
        f"{'' if k == 'Premises' else 'Sample '}{k} {v}, {w}"
        for k, v, w in zip(kind_of, number, ward, strict=True)
    )
    address = np.where(home, people.address[at], address)
    postcode = objects(
        f"ZZ{wards.index(code_of[w]) + 1} {v % 9 + 1}ZZ" for v, w in zip(number, ward, strict=True)
    )
    uprn = np.where(home, people.uprn[at], objects(f"9991{v:08d}" for v in number))
    in_street = np.isin(np.array(kind_of), ("Street", "Road"))
    # Each place has a few people who complain of it.
    _, which = np.unique(place.astype(str), return_inverse=True)
    slot = which * MOST_CALLERS + (rng.random(n) * customers).astype(np.int64)
    _, slot = np.unique(slot, return_inverse=True)
    callers = people.pick(rng, slot.max() + 1, age=(18, 95), residence=WESTMINSTER)[slot]
    seen = people.observe(rng, callers, "noise", table=NOISE_SOURCE, rows=refs)
    anonymous = rng.random(n) < 0.15
    visited = rng.random(n) < 0.4
    closed = when + rng.integers(30, 20_000, size=n)
    subtype = np.empty(n, dtype=object)
    for kind, shares in SUBTYPES.items():
        here = kinds == kind
        subtype[here] = drawn(rng, int(here.sum()), shares)
    return table_of(
        {
            "SR Ref": refs,
            "Received": clock(when),
            "Noise Type": kinds,
            "Noise Sub Type": blank(subtype, rng.random(n) < 0.1),
            "Noise Location": address,
            "Noise Postcode": blank(np.where(home, people.postcode[at], postcode), in_street),
            "Noise UPRN": blank(uprn, in_street | (rng.random(n) < 0.04)),
            "Ward": blank(ward, rng.random(n) < 0.01),
            "Customer ID": blank(seen["reference"], anonymous),
            "Customer Forename": blank(seen["given_name"], anonymous),
            "Customer Surname": blank(seen["family_name"], anonymous),
            "Customer Postcode": blank(seen["postcode"], anonymous),
            "Statutory Nuisance": blank(yes(rng.random(n) < 0.05), ~visited),
            "Officer Visit": yes(visited),
            "Closed": clock(closed),
            "Outcome": blank(drawn(rng, n, NOISE_OUTCOMES), rng.random(n) < 0.08),
        }
    )


class Quarter:
    """The file of one quarter, with the faults that are planted in it."""

    def __init__(self, out: Deliveries, number: int):
        first = np.datetime64("2021-10", "M") + 3 * number
        last = first + 2
        published = str(np.datetime64(last + 1, "D") + 16)
        name = f"noise_complaints_{first}_to_{last}_extract_{published}.csv"
        self.out, self.number = out, number
        self.file = out.begin(NOISE_SOURCE, name, published=published)

    def add(self, table: pa.Table, block: Block) -> None:
        """Add the complaints of one block."""
        table = table.combine_chunks()
        broken = block.broken_count(table.num_rows)
        if self.number == TWICE_QUARTER:
            table = pa.concat_tables([table, table.slice(0, broken)])
        if self.number == BROKEN_QUARTER:
            table = with_broken_rows(table, "SR Ref", None, broken)
            table = set_cells(table, "Noise Type", broken, "Noise - misc")
        if self.number == EXTRA_QUARTER:
            table = table.append_column("Officer Code", pa.repeat(pa.scalar("EH00"), table.num_rows))
        encoding = "cp1252" if self.number == 0 else "utf-8"
        content = quoted_csv(table, encoding=encoding, heading=self.file.is_new)
        self.file.write(content, table.num_rows)
        self.file.counted["not plain"] += not content.isascii()
        self.file.counted["broken"] += broken

    def end(self) -> None:
        """Finish the file and note what was planted in it."""
        out, file, broken = self.out, self.out.end(self.file), self.file.counted["broken"]
        if self.number == 0:
            out.plant_encoding(file, is_plain=not self.file.counted["not plain"])
        if self.number == TWICE_QUARTER:
            out.plant("rows twice, alike in every column", file, "exact_duplicates", rows=broken)
        if self.number == BROKEN_QUARTER:
            what = "complaint without its reference"
            out.plant(what, file, "row_key_is_blank", rows=broken, column="SR Ref")
            what = "type that is in no list"
            out.plant(what, file, "values_in_code_list", rows=broken, column="Noise Type")
        if self.number == EXTRA_QUARTER:
            what = "column that nobody asked for"
            out.plant(what, file, "unexpected_column", rows=self.file.rows, column="Officer Code")
        what = "nobody says which complaints are anti-social behaviour"
        plant_gap(out, "G032, G037", what, file, "column_is_delivered", self.file.rows, "Classed As ASB")
