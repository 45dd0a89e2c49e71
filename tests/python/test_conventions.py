"""What holds for the whole dbt project and dbt-bouncer cannot say, over a manifest of its own."""

import json
import re
import sys

import pytest

from swp import mart_models
from swp.contracts import seed_rows
from swp.paths import PROJECT
from swp.publishing.profiles import PROFILES

# Government Data Quality Framework, 2020.
DIMENSIONS = {"completeness", "uniqueness", "consistency", "timeliness", "validity", "accuracy"}
OWNERS = {"developers", "data steward"}
RECOMMENDATIONS = {row["recommendation_id"] for row in seed_rows("recommendations")}


@pytest.fixture(scope="session")
def manifest(sample_home) -> dict:
    """What dbt read of the project when it built the sample."""
    target = sample_home.home.root.parent / "target" / "manifest.json"
    return json.loads(target.read_text(encoding="utf-8"))


def nodes(manifest: dict, *types: str) -> list[dict]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] in types]


def test_every_data_test_has_a_description(manifest):
    assert [node["name"] for node in nodes(manifest, "test") if not node["description"].strip()] == []


def test_every_model_and_seed_has_a_description(manifest):
    described = nodes(manifest, "model", "seed")
    assert [node["name"] for node in described if not node["description"].strip()] == []


def test_every_data_test_has_an_owner_who_exists(manifest):
    owners = {node["name"]: node["config"]["meta"].get("owner") for node in nodes(manifest, "test")}
    assert {name: owner for name, owner in owners.items() if owner not in OWNERS} == {}


def test_every_data_test_has_a_dimension_of_the_framework(manifest):
    found = {node["name"]: node["config"]["meta"].get("dimension") for node in nodes(manifest, "test")}
    assert {name: dimension for name, dimension in found.items() if dimension not in DIMENSIONS} == {}


def test_the_recommendations_that_a_test_harms_exist(manifest):
    harmed = {node["name"]: node["config"]["meta"].get("recommendations") for node in nodes(manifest, "test")}
    wrong = {
        name: ids
        for name, ids in harmed.items()
        if not isinstance(ids, list) or set(ids) - RECOMMENDATIONS or len(set(ids)) < len(ids)
    }
    assert wrong == {}


def test_a_singular_test_names_the_table_that_it_looks_at(manifest):
    """Its rows are counted as tested; one that reads no table (worked values) names none."""
    named = {
        node["name"]: (
            node["config"]["meta"].get("tests"),
            [parent.split(".")[-1] for parent in node["depends_on"]["nodes"]],
        )
        for node in nodes(manifest, "test")
        if not node.get("attached_node")
    }
    assert named
    wrong = {name: (table, read) for name, (table, read) in named.items() if table not in (read or [None])}
    assert wrong == {}


def test_every_test_of_a_mart_says_which_recommendation_it_harms(manifest):
    tests = [
        node for node in nodes(manifest, "test") if node["original_file_path"].startswith("models/marts/")
    ]
    assert tests
    assert [node["name"] for node in tests if not node["config"]["meta"]["recommendations"]] == []


def staged(manifest: dict) -> list[dict]:
    return [
        node
        for node in nodes(manifest, "model")
        if node["original_file_path"].startswith("models/staging/") and "ledger" not in node["fqn"]
    ]


def test_every_staged_table_is_screened_or_says_why_no_fact_holds_its_rows(manifest):
    """Rows in are rows out and rows set aside: a new source cannot be left out of that in silence."""
    screened = {
        parent
        for node in nodes(manifest, "test")
        if (node.get("test_metadata") or {}).get("name") == "every_delivered_row_is_screened"
        for parent in node["depends_on"]["nodes"]
    }
    names = {node["name"] for node in staged(manifest) if node["unique_id"] in screened}
    for node in staged(manifest):
        (source,) = node["depends_on"]["nodes"]
        why_not = manifest["sources"][source]["config"]["meta"].get("not_in_core")
        readers = [
            reader
            for reader in manifest["child_map"][node["unique_id"]]
            if manifest["nodes"].get(reader, {}).get("fqn", ["", ""])[1] in ("intermediate", "core")
            and reader.startswith("model.")
        ]
        if same := node["config"]["meta"].get("same_rows_as"):
            assert same in names, f"{node['name']} has the rows of {same}, which is not screened"
        elif why_not:
            assert readers == [], f"{node['name']} is said to be in no fact and is read"
        else:
            assert node["name"] in names, f"{node['name']} is not screened and does not say why"


