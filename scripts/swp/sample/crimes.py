"""The invented crimes behind both the count files and the street files of the borough.

One table of whole numbers, class x place x month, is drawn once from the marginals; `mps` adds it up and
`police_uk` writes a row for each, so that the two agree apart from what their publishers do differently.
"""

from dataclasses import dataclass, replace

import numpy as np

from swp.sample.blocks import Block
from swp.sample.geography import HOME, Geography
from swp.sample.marginals import (
    REVIEW_YEAR,
    YEAR_BEFORE,
    Marginals,
    generator,
    months,
    spread,
)

MPS = "Metropolitan Police Service"
TOP_LSOAS = ("E01033595", "E01004734", "E01004763")
WEST_END_WARDS = ("West End", "St James's")
GROWTH_A_MONTH = 0.02  # within the year before: crime rose after the pandemic
FIRST_MONTH, LAST_STREET_MONTH, LAST_MONTH = "2021-10", "2023-11", "2023-12"


@dataclass(frozen=True)
class OffenceClass:
    """A minor class as the force names it, with its name on police.uk and since CONNECT."""

    major: str
    minor: str
    police_uk: str
    connect: str | None


def _classes() -> list[OffenceClass]:
    misc, weapons, order = (
        "Miscellaneous Crimes Against Society",
        "Possession of Weapons",
        "Public Order Offences",
    )
    vehicle, violence = "Vehicle Offences", "Violence Against the Person"
    damage, other, force = "Criminal damage and arson", "Other crime", "Violence and sexual offences"
    rows = [
        ("Arson and Criminal Damage", "Arson", damage, "ARSON"),
        ("Arson and Criminal Damage", "Criminal Damage", damage, "CRIMINAL DAMAGE"),
        ("Burglary", "Burglary Business and Community", "Burglary", "BURGLARY BUSINESS AND COMMUNITY"),
        ("Burglary", "Domestic Burglary", "Burglary", "BURGLARY - RESIDENTIAL"),
        ("Drug Offences", "Drug Trafficking", "Drugs", "TRAFFICKING OF DRUGS"),
        ("Drug Offences", "Possession of Drugs", "Drugs", "POSSESSION OF DRUGS"),
        ("Historical Fraud and Forgery", "Historical Fraud and Forgery", other, None),
        (misc, "Absconding from Lawful Custody", other, None),
        (misc, "Bail Offences", other, None),
        (misc, "Dangerous Driving", other, None),
        (misc, "Disclosure, Obstruction, False or Misleading State", other, None),
        (misc, "Exploitation of Prostitution", other, None),
        (misc, "Going Equipped for Stealing", other, None),
        (misc, "Handling Stolen Goods", other, None),
        (misc, "Making, Supplying or Possessing Articles for use i", other, None),
        (misc, "Obscene Publications", other, None),
        (misc, "Other Forgery", other, None),
        (misc, "Other Notifiable Offences", other, None),
        (misc, "Perverting Course of Justice", other, None),
        (misc, "Possession of False Documents", other, None),
        (misc, "Profitting From or Concealing Proceeds of Crime", other, None),
        (misc, "Threat or Possession With Intent to Commit Crimina", other, None),
        (misc, "Wildlife Crime", other, None),
        (weapons, "Other Firearm Offences", "Possession of weapons", None),
        (weapons, "Other Knife Offences", "Possession of weapons", None),
        (weapons, "Possession of Article with Blade or Point", "Possession of weapons", None),
        (weapons, "Possession of Firearm with Intent", "Possession of weapons", None),
        (weapons, "Possession of Firearms Offences", "Possession of weapons", None),
        (weapons, "Possession of Other Weapon", "Possession of weapons", None),
        (
            order,
            "Other Offences Against the State, or Public Order",
            "Public order",
            "OTHER OFFENCES PUBLIC ORDER",
        ),
        (order, "Public Fear Alarm or Distress", "Public order", "PUBLIC FEAR ALARM OR DISTRESS"),
        (
            order,
            "Racially or Religiously Aggravated Public Fear, Al",
            "Public order",
            "RACE OR RELIGIOUS AGG PUBLIC FEAR",
        ),
        (order, "Violent Disorder", "Public order", "VIOLENT DISORDER"),
        ("Robbery", "Robbery of Business Property", "Robbery", "ROBBERY OF BUSINESS PROPERTY"),
        ("Robbery", "Robbery of Personal Property", "Robbery", "ROBBERY OF PERSONAL PROPERTY"),
        ("Sexual Offences", "Other Sexual Offences", force, None),
        ("Sexual Offences", "Rape", force, None),
        ("Theft", "Bicycle Theft", "Bicycle theft", "BICYCLE THEFT"),
        ("Theft", "Other Theft", "Other theft", "OTHER THEFT"),
        ("Theft", "Shoplifting", "Shoplifting", "SHOPLIFTING"),
        ("Theft", "Theft from Person", "Theft from the person", "THEFT FROM THE PERSON"),
        (vehicle, "Aggravated Vehicle Taking", "Vehicle crime", "AGGRAVATED VEHICLE TAKING"),
        (vehicle, "Interfering with a Motor Vehicle", "Vehicle crime", "INTERFERING WITH A MOTOR VEHICLE"),
        (vehicle, "Theft from a Motor Vehicle", "Vehicle crime", "THEFT FROM A VEHICLE"),
        (
            vehicle,
            "Theft or Taking of a Motor Vehicle",
            "Vehicle crime",
            "THEFT OR UNAUTH TAKING OF A MOTOR VEH",
        ),
        (violence, "Homicide", force, "HOMICIDE"),
        (violence, "Violence with Injury", force, "VIOLENCE WITH INJURY"),
        (violence, "Violence without Injury", force, "VIOLENCE WITHOUT INJURY"),
    ]
    return [
        OffenceClass(
            major,
            minor,
            police_uk,
            connect or {misc: "MISC CRIMES AGAINST SOCIETY", weapons: "POSSESSION OF WEAPONS"}.get(major),
        )
        for major, minor, police_uk, connect in rows
    ]


