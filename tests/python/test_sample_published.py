"""Sample deliveries of SafeStats, health, homelessness, surveys and published sources."""

import csv
import gzip
import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from swp.contracts import load_contracts
from swp.gate import inspect
from swp.reading import members
from swp.sample import (
    crimes,
    health,
    homelessness,
    justice,
    marginals,
    mopac,
    mps_dashboard,
    reference_costs,
    safestats,
    surveys,
)
from swp.sample.deliveries import Deliveries, Manifest
from swp.sample.geography import Geography
from swp.sample.people import People
from swp.vault import in_memory

SOURCES = {
    "btp_incident", "las_callout", "tfl_incident", "istv_attendance", "ndtms_aggregate", "fgm_aggregate",
    "fingertips_indicator", "chain_person", "lift_household", "dwp_claimant_count", "city_survey_answer",
    "pas_result", "uss_result", "csew_estimate", "mopac_dashboard_indicator", "moj_reoffending",
    "ho_unit_cost", "cchi_weight", "gdp_deflator", "mps_dashboard_monthly",
}  # fmt: skip
NEVER_SENT = "mopac_victim_services"
# Found in a row of the file; the gate has one finding for all such rows.
ROW_CHECKS = {"row_key_is_blank", "row_value_does_not_parse"}
FILE_CHECKS = {"column_is_delivered", "values_parse", "exact_duplicates"}


