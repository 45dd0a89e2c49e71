"""The contracts of the project are sound, and one that is not is named with its key."""

import fnmatch
import re
from datetime import datetime
from itertools import combinations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from swp.contracts import (
    Contract,
    contract_named,
    load_contracts,
    normalise_heading,
    normalise_value,
    seed_rows,
)
from swp.errors import SwpError, WrongUse
from swp.vault import raw_columns

CONTRACTS = load_contracts()
FORMATS = {"csv", "csv.gz", "xlsx", "parquet", "geojson"}
META = ("owner", "cadence", "due_days", "lawful_basis", "sharing_agreement", "retention_months")


@pytest.fixture(params=sorted(CONTRACTS))
def contract(request) -> Contract:
    return CONTRACTS[request.param]


def test_the_sources_of_the_first_way_through_have_contracts():
    assert set(CONTRACTS) >= {
        "police_uk_street",
        "police_uk_outcomes",
        "police_uk_stop_search",
        "mps_crime_counts_borough",
        "mps_crime_counts_ward",
        "mps_crime_counts_lsoa",
        "lfb_animal_rescue",
        "lfb_incident",
        "ons_lsoa_lookup",
        "ons_lsoa_ward_lookup",
        "ons_lsoa_2011_boundary",
        "ons_lsoa_2021_boundary",
        "ons_ward_boundary",
        "ons_population",
        "mhclg_deprivation",
    }


def test_the_columns_that_a_contract_refers_to_exist(contract):
    names = [column.name for column in contract.columns]
    assert len(set(names)) == len(names)
    scope = contract.scope
    for name in (*contract.keys, contract.period_column, scope.publisher, scope.category, scope.area):
        assert name is None or name in names, name
    assert any(column.need == "key" for column in contract.columns)


def test_a_contract_says_what_a_partner_and_an_auditor_ask(contract):
    for key in META:
        assert contract.meta.get(key) not in (None, ""), key
    assert int(contract.meta["due_days"]) > 0
    assert contract.description.startswith("One row per"), "the first sentence states the grain"
    assert all(column.description for column in contract.columns)
    assert set(contract.formats) <= FORMATS
    assert set(contract.encodings) <= {"utf-8", "cp1252", "gb18030"}
    assert contract.file_names
    assert contract.source_id in {row["source_id"] for row in seed_rows("sources")}


def test_the_recommendations_that_a_column_serves_exist(contract):
    known = {row["recommendation_id"] for row in seed_rows("recommendations")}
    for column in contract.columns:
        assert set(column.serves) <= known, column.name


def test_every_statutory_item_is_carried_or_says_why_not():
    carried = {item for each in CONTRACTS.values() for column in each.columns for item in column.statutory}
    items = {row["statutory_item"]: row["not_carried_because"] for row in seed_rows("statutory_items")}
    assert {item for item, why in items.items() if not why} == carried


def test_the_suppliers_of_the_regulations_have_their_items():
    """Domain definitions 2.19; the probation service has none there."""
    suppliers = {row["supplier"] for row in seed_rows("statutory_items")}
    assert suppliers == {
        "Police",
        "Fire and rescue authority",
        "Local authority",
        "Health",
        "Ambulance service",
    }


def test_a_contract_that_carries_a_statutory_item_carries_its_day_and_place(contract):
    """Each item that is carried is asked for with its date and location."""
    for item in {item for column in contract.columns for item in column.statutory}:
        columns = [column for column in contract.columns if item in column.statutory]
        assert any(column.type in ("date", "timestamp", "timestamp_utc") for column in columns), item
        assert any(re.search("ward|lsoa|postcode|borough|easting", column.name) for column in columns), item
        assert not any(re.search("given_name|family_name|birth", column.name) for column in columns), item


def test_every_code_list_is_a_column_of_a_seed_and_has_values(contract):
    lists = {column.name: column.code_list for column in contract.columns if column.code_list}
    if contract.scope.areas:
        lists["scope"] = contract.scope.areas
    for name, code_list in lists.items():
        rows = seed_rows(code_list.seed)
        assert code_list.column in rows[0], name
        assert code_list.values, name
        assert all(code_list.values), f"{name}: a value that normalises to nothing would let blanks through"