CLASSES = _classes()
ASB = "Anti-social behaviour"
STREET_TYPES = [ASB, *sorted({offence.police_uk for offence in CLASSES})]


@dataclass(frozen=True)
class Crimes:
    """The borough's crimes and anti-social behaviour, by month of record.

    `counts` has the shape class x place x month; its places are those of `geography.places` and then one
    more, for crimes whose place is not known. `with_ward` is the part of `counts` whose ward is known as
    well (no last place). `asb` has the shape place x month, with the last place as above.
    """

    geography: Geography
    months: list[str]
    counts: np.ndarray
    with_ward: np.ndarray
    asb: np.ndarray

    def part(self, block: Block, seed: int) -> "Crimes":
        """The crimes of one block; those of all blocks add up to these."""
        if block.of == 1:
            return self
        rng = generator(seed, "blocks")

        def share(counts: np.ndarray) -> np.ndarray:
            return block.part_of(counts, rng.integers(block.of, size=counts.shape))

        with_ward = share(self.with_ward)
        without = self.counts.copy()
        without[:, :-1] -= self.with_ward
        counts = share(without)
        counts[:, :-1] += with_ward
        return replace(self, counts=counts, with_ward=with_ward, asb=share(self.asb))

    def between(self, first: str, last: str) -> slice:
        """The columns of months `first` to `last`, both in."""
        return slice(self.months.index(first), self.months.index(last) + 1)


def place_shares(geography: Geography, marginals: Marginals, period: str, seed: int) -> np.ndarray:
    """The share of crime of each place of the borough (summing to 1), from the ward and LSOA marginals."""
    atoms = geography.atoms
    lsoas = sorted({atom.lsoa_2011 for atom in atoms})
    ward_of = {atom.lsoa_2011: geography.ward_names[atom.ward] for atom in atoms}
    named = marginals.series("lsoa_share", period)
    wards = marginals.series("ward_share", period)
    share = {lsoa: named[lsoa] / 100 for lsoa in lsoas if lsoa in named}
    for ward, percent in wards.items():
        inside = [lsoa for lsoa in lsoas if ward_of[lsoa] == ward]
        rest = [lsoa for lsoa in inside if lsoa not in named]
        left = percent / 100 - sum(share.get(lsoa, 0) for lsoa in inside)
        share.update((lsoa, left / len(rest)) for lsoa in rest)
    # The same LSOAs are busy in every year, so their draw does not depend on the period.
    rng = generator(seed, "busy lsoas")
    elsewhere = [lsoa for lsoa in lsoas if lsoa not in share]
    left = 1 - sum(share.values())
    busy = set(rng.permutation(elsewhere)[: int(marginals.value("busy_lsoas", "outside the two wards"))])
    part = marginals.value("busy_lsoa_share", "outside the two wards") / 100
    for group, of_left, low, high in (
        ([x for x in elsewhere if x in busy], part, 0.65, 1.45),
        ([x for x in elsewhere if x not in busy], 1 - part, 0.35, 1.75),
    ):
        weights = rng.uniform(low, high, len(group))
        share.update(zip(group, left * of_left * weights / weights.sum(), strict=True))
    parts = {lsoa: sum(atom.lsoa_2011 == lsoa for atom in atoms) for lsoa in lsoas}
    return np.array([share[atom.lsoa_2011] / parts[atom.lsoa_2011] for atom in atoms])


