"""Every fault that the sample plants is caught by a named check, and what is missing is asked for.

The sample is landed and built once, at the smallest scale at which each source has each of its faults. A
finder says how many of the planted rows are noticed (of 1, where rows are not what is wrong).
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from conftest import Workshop
from dbt_calls import Run, dbt
from small_sample import NOT_RUN, SmallSample
from swp import linkage_truth, models, vault
from swp.cli import main
from swp.contracts import load_contracts
from swp.paths import Home
from swp.sample.faults import Fault
from swp.sample.register import FIELD_CHECKS, LATE, OF_MONTHS, PERIOD, PERIOD_CHECKS
from swp.steward import due as steward_due

pytestmark = pytest.mark.slow

DELIVERY_TESTS = ("test_name:gaps_are_registered", "test_name:registered_gaps_are_closed")
MENTIONS_TEST = "categories_of_a_record_add_up_to_the_records"
STATUSES = {"passed", "failed", "warned", "error", "not_tested"}


# What an open gap lacks: kind, state, rows looked at, rows without a value, per cent that may be.
OPEN = """
    select
        received.source, kind, received.state, received.delivery_id, received.label,
        received.rows_tested, received.rows_failing, profiles.max_blank_pct
    from vault.intermediate.int_deliveries__received as received
    left join vault.ledger.column_profile as profiles
        on received.delivery_id = profiles.delivery_id and received.field = profiles.column_name
    where gap_state in ('open', 'expired')
"""


class Planted:
    """The sample, its faults by the check that has to notice them, and a copy of its home to change."""

    def __init__(self, small: SmallSample, root: Path):
        self.small, self.run, self.connection = small, small.run, small.connection
        self.rows, self.count = small.rows, small.count
        self.home = Home(root)
        self.faults = defaultdict(list)
        for fault in small.faults:
            self.faults[fault.expected_check].append(fault)

    def delivery(self, fault: Fault) -> str:
        source, _, name = fault.file.partition("/")
        ((delivery_id,),) = self.rows(
            "select delivery_id from vault.ledger.deliveries where source = ? and file_name = ?", source, name
        )
        return delivery_id

    def again(self) -> Workshop:
        """The copy as it was when it was built."""
        return Workshop(self.small.copied_to(self.home.root))


@pytest.fixture(scope="session")
def planted(sample_home, tmp_path_factory):
    """The sample with its register."""
    return Planted(sample_home, tmp_path_factory.mktemp("planted") / "home")


def source_of(fault: Fault) -> str:
    return fault.file.partition("/")[0]


def labels(fault: Fault) -> list[str]:
    """The contract's labels of the column that the fault names as it was delivered."""
    columns = load_contracts()[source_of(fault)].columns
    return [each.label for each in columns if fault.column == each.name or each.fits(fault.column or "")]


# Each finder answers how much of the fault was found, and how much of it there is to find.
Found = tuple[int, int]


def finding(sample: Planted, fault: Fault, *, rows: bool = True) -> Found:
    """A failed check of the gate on that very file, of that column or month."""
    found = sample.rows(
        "select column_name, failing, message from vault.ledger.findings "
        "where delivery_id = ? and check_name = ? and not is_passed",
        sample.delivery(fault),
        fault.expected_check,
    )
    if fault.month and fault.expected_check.startswith("month_"):
        found = [each for each in found if fault.month in each[2]]
    if fault.expected_check == "unexpected_column":
        found = [each for each in found if f"'{fault.column}'" in each[2]]
    elif fault.column:
        found = [each for each in found if each[0] is None or each[0] in labels(fault)]
    return max((each[1] for each in found), default=0), fault.rows if rows else 1


def set_aside(sample: Planted, fault: Fault) -> Found:
    """Rows in quarantine for that reason and column."""
    found = sample.count(
        """
        select count(*) from (
            select unnest(reasons) as reason from vault.ledger.quarantine where delivery_id = ?
        )
        where reason.check_name = ? and list_contains(?, reason.column_name)
        """,
        sample.delivery(fault),
        fault.expected_check,
        [*labels(fault), fault.column],
    )
    return found, fault.rows


def encoding(sample: Planted, fault: Fault, name: str) -> Found:
    """The encoding that the ledger says the file was read in."""
    found = sample.count(
        "select count(*) from vault.ledger.deliveries where delivery_id = ? and encoding = ?",
        sample.delivery(fault),
        name,
    )
    return found, 1


