"""The registers of offender schemes, domestic abuse services and Children's Services in the sample."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from conftest import failing_plainly
from swp import vault
from swp.contracts import load_contracts
from swp.gate import judgement
from swp.landing import check
from swp.sample import childrens_services, domestic_abuse, offender_schemes
from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.marginals import generator
from swp.sample.people import People

MODULES = (offender_schemes, domestic_abuse, childrens_services)
FOLDERS = ("offender_schemes", "domestic_abuse", "childrens_services")
# Planted for checks that look at more than one file, or at what a file means.
NOT_OF_THE_GATE = {
    "period_is_as_asked",
    "repeat_flag_agrees_with_dates",
    "overlapping_categories_are_never_summed",
}
ROW_CHECKS = {"row_value_does_not_parse", "row_value_not_in_code_list", "row_key_is_blank"}
# What a row fault is also seen as, in the column as a whole.
ALSO_SAID = {"row_value_does_not_parse": "values_parse", "row_value_not_in_code_list": "values_in_code_list"}


@dataclass
class Written:
    folder: Path
    people: People
    manifest: object
    outcomes: dict
    rows: dict


def write(folder: Path, scale: float) -> Written:
    people = People.make(generator(2024, "people"), scale=scale)
    out = Deliveries(folder / "inbox", 2024, scale)
    for module in MODULES:
        module.write(out, Geography.from_seeds(), people, seed=2024, scale=scale)
    return Written(folder / "inbox", people, out.finish(), {}, {})


def judged(written: Written, scratch: Path) -> Written:
    """The written sample with the gate's outcome on each file, by its path in the manifest."""
    with pytest.MonkeyPatch.context() as patch, vault.in_memory() as connection:
        patch.setattr(judgement, "failing", failing_plainly)
        for file in written.manifest.files:
            (written.outcomes[file.file],) = check(connection, scratch, [written.folder / file.file])
            # The gate leaves the rows of the file that it looked at last.
            query = "select * exclude (_extra) from delivered"
            written.rows[file.file] = connection.execute(query).to_arrow_table()
    return written


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Written:
    folder = tmp_path_factory.mktemp("schemes")
    return judged(write(folder, 1.0), folder)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Written:
    folder = tmp_path_factory.mktemp("schemes-tiny")
    return judged(write(folder, 0.01), folder)


def contracts():
    return [each for each in load_contracts().values() if each.agency in FOLDERS]


DATA = duckdb.connect()


def staged(written: Written, source: str, last: bool = False) -> str:
    """A table of the rows of a source (of its last file only) as text, under the contract's names."""
    files = [file.file for file in written.manifest.files if file.source == source]
    name = f"rows_{source}_{'last' if last else 'all'}"
    for number, file in enumerate(files):
        DATA.register(f"part_{number}", written.rows[file])
    chosen = range(len(files))[-1:] if last else range(len(files))
    union = " union all by name ".join(f"from part_{number}" for number in chosen)
    DATA.execute(f"create or replace table {name} as {union}")
    return name


def one(query: str):
    return DATA.execute(query).fetchone()


class TestContracts:
    def test_every_table_has_a_delivery_and_every_delivery_a_contract(self, full):
        assert {file.source for file in full.manifest.files} == {each.name for each in contracts()}

    def test_every_absent_column_says_what_to_ask_for(self, full):
        absent = {
            (fault.file.split("/")[0], fault.column)
            for fault in full.manifest.planted_faults
            if fault.expected_check in ("column_is_delivered", "column_is_filled")
        }
        silent = {
            (contract.name, column.label)
            for contract in contracts()
            for column in contract.columns
            if (contract.name, column.label) in absent and not column.ask
        }
        assert not silent

    def test_names_and_birth_dates_are_identifiers(self):
        for contract in contracts():
            for column in contract.columns:
                if column.name in ("given_name", "family_name", "birth_date", "home_postcode", "uprn"):
                    assert column.sensitivity == "identifier", (contract.name, column.name)

    def test_every_column_is_described_in_a_sentence(self):
        for contract in contracts():
            for column in contract.columns:
                assert column.description.endswith("."), (contract.name, column.name)

    def test_layouts_that_were_not_found_say_so(self):
        assert {contract.layout for contract in contracts()} == {"assumed"}


