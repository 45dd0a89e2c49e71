"""Invented people: who they truly are, and what an agency writes down about them.

Nobody here is real. Names are put together from invented syllables, streets are invented, postcodes are of
an area that is not given out (ZZ) and property references of a range that is not in use (9990...). An
agency's rows repeat a person with slips of the pen; which row is whose is kept apart, so that linkage
can be measured against it.
"""

import unicodedata
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from swp.sample.blocks import Block
from swp.sample.geography import HOME, OTHER_BOROUGHS, Geography
from swp.sample.marginals import generator
from swp.sample.truth import Truth

# As many as let most victims of two years be victims once; never more than memory takes.
SIZE, LEAST, MOST = 240_000, 6_000, 2_400_000
# Of fewer rows a share is held to the whole number below it: by chance it could be several times as much.
FEW = 100
COUNTED_ON = np.datetime64("2023-01-01")
WESTMINSTER, OTHER_LONDON, OUTSIDE, NO_ABODE = RESIDENCES = (
    "westminster", "other_london", "outside_london", "no_fixed_abode",
)  # fmt: skip
RESIDENCE_SHARES = (0.335, 0.38, 0.275, 0.01)

# Ages: the first of each band, then the share of it among residents and among everybody else.
BAND_STARTS = (0, 10, 18, 25, 35, 45, 55, 65, 75, 96)
AGES_OF_RESIDENTS = (0.075, 0.080, 0.120, 0.205, 0.165, 0.130, 0.105, 0.070, 0.050)
AGES_OF_OTHERS = (0.015, 0.055, 0.235, 0.285, 0.180, 0.110, 0.070, 0.035, 0.015)
ADULT = 18

# Self-defined codes, their share, and the officers' codes that they tend to be seen as.
ETHNICITY = {
    "W1": (0.285, {"IC1": 0.97, "IC2": 0.03}), "W2": (0.021, {"IC1": 1.0}), "W3": (0.002, {"IC1": 1.0}),
    "W9": (0.240, {"IC1": 0.52, "IC2": 0.44, "IC6": 0.04}), "M1": (0.016, {"IC3": 0.9, "IC1": 0.1}),
    "M2": (0.011, {"IC3": 0.9, "IC6": 0.1}), "M3": (0.016, {"IC4": 0.5, "IC1": 0.3, "IC2": 0.2}),
    "M9": (0.022, {"IC2": 0.4, "IC3": 0.3, "IC6": 0.3}), "A1": (0.048, {"IC4": 1.0}),
    "A2": (0.020, {"IC4": 1.0}), "A3": (0.036, {"IC4": 1.0}), "A4": (0.040, {"IC5": 1.0}),
    "A9": (0.046, {"IC4": 0.5, "IC5": 0.5}), "B1": (0.033, {"IC3": 1.0}), "B2": (0.058, {"IC3": 1.0}),
    "B9": (0.016, {"IC3": 1.0}), "O2": (0.052, {"IC6": 0.95, "IC2": 0.05}),
    "O9": (0.038, {"IC6": 0.4, "IC5": 0.3, "IC4": 0.2, "IC2": 0.1}),
}  # fmt: skip
NOT_STATED, NOT_SEEN = "NS", "IC9"

STARTS = (
    "Brel", "Cald", "Dorv", "Erisk", "Fenth", "Glim", "Hask", "Ilv", "Jorb", "Kelv", "Lurg", "Morv", "Nesk",
    "Orlub", "Pryd", "Quil", "Rusk", "Selb", "Tarv", "Ulst", "Vorn", "Wexl", "Yarb", "Zimb",
)  # fmt: skip
MIDDLES = ("", "am", "eb", "ick", "ol", "und", "arv", "esk")
FEMALE_ENDS = ("ira", "enna", "oola", "ibeth", "ysse", "anwe")
MALE_ENDS = ("ock", "und", "ax", "emar", "ido", "orn")
FAMILY_ENDS = (
    "wick", "thrup", "grave", "shank", "mond", "burrow", "quist", "ovar", "inzo", "adeyo", "rahm", "tsun",
    "éra", "öld", "ecki", "arian",
)  # fmt: skip
STREET_ENDS = ("Street", "Road", "Terrace", "Gardens", "Mews", "Place", "Square", "Row")
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
STREETS, HOUSES_OF_A_STREET = 900, 90


