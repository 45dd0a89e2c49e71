"""The real public files, where they are beside the project."""

import csv
import gzip
import json
import os
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from swp.contracts import load_contracts
from swp.paths import PROJECT
from swp.reading import Member, load, members, recognise

OPENDATA = Path(os.environ.get("SWP_OPENDATA") or PROJECT.parent / "shared" / "opendata")
FOLDERS = ("police_uk", "mps_recorded_crime", "geography", "population", "deprivation", "lfb")

pytestmark = [
    pytest.mark.opendata,
    pytest.mark.skipif(not OPENDATA.is_dir(), reason=f"the public files are absent: no {OPENDATA}"),
]


def files():
    found = (path for folder in FOLDERS for path in (OPENDATA / folder).rglob("*"))
    return sorted(path for path in found if path.is_file())


def rows_in(path):
    """Rows under the headings, counted without the code under test."""
    if path.suffix == ".geojson":
        return len(json.loads(path.read_text(encoding="utf-8"))["features"])
    if path.suffix == ".xlsx":
        sheet = load_workbook(path, read_only=True)["IMD 2019"]
        sheet.reset_dimensions()  # the file states them wrongly
        return sum(1 for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True) if row[0] is not None)
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="latin-1", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_public_file_is_recognised_and_read_whole(path, tmp_path):
    (member,) = members(path, tmp_path)
    assert isinstance(member, Member), member
    match = recognise(member, load_contracts().values())
    with duckdb.connect() as connection:
        loaded = load(connection, member, match, "delivered")
    assert (loaded.rows, loaded.malformed_rows) == (rows_in(path), 0)
    assert match.unexpected == ()
    assert match.named_like is None


def test_the_fire_brigade_file_saved_as_gb18030_gives_the_same_cells(tmp_path):
    path = OPENDATA / "lfb" / "lfb_animal_rescue_2009_to_2022-09.csv"
    later = tmp_path / path.name
    later.write_bytes(path.read_bytes().decode("cp1252").replace("£", "\uffe1").encode("gb18030"))
    found = []
    with duckdb.connect() as connection:
        for number, (each, encoding) in enumerate([(path, "cp1252"), (later, "gb18030")]):
            (member,) = members(each, tmp_path)
            match = recognise(member, load_contracts().values())
            assert match.dialect.encoding == encoding
            load(connection, member, match, f"t{number}")
            found.append(match.columns)
        assert found[0] == found[1]
        assert connection.execute("select count(*) from (from t0 except all from t1)").fetchone() == (0,)
