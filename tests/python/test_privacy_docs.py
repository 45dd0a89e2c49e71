"""The register in docs/privacy.md says what the contracts say."""

from swp import privacy_docs
from swp.contracts import load_contracts


def test_the_page_is_up_to_date(capsys):
    assert privacy_docs.main(["--check"]) == 0, capsys.readouterr().out


def test_an_edit_of_the_register_is_noticed_and_undone():
    page = privacy_docs.PAGE.read_text(encoding="utf-8")
    changed = page.replace("| family_ref", "| nothing")
    assert changed != page
    assert privacy_docs.rendered(changed) == page


def test_each_delivery_stands_in_it_once_with_its_basis():
    page = privacy_docs.register()
    for contract in load_contracts().values():
        assert page.count(f"`{contract.name}`") == 1
        assert " ".join(contract.meta["lawful_basis"].split()) in page
