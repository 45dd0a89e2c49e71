"""Erasure and the linkage of persons know the same references, and a reference is nobody's by chance."""

from swp.contracts import load_contracts
from swp.models import _environment
from swp.paths import PROJECT

MODEL = PROJECT / "models" / "intermediate" / "int_persons__records.sql"
# Of families, households and respondents, whom the linkage of persons leaves alone.
NOT_LINKED = {"supporting_families", "lift", "city_survey", "residents_panel"}


def linked() -> set[tuple[str, str, str]]:
    """Source, column and agency of each reference that the model of persons reads."""
    head = MODEL.read_text(encoding="utf-8").split("\nwith\n")[0]
    parties = _environment().from_string(head).module.parties
    return {(source, columns["reference"], columns["agency"].strip("'")) for _, source, _, columns in parties}


def stated() -> set[tuple[str, str, str]]:
    """The same, as the contracts state it; where a column names the agency, the SQL that names it."""
    named = "lower(regexp_replace({}, '[^A-Za-z]+', '_', 'g'))"
    return {
        (contract.name, each.column, each.agency or named.format(each.named_in))
        for contract in load_contracts().values()
        for each in contract.person_references
    }


def test_every_reference_that_persons_are_linked_by_can_be_erased():
    assert {each for each in stated() if each[2] not in NOT_LINKED} == linked()


def test_every_contract_of_a_partner_that_identifies_persons_says_whose_references_it_holds():
    """The others name places, things or crimes, or hold a residence without a person."""
    without = {
        contract.name
        for contract in load_contracts().values()
        if contract.origin == "partner"
        and not contract.person_references
        and any(column.sensitivity == "identifier" for column in contract.columns)
    }
    assert without == {"cris_crime", "istv_attendance", "licensing_premises", "strategy_action"}


def test_a_reference_is_an_identifier():
    contracts = load_contracts()
    assert {contracts[source].column(column).sensitivity for source, column, _ in stated()} == {"identifier"}


def test_only_partners_that_work_with_names_may_have_their_references_back():
    """Where clients consented to pseudonymous sharing, or a conference is confidential, nothing goes back."""
    allowed = {name for name, contract in load_contracts().items() if contract.handback}
    assert not allowed & {
        "angelou_referral",
        "marac_case",
        "starting_over_client",
        "exclusion",
        "chain_person",
    }
    assert allowed <= {source for source, _, _ in stated()}
