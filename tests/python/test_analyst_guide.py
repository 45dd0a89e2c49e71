"""The queries of docs/analyst-guide.md: they run on the marts as their contracts describe them, and on a
publication, where there is one, they answer."""

import re

import duckdb
import pytest
import yaml

from swp import mart_models
from swp.contracts import seed_rows
from swp.paths import PROJECT, Home

GUIDE = (PROJECT / "docs" / "analyst-guide.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^### (R\d\d) ([^\n]+)\n\n```sql\n(.*?)```", GUIDE, re.MULTILINE | re.DOTALL)
each_question = pytest.mark.parametrize(
    ("recommendation", "query"), [pytest.param(row[0], row[2], id=row[0]) for row in QUESTIONS]
)


@pytest.fixture(scope="module")
def marts():
    """Empty marts, with the columns and types of their contracts."""
    contracts = mart_models.FOLDER / "_recommendations__models.yml"
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for model in yaml.load(contracts.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["models"]:
            columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
            connection.execute(f"create table marts.{model['name']} ({columns})")
        yield connection


@pytest.fixture(scope="module")
def publication():
    database = Home.current().current_publication / "internal" / "community_safety.duckdb"
    if not database.exists():
        pytest.skip("nothing is published in this home")
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_there_is_a_question_for_each_recommendation():
    assert [row[0] for row in QUESTIONS] == [row["recommendation_id"] for row in seed_rows("recommendations")]


@each_question
def test_a_query_runs_on_the_marts_as_their_contracts_describe_them(recommendation, query, marts):
    assert marts.execute(query).fetchall() == []


@each_question
def test_a_query_asks_the_mart_of_its_recommendation_for_measures_that_it_has(recommendation, query):
    row, measures = mart_models.marts()[recommendation]
    assert set(re.findall(r"marts\.(\w+)", query)) == {row["mart_name"]}
    asked = set(re.findall(r"measure_id (?:=|in) \(?([^)]*?)\)?\s+(?:and|order)", query))
    named = {name for text in asked for name in re.findall(r"'(\w+)'", text)}
    assert named
    assert named <= {measure["measure_id"] for measure in measures}


@pytest.mark.slow
@each_question
def test_a_query_answers_on_the_publication_of_this_home(recommendation, query, publication):
    cursor = publication.execute(query)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    assert rows
    # Whatever has no number says why.
    if "status" in names:
        status = names.index("status")
        assert all(row[status] for row in rows)
