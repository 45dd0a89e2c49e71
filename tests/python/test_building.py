"""When `swp build` runs the unit tests: after the rules changed, or until they have passed in this home."""

import json

import pytest

from swp import building
from swp.paths import Home

WITHOUT = ("build", "--exclude-resource-type", "unit_test")


@pytest.fixture
def build(tmp_path, monkeypatch):
    """`build(*failed)`: build with a dbt that says these tests failed; the arguments that dbt was given."""
    home = Home(tmp_path / "home")
    (tmp_path / "target").mkdir()
    monkeypatch.setattr(building, "PROJECT", tmp_path)
    monkeypatch.setattr(building, "rules_digest", lambda: "the rules as they are")

    def built(*failed: str) -> tuple[str, ...]:
        given = []

        def run_dbt(home, *arguments):
            given.append(arguments)
            if not home.warehouse.exists():
                building.duckdb.connect(str(home.warehouse)).close()
            nodes = {name: {"name": name, "tags": ["delivery"] if "gap" in name else []} for name in failed}
            results = [{"unique_id": name, "status": "fail"} for name in failed]
            (tmp_path / "target" / "manifest.json").write_text(json.dumps({"nodes": nodes}))
            (tmp_path / "target" / "run_results.json").write_text(json.dumps({"results": results}))
            return 1 if failed else 0

        monkeypatch.setattr(building, "run_dbt", run_dbt)
        building.build(home)
        return given[0]

    built.home = home
    return built


def test_unit_tests_run_once_while_the_rules_stand(build):
    assert build() == ("build",)
    assert build() == WITHOUT


def test_a_gap_in_a_delivery_says_nothing_of_the_rules(build):
    assert build("a gap") == ("build",)
    assert build() == WITHOUT


def test_unit_tests_run_again_after_a_failure_that_may_have_kept_them_from_running(build):
    assert build("a unit test") == ("build",)
    assert build() == ("build",)


def test_unit_tests_run_again_when_the_rules_change(build, monkeypatch):
    build()
    monkeypatch.setattr(building, "rules_digest", lambda: "other rules")
    assert build() == ("build",)


def test_unit_tests_run_again_in_a_new_warehouse(build):
    build()
    build.home.warehouse.unlink()
    assert build() == ("build",)


def test_the_digest_changes_with_a_rule(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "PROJECT", tmp_path)
    (tmp_path / "dbt_project.yml").write_text("name: tried")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "rule.sql").write_text("select 1")
    before = building.rules_digest()
    assert building.rules_digest() == before
    (tmp_path / "models" / "rule.sql").write_text("select 2")
    assert building.rules_digest() != before
