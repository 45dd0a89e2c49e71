"""The police deliveries and the Home Office tables: layouts, printed totals, known truth."""

import csv
import gzip

import duckdb
import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

from swp.contracts import load_contracts
from swp.reading.headings import Dialect, Matcher
from swp.sample import crimes, home_office, marginals, mps_asb, mps_cris
from swp.sample.blocks import blocks_of
from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.mps_cris.basics import MINORS
from swp.sample.mps_cris.reports import TIMES
from swp.sample.people import Populations
from swp.sample.truth import Truth

REVIEW, BEFORE = "202210_202309", "202110_202209"


class Sample:
    """The deliveries of one seed and scale, and what they were made from."""

    def __init__(self, folder, scale: float):
        known, geography = marginals.load(), Geography.from_seeds()
        self.out = Deliveries(folder, 2024, scale, None)
        self.borough = crimes.draw(geography, known, seed=2024, scale=scale)
        blocks, populations = blocks_of(scale), Populations(2024, Truth())
        mps_cris.write(self.out, self.borough, populations, known, seed=2024, blocks=blocks)
        self.people = populations.of(blocks[0])
        mps_asb.write(self.out, self.borough, self.people, seed=2024, scale=scale)
        home_office.write(self.out, self.borough, seed=2024, scale=scale)
        self.folder, self.manifest = folder, self.out.finish()
        self.con = duckdb.connect()

    def rows(self, source: str, query: str, period: str = "") -> list[tuple]:
        """The rows of a query over `delivered`, the files of one source (and period) as text."""
        path = str(self.folder / source / f"*{period}*")
        reader = "read_parquet" if source == "cris_suspect" else "read_csv"
        options = "" if source == "cris_suspect" else ", all_varchar = true, union_by_name = true"
        self.con.execute(f"create or replace view delivered as select * from {reader}('{path}'{options})")
        return self.con.execute(query).fetchall()

    def planted(self, file_part: str) -> set[tuple[str, str | None]]:
        faults = self.manifest.planted_faults
        return {(fault.expected_check, fault.column) for fault in faults if file_part in fault.file}


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Sample:
    return Sample(tmp_path_factory.mktemp("police"), 1.0)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Sample:
    return Sample(tmp_path_factory.mktemp("tiny"), 0.01)


def headings(path) -> list[str]:
    if path.suffix == ".parquet":
        return pq.read_schema(path).names
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[-1]
        return next(list(row) for row in sheet.values if len([cell for cell in row if cell]) > 5)
    data = path.read_bytes()
    first = (gzip.decompress(data) if path.suffix == ".gz" else data).split(b"\n")[0]
    return next(csv.reader([first.decode()]))


def test_every_file_fits_the_contract_that_it_stands_under(tiny):
    contracts = load_contracts()
    for file in tiny.manifest.files:
        match = Matcher(contracts[file.source]).match(headings(tiny.folder / file.file), Dialect())
        assert match.fits, file.file
        planted = {column for check, column in tiny.planted(file.file) if check == "column_is_delivered"}
        missing = {column.label for column in match.missing if column.need != "optional"}
        assert missing == planted, file.file
        assert {heading for heading, _ in match.unexpected} <= {"SYSTEM_ID"}, file.file


def test_the_same_seed_gives_the_same_bytes(tiny, tmp_path):
    again = Sample(tmp_path, 0.01)
    assert [file.sha256 for file in again.manifest.files] == [file.sha256 for file in tiny.manifest.files]


def test_notifiable_reports_agree_with_the_counts_by_class_and_month(full):
    query = """
        select MINOR_TEXT, strftime(strptime(RECORDED_DATE, '%d/%m/%Y %H:%M'), '%Y-%m') as month, count(*)
        from delivered
        where TNO_FLAG = 'Y' and try_strptime(RECORDED_DATE, '%d/%m/%Y %H:%M') is not null
            and MINOR_TEXT in (select unnest(?)) and CRIME_REF_NO not like '69%'
        group by all
    """
    full.rows("cris_crime", "select 1 limit 0")
    found = full.con.execute(query, [MINORS]).fetchall()
    expected = full.borough.counts.sum(axis=1)
    span = full.borough.months
    for minor, month, count in found:
        assert count == expected[MINORS.index(minor), span.index(month)], (minor, month)
    assert sum(count for _, month, count in found if month >= "2022-10") == 90_340
    assert sum(count for _, month, count in found if month < "2022-10") == 71_540


