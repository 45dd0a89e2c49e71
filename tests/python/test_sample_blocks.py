"""A sample in several blocks: the same files as one in a single block, with rows that never collide."""

import gzip
import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

from swp.sample import Manifest, crimes, marginals, truth, write
from swp.sample.blocks import blocks_of
from swp.sample.geography import Geography
from swp.sample.mps_cris.basics import YEARS
from swp.sample.mps_cris.reports import first_reference
from swp.sample.people import Populations
from swp.sample.truth import Truth

SCALE, BLOCK = 0.06, 0.02
GROWING = ("cris_crime", "cris_victim", "cris_suspect", "cris_accused", "noise_complaint")
CRIME = "cris_crime/cris_crime_202110_202209.csv.gz"
VICTIM = "cris_victim/cris_victim_202110_202209.csv.gz"


@dataclass
class Made:
    """A sample, the truth behind it, and what was told while it was made."""

    manifest: Manifest
    truth: Path
    told: list[str]

    def rows(self, query: str, file: str) -> list[tuple]:
        """The rows of a query over `delivered`, a file (or several, by a pattern) as text."""
        path = self.manifest.folder / file
        options = ", all_varchar = true, union_by_name = true, encoding = 'latin-1'"
        reader = f"read_parquet('{path}')" if file.endswith("parquet") else f"read_csv('{path}'{options})"
        return duckdb.sql(f"with delivered as (select * from {reader}) {query}").fetchall()

    def planted(self, file: str, check: str, column: str | None) -> int:
        (fault,) = (
            fault
            for fault in self.manifest.planted_faults
            if (fault.file, fault.expected_check, fault.column) == (file, check, column)
        )
        return fault.rows


def made(folder: Path, scale: float, block: float) -> Made:
    told: list[str] = []
    manifest = write(folder / "in", scale=scale, block=block, truth=folder / "truth", progress=told.append)
    return Made(manifest, folder / "truth" / truth.FILE, told)


@pytest.fixture(scope="module")
def parted(tmp_path_factory) -> Made:
    return made(tmp_path_factory.mktemp("parted"), SCALE, BLOCK)


@pytest.fixture(scope="module")
def single(tmp_path_factory) -> Made:
    return made(tmp_path_factory.mktemp("single"), BLOCK, BLOCK)


def rows_in(path: Path) -> int:
    """The rows of a growing file, counted in the file itself."""
    if path.suffix == ".parquet":
        return pq.read_metadata(path).num_rows
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True)["Accused"]
        return sum(1 for row in sheet.values if row and "/" in str(row[0]))
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).count(b"\n") - 1


@pytest.mark.parametrize(
    ("scale", "blocks"), [(0.01, 1), (1, 1), (10, 1), (10.5, 2), (99.9, 10), (100, 10), (0.3, 1)]
)
def test_a_scale_has_as_few_blocks_as_hold_it(scale, blocks):
    found = blocks_of(scale)
    assert len(found) == blocks
    assert sum(block.scale for block in found) == pytest.approx(scale)
    assert [block.is_last for block in found] == [False] * (blocks - 1) + [True]


def test_the_parts_of_the_crimes_add_up_to_them():
    whole = crimes.draw(Geography.from_seeds(), marginals.load(), seed=2024, scale=0.1)
    parts = [whole.part(block, 2024) for block in blocks_of(0.1, 0.03)]
    assert len(parts) == 4
    for name in ("counts", "with_ward", "asb"):
        values = [getattr(part, name) for part in parts]
        assert np.array_equal(sum(values), getattr(whole, name)), name
        assert all((value >= 0).all() for value in values)
    totals = [int(part.counts.sum()) for part in parts]
    assert max(totals) - min(totals) < 0.05 * max(totals)
    assert all((part.with_ward <= part.counts[:, :-1]).all() for part in parts)


@pytest.mark.parametrize("scale", [1, 3, 10, 100])
def test_the_ranges_of_references_never_meet(scale):
    """Nine months of the review year have 70,000 reports, and planted rows the numbers 6,920,000 and on."""
    for calendar_year in (2021, 2022, 2023):
        ranges = sorted(
            (first, first + round(75_000 * block.scale))
            for block in blocks_of(scale)
            for year in YEARS
            if str(calendar_year) in (year.first[:4], year.last[:4])
            for first in [first_reference(year, calendar_year, block)]
        )
        assert all(before[1] <= after[0] for before, after in pairwise(ranges))
        assert not any(first < 6_930_000 and last > 6_920_000 for first, last in ranges)