def test_the_groups_of_a_scope_are_forces_of_the_seed(contract):
    for publisher, force in contract.scope.area_groups:
        assert publisher
        assert force in {row["force"] for row in seed_rows(contract.scope.areas.seed)}


def test_patterns_compile_and_ranges_are_in_order(contract):
    for pattern in (contract.period_from_name, contract.published_from_name, contract.sheet):
        re.compile(pattern or "")
    for pattern in (contract.scope.publisher_from_name, contract.scope.area_pattern):
        assert pattern is None or re.compile(pattern).groups == 1
    for column in contract.columns:
        re.compile(column.label_pattern or "")
        assert column.range is None or column.range[0] < column.range[1]
        assert 0 <= column.max_blank_pct <= 100


def test_dates_state_their_format(contract):
    for column in contract.columns:
        if column.type in ("date", "month", "timestamp"):
            assert column.formats, column.name
        else:
            assert not column.formats, column.name


def test_each_stated_format_reads_back_what_it_writes(contract, gate_connection):
    when = datetime(2023, 9, 5, 14, 7, 8)
    for column in contract.columns:
        formats = ", ".join(f"'{form}'" for form in column.formats)
        for form in column.formats:
            text = when.strftime(form)
            read = gate_connection.execute(
                f"select vault.rules.as_{column.type}(?, [{formats}], [])", [text]
            ).fetchone()[0]
            assert read is not None, f"{column.name}: {form} is not read"
            # Of several formats that fit, the first must not turn day and month round.
            if "%m" in form or "%b" in form or "%B" in form:
                assert (read.year, read.month) == (2023, 9), f"{column.name}: {form} is read as {read}"


def test_no_heading_means_two_columns(contract):
    def headings(column):
        return {normalise_heading(text) for text in (column.label, column.name, *column.aliases)}

    for one, other in combinations(contract.columns, 2):
        assert not headings(one) & headings(other), f"{one.name} and {other.name}"
        assert not other.fits(one.label), f"the label of {one.name} fits {other.name} too"


def test_no_two_contracts_want_the_same_headings():
    for one, other in combinations(CONTRACTS.values(), 2):
        mine = {normalise_heading(c.label) for c in one.columns if c.need == "key"}
        its = {normalise_heading(c.label) for c in other.columns if c.need == "key"}
        rest = {normalise_heading(c.label) for c in one.columns}
        assert (mine, rest) != (its, {normalise_heading(c.label) for c in other.columns})


def test_a_raw_table_has_no_column_twice(contract):
    names = [name for name, _ in raw_columns(contract)]
    assert len({name.lower() for name in names}) == len(names)
    assert names[:2] == ["delivery_id", "row_number"]
    assert names[-1] == "_extra"


def test_the_published_file_names_fit_their_contract():
    names = {
        "2022-08-metropolitan-street.csv.gz": "police_uk_street",
        "2022-08-metropolitan-outcomes.csv": "police_uk_outcomes",
        "2022-12-metropolitan-stop-and-search.csv.gz": "police_uk_stop_search",
        "borough_21_23.csv": "mps_crime_counts_borough",
        "ward_21_23.csv": "mps_crime_counts_ward",
        "lfb_animal_rescue_2009_to_2022-09.csv": "lfb_animal_rescue",
    }
    for name, wanted in names.items():
        fit = {c.name for c in CONTRACTS.values() if any(fnmatch.fnmatch(name, p) for p in c.file_names)}
        assert wanted in fit, name


@given(st.text(st.characters(codec="ascii"), max_size=70))
def test_a_value_is_normalised_alike_in_python_and_in_sql(gate_connection, value):
    key = gate_connection.execute("select vault.rules.name_key(?)", [value]).fetchone()[0]
    assert normalise_value(value) == key


def test_a_sharing_agreement_is_with_one_body():
    """With the supplier, or the body through which it sends (SafeStats is one agreement with the GLA)."""
    bodies = {}
    for each in CONTRACTS.values():
        agreement, supplier = each.meta["sharing_agreement"], each.meta["supplier"]
        if agreement != "none needed":
            through = re.search(r"through (.+?)\)?$", supplier)
            bodies.setdefault(agreement, set()).add(through[1] if through else supplier)
    assert len(bodies) > 20
    assert {agreement: found for agreement, found in bodies.items() if len(found) > 1} == {}