def test_wards_agree_with_the_counts_whose_ward_is_known(full):
    found = full.rows(
        "cris_crime",
        """select WARD, count(*) from delivered
        where TNO_FLAG = 'Y' and WARD is not null and CRIME_REF_NO not like '69%' group by all""",
        REVIEW,
    )
    columns = full.borough.between("2022-10", "2023-09")
    assert sum(count for _, count in found) == full.borough.with_ward[:, :, columns].sum()
    share = dict(found)["West End"] / sum(count for _, count in found)
    assert share == pytest.approx(0.412, abs=0.005)


def test_strands_of_hate_are_those_printed_and_overlap(full):
    found = full.rows(
        "cris_crime",
        """select
            count(*) filter (FLAG_RH_RACIST = 'Y'), count(*) filter (FLAG_FH_FAITH = 'Y'),
            count(*) filter (FLAG_RH_RACIST = 'Y' or FLAG_FH_FAITH = 'Y'),
            count(*) filter (FLAG_IS_ISLAMOPHOBIC = 'Y'), count(*) filter (FLAG_AS_ANTISEMITIC = 'Y'),
            count(*) filter (FLAG_HO_HOMOPHOBIC = 'Y'), count(*) filter (FLAG_TG_TRANSGENDER = 'Y'),
            count(*) filter (FLAG_DH_DISABILITY = 'Y'),
            count(*) filter (FLAG_RH_RACIST = 'Y' or FLAG_FH_FAITH = 'Y' or FLAG_HO_HOMOPHOBIC = 'Y'
                or FLAG_TG_TRANSGENDER = 'Y' or FLAG_DH_DISABILITY = 'Y')
        from delivered where CRIME_REF_NO not like '69%'""",
        REVIEW,
    )
    assert found[0] == pytest.approx((1543, 176, 1612, 83, 54, 355, 64, 33, 1976), abs=2)


def test_times_stand_in_order_and_a_few_intervals_are_uncertain(full):
    found = full.rows(
        "cris_crime",
        """with times as (
            select strptime(COMMITTED_FROM, '%d/%m/%Y %H:%M') as a,
                strptime(COMMITTED_TO, '%d/%m/%Y %H:%M') as b,
                try_strptime(RECORDED_DATE, '%d/%m/%Y %H:%M') as c
            from delivered)
        select count(*) filter (b < a or c < b or c < a), avg((b - a > interval 12 hour)::int) from times""",
    )
    assert found[0][0] == 0
    assert 0.05 < found[0][1] < 0.15


def test_victims_are_as_printed_where_they_are_known(full):
    found = full.rows(
        "cris_victim",
        """select avg((SEX = 'F')::int), avg((AGE::int between 18 and 39)::int), avg((AGE::int < 18)::int),
            avg((RES_CATEGORY = 'Within Borough')::int) filter (RES_CATEGORY <> 'Not Known'),
            avg((IC_CODE in ('IC1', 'IC2'))::int) filter (IC_CODE <> 'IC9'),
            count(IC_CODE) filter (IC_CODE <> 'IC9') / count(*)
        from delivered where ORGANISATION_FLAG = 'N' and VICTIM_SEQ <> 'first'""",
        REVIEW,
    )
    sex, young, child, resident, white, seen = found[0]
    assert sex == pytest.approx(0.54, abs=0.02)
    assert young == pytest.approx(0.63, abs=0.03)
    assert child == pytest.approx(0.04, abs=0.015)
    assert resident == pytest.approx(0.33, abs=0.02)
    assert white == pytest.approx(0.55, abs=0.03)
    assert 0.3 < seen < 0.42