def period_gap(sample: Planted, fault: Fault, state: str) -> Found:
    """The gap of the source's period, found by the machine and known to the register."""
    found = sample.rows(
        """
        select received.finding, received.rows_failing
        from vault.intermediate.int_deliveries__received as received
        inner join warehouse.quality.gap_register using (source, field)
        where source = ? and field = ? and received.state = ? and gap_register.status = 'registered'
        """,
        source_of(fault),
        PERIOD,
        state,
    )
    if state == "months_missing" and fault.month:
        found = [each for each in found if fault.month in each[0]]
    if state == "publishers_missing":
        return sum(each[1] for each in found), fault.rows
    return len(found), 1


def content(
    sample: Planted,
    fault: Fault,
    view: str,
    test: str,
    *,
    where: str = "true",
    column: str = "share_pct",
    over: float = 0,
    rows: bool = True,
) -> Found:
    """Rows at fault in a content view whose test warned; of the fault's month where it has one."""
    ((status,),) = sample.rows("select status from warehouse.quality.test_results where test_name = ?", test)
    found = sample.count(
        f"""
        select sum(rows_failing) from vault.quality.{view}
        where delivery_id = ? and {column} > {over} and ({where})
            and (? is null or strftime(period_end, '%Y-%m') = ?)
        """,
        sample.delivery(fault),
        fault.month,
        fault.month,
    )
    return found if status == "warned" else 0, fault.rows if rows else 1


def area_not_supplied(sample: Planted, fault: Fault) -> Found:
    where = f"ends_with({vault.literal(fault.fault)}, category)"
    return content(
        sample, fault, "content_areas_supplied", "indicators_are_supplied_for_the_borough", where=where
    )


def blank_above_usual(sample: Planted, fault: Fault) -> Found:
    where = f"category in ({', '.join(map(vault.literal, labels(fault)))})"
    return content(
        sample,
        fault,
        "content_blank_shares",
        "blank_shares_are_not_above_the_usual",
        where=where,
        column="excess_pct",
        over=1,
    )


def categories_overlap(sample: Planted, fault: Fault) -> Found:
    of_hate = source_of(fault) == "cris_crime"
    test = "strands_of_hate_crime_add_up_to_the_crimes" if of_hate else MENTIONS_TEST
    return content(sample, fault, "content_overlapping_categories", test)


def outcome_not_yet_assigned(sample: Planted, fault: Fault) -> Found:
    """Published outcomes are counts: there the rows of the file are not the offences."""
    is_count = source_of(fault) == "ho_outcomes"
    return content(
        sample,
        fault,
        "content_outcomes_assigned",
        "outcomes_of_a_period_are_assigned",
        where="category = 'Metropolitan Police Service'" if is_count else "true",
        over=20,
        rows=not is_count,
    )


def later_publication(sample: Planted, fault: Fault) -> Found:
    """Months that another delivery has as well, and of which one delivery speaks."""
    ((shared, spoken_for),) = sample.rows(
        """
        with cells as (
            select
                month,
                bool_or(delivery_id = ?) as is_here,
                count(distinct delivery_id) as deliveries,
                count(*) filter (is_chosen) as chosen
            from vault.intermediate.int_scopes__chosen
            where source = ?
            group by publisher, area, month, category
        )

        select count(*), count(*) filter (chosen = 1) from cells
        where is_here and deliveries > 1 and strftime(month, '%Y-%m') = ?
        """,
        sample.delivery(fault),
        source_of(fault),
        fault.month,
    )
    return spoken_for, max(shared, 1)


def lsoa_vintages_mixed(sample: Planted, fault: Fault) -> Found:
    """Crimes of the file in an LSOA of 2021 alone, beside others in one of 2011 alone."""
    counts = dict(
        sample.rows(
            """
            with vintages as (
                select lsoa_code, list(distinct vintage order by vintage) as vintages
                from vault.intermediate.int_geography__lsoas
                group by lsoa_code
            )

            select array_to_string(vintages, ','), count(*)
            from vault.intermediate.int_crimes__screened as crimes
            inner join vintages on crimes.lsoa_code = vintages.lsoa_code
            where delivery_id = ?
            group by all
            """,
            sample.delivery(fault),
        )
    )
    return counts.get("2021", 0) if counts.get("2011") else 0, fault.rows


def ward_under_two_boroughs(sample: Planted, fault: Fault) -> Found:
    found = sample.count(
        """
        select count(*)
        from warehouse.core.fct_recorded_crime_counts as counts
        inner join vault.ledger.deliveries
            on counts.source = deliveries.source and counts.as_at_date = deliveries.published_on
        where area_type = 'ward' and boroughs_listed = 2 and delivery_id = ?
        """,
        sample.delivery(fault),
    )
    return found, fault.rows


