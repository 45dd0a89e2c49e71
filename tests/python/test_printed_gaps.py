"""Every gap that the assessment names is planted in the sample and found there, or says why it cannot be."""

import csv
import re

import pytest

from swp.contracts import load_contracts
from swp.paths import PROJECT
from swp.sample.faults import Fault
from swp.sample.register import FIELD_CHECKS, PERIOD, PERIOD_CHECKS

# Where the name of the fault is not that of the dbt test that finds it.
DELIVERY_TESTS = {
    "area_not_supplied": {"indicators_are_supplied_for_the_borough"},
    "bases_differ": {"interviews_of_the_city_survey_are_whole"},
    "class_not_counted_by_lsoa": {"classes_of_crime_are_counted_by_lsoa"},
    "estimates_are_not_counts": {"estimates_do_not_stand_beside_counts"},
    "injury_not_recorded": {"injuries_of_violence_are_recorded"},
    "offence_without_unit_cost": {"every_class_of_crime_has_a_unit_cost"},
    "outcome_not_yet_assigned": {"outcomes_of_a_period_are_assigned"},
    "overlapping_categories_are_never_summed": {
        "categories_of_a_record_add_up_to_the_records",
        "strands_of_hate_crime_add_up_to_the_crimes",
    },
    "record_is_not_notifiable": {"records_of_domestic_abuse_are_notifiable_crimes"},
    "repeat_flag_agrees_with_dates": {"repeat_flags_agree_with_the_dates_of_cases"},
}


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gaps_of(fault: Fault) -> list[str]:
    """The gaps of the assessment that lead the words of a planted fault."""
    led = re.match(r"(G\d{3}(?:, G\d{3})*): ", fault.fault)
    return led[1].split(", ") if led else []


def planted_places(faults: list[Fault]) -> set[tuple[str, str, str, str]]:
    """Gap, contract, field and what has to find it, of each fault that is a gap of the assessment."""
    contracts, places = load_contracts(), set()
    for fault in faults:
        source, check = fault.file.partition("/")[0], fault.expected_check
        columns = [
            each.name
            for each in contracts[source].columns
            if fault.column == each.name or each.fits(fault.column or "")
        ]
        field = PERIOD if check in PERIOD_CHECKS else "".join(columns)
        finder = "gap_register" if check in FIELD_CHECKS | PERIOD_CHECKS else check
        places |= {(gap, source, field, finder) for gap in gaps_of(fault)}
    return places


def seeded_places() -> set[tuple[str, str, str, str]]:
    """The same, of the seed."""
    fault_of = {test: check for check, tests in DELIVERY_TESTS.items() for test in tests}
    finders = {"gap_register": "gap_register", "publications": "later_publication_of_same_months"}
    return {
        (
            place["gap_id"],
            place["source"],
            place["field"],
            finders.get(place["found_by"]) or fault_of.get(place["check_name"], place["check_name"]),
        )
        for place in seed("printed_gap_places")
    }


def test_the_list_is_whole_and_a_gap_has_places_or_a_reason():
    gaps = seed("printed_gaps")
    assert [gap["gap_id"] for gap in gaps] == [f"G{number:03d}" for number in range(1, 135)]
    with_place = {place["gap_id"] for place in seed("printed_gap_places")}
    assert with_place == {gap["gap_id"] for gap in gaps if not gap["reason"]}
    assert with_place == {gap["gap_id"] for gap in gaps if gap["shown_by"] == "delivery"}


@pytest.mark.slow
def test_the_sample_plants_each_gap_that_a_file_can_show_and_no_other(sample_home):
    assert planted_places(sample_home.faults) == seeded_places()


@pytest.mark.slow
def test_the_machine_finds_each_of_them(sample_home):
    found = sample_home.rows(
        "select gap_id, source, field, status from warehouse.quality.assessment_gaps where reason is null"
    )
    assert len(found) == len(seeded_places())
    assert [each for each in found if each[3] not in ("registered", "found")] == []


@pytest.mark.slow
def test_a_gap_that_no_file_can_show_says_why(sample_home):
    told = sample_home.rows(
        "select gap_id, reason from warehouse.quality.assessment_gaps where status = 'not_in_a_delivery'"
    )
    assert dict(told) == {gap["gap_id"]: gap["reason"] for gap in seed("printed_gaps") if gap["reason"]}
