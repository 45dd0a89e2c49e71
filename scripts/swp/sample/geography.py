"""Invented ground: a grid of rectangles that carries the borough's real area codes.

The codes and names of the borough's LSOAs and wards come from the project's seeds; the outlines are
rectangles near the borough and are nobody's boundary. Other boroughs are blocks of the same grid, whose
LSOAs and wards have invented codes (E019..., E059...) that no publisher gives out.
"""

import csv
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path

import numpy as np

from swp.paths import PROJECT
from swp.sample.marginals import generator

SEEDS = PROJECT / "seeds"
HOME = ("E09000033", "Westminster")
CITY = "City of London"
BOROUGHS = {
    name: f"E090000{number:02d}"
    for number, name in enumerate(
        [
            "City of London", "Barking and Dagenham", "Barnet", "Bexley", "Brent", "Bromley", "Camden",
            "Croydon", "Ealing", "Enfield", "Greenwich", "Hackney", "Hammersmith and Fulham", "Haringey",
            "Harrow", "Havering", "Hillingdon", "Hounslow", "Islington", "Kensington and Chelsea",
            "Kingston upon Thames", "Lambeth", "Lewisham", "Merton", "Newham", "Redbridge",
            "Richmond upon Thames", "Southwark", "Sutton", "Tower Hamlets", "Waltham Forest", "Wandsworth",
            "Westminster",
        ],
        start=1,
    )
}  # fmt: skip
OTHER_BOROUGHS = [name for name in BOROUGHS if name not in (HOME[1], CITY)]

# One block of the grid, in millionths of a degree (whole numbers, so that neighbours share their edges).
WEST, SOUTH, WIDTH, HEIGHT = -220_000, 51_482_000, 112_000, 60_000
LSOAS_ELSEWHERE, WARDS_ELSEWHERE, POINTS = 6, 12, 12
INSET = 0.2

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Atom:
    """The part that one LSOA of 2011 and one of 2021 share: the smallest place of the sample."""

    lsoa_2011: str
    lsoa_2021: str
    change: str
    ward: str
    box: Box


@dataclass(frozen=True)
class Place:
    """A place with the codes and names that a row there carries; `borough` is its name."""

    borough: str
    ward: str
    code_2011: str
    name_2011: str
    code_2021: str
    name_2021: str
    box: Box