def test_every_code_of_a_seed_is_found_by_the_sql_rule(gate_connection):
    for contract in CONTRACTS.values():
        for column in contract.columns:
            if column.code_list:
                values = [row[column.code_list.column] for row in seed_rows(column.code_list.seed)]
                keys = gate_connection.execute(
                    "select vault.rules.name_key(value) from unnest(?) as codes (value)", [values]
                ).fetchall()
                assert {key for (key,) in keys} == column.code_list.values


def test_an_unknown_source_is_wrong_use_and_lists_the_known_ones():
    with pytest.raises(WrongUse, match="police_uk_street"):
        contract_named("police")


# --- contracts that are not well formed ------------------------------------------------------------


def a_source(**changes) -> dict:
    """A sound source of one table; `changes` are made to it by dotted path."""
    table_meta = {"keys": ["ref"], "period_column": "day"}
    columns = [
        {"name": "ref", "config": {"meta": {"label": "Ref", "need": "key"}}},
        {
            "name": "day",
            "config": {"meta": {"label": "Day", "type": "date", "formats": ["%Y-%m-%d"], "need": "required"}},
        },
    ]
    meta = {
        "supplier": "A partner",
        "source_id": "S01",
        "origin": "partner",
        "layout": "assumed",
        "formats": ["csv"],
    }
    table_meta.update(changes.get("table", {}))
    meta.update(changes.get("source", {}))
    columns[1]["config"]["meta"].update(changes.get("column", {}))
    for key in changes.get("without", ()):
        del meta[key]
    return {
        "name": "partner",
        "schema": "raw",
        "config": {"meta": meta},
        "tables": [{"name": "partner_case", "config": {"meta": table_meta}, "columns": columns}],
    }


def written(folder, *sources: dict):
    (folder / "_partner__sources.yml").write_text(
        yaml.safe_dump({"sources": list(sources)}), encoding="utf-8"
    )
    return folder


def test_a_sound_contract_is_read(tmp_path):
    (contract,) = load_contracts(written(tmp_path, a_source())).values()
    assert (contract.name, contract.agency, contract.keys) == ("partner_case", "partner", ("ref",))
    assert contract.column("day").max_blank_pct == 5.0


FAULTY = {
    "supplier missing": ({"without": ["supplier"]}, "supplier"),
    "formats missing": ({"without": ["formats"]}, "formats"),
    "origin unknown": ({"source": {"origin": "elsewhere"}}, "origin"),
    "layout unknown": ({"source": {"layout": "guessed"}}, "layout"),
    "mode unknown": ({"table": {"mode": "merge"}}, "mode"),
    "need unknown": ({"column": {"need": "wanted"}}, "need"),
    "type unknown": ({"column": {"type": "datum"}}, "type"),
    "sensitivity unknown": ({"column": {"sensitivity": "high"}}, "sensitivity"),
    "statutory unknown": ({"column": {"statutory": ["police_gossip"]}}, "statutory"),
    "key is no column": ({"table": {"keys": ["reference"]}}, "keys"),
    "period is no column": ({"table": {"period_column": "date"}}, "period_column"),
    "scope is no column": ({"table": {"scope": {"publisher": "force"}}}, "publisher"),
    "seed is not there": ({"column": {"code_list": {"seed": "nothing", "column": "x"}}}, "code_list"),
    "seed lacks the column": (
        {"column": {"code_list": {"seed": "recommendations", "column": "colour"}}},
        "code_list",
    ),
}


@pytest.mark.parametrize(("changes", "key"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_contract_is_named_with_its_key(tmp_path, changes, key):
    written(tmp_path, a_source(**changes))

    def used():
        return load_contracts(tmp_path)["partner_case"].column("day").code_list.values

    with pytest.raises(SwpError) as told:
        used()
    assert "partner_case" in str(told.value)
    assert key in str(told.value)


def test_a_contract_that_is_written_twice_is_refused(tmp_path):
    with pytest.raises(SwpError, match="partner_case is written twice"):
        load_contracts(written(tmp_path, a_source(), a_source()))
