"""The data dictionary says what is published, what was asked of partners, and what rests on what."""

import json
import re
from html.parser import HTMLParser

import duckdb
import pytest

from swp import dictionary
from swp.contracts import load_contracts
from swp.paths import Home
from swp.publishing import publish

WAREHOUSE = """
create schema core;
create schema marts;
create table core.fct_crimes as select 1 as crime_key, timestamp '2023-09-30 21:00' as committed_from_at;
comment on table core.fct_crimes is 'One row per crime & its <place>.';
comment on column core.fct_crimes.committed_from_at is 'Earliest time (London time).';
create table marts.mart_r19_theft_action_plan as select 1 as value;
create schema secrets;
create table secrets.names as select 'x' as name;
"""
LINEAGE = {
    "stg_mps_cris__crimes": ("cris_crime",),
    "fct_crimes": ("stg_mps_cris__crimes",),
    "mart_r19_theft_action_plan": ("fct_crimes",),
}


class Page(HTMLParser):
    """The words of each table of the page, by its anchor, and every address that the page names."""

    def __init__(self, text: str):
        super().__init__()
        self.tables: dict[str, str] = {}
        self.addresses: list[str] = []
        self._in = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.addresses += [attributes[name] for name in ("src", "href", "action") if name in attributes]
        if tag == "details":
            self._in = attributes["id"]
            self.tables[self._in] = ""

    def handle_endtag(self, tag):
        if tag == "details":
            self._in = None
        if tag in ("th", "td", "p") and self._in:
            self.tables[self._in] += " "

    def handle_data(self, data):
        if self._in:
            self.tables[self._in] += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("dictionary") / "home").ensure()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(WAREHOUSE)

    def write(database, profile):
        return dictionary.write(database, profile, LINEAGE)

    return publish(home, companions=[write]).folder


@pytest.fixture(scope="module")
def page(folder) -> Page:
    return Page((folder / "internal" / dictionary.FILE_NAME).read_text(encoding="utf-8"))


def test_every_published_table_and_every_contract_is_there_and_nothing_else(page):
    published = {"core.fct_crimes", "marts.mart_r19_theft_action_plan"}
    assert set(page.tables) == published | set(load_contracts())


def test_a_column_is_found_by_our_name_and_by_the_suppliers_label(page):
    for table in ("core.fct_crimes", "cris_crime"):
        assert "committed_from_at" in page.tables[table]
        assert "COMMITTED_FROM" in page.tables[table]
    assert "CRIME REFERENCE" in page.tables["cris_crime"], "an alias is a label too"


def test_every_field_of_a_contract_says_its_need_and_its_sensitivity(page):
    for contract in load_contracts().values():
        words = page.tables[contract.name]
        for column in contract.columns:
            assert column.name in words
            assert column.label in words
            assert column.need in words
            assert column.sensitivity.replace("_", " ") in words


def test_descriptions_types_and_lineage_are_shown(page):
    words = " ".join(page.tables["core.fct_crimes"].split())
    assert "One row per crime & its <place>." in words
    assert "timestamp Earliest time (London time)." in words
    assert "Read by marts.mart_r19_theft_action_plan" in words
    assert "Rests on deliveries of cris_crime" in words
    assert "R19" in page.tables["marts.mart_r19_theft_action_plan"]


def test_links_lead_to_places_of_the_page_and_nothing_is_fetched(page, folder):
    assert {address[1:] for address in page.addresses} <= set(page.tables)
    assert all(address.startswith("#") for address in page.addresses)
    text = (folder / "internal" / dictionary.FILE_NAME).read_text(encoding="utf-8")
    assert not re.search(r"https?://|url\(|@import", text)


def test_it_is_a_sealed_file_of_the_publication(folder):
    files = {row["path"] for row in json.loads((folder / "manifest.json").read_text())["files"]}
    assert f"internal/{dictionary.FILE_NAME}" in files


def test_without_a_build_it_says_that_lineage_is_missing(tmp_path, monkeypatch, folder):
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    database = tmp_path / "community_safety.duckdb"
    database.write_bytes((folder / "internal" / database.name).read_bytes())
    assert "cannot say what rests on what" in dictionary.write(database, "internal").read_text()


def test_lineage_is_read_from_the_manifest_of_a_build(tmp_path, monkeypatch):
    nodes = [
        ("model", "fct_crimes", ["model.swp.stg_mps_cris__crimes", "seed.swp.offence_classes"]),
        ("model", "deliveries", ["source.swp.ledger.deliveries", "source.swp.mps_cris.cris_crime"]),
        ("test", "unique_crimes", ["model.swp.fct_crimes"]),
    ]
    manifest = {
        "nodes": {
            name: {"resource_type": kind, "name": name, "depends_on": {"nodes": parents}}
            for kind, name, parents in nodes
        }
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    assert dictionary.built_lineage() == {
        "fct_crimes": ("offence_classes", "stg_mps_cris__crimes"),
        "deliveries": ("cris_crime",),
    }
