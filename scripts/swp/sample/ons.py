"""Reference deliveries of the Office for National Statistics: lookups, outlines (a grid) and population."""

import csv
import io
import json

import numpy as np

from swp.sample.deliveries import Deliveries
from swp.sample.geography import BOROUGHS, HOME, OTHER_BOROUGHS, Geography, middle_layer
from swp.sample.marginals import Marginals, generator, spread

BOM = b"\xef\xbb\xbf"
BANDS = {"0-15": 0.17, "16-29": 0.21, "30-44": 0.265, "45-64": 0.23, "65+": 0.125}
SHARE_OF_MALES = 0.52
PLACES_ELSEWHERE = 3


def write(out: Deliveries, geography: Geography, marginals: Marginals, *, seed: int) -> None:
    """Write two lookups and three sets of outlines of the borough, and the population by LSOA of 2011."""
    write_lookups(out, geography)
    for source, vintage, name in (
        ("ons_lsoa_2011_boundary", "2011", "westminster_lsoa2011.geojson"),
        ("ons_lsoa_2021_boundary", "2021", "westminster_lsoa2021.geojson"),
        ("ons_ward_boundary", "ward", "westminster_wards2022_synthetic_grid.geojson"),
    ):
        collection = geography.features(vintage)
        content = json.dumps(collection, ensure_ascii=False).encode()
        out.add(source, name, content, published="2023-06-01", rows=len(collection["features"]))
    write_population(out, geography, marginals, seed)


def write_lookups(out: Deliveries, geography: Geography) -> None:
    """Write the exact-fit lookup of LSOAs and the best-fit lookup of wards, with a byte order mark."""
    fits = [
        [p.code_2011, p.name_2011, p.code_2021, p.name_2021, atom.change, *HOME, "", n]
        for n, (p, atom) in enumerate(zip(geography.places, geography.atoms, strict=True), start=1)
    ]
    wards = {
        p.code_2021: [p.code_2021, p.name_2021, "", p.ward, geography.ward_names[p.ward], "", *HOME, ""]
        for p in sorted(geography.places, key=lambda place: (place.ward, place.code_2021))
    }
    for source, name, header, rows, published in (
        (
            "ons_lsoa_lookup",
            "lsoa2011_to_lsoa2021_exact_fit_lookup_westminster.csv",
            "LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,LAD22NM,LAD22NMW,ObjectId",
            fits,
            "2023-01-25",
        ),
        (
            "ons_lsoa_ward_lookup",
            "lsoa2021_to_ward2024_lad2024_best_fit_lookup_westminster.csv",
            "LSOA21CD,LSOA21NM,LSOA21NMW,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId",
            [[*row, n] for n, row in enumerate(wards.values(), start=1)],
            "2024-01-10",
        ),
    ):
        file = out.add(source, name, BOM + rows_of(header, rows), published=published, rows=len(rows))
        out.plant("byte order mark before the heading", file, "byte_order_mark", rows=1, column=header[:8])


def write_population(out: Deliveries, geography: Geography, marginals: Marginals, seed: int) -> None:
    """Write residents by LSOA of 2011, sex and age band; thin for the other boroughs."""
    rng = generator(seed, "population")
    names = {row["lsoa_2011_code"]: row["lsoa_2011_name"] for row in geography.lsoas}
    areas = [(code, name, *HOME) for code, name in sorted(names.items())]
    weights = rng.uniform(0.7, 1.3, len(areas))
    residents = spread(int(marginals.value("residents", HOME[1])), weights / weights.sum(), rng)
    for borough in OTHER_BOROUGHS:
        places = geography.places_elsewhere[borough][:PLACES_ELSEWHERE]
        areas += [(place.code_2011, place.name_2011, BOROUGHS[borough], borough) for place in places]
    residents = np.append(residents, rng.integers(1200, 2200, len(areas) - len(residents)))
    males = rng.binomial(residents, SHARE_OF_MALES)
    share = np.array(list(BANDS.values()))
    by_sex = [rng.multinomial(people, share / share.sum()) for people in (males, residents - males)]
    rows = []
    for n, (code, name, borough_code, borough) in enumerate(areas):
        male, female = by_sex[0][n], by_sex[1][n]
        columns = [[part.sum(), *part] for part in (male + female, male, female)]
        rows.append(
            [code, name, *middle_layer(name), borough_code, borough, *np.concatenate(columns).tolist()]
        )
    header = "LSOA11CD,LSOA11NM,MSOA11CD,MSOA11NM,LAD11CD,LAD11NM," + ",".join(
        f"{sex}_{band}" for sex in ("Persons", "Males", "Females") for band in ("All-Ages", *BANDS)
    )
    out.add(
        "ons_population",
        "westminster_lsoa2011_mid2020_population.csv",
        rows_of(header, rows),
        published="2021-09-16",
        rows=len(rows),
    )


def rows_of(header: str, rows: list[list]) -> bytes:
    """A CSV file with the given heading line."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return (header + "\n" + buffer.getvalue()).encode()