def timestamps_in_utc(sample: Planted, fault: Fault) -> Found:
    """Stops that the file dates in the month before, and the fact in the month of London's clocks."""
    found = sample.count(
        """
        select count(*)
        from vault.raw.police_uk_stop_search as delivered
        inner join vault.intermediate.int_stop_searches__screened as stops using (delivery_id, row_number)
        where delivery_id = ? and strftime(stops.month, '%Y-%m') = ? and left(delivered.stopped_at, 7) < ?
        """,
        sample.delivery(fault),
        fault.month,
        fault.month,
    )
    return found, fault.rows


def null_written_as_text(sample: Planted, fault: Fault) -> Found:
    """Cells that hold the word and are empty in staging."""
    (name,) = [
        each.name for each in load_contracts()[source_of(fault)].columns if each.fits(fault.column or "")
    ]
    found = sample.count(
        f"""
        select count(*)
        from vault.raw.{source_of(fault)} as delivered
        inner join vault.staging.stg_lfb__animal_rescues as staged using (delivery_id, row_number)
        where delivery_id = ? and delivered.{name} = 'NULL' and staged.{name} is null
        """,
        sample.delivery(fault),
    )
    return found, fault.rows


def area_not_known(sample: Planted, fault: Fault) -> Found:
    """Counts of an area without a code: kept, and never those of a borough."""
    if source_of(fault) == "mps_dashboard_monthly":
        query = """
            select count(*)
            from vault.staging.stg_mps_dashboard__monthly_counts as counts
            inner join warehouse.reference.borough_names as names
                on upper(trim(counts.borough)) = names.name_key
            where delivery_id = ? and names.borough_code is null
        """
    else:
        query = """
            select count(distinct row_number) from vault.intermediate.int_crime_counts__screened
            where delivery_id = ? and area_type = 'borough' and borough_code is null
        """
    return sample.count(query, sample.delivery(fault)), fault.rows


FINDERS: dict[str, Callable[[Planted, Fault], Found]] = {
    # The gate, on the file
    "column_is_delivered": partial(finding, rows=False),
    "column_is_filled": finding,
    "exact_duplicates": finding,
    "month_is_cut_short": partial(finding, rows=False),
    "month_is_missing": partial(finding, rows=False),
    "partial_scope": partial(finding, rows=False),
    "repeated_key": finding,
    "unexpected_column": partial(finding, rows=False),
    "values_in_code_list": finding,
    "values_parse": finding,
    # The gate, on its rows
    "row_key_is_blank": set_aside,
    "row_value_does_not_parse": set_aside,
    "row_value_not_in_code_list": set_aside,
    # The ledger
    "byte_order_mark": partial(encoding, name="utf-8-sig"),
    "encoding_cp1252": partial(encoding, name="cp1252"),
    "encoding_gb18030": partial(encoding, name="gb18030"),
    # The tests of periods, and the gap register
    "delivery_never_received": partial(period_gap, state="missing"),
    "period_is_as_asked": partial(period_gap, state="months_missing"),
    "period_is_old": partial(period_gap, state="old"),
    "period_shorter_than_asked": partial(period_gap, state="months_missing"),
    "publisher_never_sent": partial(period_gap, state="publishers_missing"),
    # The tests of content
    "area_not_supplied": area_not_supplied,
    "bases_differ": partial(
        content, view="content_interviews", test="interviews_of_the_city_survey_are_whole"
    ),
    "blank_above_usual": blank_above_usual,
    "categories_overlap": partial(
        content, view="content_overlapping_categories", test="a_rough_sleeper_has_one_category_in_a_quarter"
    ),
    "class_not_counted_by_lsoa": partial(
        content, view="content_classes_by_lsoa", test="classes_of_crime_are_counted_by_lsoa", rows=False
    ),
    "estimates_are_not_counts": partial(
        content, view="content_modelled_estimates", test="estimates_do_not_stand_beside_counts"
    ),
    "injury_not_recorded": partial(
        content, view="content_injuries_recorded", test="injuries_of_violence_are_recorded", over=10
    ),
    "offence_without_unit_cost": partial(
        content, view="content_unit_costs", test="every_class_of_crime_has_a_unit_cost", rows=False
    ),
    "outcome_not_yet_assigned": outcome_not_yet_assigned,
    "overlapping_categories_are_never_summed": categories_overlap,
    "record_is_not_notifiable": partial(
        content,
        view="content_notifiable_offences",
        test="records_of_domestic_abuse_are_notifiable_crimes",
    ),
    "repeat_flag_agrees_with_dates": partial(
        content, view="content_repeat_flags", test="repeat_flags_agree_with_the_dates_of_cases"
    ),
    # What the models make of it
    "area_not_known": area_not_known,
    "later_publication_of_same_months": later_publication,
    "lsoa_vintages_mixed": lsoa_vintages_mixed,
    "null_written_as_text": null_written_as_text,
    "timestamps_in_utc": timestamps_in_utc,
    "ward_under_two_boroughs": ward_under_two_boroughs,
}