def divide(box: Box, columns: int, rows: int) -> list[Box]:
    """`box` cut into a grid, row by row from the north-west."""
    west, south, east, north = box
    x = [west + (east - west) * i // columns for i in range(columns + 1)]
    y = [north - (north - south) * j // rows for j in range(rows + 1)]
    return [(x[i], y[j + 1], x[i + 1], y[j]) for j in range(rows) for i in range(columns)]


def block(column: int, row: int) -> Box:
    """A block of the grid, counted from the borough's own (0, 0)."""
    west, south = WEST + column * WIDTH, SOUTH + row * HEIGHT
    return (west, south, west + WIDTH, south + HEIGHT)


def outline(boxes: list[Box]) -> dict:
    """GeoJSON geometry of some boxes: one polygon where they fill a rectangle."""
    hull = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    area = sum((b[2] - b[0]) * (b[3] - b[1]) for b in boxes)
    rectangles = [hull] if area == (hull[2] - hull[0]) * (hull[3] - hull[1]) else boxes
    rings = [
        [[[x / 1e6, y / 1e6] for x, y in ((w, s), (e, s), (e, n), (w, n), (w, s))]]
        for w, s, e, n in rectangles
    ]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


@dataclass(frozen=True)
class Geography:
    """The borough from its seeds, and the blocks of the other boroughs.

    `lsoas` are the rows of seeds/westminster_lsoas.csv (a row per pair of a 2011 and a 2021 code), `wards`
    those of seeds/westminster_wards.csv.
    """

    lsoas: tuple[dict[str, str], ...]
    wards: tuple[dict[str, str], ...]

    @classmethod
    def from_seeds(cls, folder: Path = SEEDS) -> "Geography":
        def rows(name: str) -> tuple[dict[str, str], ...]:
            with (folder / name).open(encoding="utf-8-sig", newline="") as file:
                return tuple(csv.DictReader(file))

        return cls(rows("westminster_lsoas.csv"), rows("westminster_wards.csv"))

    @cached_property
    def ward_names(self) -> dict[str, str]:
        return {ward["ward_code"]: ward["ward_name"] for ward in self.wards}

    @cached_property
    def ward_boxes(self) -> dict[str, Box]:
        """Each ward a rectangle, in as many equal rows as make them about square."""
        codes = sorted(self.ward_names)
        rows = max(1, round((len(codes) / 2) ** 0.5))
        per_row = ceil(len(codes) / rows)
        boxes = {}
        for band, strip in enumerate(divide(block(0, 0), 1, rows)):
            in_band = codes[band * per_row : (band + 1) * per_row]
            boxes.update(zip(in_band, divide(strip, len(in_band), 1), strict=True))
        return boxes

    @cached_property
    def atoms(self) -> list[Atom]:
        """The borough's places, in the order of their codes; together they tile it without overlap."""
        parts: dict[str, list[dict[str, str]]] = {}
        for row in self.lsoas:
            parts.setdefault(row["lsoa_2021_code"], []).append(row)
        by_ward: dict[str, list[str]] = {}
        for code, rows in sorted(parts.items()):
            by_ward.setdefault(rows[0]["ward_code"], []).append(code)
        atoms = []
        for ward, codes in by_ward.items():
            left, right = divide(self.ward_boxes[ward], 2, 1)
            half = ceil(len(codes) / 2)
            boxes = divide(left, 1, half) + (divide(right, 1, len(codes) - half) if len(codes) > half else [])
            if len(codes) == 1:
                boxes = [self.ward_boxes[ward]]
            for code, box in zip(codes, boxes, strict=True):
                for row, strip in zip(parts[code], divide(box, len(parts[code]), 1), strict=True):
                    atoms.append(Atom(row["lsoa_2011_code"], code, row["change_indicator"], ward, strip))
        return sorted(atoms, key=lambda atom: (atom.lsoa_2011, atom.lsoa_2021))

    @cached_property
    def places(self) -> list[Place]:
        """The places of the borough, in the order of `atoms`."""
        names = {row["lsoa_2011_code"]: row["lsoa_2011_name"] for row in self.lsoas}
        newer = {row["lsoa_2021_code"]: row["lsoa_2021_name"] for row in self.lsoas}
        return [
            Place(HOME[1], a.ward, a.lsoa_2011, names[a.lsoa_2011], a.lsoa_2021, newer[a.lsoa_2021], a.box)
            for a in self.atoms
        ]

    @cached_property
    def places_elsewhere(self) -> dict[str, list[Place]]:
        """Six invented places in each other borough (and in the City)."""
        blocks = [(c, r) for r in range(3, -4, -1) for c in range(-3, 4) if (c, r) not in ((0, 0), (1, 0))]
        at = dict(zip(OTHER_BOROUGHS, blocks, strict=False)) | {CITY: (1, 0)}
        places = {}
        for number, (name, position) in enumerate(at.items()):
            places[name] = []
            for i, box in enumerate(divide(block(*position), 3, 2)):
                code, label = f"E019{number * LSOAS_ELSEWHERE + i + 1:05d}", f"{name} 001{'ABCDEF'[i]}"
                ward = self.wards_elsewhere(name)[i][0]
                places[name].append(Place(name, ward, code, label, code, label, box))
        return places

    def wards_elsewhere(self, borough: str) -> list[tuple[str, str]]:
        """Code and name of the invented wards of another borough."""
        first = list(BOROUGHS).index(borough) * WARDS_ELSEWHERE
        return [
            (f"E059{first + i + 1:05d}", "City Ward" if borough == CITY else f"{borough} Ward {i + 1}")
            for i in range(1 if borough == CITY else WARDS_ELSEWHERE)
        ] * (WARDS_ELSEWHERE if borough == CITY else 1)

    def features(self, vintage: str) -> dict:
        """The GeoJSON collection of `vintage`: '2011' and '2021' for LSOAs, 'ward' for wards."""
        features = []
        if vintage == "ward":
            for code in sorted(self.ward_names):
                properties = {
                    "WD24CD": code,
                    "WD24NM": self.ward_names[code],
                    "note": "synthetic grid, NOT a ward boundary",
                }
                features.append((properties, outline([self.ward_boxes[code]])))
        else:
            short, district = {"2011": ("11", "11"), "2021": ("21", "22")}[vintage]
            by_code: dict[str, list[Place]] = {}
            for place in self.places:
                by_code.setdefault(place.code_2011 if vintage == "2011" else place.code_2021, []).append(
                    place
                )
            for code, places in sorted(by_code.items()):
                name = places[0].name_2011 if vintage == "2011" else places[0].name_2021
                middle_code, middle_name = middle_layer(name)
                properties = {
                    f"LSOA{short}CD": code,
                    f"LSOA{short}NM": name,
                    f"MSOA{short}CD": middle_code,
                    f"MSOA{short}NM": middle_name,
                    f"LAD{district}CD": HOME[0],
                    f"LAD{district}NM": HOME[1],
                }
                features.append((properties, outline([place.box for place in places])))
        return {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }


def middle_layer(lsoa_name: str) -> tuple[str, str]:
    """Code and name of the middle layer area of an LSOA: the borough's run from E02000960."""
    name = lsoa_name[:-1]
    borough, number = name.rsplit(" ", 1)
    if borough == HOME[1]:
        return f"E02{959 + int(number):06d}", name
    return f"E029{list(BOROUGHS).index(borough) * 10 + int(number):05d}", name


KINDS = ("Sample Street", "Example Road", "Pattern Lane", "Model Square", "Specimen Row", "Trial Mews")
UNNAMED = ("On or near Parking Area", "On or near Nightclub", "On or near Shopping Area", "On or near ")


@dataclass(frozen=True)
class MapPoints:
    """The anonymised points that crimes are moved to: POINTS to a place, each with an invented name.

    `longitude` and `latitude` are in degrees (WGS84), `location` is the text of police.uk.
    """

    longitude: np.ndarray
    latitude: np.ndarray
    location: np.ndarray

    @classmethod
    def of(cls, places: list[Place], seed: int, name: str) -> "MapPoints":
        rng = generator(seed, "points", name)
        x, y = random_points(places, np.repeat(np.arange(len(places)), POINTS), rng)
        labels = []
        for number in range(len(x)):
            if number % POINTS >= POINTS - 2:
                labels.append(UNNAMED[rng.integers(len(UNNAMED))])
            else:
                labels.append(f"On or near {KINDS[number % len(KINDS)]} {number + 1}")
        return cls(x, y, np.array(labels, dtype=object))


def random_points(
    places: list[Place], index: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees, 6 decimals) of a point well inside each place of `index`."""
    boxes = np.array([place.box for place in places], dtype=np.int64)[index]
    inside = INSET + (1 - 2 * INSET) * rng.random((2, len(index)))
    x = boxes[:, 0] + inside[0] * (boxes[:, 2] - boxes[:, 0])
    y = boxes[:, 1] + inside[1] * (boxes[:, 3] - boxes[:, 1])
    return np.round(x) / 1e6, np.round(y) / 1e6


def to_national_grid(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing (m) of points in degrees (WGS84), within about 5 m.

    Ordnance Survey, A Guide to Coordinate Systems in Great Britain, annexes B and C: the seven-parameter
    shift to OSGB36, then the transverse Mercator projection on the Airy 1830 ellipsoid.
    """
    lam, phi = np.radians(longitude), np.radians(latitude)
    a, e2 = 6378137.0, 0.00669438003
    nu = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    x, y, z = nu * np.cos(phi) * np.cos(lam), nu * np.cos(phi) * np.sin(lam), nu * (1 - e2) * np.sin(phi)
    s, rx, ry, rz = 20.4894e-6, *np.radians(np.array([-0.1502, -0.2470, -0.8421]) / 3600)
    x, y, z = (
        -446.448 + x * (1 + s) - y * rz + z * ry,
        125.157 + x * rz + y * (1 + s) - z * rx,
        -542.060 - x * ry + y * rx + z * (1 + s),
    )
    a, b, scale = 6377563.396, 6356256.909, 0.9996012717
    e2 = 1 - b**2 / a**2
    lam, p = np.arctan2(y, x), np.hypot(x, y)
    phi = np.arctan2(z, p * (1 - e2))
    for _ in range(5):
        nu = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * nu * np.sin(phi), p)
    origin, n = np.radians(49.0), (a - b) / (a + b)
    nu = a * scale / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    rho = a * scale * (1 - e2) * (1 - e2 * np.sin(phi) ** 2) ** -1.5
    eta2, d, total = nu / rho - 1, phi - origin, phi + origin
    meridian = (b * scale) * (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * d
        - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(d) * np.cos(total)
        + (1.875 * (n**2 + n**3)) * np.sin(2 * d) * np.cos(2 * total)
        - (35 / 24 * n**3) * np.sin(3 * d) * np.cos(3 * total)
    )
    sin, cos, tan2 = np.sin(phi), np.cos(phi), np.tan(phi) ** 2
    w = lam - np.radians(-2.0)
    north = (
        meridian - 100000
        + nu / 2 * sin * cos * w**2
        + nu / 24 * sin * cos**3 * (5 - tan2 + 9 * eta2) * w**4
        + nu / 720 * sin * cos**5 * (61 - 58 * tan2 + tan2**2) * w**6
    )  # fmt: skip
    east = (
        400000
        + nu * cos * w
        + nu / 6 * cos**3 * (nu / rho - tan2) * w**3
        + nu / 120 * cos**5 * (5 - 18 * tan2 + tan2**2 + 14 * eta2 - 58 * tan2 * eta2) * w**5
    )
    return east, north