def test_staging_leaves_no_row_out(manifest):
    """Raw rows are staged rows, by what staging may say; the ledger leaves out what was withdrawn."""
    narrowing = re.compile(r"\b(where|having|qualify|distinct|limit|sample|join|group by|intersect|except)\b")
    narrowed = [node["name"] for node in staged(manifest) if narrowing.search(node["raw_code"].lower())]
    assert narrowed == []


def test_marts_are_as_the_seeds_say(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mart_models", "--check"])
    assert mart_models.main() == 0, capsys.readouterr().out


def test_a_measure_of_another_name_makes_the_marts_out_of_date(monkeypatch, capsys):
    renamed = [
        {**row, "measure_name": "Other", "description": "Another text."} for row in seed_rows("measures")
    ]
    monkeypatch.setattr(
        mart_models, "seed_rows", lambda name: renamed if name == "measures" else seed_rows(name)
    )
    monkeypatch.setattr(sys, "argv", ["mart_models", "--check"])
    assert mart_models.main() == 1
    assert "_recommendations__models.yml is out of date" in capsys.readouterr().out


def test_every_mart_of_a_recommendation_has_its_wide_view_and_the_reverse(manifest):
    names = {node["name"] for node in nodes(manifest, "model")}
    marts = {name.removeprefix("mart_") for name in names if re.match(r"mart_r\d\d_", name)}
    wide = {name.removeprefix("wide_") for name in names if name.startswith("wide_")}
    assert marts
    assert marts == wide


def test_a_wide_view_reads_its_mart_and_is_a_view(manifest):
    for node in nodes(manifest, "model"):
        if node["name"].startswith("wide_"):
            mart = "model.swp." + node["name"].replace("wide_", "mart_", 1)
            assert mart in node["depends_on"]["nodes"], node["name"]
            assert node["config"]["materialized"] == "view", node["name"]


def test_each_macro_file_holds_one_macro_of_its_name():
    for path in sorted((PROJECT / "macros").glob("**/*.sql")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        macros = re.findall(r"\{%-?\s*(?:macro|test)\s+(\w+)", text)
        assert [name for name in macros if not name.startswith("_")] == [path.stem], path.name


def test_each_generic_test_file_holds_one_test_of_its_name():
    for path in sorted((PROJECT / "tests" / "generic").glob("*.sql")):
        tests = re.findall(r"\{%-?\s*test\s+(\w+)", path.read_text(encoding="utf-8"))
        assert tests == [path.stem], path.name


def test_every_fact_says_as_at_which_day_it_is(manifest):
    facts = {
        node["name"]: set(node["columns"])
        for node in nodes(manifest, "model")
        if node["name"].startswith("fct_")
    }
    assert len(facts) > 10
    assert {name for name, columns in facts.items() if "as_at_date" not in columns} == set()


def test_every_mart_reaches_a_reader_who_is_named(manifest):
    exposures = manifest["exposures"].values()
    shown = {parent for exposure in exposures for parent in exposure["depends_on"]["nodes"]}
    marts = {node["unique_id"] for node in nodes(manifest, "model") if node["name"].startswith("mart_")}
    assert marts
    assert marts <= shown
    nameless = [each for each in exposures if not (each["owner"].get("name") and each["description"])]
    assert [each["name"] for each in nameless] == []


def test_every_profile_of_a_publication_is_an_exposure(manifest):
    names = {exposure["name"] for exposure in manifest["exposures"].values()}
    assert {f"publication_{profile.name}" for profile in PROFILES} <= names