def test_the_first_year_has_no_victim_key_and_the_second_has(full):
    assert {"VICTIM_KEY", "REPEAT_VICTIM_FLAG"} <= {
        column for check, column in full.planted(f"cris_victim_{BEFORE}") if check == "column_is_delivered"
    }
    keyed = full.rows(
        "cris_victim",
        "select count(VICTIM_KEY) / count(*), count(*) > count(distinct VICTIM_KEY) from delivered "
        "where ORGANISATION_FLAG = 'N'",
        REVIEW,
    )
    assert keyed[0][0] > 0.94
    assert keyed[0][1]


def test_the_truth_leads_from_rows_to_people_whose_key_agrees(full):
    truth = full.people.truth_table().to_pandas()
    victims = truth[truth.source_table == "cris_victim"].set_index("row_reference")
    rows = full.rows(
        "cris_victim",
        "select CRIME_REF_NO || '-' || VICTIM_SEQ, VICTIM_KEY from delivered where VICTIM_KEY is not null "
        "and VICTIM_SEQ <> 'first' limit 2000",
        REVIEW,
    )
    known = victims.reference.to_dict()
    assert all(known[row] == key for row, key in rows)
    assert set(truth.source_table) >= {"cris_victim", "cris_suspect", "cris_accused", "asb_enforcement"}


def test_the_homes_of_accused_stop_and_those_of_suspects_never_come(full):
    assert ("column_is_filled", "RES_CATEGORY") in full.planted(f"cris_accused_{REVIEW}")
    assert ("column_is_filled", "RES_CATEGORY") not in full.planted(f"cris_accused_{BEFORE}")
    for period in (BEFORE, REVIEW):
        assert ("column_is_delivered", "RES_BOROUGH") in full.planted(f"cris_suspect_{period}")


def test_no_crime_stays_without_its_people(full):
    crimes_known = {row[0] for row in full.rows("cris_crime", "select CRIME_REF_NO from delivered")}
    for source in ("cris_victim", "cris_suspect"):
        query = "select distinct CRIME_REF_NO from delivered where CRIME_REF_NO is not null"
        people = full.rows(source, query, REVIEW)
        assert {row[0] for row in people} <= crimes_known, source


def test_calls_about_anti_social_behaviour_are_those_printed(full):
    query = """select count(*), avg((ASB_QUALIFIER is null)::int), avg((ASB_QUALIFIER = 'Nuisance')::int)
        filter (ASB_QUALIFIER is not null) from delivered where CAD_REF not like 'CAD9____/%'"""
    calls, blank, nuisance = full.rows("mps_cad_asb", query, REVIEW)[0]
    assert calls == 13_705
    assert blank == pytest.approx(0.18, abs=0.01)
    assert nuisance == pytest.approx(0.77 / 0.82, abs=0.02)


def test_national_outcomes_and_local_stalking_and_slavery_are_those_printed(full):
    outcomes = dict(
        full.rows(
            "ho_outcomes",
            """select "Outcome Type", sum("Force outcomes for offences recorded in quarter"::int)
            from delivered
            where "Force Name" = 'England and Wales' and "Financial Year" = '2022/23' group by 1""",
        )
    )
    total = sum(outcomes.values())
    for code, share in (("1", 5.7), ("18", 39.3), ("0", 8.0)):
        assert 100 * outcomes[code] / total == pytest.approx(share, abs=0.05)
    local = dict(
        full.rows(
            "ho_recorded_crime",
            """select "Offence Code", sum("Number of Offences"::int) from delivered
            where "CSP Name" = 'Westminster' and "Financial Year" = '2022/23' group by 1""",
        )
    )
    assert local["106"] == 117
    assert local["8Q"] == 356


def test_victims_of_the_first_year_are_written_in_an_older_encoding(full):

    data = gzip.decompress((full.folder / f"cris_victim/cris_victim_{BEFORE}.csv.gz").read_bytes())
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "é" in data.decode("cp1252")


def test_week_and_hours_are_weights():
    for weights in TIMES.values():
        assert weights.shape == (168,)
        assert weights.sum() == pytest.approx(1)
        assert np.all(weights > 0)