def class_place_shares(
    geography: Geography, marginals: Marginals, period: str, totals: np.ndarray, seed: int
) -> np.ndarray:
    """Class x place shares (each row sums to 1) that keep both the place shares and the top LSOAs' shares.

    The top LSOAs hold a stated share of theft, robbery and drugs and, of the other classes together, what
    is left of their share of all crime; between them each class is split alike.
    """
    place = place_shares(geography, marginals, period, seed)
    top = np.array([atom.lsoa_2011 in TOP_LSOAS for atom in geography.atoms])
    ratio = place[top].sum() / sum(
        marginals.value("lsoa_share", lsoa, REVIEW_YEAR) / 100 for lsoa in TOP_LSOAS
    )
    stated = {
        major: ratio * v / 100 for major, v in marginals.series("share_in_top_lsoas", REVIEW_YEAR).items()
    }
    in_top = np.array([stated.get(offence.major, np.nan) for offence in CLASSES])
    known = ~np.isnan(in_top)
    left = place[top].sum() * totals.sum() - (in_top[known] * totals[known]).sum()
    in_top[~known] = left / totals[~known].sum()
    shares = np.empty((len(CLASSES), len(place)))
    shares[:, top] = in_top[:, None] * place[top] / place[top].sum()
    shares[:, ~top] = (1 - in_top)[:, None] * place[~top] / place[~top].sum()
    return shares


def month_weights(marginals: Marginals, span: list[str], marginal: str = "month_weight") -> np.ndarray:
    """The weight of each month of `span` (about 1)."""
    weight = marginals.series(marginal)
    return np.array([weight[month[-2:]] for month in span])


def year_weight(marginals: Marginals, marginal: str) -> float:
    """The sum of the twelve month weights."""
    return sum(marginals.series(marginal).values())


def draw(geography: Geography, marginals: Marginals, *, seed: int, scale: float) -> Crimes:
    """Draw the borough's crimes from October 2021 to December 2023 (three months past the review year)."""
    span = months(FIRST_MONTH, LAST_MONTH)
    places = len(geography.atoms)
    counts = np.zeros((len(CLASSES), places + 1, len(span)), dtype=np.int64)
    asb = np.zeros((places + 1, len(span)), dtype=np.int64)
    lost = marginals.value("share_without_lsoa") / 100
    for period, first, last in (
        (YEAR_BEFORE, "2021-10", "2022-09"),
        (REVIEW_YEAR, "2022-10", "2023-09"),
        ("after", "2023-10", LAST_MONTH),
    ):
        rng = generator(seed, "crimes", period)
        like = REVIEW_YEAR if period == "after" else period
        columns = slice(span.index(first), span.index(last) + 1)
        whole_year = len(span[columns]) == 12
        weights = month_weights(marginals, span[columns])
        part = scale if whole_year else scale * weights.sum() / year_weight(marginals, "month_weight")
        if period == YEAR_BEFORE:
            weights = weights * (1 + GROWTH_A_MONTH * (np.arange(12) - 5.5))
        exact = np.array([marginals.value("class_crimes", offence.minor, like) for offence in CLASSES])
        total = round(exact.sum() * part)
        per_class = spread(total, exact, rng)
        unplaced = spread(round(total * lost), per_class / max(1, per_class.sum()), rng)
        shares = class_place_shares(geography, marginals, like, exact, seed)
        order = rng.permutation(places)
        for c in range(len(CLASSES)):
            here = np.zeros(places + 1, dtype=np.int64)
            here[order] = spread(int(per_class[c] - unplaced[c]), shares[c][order], rng)
            here[places] = unplaced[c]
            counts[c, :, columns] = rng.multinomial(here, weights / weights.sum())
        asb_weights = month_weights(marginals, span[columns], "asb_month_weight")
        asb_part = 1 if whole_year else asb_weights.sum() / year_weight(marginals, "asb_month_weight")
        asb_total = round(marginals.value("asb_incidents", HOME[1], like) * scale * asb_part)
        asb_share = asb_place_shares(geography, marginals, like, seed)
        here = np.append(spread(round(asb_total * (1 - lost)), asb_share, rng), round(asb_total * lost))
        asb[:, columns] = rng.multinomial(here, asb_weights / asb_weights.sum())
    rng = generator(seed, "crimes", "without ward")
    keep = (1 - marginals.value("share_without_ward") / 100) / (1 - lost)
    return Crimes(geography, span, counts, rng.binomial(counts[:, :-1], keep), asb)


def asb_place_shares(geography: Geography, marginals: Marginals, period: str, seed: int) -> np.ndarray:
    """The share of anti-social behaviour of each place: less in the two wards than crime."""
    place = place_shares(geography, marginals, period, seed) ** 0.6
    two = np.array([geography.ward_names[atom.ward] in WEST_END_WARDS for atom in geography.atoms])
    part = marginals.value("asb_share_in_two_wards", HOME[1], period) / 100
    place[two] *= part / place[two].sum()
    place[~two] *= (1 - part) / place[~two].sum()
    return place