def write(folder: Path, scale: float) -> Manifest:
    out = Deliveries(folder, 2024, scale)
    geography, known = Geography.from_seeds(), marginals.load()
    people = People.make(np.random.default_rng(2024), scale=scale)
    borough = crimes.draw(geography, known, seed=2024, scale=scale)
    safestats.write(out, geography, known, seed=2024, scale=scale)
    health.write(out, geography, known, seed=2024, scale=scale)
    homelessness.write(out, geography, known, people, seed=2024, scale=scale)
    surveys.write(out, geography, seed=2024, scale=scale)
    mopac.write(out, seed=2024)
    justice.write(out, seed=2024)
    reference_costs.write(out, seed=2024)
    mps_dashboard.write(out, borough, known, seed=2024, scale=scale)
    return out.finish()


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Manifest:
    return write(tmp_path_factory.mktemp("full"), 1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Manifest:
    return write(tmp_path_factory.mktemp("tiny"), 0.01)


def rows(manifest: Manifest, pattern: str) -> str:
    return f"read_csv('{manifest.folder}/{pattern}', all_varchar = true, union_by_name = true)"


def value(query: str):
    with duckdb.connect() as connection:
        row = connection.execute(query).fetchone()
    return row[0] if len(row) == 1 else row


class TestGate:
    @pytest.mark.parametrize("size", ["tiny", "full"])
    def test_every_file_is_taken_as_its_source_and_planted_faults_are_found(self, size, request, tmp_path):
        manifest = request.getfixturevalue(size)
        contracts = load_contracts().values()
        with in_memory() as connection:
            for file in manifest.files:
                (member,) = members(manifest.folder / file.file, tmp_path)
                found = inspect(connection, member, contracts)
                assert found.verdict != "rejected", (file.file, [each.message for each in found.failed])
                assert found.contract.name == file.source
                assert found.rows_read == file.rows
                planted = [fault for fault in manifest.planted_faults if fault.file == file.file]
                broken = sum(fault.rows for fault in planted if fault.expected_check in ROW_CHECKS)
                assert found.rows_quarantined == broken, file.file
                checks = {(each.check, each.column) for each in found.failed}
                for fault in planted:
                    if fault.expected_check in FILE_CHECKS:
                        assert (fault.expected_check, fault.column) in checks, fault
                gaps = {each.column for each in found.failed if each.severity == "gap"}
                assert gaps == {f.column for f in planted if f.expected_check == "column_is_delivered"}

    def test_every_source_but_the_one_never_sent_has_deliveries(self, full):
        assert {file.source for file in full.files} == SOURCES
        (never, male) = (f for f in full.planted_faults if f.expected_check == "delivery_never_received")
        assert never.file == male.file == f"{NEVER_SENT}/"
        assert NEVER_SENT in load_contracts()


class TestRepeats:
    def test_the_same_seed_gives_the_same_bytes(self, tiny, tmp_path):
        again = write(tmp_path / "again", 0.01)
        assert json.loads(again.path.read_text()) == json.loads(tiny.path.read_text())
        for file in again.files:
            digest = hashlib.sha256((again.folder / file.file).read_bytes()).hexdigest()
            assert digest == file.sha256


class TestSize:
    def test_transport_police_end_in_july_with_the_printed_shares(self, full):
        for name, last, theft in (("202209", "2022-09-30", 0.44), ("202307", "2023-07-31", 0.56)):
            found = value(f"""
                select
                    strftime(max(try_strptime(RECORDED_DATE, '%d/%m/%Y')), '%Y-%m-%d'),
                    round(avg((OFFENCE_GROUP = 'Theft of passenger property')::int), 2),
                    round(avg((WARD_NAME = 'West End')::int), 2),
                    round(avg((WARD_NAME = 'St James''s')::int), 2)
                from {rows(full, f"btp_incident/*{name}.csv")}
                where BTP_REF is not null
            """)
            assert found == (last, theft, 0.37, 0.27)

    @pytest.mark.parametrize(
        ("category", "total", "two_wards", "night"),
        [("Alcohol related", 2128, 0.60, 0.72), ("Assault", 774, 0.54, 0.74)],
    )
    def test_ambulance_call_outs(self, full, category, total, two_wards, night):
        found = value(f"""
            with calls as (
                select *, hour(try_cast(CALL_DATETIME as timestamp)) as called_hour
                from {rows(full, "las_callout/*202309.csv.gz")}
                where CALL_DATETIME != 'n/a' and INCIDENT_CATEGORY = '{category}'
            )

            select
                count(*),
                avg((WARD_NAME in ('West End', 'St James''s'))::int),
                avg((called_hour >= 18 or called_hour < 6)::int)
            from calls
        """)
        assert found[0] == total
        assert found[1] == pytest.approx(two_wards, abs=0.002)
        assert found[2] == pytest.approx(night, abs=0.03)

    def test_other_call_outs_say_nothing_of_the_patient(self, full):
        found = value(f"""
            select count(PATIENT_AGE) + count(PATIENT_SEX)
            from {rows(full, "las_callout/*.csv.gz")}
            where INCIDENT_CATEGORY = 'Other' and SNAPSHOT_DATE != '2023-10-04'
        """)
        assert found == 0

    def test_rough_sleepers_overlap_in_their_categories(self, full):
        people, new, street, intermittent, men = value(f"""
            select
                count(distinct "CHAIN ID"),
                count(*) filter ("CHAIN Category" = 'New rough sleepers'),
                count(*) filter ("CHAIN Category" = 'Living on the streets'),
                count(*) filter ("CHAIN Category" = 'Intermittent rough sleepers'),
                avg((Gender = 'Male')::int)
            from {rows(full, "chain_person/*_202309.csv")}
            where "CHAIN ID" is not null
        """)
        assert people == 748
        assert new + street + intermittent == 756
        assert (new, street, intermittent) == pytest.approx((288, 83, 385), abs=2)
        assert men == pytest.approx(0.77, abs=0.03)

    def test_low_income_households(self, full):
        found = value(f"""
            select count(*), sum(dependent_children::int), avg((ward_nm = 'Church Street')::int)
            from '{full.folder}/lift_household/*20230401.parquet'
        """)
        assert found == (18931, 7412, pytest.approx(0.11, abs=0.001))

    def test_city_survey_has_two_bases_and_the_printed_shares(self, full):
        def share(column: str, yes: str, where: str = "true") -> float:
            return value(f"""
                select
                    100 * sum(WEIGHT::double) filter ({column} in ({yes}))
                    / sum(WEIGHT::double) filter ({column} != 'Don''t know')
                from {rows(full, "city_survey_answer/city_survey_2023.csv")}
                where INT_STATUS = 'Complete' and RESP_ID is not null and {where}
            """)

        safe, problem = "'Very safe', 'Fairly safe'", "'Very big problem', 'Fairly big problem'"
        bases = value(f"""
            select count(*), count(Q_SAFE_DARK)
            from {rows(full, "city_survey_answer/city_survey_2023.csv")}
            where RESP_ID is not null
        """)
        assert bases == (2436, 2412)
        assert share("Q_SAFE_DARK", safe) == pytest.approx(74, abs=0.5)
        assert share("Q_SAFE_DARK", safe, "Q_SEX = 'Female'") == pytest.approx(66, abs=1.5)
        assert share("Q_SAFE_DARK", safe, "WARD = 'Church Street'") == pytest.approx(60, abs=1.5)
        assert share("Q_PROB_DRUGS", problem) == pytest.approx(38, abs=0.5)
        assert share("Q_PROB_BEGGING", problem, "WARD = 'St James''s'") == pytest.approx(56, abs=1.5)

    def test_monthly_dashboard_counts_what_the_wide_files_count(self, full):
        path = full.folder / "mps_dashboard_monthly" / "MPS_MonthlyCrimeDashboard_TNOCrimeData.csv.gz"
        with gzip.open(path, "rt", newline="") as file:
            total = sum(
                int(row["Count"])
                for row in csv.DictReader(file)
                if (row["Area Type"], row["Area name"], row["Measure"])
                == ("Borough", "Westminster", "Offences")
                and "2022-10" <= "-".join(row["Month_Year"].split("/")[:0:-1]) <= "2023-09"
            )
        assert total == 90340

    def test_tiny_is_small(self, tiny):
        scaled = ("btp_incident", "las_callout", "tfl_incident", "city_survey_answer", "chain_person")
        assert sum(file.rows for file in tiny.files if file.source in scaled) < 2000


class TestPrivacy:
    def test_truth_of_rough_sleepers_is_kept_and_not_delivered(self, tmp_path):
        out = Deliveries(tmp_path / "inbox", 2024, 0.01)
        people = People.make(np.random.default_rng(1), scale=0.01)
        homelessness.write(out, Geography.from_seeds(), marginals.load(), people, seed=2024, scale=0.01)
        truth = people.truth_table()
        delivered = sum(f.rows for f in out.manifest.files if f.source == "chain_person")
        broken = sum(f.rows for f in out.manifest.planted_faults if f.expected_check == "row_key_is_blank")
        assert truth.num_rows == delivered - broken
        assert not list((tmp_path / "inbox").rglob("*truth*"))