def test_every_planted_kind_of_fault_has_a_finder_and_the_reverse(planted):
    assert set(planted.faults) - set(FINDERS) == set()
    assert set(FINDERS) - set(planted.faults) == set()


@pytest.mark.parametrize("check", sorted(FINDERS))
def test_planted_faults_are_found(planted, check):
    missed = {}
    for fault in planted.faults[check]:
        found, there = FINDERS[check](planted, fault)
        if found < there:
            missed[fault.file, fault.column, fault.fault] = f"{found} of {there}"
    assert planted.faults[check]
    assert missed == {}


# The delivery tests, with the register, without it, and when it has expired.


def sources_with(planted: Planted, checks: set[str]) -> set[str]:
    """The sources in which a gap was planted that one of `checks` has to notice."""
    contracts = load_contracts()
    return {
        source_of(fault)
        for check in checks
        for fault in planted.faults[check]
        if check not in OF_MONTHS or contracts[source_of(fault)].meta.get("asked_months")
    }


def by_chance(planted: Planted, gaps: list[tuple], source: str, kind: str) -> bool:
    """Is all that the source lacks, beyond what was planted, what a small sample lacks by chance?

    A blank share within three standard errors of its limit; of a source with under ten rows to an asked
    month, months without any.
    """
    mine = [gap for gap in gaps if gap[:2] == (source, kind)]
    if any(state not in ("blank", "months_missing") for _, _, state, *_ in mine):
        return False
    if kind == "period":
        months = load_contracts()[source].meta["asked_months"]
        rows = planted.count("select sum(rows) from vault.ledger.month_profile where source = ?", source)
        return rows < 10 * months
    return all(
        100 * blank / tested - limit <= 3 * math.sqrt(max(limit, 1) * (100 - limit) / tested)
        for *_, tested, blank, limit in mine
    )


@pytest.fixture(scope="session")
def unregistered(planted) -> tuple[Run, list[tuple]]:
    """The same home as `swp sample --unregistered` leaves it, nothing in its register, and its open gaps."""
    with planted.small.entered(planted.home):
        shop = planted.again()
        shop.execute("delete from vault.ledger.gaps")
        run = dbt(
            planted.home,
            *("build", "--indirect-selection", "empty", "--select", "int_deliveries__received"),
            *DELIVERY_TESTS,
        )
        return run, shop.execute(OPEN)


def test_without_the_register_every_planted_field_gap_fails_and_no_other(planted, unregistered):
    run, gaps = unregistered
    failed = run.not_passed("fields_of_")
    expected = sources_with(planted, FIELD_CHECKS)
    assert {source: failed.get(source) for source in expected} == dict.fromkeys(expected, "fail")
    others = set(failed) - expected
    assert {source for source in others if not by_chance(planted, gaps, source, "field")} == set()


def test_without_the_register_every_planted_period_gap_fails_and_no_other(planted, unregistered):
    run, gaps = unregistered
    found = run.not_passed("periods_of_")
    expected = sources_with(planted, PERIOD_CHECKS) | set(LATE)
    contracts = load_contracts()
    severity = {"partner": "fail", "open": "warn"}
    assert {source: found.get(source) for source in expected} == {
        source: severity[contracts[source].origin] for source in expected
    }
    partners = {source for source in set(found) - expected if contracts[source].origin == "partner"}
    assert {source for source in partners if not by_chance(planted, gaps, source, "period")} == set()


