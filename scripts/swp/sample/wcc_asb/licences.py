"""The register of licensed premises."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import generator, scaled
from swp.sample.wcc_asb.columns import blank, drawn, exact, numbered, objects
from swp.sample.wcc_asb.ground import AGENCY, plant_gap

WARDS = ("West End", "St James's")
LICENCES = 3_700  # assumed
LICENCE_WARDS = {"West End": 33, "St James's": 21, "Marylebone": 7, "Lancaster Gate": 5}
PREMISES = {"Restaurant": 40, "Public house or bar": 15, "Shop": 22, "Hotel": 9, "Night club": 3,
            "Theatre or cinema": 4, "Takeaway": 7}  # fmt: skip
REGISTERS = ("2022-09-30", "2023-09-30")


def write_licences(out: Deliveries, geography: Geography, seed: int, scale: float) -> None:
    """The register of premises licences on two days, as Parquet with typed columns."""
    rng = generator(seed, AGENCY, "licences")
    n = scaled(LICENCES, scale, 40)
    others = [name for name in sorted(geography.ward_names.values()) if name not in LICENCE_WARDS]
    shares = LICENCE_WARDS | dict.fromkeys(others, (100 - sum(LICENCE_WARDS.values())) / len(others))
    ward = exact(rng, n, shares)
    codes = {name: code for code, name in geography.ward_names.items()}
    lsoas = {
        name: sorted({r["lsoa_2021_code"] for r in geography.lsoas if r["ward_code"] == codes[name]})
        for name in codes
    }
    lsoa = objects(
        lsoas[name][at % len(lsoas[name])] for name, at in zip(ward, rng.integers(10**6, size=n), strict=True)
    )
    kind = drawn(rng, n, PREMISES)
    since = np.datetime64("2005-11-24") + rng.integers(17 * 365 + 300, size=n)
    late = np.isin(kind, ("Public house or bar", "Night club"))
    hour = np.where(
        late,
        drawn(rng, n, {"01:00": 4, "03:00": 3, "00:30": 3, "06:00": 1}),
        drawn(rng, n, {"23:00": 4, "23:30": 4, "00:00": 3}),
    )
    district = sorted(codes)
    table = pa.table(
        {
            "Licence Number": pa.array(numbered("LIP{:06d}", n, 1), pa.string()),
            "Premises Name": pa.array([f"Sample {k} {i}" for i, k in enumerate(kind, start=1)], pa.string()),
            "Premises Type": pa.array(kind, pa.string()),
            "Premises Address": pa.array(
                [f"{i % 180 + 1} Sample Parade {i // 180 + 1}" for i in range(n)], pa.string()
            ),
            "Premises Postcode": pa.array(
                [f"ZZ{district.index(w) + 1} {i % 9 + 1}ZX" for i, w in enumerate(ward)], pa.string()
            ),
            "Premises UPRN": pa.array(numbered("9992{:08d}", n), pa.string()),
            "Premises Ward": pa.array(ward, pa.string()),
            "Premises LSOA": pa.array(lsoa, pa.string()),
            "Licensed From": pa.array(since.astype("M8[D]").astype(object), pa.date32()),
            "Alcohol": pa.array(rng.random(n) < 0.86),
            "Terminal Hour": pa.array(blank(hour, rng.random(n) < 0.03), pa.string()),
            "Capacity": pa.array(rng.integers(20, 600, size=n), pa.int32(), mask=rng.random(n) < 0.3),
            "Cumulative Impact Area": pa.array(np.isin(ward, WARDS) & (rng.random(n) < 0.85)),
        }
    )
    for day in REGISTERS:
        rows = table.filter(pa.array(since <= np.datetime64(day)))
        buffer = io.BytesIO()
        pa.parquet.write_table(rows, buffer, compression="zstd")
        name = f"licensing_register_{day}.parquet"
        n = rows.num_rows
        file = out.add("licensing_premises", name, buffer.getvalue(), published=day, rows=n)
        what = "incidents are not brought together by premises"
        plant_gap(out, "G120", what, file, "column_is_delivered", n, "Incidents 12 Months")