class TestGate:
    @pytest.mark.parametrize("size", ["full", "tiny"])
    def test_every_file_is_taken_for_what_it_is(self, size, request):
        written = request.getfixturevalue(size)
        for file in written.manifest.files:
            outcome = written.outcomes[file.file]
            assert outcome.verdict != "rejected", (file.file, outcome.as_json()["findings"])
            assert outcome.inspection.contract.name == file.source
            assert outcome.inspection.rows_delivered == file.rows

    @pytest.mark.parametrize("size", ["full", "tiny"])
    def test_every_planted_fault_is_found(self, size, request):
        written = request.getfixturevalue(size)
        for fault in written.manifest.planted_faults:
            if fault.expected_check in NOT_OF_THE_GATE:
                continue
            inspection = written.outcomes[fault.file].inspection
            if fault.expected_check == "encoding_cp1252":
                assert inspection.match.dialect.encoding == "cp1252", fault
                continue
            if fault.expected_check in ROW_CHECKS:
                assert inspection.rows_quarantined == fault.rows, fault
                continue
            found = {(finding.check, finding.column) for finding in inspection.failed}
            assert (fault.expected_check, fault.column) in found, fault

    def test_nothing_is_found_that_was_not_planted(self, full):
        planted = {(f.file, f.expected_check, f.column) for f in full.manifest.planted_faults}
        planted |= {(file, ALSO_SAID[name], column) for file, name, column in planted if name in ALSO_SAID}
        planted |= {(file, "row_faults", None) for file, name, _ in planted if name in ROW_CHECKS}
        found = {
            (file, finding.check, finding.column)
            for file, outcome in full.outcomes.items()
            for finding in outcome.inspection.failed
        }
        assert found <= planted


YEAR = "between '2022-10-01' and '2023-09-30'"


def day(column: str) -> str:
    """SQL for a delivered day, which is written in either form."""
    return f"coalesce(try_strptime({column}, '%d/%m/%Y'), try_strptime({column}, '%Y-%m-%d'))::date"


def worked_with(start: str, end: str, first: str, last: str) -> str:
    return f"{day(start)} <= '{last}' and coalesce({day(end)}, '2099-01-01') >= '{first}'"