def test_dbt_names_delivery_field_harm_and_what_to_ask_for(planted, unregistered):
    run, _ = unregistered
    lines = [line.split("  ", 1)[-1].strip() for line in run.output.splitlines()]
    contracts = load_contracts()
    (victims,) = [
        fault
        for fault in planted.faults["column_is_delivered"]
        if fault.file.startswith("cris_victim/") and fault.column == "VICTIM_KEY" and "202110" in fault.file
    ]
    column = contracts["cris_victim"].column("victim_key")
    name = victims.file.partition("/")[2]
    told = (
        f"NEW GAP: cris_victim, {planted.delivery(victims)} {name}: {column.label} - "
        "the column is not in the file"
    )
    place = lines.index(told)
    assert lines[place + 1] == f"harms {', '.join(column.serves)}"
    assert lines[place + 2] == f"ask: {column.asking}"


def test_dbt_tells_each_planted_field_gap(planted, unregistered):
    run, gaps = unregistered
    lacking = {(source, delivery, label) for source, kind, _, delivery, label, *_ in gaps if kind == "field"}
    for check in FIELD_CHECKS:
        for fault in planted.faults[check]:
            found = {(source_of(fault), planted.delivery(fault), label) for label in labels(fault)}
            assert found & lacking, fault
    lines = run.output.splitlines()
    for source, delivery, label in lacking:
        start = f"NEW GAP: {source}, {delivery} "
        assert any(start in line and f": {label} - " in line for line in lines), (source, delivery, label)


def test_with_the_register_planted_gaps_warn_with_their_age(planted):
    """Of 1 November 2023 to 15 January 2024, the sample's own day."""
    registered = planted.rows("select gap_id, source, column_name from vault.ledger.gaps")
    assert registered
    warned = planted.run.not_passed("no_registered_gap_of_")
    assert {name.removesuffix("_is_left") for name in warned} == {source for _, source, _ in registered}
    assert set(warned.values()) == {"warn"}
    for gap_id, source, _ in registered:
        told = f"registered {gap_id} (75 days, data steward, until 2024-12-31): {source}, "
        assert told in planted.run.output
    fields = planted.run.not_passed("fields_of_")
    gaps = planted.rows(OPEN)
    assert {source for source in fields if not by_chance(planted, gaps, source, "field")} == set()


def test_the_register_holds_no_gap_that_the_machine_does_not_find(planted):
    found = planted.rows("select source, field, status from warehouse.quality.gap_register")
    assert [each for each in found if each[2] in ("filled", "expired")] == []


def test_faults_of_content_are_told_in_words(planted):
    place = planted.run.output.index("What is wrong with what they hold:")
    told = planted.run.output[place:]
    assert "a rough sleeper has one category in a quarter: not in 8 periods or categories" in told
    assert "Those who stand in two make the categories add up to more than the people." in told


def test_what_is_due_without_a_build_is_what_dbt_built(planted):
    """Every source and state of the sample: the models as dbt ran them, and as `swp status --due` does."""
    models.make_view(planted.connection, "int_deliveries__received")
    for model in ("int_sources__due", "int_deliveries__received"):
        built, run = f"vault.intermediate.{model}", model
        assert planted.rows(f"select * from {built} except all select * from {run}") == []
        assert planted.count(f"select count(*) from {built}") == planted.count(f"select count(*) from {run}")
    states = {state for (state,) in planted.rows("select distinct state from int_sources__due")}
    assert states >= {"missing", "months_missing", "overdue", "publishers_missing", "old", "received"}
    due = {row.source: row for row in steward_due.due(planted.connection)}
    assert set(due) == set(load_contracts())
    assert all(due[source].gaps_open for source, *_ in planted.rows(OPEN))


def test_expired_gaps_fail_again_and_one_delivery_is_judged_alone(planted):
    first, second = planted.rows(
        "select delivery_id, file_name from vault.ledger.deliveries where source = 'cris_victim' order by 2"
    )
    with planted.small.entered(planted.home):
        shop = planted.again()
        run = dbt(
            planted.home,
            *("build", "--select", "int_sources__due", "int_deliveries__received", "tag:cris_victim"),
            *("--exclude", "test_type:unit", "path:models/staging"),
            *("--vars", json.dumps({"as_of": "2025-06-01", "delivery": second[0]})),
        )
        states = shop.execute(
            "select distinct gap_state from vault.intermediate.int_deliveries__received "
            "where gap_id is not null and state <> 'received'"
        )
    assert states == [("expired",)]
    assert run.tests["fields_of_cris_victim_are_delivered_or_registered"] == "fail"
    told = [line for line in run.output.splitlines() if "EXPIRED" in line]
    assert told
    assert all(f": cris_victim, {second[0]} {second[1]}: " in line for line in told)
    assert f" {first[0]} " not in run.output