def test_blocks_have_people_and_homes_of_their_own():
    populations = Populations(2024, Truth())
    one, other = (populations.of(block) for block in blocks_of(0.04, 0.02))
    assert not set(one.person_id) & set(other.person_id)
    assert not set(one.uprn[one.household >= 0]) & set(other.uprn[other.household >= 0])
    everybody = np.arange(len(one))
    assert not set(one.reference(everybody, "mps")) & set(other.reference(everybody, "mps"))
    assert (populations.of(blocks_of(0.04, 0.02)[0]).given_name == one.given_name).all()


def test_a_sample_of_several_blocks_has_the_files_of_one(parted, single):
    names = [
        {file.file for file in sample.manifest.files if file.source in GROWING} for sample in (parted, single)
    ]
    assert names[0] == names[1]
    assert [told for told in parted.told if told.startswith("mps_cris")] == [
        f"mps_cris: block {number} of 3" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("source", "chance"), [(source, 0.3 if source == "cris_accused" else 0.07) for source in GROWING]
)
def test_its_files_have_so_many_times_the_rows(parted, single, source, chance):
    rows = [
        sum(file.rows for file in sample.manifest.files if file.source == source)
        for sample in (parted, single)
    ]
    assert rows[0] == pytest.approx(SCALE / BLOCK * rows[1], rel=chance)


def test_the_manifest_tells_the_rows_and_the_hash_that_the_files_have(parted):
    growing = [file for file in parted.manifest.files if file.source in GROWING]
    assert len(growing) == 16
    for file in growing:
        path = parted.manifest.folder / file.file
        assert rows_in(path) == file.rows, file.file
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256


def test_every_crime_has_a_reference_of_its_own(parted):
    query = "select count(*), count(distinct CRIME_REF_NO) from delivered"
    assert len(set(parted.rows(query, "cris_crime/*.csv.gz")[0])) == 1
    query = 'select count(*), count(distinct "SR Ref") from delivered where "SR Ref" is not null'
    assert len(set(parted.rows(query, "noise_complaint/*2022-04*.csv")[0])) == 1


def test_people_stand_in_crimes_of_the_same_delivery(parted):
    known = set(parted.rows("select CRIME_REF_NO from delivered", CRIME))
    for file in (VICTIM, "cris_suspect/cris_suspect_202110_202209.parquet"):
        named = parted.rows("select CRIME_REF_NO from delivered where CRIME_REF_NO is not null", file)
        assert set(named) <= known, file


def test_planted_rows_are_as_many_as_the_manifest_says(parted):
    day = "select count(*) from delivered where RECORDED_DATE = '31/02/2022 10:00'"
    broken = parted.planted(CRIME, "row_value_does_not_parse", "RECORDED_DATE")
    assert parted.rows(day, CRIME) == [(broken,)]
    assert broken
    blank = "select count(*) from delivered where CRIME_REF_NO is null"
    assert parted.rows(blank, VICTIM) == [(parted.planted(VICTIM, "row_key_is_blank", "CRIME_REF_NO"),)]
    unseen = """select count(*) from delivered
        where IC_CODE is null and ORGANISATION_FLAG = 'N' and CRIME_REF_NO is not null"""
    assert parted.rows(unseen, VICTIM) == [(parted.planted(VICTIM, "column_is_filled", "IC_CODE"),)]


def test_the_truth_has_a_row_for_each_row_of_every_block(parted):
    found = pq.read_table(parted.truth).to_pandas()
    found = found[found.source_table == "cris_victim"]
    assert found.row_reference.is_unique
    people = parted.rows("select * from delivered where ORGANISATION_FLAG = 'N'", "cris_victim/*.csv.gz")
    broken = sum(
        fault.rows
        for fault in parted.manifest.planted_faults
        if "cris_victim" in fault.file and fault.column in ("CRIME_REF_NO", "VICTIM_SEQ")
    )
    assert len(people) - broken <= len(found) <= len(people)
    keyed = found.groupby("reference").person_id.nunique()
    assert (keyed == 1).all()


def test_a_long_truth_goes_to_its_file_as_it_grows(tmp_path, monkeypatch):
    monkeypatch.setattr(truth, "ROWS_KEPT", 3)
    links, whole = Truth(tmp_path), Truth()
    for number in range(4):
        rows = np.array([f"{number}-{i}" for i in range(2)], dtype=object)
        for each in (links, whole):
            each.note("police", rows, "crime", rows, np.arange(2) + number)
    assert links.table().num_rows < 3
    assert pq.read_table(links.write(tmp_path)).equals(whole.table())
    assert [path.name for path in tmp_path.iterdir()] == [truth.FILE]
