"""Who is met in which role: people by sex, age and home, and couples."""

import numpy as np

from swp.sample.people import NO_ABODE, OTHER_LONDON, OUTSIDE, WESTMINSTER, People

# Residents among victims and among accused by ward of the crime, in per cent (appendix 5).
RESIDENTS = {
    "Abbey Road": (55, 26), "Bayswater": (54, 28), "Church Street": (59, 42), "Harrow Road": (64, 42),
    "Hyde Park": (36, 21), "Knightsbridge & Belgravia": (33, 10), "Lancaster Gate": (51, 31),
    "Little Venice": (61, 44), "Maida Vale": (60, 40), "Marylebone": (41, 26), "Pimlico North": (51, 39),
    "Pimlico South": (64, 54), "Queen's Park": (65, 64), "Regent's Park": (42, 30), "St James's": (20, 14),
    "Vincent Square": (54, 40), "West End": (23, 8), "Westbourne": (58, 54),
}  # fmt: skip
BANDS = ((10, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 95))
RESIDENCE = {WESTMINSTER: 0, OTHER_LONDON: 1, OUTSIDE: 2, NO_ABODE: 3}
RESIDENCE_TEXT = {
    WESTMINSTER: "Within Borough",
    OTHER_LONDON: "Other London Borough",
    OUTSIDE: "Outside London",
    NO_ABODE: "No Fixed Abode",
}
# How much likelier than in the population somebody of an ethnic appearance is met as an offender.
MET_AS_OFFENDER = {"IC1": 0.85, "IC2": 0.85, "IC3": 2.05, "IC4": 0.65, "IC5": 0.5, "IC6": 1.5}
PARTNERS = {
    "F": {
        "Ex-girlfriend": 0.25, "Girlfriend": 0.2, "Daughter": 0.11, "Sister": 0.11, "Mother": 0.1,
        "Ex-wife": 0.06, "Wife": 0.09, "Other relative": 0.05, "Acquaintance": 0.03,
    },
    "M": {
        "Ex-boyfriend": 0.28, "Boyfriend": 0.2, "Husband": 0.12, "Son": 0.09, "Brother": 0.08,
        "Ex-husband": 0.09, "Father": 0.06, "Other relative": 0.05, "Acquaintance": 0.03,
    },
}  # fmt: skip
STRANGERS = {"Stranger": 0.62, "Acquaintance": 0.2, "Neighbour": 0.08, "Colleague": 0.05, "Customer": 0.05}


def draw_people(
    rng: np.random.Generator,
    people: People,
    female: np.ndarray,
    band: np.ndarray,
    residence: np.ndarray,
    *,
    repeat: float,
    met: dict[str, float],
) -> np.ndarray:
    """The person of each row, by sex, age band (of BANDS) and residence (of RESIDENCE)."""
    weight = np.array([met[code] for code in people.ic_code])
    who = np.zeros(len(female), dtype=np.int64)
    homeless = residence == RESIDENCE[NO_ABODE]
    who[homeless] = people.pick(rng, int(homeless.sum()), age=(18, 80), residence=NO_ABODE, repeat=0.5)
    for lives, at in list(RESIDENCE.items())[:3]:
        for b, ages in enumerate(BANDS):
            for sex, is_female in (("F", True), ("M", False)):
                here = np.flatnonzero((residence == at) & (band == b) & (female == is_female))
                who[here] = people.pick(
                    rng,
                    len(here),
                    age=ages,
                    on="2022-10-01",
                    sex=sex,
                    residence=lives,
                    repeat=repeat,
                    weight=weight,
                )
    return who


def draw_bands(rng: np.random.Generator, major: np.ndarray, ages: dict, other: tuple) -> np.ndarray:
    """The age band of each row, by its major class."""
    band = np.zeros(len(major), dtype=int)
    for each in np.unique(major):
        here = np.flatnonzero(major == each)
        weights = np.array(ages.get(each, other))
        band[here] = rng.choice(len(BANDS), len(here), p=weights / weights.sum())
    return band


def draw_residence(
    rng: np.random.Generator,
    share: np.ndarray,
    ward: np.ndarray,
    column: int,
    overall: float,
    band: np.ndarray,
) -> np.ndarray:
    """Where each lives: residents by class (`share`) and by ward of the crime (a column of RESIDENTS)."""
    n = len(share)
    by_ward = np.array([RESIDENTS.get(name, (100 * overall, 100 * overall))[column] / 100 for name in ward])
    resident = rng.random(n) < np.clip(by_ward * (share / overall) ** 0.6, 0.01, 0.97)
    other = rng.choice([1, 2, 3], n, p=[0.665, 0.325, 0.01] if column == 0 else [0.78, 0.15, 0.07])
    other[(other == 3) & (band == 0)] = 1  # no child without an abode
    return np.where(resident, 0, other)


def residence_columns(
    people: People,
    person: np.ndarray,
    seen: dict[str, np.ndarray],
    natural: np.ndarray,
    blank: np.ndarray,
    not_known: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Category, borough, ward, postcode and address of the home: blank, or not known, all together."""
    n = len(person)
    category, borough, ward, postcode, address = (np.full(n, None, dtype=object) for _ in range(5))
    category[natural] = [RESIDENCE_TEXT[text] for text in seen["residence"]]
    for values, name in (
        (borough, "borough"),
        (ward, "ward_code"),
        (postcode, "postcode"),
        (address, "address"),
    ):
        values[natural] = seen[name]
        values[blank | not_known] = None
    category[not_known & (category != None)] = "Not Known"  # noqa: E711
    category[blank] = None
    return category, borough, ward, postcode, address


class Partners:
    """For each report of domestic abuse its suspect: the same one for the same victim."""

    def __init__(self, report: np.ndarray, victim: np.ndarray, people: People, rng: np.random.Generator):
        unique, inverse = np.unique(victim, return_inverse=True)
        victim_f = people.sex[unique] == "F"
        female = np.where(victim_f, rng.random(len(unique)) < 0.17, rng.random(len(unique)) < 0.55)
        weights = np.array((0.04, 0.2, 0.28, 0.22, 0.15, 0.09, 0.02))
        band = rng.choice(len(BANDS), len(unique), p=weights / weights.sum())
        residence = rng.choice([0, 1, 2], len(unique), p=[0.55, 0.38, 0.07])
        who = draw_people(rng, people, female, band, residence, repeat=0.1, met=MET_AS_OFFENDER)
        self.person = dict(zip(report.tolist(), who[inverse].tolist(), strict=True))