class TestSizes:
    """The totals that the assessment prints, in the review year."""

    def test_gangs_unit(self, full):
        table = staged(full, "igxu_person", last=True)
        here = worked_with("allocated_on", "closed_on", "2022-10-01", "2023-09-30")
        total, girls = one(f"select count(*), count(*) filter (sex = 'F') from {table} where {here}")
        assert total == 167
        assert girls == pytest.approx(38, abs=9)

    def test_youth_justice(self, full):
        table = staged(full, "yjs_person", last=True)
        here = worked_with("started_on", "ended_on", "2022-10-01", "2023-09-30")
        total, girls, both = one(
            f"select count(*), count(*) filter (sex = 'F'), avg((is_known_to_igxu = 'Yes')::int) "
            f"from {table} where {here}"
        )
        assert total == 73
        assert girls <= 8
        assert both == pytest.approx(0.48, abs=0.12)
        assert one(
            f"select count(*) from {table} where is_first_time_entrant = 'Yes' and {day('started_on')} {YEAR}"
        ) == (28,)
        offences = staged(full, "yjs_offence", last=True)
        assert one(f"select count(*) from {offences} where {day('committed_on')} {YEAR}") == (134,)

    def test_integrated_offender_management(self, full):
        table = staged(full, "iom_cohort", last=True)
        assert one(f"select count(*) from {table} where status = 'Active'") == (51,)

    def test_probation(self, full):
        table = staged(full, "probation_person")
        total, people, inside = one(
            f"select count(*), count(distinct person_ref), count(*) filter (setting = 'Custody') "
            f"from {table} where {day('as_at_date')} is not null"
        )
        assert (total, people) == (544, 544)
        assert inside == pytest.approx(544 / 3, abs=2)

    def test_conferences(self, full):
        table = staged(full, "marac_case")
        total, flagged, under_18 = one(
            f"select count(*), avg((is_repeat = 'Yes')::int), count(*) filter (victim_age::int < 18) "
            f"from {table} where {day('meeting_date')} between '2022-07-01' and '2023-06-30'"
        )
        assert total == 453
        assert flagged == pytest.approx(0.24, abs=0.01)
        assert under_18 < 15

    def test_repeats_by_their_dates_are_more_than_the_flags_say(self, full):
        table = staged(full, "marac_case")
        by_dates, flagged, flagged_only = one(f"""
            with cases as (
                select *, {day("meeting_date")} as met from {table} where {day("meeting_date")} is not null
            ),
            marked as (
                select is_repeat = 'Yes' as flagged, exists (
                    select 1 from cases as earlier
                    where earlier.victim_ref = cases.victim_ref
                    and earlier.perpetrator_ref = cases.perpetrator_ref
                    and earlier.met < cases.met and earlier.met >= cases.met - 365
                ) as repeats
                from cases where met between '2022-07-01' and '2023-06-30'
            )
            select avg(repeats::int), avg(flagged::int), count(*) filter (flagged and not repeats) from marked
        """)
        assert by_dates > flagged + 0.04
        assert flagged_only == 0

    def test_referrals_have_more_kinds_of_support_than_rows(self, full):
        table = staged(full, "angelou_referral", last=True)
        kinds = " + ".join(f"({name} = 'Yes')::int" for name in domestic_abuse.SUPPORT)
        total, mentions, fewest, new = one(
            f"select count(*), sum({kinds}), min({kinds}), count(*) filter (client_status = 'New') "
            f"from {table} where coalesce(referral_ref, '') <> ''"
        )
        assert (total, mentions, fewest, new) == (770, 962, 1, 513)

    def test_safeguarding(self, full):
        table = staged(full, "safeguarding_concern", last=True)
        assert one(
            f"select count(*), count(*) filter (is_domestic_abuse = 'Yes'), "
            f"count(*) filter (is_cuckooing = 'Yes') from {table} where {day('raised_on')} is not null"
        ) == (548, 76, 20)

    def test_families(self, full):
        table = staged(full, "supporting_families_family")
        met = " + ".join(f"({name} = 'true')::int" for name in childrens_services.CRITERIA)
        assert one(
            f"select count(*), count(distinct family_ref), count(*) filter (meets_crime_asb = 'true'), "
            f"count(*) filter (meets_domestic_abuse = 'true'), "
            f"count(*) filter (meets_crime_asb = 'true' and meets_domestic_abuse = 'true'), min({met}) >= 2 "
            f"from {table}"
        ) == (4332, 4332, 717, 857, 358, True)

    def test_exclusions(self, full):
        table = staged(full, "exclusion", last=True)
        good = "exclusion_type <> 'SENT HOME'"
        total, resident, age, sent_home_twice = one(
            f"select count(*), avg((is_resident = 'Yes')::int), mode(age), "
            f"count(*) - count(distinct (pupil_ref, started_on)) from {table} where {good}"
        )
        assert total == 1023
        assert resident == pytest.approx(0.55, abs=0.01)
        assert (age, sent_home_twice) == ("14", 0)

    def test_census(self, full):
        table = staged(full, "school_census_aggregate", last=True)
        total, secondary, meals, special = one(
            f"select sum(pupil_count::int), sum(pupil_count::int) filter (phase = 'Secondary'), "
            f"sum(free_meals_count::int), sum(sen_support_count::int + sen_plan_count::int) from {table}"
        )
        assert (total, secondary) == (21739, 10818)
        assert (meals, special) == (8281, 3774)


class TestTruth:
    def test_the_older_register_knows_nothing_of_what_came_after(self, full):
        for source, columns in {
            "iom_cohort": ("started_on", "ended_on"),
            "igxu_person": ("allocated_on", "closed_on", "referred_on"),
            "yjs_person": ("started_on", "ended_on"),
            "starting_over_client": ("started_on", "ended_on"),
        }.items():
            table = staged(full, source)
            latest = ", ".join(f"coalesce({day(column)}, '1900-01-01')" for column in columns)
            assert one(f"select count(*) from {table} where greatest({latest}) > {day('as_at_date')}") == (0,)

    def test_young_people_of_both_services_are_one_in_truth(self, full):
        DATA.register("truth", full.people.truth_table())
        shared, young = one("""
            select count(distinct y.person_id) filter (i.person_id is not null), count(distinct y.person_id)
            from (select * from truth where source_table = 'yjs_person') as y
            left join (select * from truth where source_table = 'igxu_person') as i using (person_id)
        """)
        assert shared / young == pytest.approx(0.45, abs=0.12)

    def test_truth_is_not_among_the_deliveries(self, full):
        assert not list(full.folder.rglob("*person_links*"))
        labels = {column.name for contract in contracts() for column in contract.columns}
        assert "person_id" not in labels

    def test_the_same_seed_gives_the_same_bytes(self, tiny, tmp_path):
        again = write(tmp_path, 0.01)
        assert [vars(file) for file in again.manifest.files] == [vars(file) for file in tiny.manifest.files]
        assert again.manifest.planted_faults == tiny.manifest.planted_faults