def test_the_tag_of_every_contract_selects_its_delivery_tests(planted):
    """The union of all tags: a view without its tag, or with another's, would leave its tests out."""
    tags = [f"tag:{name}" for name in load_contracts()]
    listed = dbt(
        planted.home,
        *("ls", "--quiet", "--resource-type", "test", "--output", "name", "--select", *tags),
    ).output.split()
    for name in load_contracts():
        assert {
            f"fields_of_{name}_are_delivered_or_registered",
            f"periods_of_{name}_are_delivered_or_registered",
            f"no_registered_gap_of_{name}_is_left",
        } <= set(listed), name


# Test results as data.


def test_the_statuses_of_test_results_are_a_closed_list(planted):
    found = {status for (status,) in planted.rows("select status from warehouse.quality.test_results")}
    assert found <= STATUSES
    assert {"passed", "warned", "not_tested"} <= found
    assert planted.run.tests["statuses_of_tests_are_in_the_list"] == "pass"


def test_a_source_that_was_never_delivered_shows_as_not_tested(planted):
    for fault in planted.faults["delivery_never_received"]:
        results = planted.rows(
            "select test_name, status from warehouse.quality.test_results where source = ?", source_of(fault)
        )
        asked = [each.label for each in load_contracts()[source_of(fault)].columns if each.need != "optional"]
        assert {name for name, _ in results} == {f"column_is_delivered ({label})" for label in asked}
        assert {status for _, status in results} == {"not_tested"}


def test_a_test_that_did_not_run_shows_as_not_tested(planted):
    not_tested = "select test_name from warehouse.quality.test_results where status = 'not_tested'"
    assert planted.rows(f"{not_tested} and kind = 'dbt test'") == [(NOT_RUN,)]


def test_every_test_says_how_many_rows_it_looked_at(planted):
    """Tables and views, within the `where` of the test; worked values sit on no table."""
    silent = planted.rows(
        "select test_name from warehouse.quality.test_results where tested is null and status <> 'not_tested'"
    )
    assert sorted(silent) == [
        ("assert_intervals_have_their_published_worked_values",),
        ("assert_location_quotients_have_their_worked_values",),
    ]
    told = dict(
        planted.rows(
            "select test_name, tested from warehouse.quality.test_results where kind <> 'expectation'"
        )
    )
    fields, periods, rough_sleepers, cells, mart, figures = (
        planted.count(query)
        for query in (
            "select count(*) from vault.quality.delivery_cris_victim where kind = 'field'",
            "select count(*) from vault.quality.delivery_cris_victim where kind = 'period'",
            "select count(*) from vault.quality.content_overlapping_categories where source = 'chain_person'",
            "select count(*) from vault.quality.content_injuries_recorded",
            "select count(*) from warehouse.marts.mart_evidence",
            "select count(*) from warehouse.reference.printed_figures",
        )
    )
    assert told["fields_of_cris_victim_are_delivered_or_registered"] == fields > 2
    assert told["periods_of_cris_victim_are_delivered_or_registered"] == periods == 1
    assert told["a_rough_sleeper_has_one_category_in_a_quarter"] == rough_sleepers > 0
    assert told["injuries_of_violence_are_recorded"] == cells > 0
    assert told["an_observation_is_evidence_once"] == mart > 0
    assert told["assert_every_figure_is_mapped_or_says_why_not"] == figures > 1000


def test_the_sample_builds_green(planted):
    """Unit tests and integrity tests; what delivery tests find by chance on few rows is judged above."""
    failed = [name for name, status in planted.run.tests.items() if status == "fail"]
    assert [name for name in failed if not name.startswith(("fields_of_", "periods_of_"))] == []


# Who is who: the truth is known of the sample alone.


def linked(shop: Workshop) -> list[tuple]:
    return shop.execute("from vault.intermediate.int_persons__linked order by record_key")


def test_the_sample_is_linked_as_well_as_is_asked_and_a_rebuild_gives_the_same_keys(planted, capsys):
    with planted.small.entered(planted.home) as home:
        shop = planted.again()
        told = linkage_truth.measure(home)
        assert told["records_unknown"] == 0
        for score in ("all", "named"):
            assert told[score]["precision"] >= 0.98, json.dumps(told)
            assert told[score]["recall"] >= 0.95, json.dumps(told)
        capsys.readouterr()
        assert main(["status"]) == 0
        said = f"pairs of all records precision {100 * told['all']['precision']:.1f}%"
        assert said in capsys.readouterr().out
        first = linked(shop)
        dbt(home, "run", "--select", "int_persons__records", "int_persons__linked")
        assert linked(shop) == first