@dataclass
class People:
    """A population. Arrays of one length; a text that a person does not have is None.

    `person_id` is the truth (a person's index, counted from the number of the first). `household` is the
    same for people who share an address, and -1 without one. `ward_code` and `lsoa_2021_code` are the
    residents' alone. `truth` grows by one entry with each call of `observe`.
    """

    person_id: np.ndarray
    given_name: np.ndarray
    family_name: np.ndarray
    birth_date: np.ndarray
    sex: np.ndarray
    self_defined: np.ndarray
    ic_code: np.ndarray
    residence: np.ndarray
    borough: np.ndarray
    ward_code: np.ndarray
    lsoa_2021_code: np.ndarray
    household: np.ndarray
    address: np.ndarray
    postcode: np.ndarray
    uprn: np.ndarray
    truth: Truth = field(default_factory=Truth)
    _ages: dict[np.datetime64, np.ndarray] = field(default_factory=dict, repr=False)

    @classmethod
    def make(
        cls,
        rng: np.random.Generator,
        size: int = SIZE,
        scale: float = 1.0,
        first: int = 0,
        truth: Truth | None = None,
    ) -> "People":
        """`size` x `scale` people: at least 6,000, for the small groups; at most 2,400,000.

        `first` is the number of the first person; nobody and no home of another population has one of these
        numbers. `truth` is shared by populations whose rows stand in the same files.
        """
        total = min(max(LEAST, round(size * scale)), MOST)
        geography = Geography.from_seeds()
        residence = rng.choice(len(RESIDENCES), total, p=RESIDENCE_SHARES)
        resident = residence == RESIDENCES.index(WESTMINSTER)
        birth_date = _birth_dates(rng, resident, residence == RESIDENCES.index(NO_ABODE))
        female = rng.random(total) < 0.505
        self_defined, ic_code = _ethnicities(rng, total)
        adult = age_on(birth_date, COUNTED_ON) >= ADULT
        household, parent = _households(rng, residence, birth_date, adult)
        family = _family_names(rng, household, parent)
        place = _places(rng, household, residence, geography, first)
        return cls(
            person_id=np.arange(first, first + total),
            given_name=_given_names(rng, female),
            family_name=family,
            birth_date=birth_date,
            sex=_texts(("M", "F"), female.astype(int)),
            self_defined=self_defined,
            ic_code=ic_code,
            residence=_texts(RESIDENCES, residence),
            household=household,
            truth=truth or Truth(),
            **place,
        )

    def __len__(self) -> int:
        return len(self.person_id)

    def age(self, on: str | np.datetime64) -> np.ndarray:
        """Everybody's age on a date, in whole years (below 0 for those not yet born)."""
        on = np.datetime64(on, "D")
        if on not in self._ages:
            self._ages[on] = age_on(self.birth_date, on).astype(np.int16)
        return self._ages[on]

    @cached_property
    def _sex(self) -> np.ndarray:
        return self.sex.astype("U1")

    @cached_property
    def _residence(self) -> np.ndarray:
        return np.searchsorted(sorted(RESIDENCES), self.residence.astype("U14")).astype(np.int8)

    def pick(
        self,
        rng: np.random.Generator,
        n: int,
        *,
        age: tuple[int, int] = (0, 120),
        on: str | np.datetime64 = COUNTED_ON,
        sex: str | None = None,
        residence: str | tuple[str, ...] | None = None,
        repeat: float = 0.0,
        weight: np.ndarray | None = None,
    ) -> np.ndarray:
        """Indexes of `n` people aged `age` (both ends in) on a date.

        Different people, but for the share `repeat` of the draws, each of which is somebody drawn earlier in
        this call; and more repeat where fewer people fit than are asked for. `weight` gives everybody's
        relative chance (0 is never). Raises ValueError where nobody fits.
        """
        years = self.age(on)
        fits = (years >= age[0]) & (years <= age[1])
        if sex:
            fits &= self._sex == sex
        if residence:
            wanted = (residence,) if isinstance(residence, str) else residence
            fits &= np.isin(self._residence, [sorted(RESIDENCES).index(name) for name in wanted])
        if weight is not None:
            fits &= np.asarray(weight) > 0
        who = np.flatnonzero(fits)
        if n and not len(who):
            raise ValueError(f"Nobody in the sample's population is {age}, {sex}, {residence} on {on}.")
        fresh = min(n - round(n * repeat), len(who)) if n else 0
        fresh = max(fresh, min(n, 1))
        # The smallest of exponential waiting times: a weighted draw without replacement.
        chance = 1.0 if weight is None else np.asarray(weight, float)[who]
        order = np.argsort(rng.exponential(size=len(who)) / chance, kind="stable")
        return _with_repeats(rng, who[rng.permutation(order[:fresh])], n)

    def reference(self, index: np.ndarray, agency: str) -> np.ndarray:
        """The reference that an agency gives to each person: always the same, and telling nothing."""
        shift = zlib.crc32(agency.encode())
        number = (self.person_id[index].astype(np.int64) * 7_368_787 + shift) % 100_000_000
        prefix = agency.replace("_", "")[:3].upper()
        return _objects([f"{prefix}{value:08d}" for value in number.tolist()])

    def observe(
        self,
        rng: np.random.Generator,
        index: np.ndarray,
        agency: str,
        *,
        error: float = 0.05,
        table: str = "",
        rows: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """The people of `index` as `agency` writes them: text columns, None where blank.

        `error` is the share of rows in which a given name or a family name is misspelt, or a field is blank
        (names: a tenth of it), or a postcode lacks its space; half of it have day and month of birth swapped.
        Few rows never have more than their share.
        `table` and `rows` (a reference of each row, else its number) name the rows in the truth.
        """
        index = np.asarray(index, dtype=np.int64)
        n = len(index)

        def some(share: float) -> np.ndarray:
            chance = rng.random(n)
            if n < FEW:
                chance = (chance.argsort().argsort() + 1) / n
            return chance < share

        seen = {"reference": self.reference(index, agency)}
        for name in ("given_name", "family_name"):
            seen[name] = getattr(self, name)[index]
            wrong = np.flatnonzero(some(error))
            seen[name][wrong] = _misspelt(rng, seen[name][wrong])
            seen[name][some(error / 10)] = None
        seen["birth_date"] = _dates_as_written(self.birth_date[index], some(error / 2))
        seen["birth_date"][some(error)] = None
        for name, unknown in (
            ("sex", None), ("ic_code", NOT_SEEN), ("self_defined", NOT_STATED), ("address", None),
            ("postcode", None), ("uprn", None), ("ward_code", None), ("borough", None), ("residence", None),
        ):  # fmt: skip
            seen[name] = getattr(self, name)[index]
            if name not in ("borough", "residence"):
                seen[name][some(error)] = unknown
        joined = np.flatnonzero(some(error))
        seen["postcode"][joined] = [text and text.replace(" ", "") for text in seen["postcode"][joined]]
        row_refs = np.arange(n).astype(str).astype(object) if rows is None else np.asarray(rows, object)
        self.note(agency, seen["reference"], table, row_refs, index)
        return seen

    def note(
        self, agency: str, reference: np.ndarray, table: str, rows: np.ndarray, index: np.ndarray
    ) -> None:
        """Keep as truth that these rows are about these people (`observe` does it for its own)."""
        self.truth.note(agency, reference, table, rows, self.person_id[index])

    def truth_table(self) -> pa.Table:
        """agency, reference, source_table, row_reference, person_id: a row for each observed row."""
        return self.truth.table()

    def write_truth(self, folder: Path) -> Path:
        """Write the truth as person_links.parquet into `folder`, which is never the deliveries' own."""
        return self.truth.write(folder)


class Populations:
    """The people of each block; those of one block at a time, for they take much memory."""

    def __init__(self, seed: int, truth: Truth):
        self.seed, self.truth = seed, truth
        self._block: Block | None = None
        self._people: People | None = None

    def of(self, block: Block) -> People:
        """The same people whenever they are asked for, and others than those of any other block."""
        if block != self._block:
            self._block, self._people = block, None
            rng = generator(self.seed, "people", *block.names)
            self._people = People.make(rng, scale=block.scale, first=block.number * MOST, truth=self.truth)
        return self._people


def age_on(birth_date: np.ndarray, on: np.datetime64) -> np.ndarray:
    """Whole years from each date of birth to `on` (one date, or one for each)."""
    months = on.astype("M8[M]").astype(int) - birth_date.astype("M8[M]").astype(int)
    day = (on - on.astype("M8[M]")).astype(int)
    born = (birth_date - birth_date.astype("M8[M]")).astype(int)
    return (months - (day < born)) // 12


def _objects(values) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _texts(values: tuple[str, ...], index: np.ndarray) -> np.ndarray:
    return _objects(list(values))[index]


def _birth_dates(rng: np.random.Generator, resident: np.ndarray, homeless: np.ndarray) -> np.ndarray:
    """Dates of birth by the age bands; nobody without an abode is a child."""
    total = len(resident)
    bands = np.where(
        resident,
        rng.choice(len(AGES_OF_RESIDENTS), total, p=AGES_OF_RESIDENTS),
        rng.choice(len(AGES_OF_OTHERS), total, p=AGES_OF_OTHERS),
    )
    starts = np.array(BAND_STARTS)
    low, high = starts[bands], starts[bands + 1]
    days = ((low + (high - low) * rng.random(total)) * 365.25).astype(int)
    days[homeless] = (rng.uniform(20, 68, homeless.sum()) * 365.25).astype(int)
    return COUNTED_ON - days.astype("m8[D]")


def _ethnicities(rng: np.random.Generator, total: int) -> tuple[np.ndarray, np.ndarray]:
    codes = list(ETHNICITY)
    shares = np.array([share for share, _ in ETHNICITY.values()])
    own = rng.choice(len(codes), total, p=shares / shares.sum())
    seen = np.empty(total, dtype=object)
    for i, code in enumerate(codes):
        here = own == i
        as_seen = ETHNICITY[code][1]
        seen[here] = rng.choice(list(as_seen), here.sum(), p=list(as_seen.values())).astype(object)
    return _texts(tuple(codes), own), seen


def _households(
    rng: np.random.Generator, residence: np.ndarray, birth_date: np.ndarray, adult: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The household of each person (-1 without) and, for a child, the adult whose child it is (else -1)."""
    household, parent = np.full(len(residence), -1), np.full(len(residence), -1)
    years = age_on(birth_date, COUNTED_ON)
    first = 0
    for kind, name in enumerate(RESIDENCES):
        if name == NO_ABODE:
            continue
        adults = np.flatnonzero((residence == kind) & adult)
        children = np.flatnonzero((residence == kind) & ~adult)
        homes = max(1, round(len(adults) * 0.62))
        household[adults] = first + np.append(np.arange(homes), rng.integers(homes, size=len(adults) - homes))
        old_enough = adults[(years[adults] >= 36) & (years[adults] <= 55)]
        # One adult in four of that age has children: so there are families of several.
        parents = old_enough[: max(1, len(old_enough) // 4)]
        parent[children] = parents[rng.integers(len(parents), size=len(children))]
        household[children] = household[parent[children]]
        first += homes
    return household, parent


def _given_names(rng: np.random.Generator, female: np.ndarray) -> np.ndarray:
    names = np.empty(len(female), dtype=object)
    for ends, here in ((FEMALE_ENDS, female), (MALE_ENDS, ~female)):
        known = [f"{a}{b}{c}" for c in ends for b in MIDDLES for a in STARTS]
        names[here] = _by_popularity(rng, known, here.sum())
    return names


def _family_names(rng: np.random.Generator, household: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Family names: a child has its parent's, and six adults of ten that of their household."""
    known = [f"{a}{b}{c}" for c in FAMILY_ENDS for b in MIDDLES for a in STARTS]
    total = len(household)
    own = _by_popularity(rng, known, total)
    double = np.flatnonzero(rng.random(total) < 0.02)
    own[double] = own[double] + "-" + _by_popularity(rng, known, len(double))
    of_home = _by_popularity(rng, known, household.max() + 1)
    shares = (household >= 0) & (rng.random(total) < 0.6)
    own[shares] = of_home[household[shares]]
    child = parent >= 0
    own[child] = own[parent[child]]
    return own


def _by_popularity(rng: np.random.Generator, names: list[str], n: int) -> np.ndarray:
    """`n` names, the common ones often, as in life: two people of one name are nothing rare."""
    weight = 1 / (np.arange(len(names)) + 20)
    order = rng.permutation(len(names))
    drawn = np.searchsorted(np.cumsum(weight / weight.sum()), rng.random(n) * (1 - 1e-12))
    return _objects(names)[order][drawn]


def _places(
    rng: np.random.Generator,
    household: np.ndarray,
    residence: np.ndarray,
    geography: Geography,
    first: int,
) -> dict[str, np.ndarray]:
    """borough, ward_code, lsoa_2021_code, address, postcode and uprn: those of the household."""
    homes = household.max() + 1
    kind = np.zeros(homes, dtype=int)
    kind[household[household >= 0]] = residence[household >= 0]
    resident, in_london = kind == RESIDENCES.index(WESTMINSTER), kind == RESIDENCES.index(OTHER_LONDON)
    ward_of = {row["lsoa_2021_code"]: row["ward_code"] for row in geography.lsoas}
    lsoas = sorted(ward_of)
    share = rng.uniform(0.7, 1.3, len(lsoas))
    lsoa = rng.choice(len(lsoas), homes, p=share / share.sum())
    wards = sorted(geography.ward_names)
    ward = np.array([wards.index(ward_of[code]) for code in lsoas])[lsoa]
    elsewhere = rng.integers(len(OTHER_BOROUGHS), size=homes)
    # ZZ1 to ZZ18 are the borough's wards, ZZ20 on the other boroughs, ZZ60 on the rest of the country.
    district = np.where(resident, 1 + ward, np.where(in_london, 20 + elsewhere, 60 + elsewhere))
    street = rng.integers(STREETS, size=homes) * (len(lsoas) + 1) + np.where(resident, lsoa, len(lsoas))
    number = rng.integers(1, HOUSES_OF_A_STREET, homes)
    flat = np.where(rng.random(homes) < np.where(resident, 0.7, 0.35), rng.integers(1, 30, homes), 0)
    inward, letters = street % 9 + 1, (street // 9) % 400
    names = [f"{a}{b}" for a in STARTS for b in ("by", "ford", "mere", "holt", "stead")]
    streets = [f"{name} {end}" for end in STREET_ENDS for name in names]
    address = _objects(
        [
            f"{f'Flat {f} ' if f else ''}{n} {streets[s % len(streets)]}"
            for f, n, s in zip(flat.tolist(), number.tolist(), street.tolist(), strict=True)
        ]
    )
    postcode = _objects(
        [
            f"ZZ{d} {i}{INWARD[j // 20]}{INWARD[j % 20]}"
            for d, i, j in zip(district.tolist(), inward.tolist(), letters.tolist(), strict=True)
        ]
    )
    uprn = _objects(
        [f"9990{value:08d}" for value in ((first + np.arange(homes)) * 7_919 % 100_000_000).tolist()]
    )
    borough = _texts((*OTHER_BOROUGHS, HOME[1]), np.where(resident, len(OTHER_BOROUGHS), elsewhere))
    borough[~resident & ~in_london] = None
    columns = {"borough": borough, "address": address, "postcode": postcode, "uprn": uprn}
    for name, codes, index in (("ward_code", wards, ward), ("lsoa_2021_code", lsoas, lsoa)):
        columns[name] = _texts(tuple(codes), index)
        columns[name][~resident] = None
    housed = household >= 0
    placed = {}
    for name, values in columns.items():
        placed[name] = np.full(len(household), None, dtype=object)
        placed[name][housed] = values[household[housed]]
    return placed


def _with_repeats(rng: np.random.Generator, fresh: np.ndarray, n: int) -> np.ndarray:
    """`n` draws: each of `fresh` is met for a first time, and the others repeat an earlier one."""
    if len(fresh) == n:
        return fresh
    is_fresh = np.zeros(n, dtype=bool)
    is_fresh[0] = True
    is_fresh[1 + rng.permutation(n - 1)[: len(fresh) - 1]] = True
    met = np.cumsum(is_fresh)
    # Those met first are drawn again most: a few people are repeated often, most never.
    again = (rng.random(n) ** 1.5 * met).astype(np.int64)
    return fresh[np.where(is_fresh, met - 1, again)]


def _misspelt(rng: np.random.Generator, names: np.ndarray) -> np.ndarray:
    """Each name with one slip: two letters swapped, one dropped, one doubled, or its accent left off."""
    slips, places = rng.integers(3, size=len(names)), rng.random(len(names))
    wrong = []
    for name, slip, place in zip(names, slips, places, strict=True):
        plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
        at = 1 + int(place * (len(name) - 2))
        if plain != name:
            name = plain
        elif slip == 0 and name[at] != name[at + 1 : at + 2]:
            name = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        elif slip == 1:
            name = name[:at] + name[at + 1 :]
        else:
            name = name[:at] + name[at] + name[at:]
        wrong.append(name)
    return _objects(wrong)


def _dates_as_written(dates: np.ndarray, swapped: np.ndarray) -> np.ndarray:
    """ISO text of each date, with day and month swapped where that gives a date as well."""
    text = np.datetime_as_string(dates, unit="D").astype(object)
    for at in np.flatnonzero(swapped):
        year, month, day = text[at].split("-")
        if int(day) <= 12:
            text[at] = f"{year}-{day}-{month}"
    return text
