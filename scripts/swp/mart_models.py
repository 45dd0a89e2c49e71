"""Writes the mart and the wide view of each recommendation: models/marts/recommendations/.

`python -m swp.mart_models` writes the files, `--check` says whether they are up to date. What stands in a
mart is said once, in the seeds recommendations, recommendation_measures and measures; the columns of the
contract are those of models/measures. A recommendation without a measure has no mart yet.
"""

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml

from swp.contracts import seed_rows
from swp.paths import PROJECT

FOLDER = PROJECT / "models" / "marts" / "recommendations"
MEASURES = PROJECT / "models" / "measures" / "_measures__models.yml"
WIDTH = 110
# What a pivoted column is called says its unit, where the measure's name does not.
SUFFIXES = {"percent": "_pct", "gbp": "_gbp"}
GRAIN = (
    "period_type",
    "period_start",
    "period_end",
    "area_type",
    "area_code",
    "area_name",
    "geography_vintage",
    "breakdown",
    "category",
    "breakdown_2",
    "category_2",
)
RECOMMENDATION_COLUMN = {
    "name": "recommendation_id",
    "data_type": "varchar",
    "description": "Recommendation of the assessment, R01 to R20.",
    "constraints": [{"type": "not_null"}],
}


def marts() -> dict[str, tuple[dict[str, str], list[dict[str, str]]]]:
    """Each recommendation that has measures, with its row of the seed and theirs, in order of measure_id."""
    measures = {row["measure_id"]: row for row in seed_rows("measures")}
    mapped: dict[str, list[dict[str, str]]] = {}
    for row in seed_rows("recommendation_measures"):
        mapped.setdefault(row["recommendation_id"], []).append(measures[row["measure_id"]])
    return {
        row["recommendation_id"]: (row, mapped[row["recommendation_id"]])
        for row in seed_rows("recommendations")
        if row["recommendation_id"] in mapped
    }


def wide_column(measure: dict[str, str]) -> str:
    """The name of the wide view's column for a measure."""
    suffix = SUFFIXES.get(measure["unit"], "")
    return measure["measure_id"].removesuffix(suffix) + suffix


def mart_sql(recommendation: str) -> str:
    """The SQL of one mart."""
    return f"""\
with

measures as (
    select * from {{{{ ref('measures_all') }}}}
),

recommendation_measures as (
    select * from {{{{ ref('recommendation_measures') }}}}
    where recommendation_id = '{recommendation}'
)

select
    recommendation_measures.recommendation_id,
    measures.*
from measures
inner join recommendation_measures on measures.measure_id = recommendation_measures.measure_id
"""


def wide_sql(mart: str, measures: list[dict[str, str]]) -> str:
    """The SQL of one wide view."""
    columns = "".join(
        f"        '{measure['measure_id']}': '{wide_column(measure)}',\n" for measure in measures
    )
    return f"""\
{{{{ config(materialized='view') }}}}

with

mart as (
    select * from {{{{ ref('{mart}') }}}}
),

wide as (
    {{{{ wide_measures('mart', {{
{columns}    }}) }}}}
)

select * from wide
"""


def _scalar(text: str) -> str:
    return yaml.safe_dump(text, width=float("inf"), allow_unicode=True).removesuffix("\n...\n").strip()


def _described(margin: int, text: str) -> str:
    line = f"{' ' * margin}description: {_scalar(text)}\n"
    if len(line) <= WIDTH:
        return line
    folded = textwrap.fill(
        text, WIDTH, initial_indent=" " * (margin + 2), subsequent_indent=" " * (margin + 2)
    )
    return f"{' ' * margin}description: >-\n{folded}\n"


def _column(column: dict[str, Any], constraints: bool = True, anchor: str = "") -> str:
    margin = 4 if anchor else 6
    lines = f"  - {anchor}\n    name: {column['name']}\n" if anchor else f"    - name: {column['name']}\n"
    lines += f"{' ' * margin}data_type: {column['data_type']}\n"
    lines += _described(margin, column["description"])
    if constraints and "constraints" in column:
        lines += f"{' ' * margin}constraints: [{{type: not_null}}]\n"
    return lines


def _test(kind: str, name: str, text: str, arguments: str, dimension: str, recommendation: str) -> str:
    return f"""\
      - {kind}:
          name: {name}
          description: {text}
          arguments:
{textwrap.indent(arguments, " " * 12)}          config:
            meta: {{owner: developers, dimension: {dimension}, recommendations: [{recommendation}]}}
"""


def mart_yaml(row: dict[str, str], measures: list[dict[str, str]]) -> str:
    """The YAML of one mart and its wide view. The first line of the mart's description is its question."""
    recommendation, mart, wide = row["recommendation_id"], row["mart_name"], wide_name(row)
    short = recommendation.lower()
    question = textwrap.fill(row["question"], WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    columns = "".join(
        f"      - name: {wide_column(measure)}\n        data_type: double\n"
        + _described(8, measure["description"])
        for measure in measures
    )
    pivoted = "".join(f"  {measure['measure_id']}: {wide_column(measure)}\n" for measure in measures)
    return (
        f"""\
  - name: {mart}
    description: >-
{question}

      One row per measure, period, area and category. Never add up value: rows of one measure overlap (areas,
      breakdowns, periods).
    config: {{contract: {{enforced: true}}}}
    constraints: *mart_constraints
    data_tests:
"""
        + _test(
            "every_mapped_measure_is_in_the_mart",
            f"every_measure_of_{short}_has_a_row",
            "A measure that has no value must say why; it may not be left out.",
            f"recommendation: {recommendation}\n",
            "completeness",
            recommendation,
        )
        + f"""\
    columns: *mart_columns

  - name: {wide}
    description: One row per period, area and category of {recommendation}, a column per measure, to pivot.
    config: {{contract: {{enforced: true}}}}
    data_tests:
"""
        + _test(
            "unique_combination_of_columns",
            f"measures_of_{short}_are_pivoted_once",
            "Each period, area and category has one row.",
            "columns:\n" + "".join(f"  - {name}\n" for name in GRAIN if name != "area_name"),
            "uniqueness",
            recommendation,
        )
        + _test(
            "every_value_of_the_mart_is_in_the_wide_view",
            f"wide_view_of_{short}_has_every_value_of_its_mart",
            "A measure that has no column in the view would be missing without a word.",
            f"mart: ref('{mart}')\nmeasures:\n{pivoted}",
            "consistency",
            recommendation,
        )
        + "    columns:\n"
        + "".join(f"      - *wide_{name}\n" for name in GRAIN)
        + columns
        + "      - *wide_status\n      - *wide_data_origin\n      - *wide_as_at_date\n"
    )


def wide_name(row: dict[str, str]) -> str:
    """The name of the wide view beside a mart."""
    return row["mart_name"].replace("mart_", "wide_", 1)


def _anchors() -> str:
    """The contract of every mart: that of a measure and the recommendation."""
    model = next(
        model
        for model in yaml.safe_load(MEASURES.read_text(encoding="utf-8"))["models"]
        if model["name"] == "measures_all"
    )
    columns = [model["columns"][0], RECOMMENDATION_COLUMN, *model["columns"][1:]]
    found = re.search(
        r"  - &measure_constraints\n(.*?)  - &measure_columns\n", MEASURES.read_text(encoding="utf-8"), re.S
    )
    assert found
    by_name = {column["name"]: column for column in columns}
    by_name["status"] = by_name["status"] | {
        "description": (
            "How far the values can be used: the worst of the row's measures. "
            "The long table says it for each."
        )
    }
    wide = "".join(
        _column(by_name[name], constraints=False, anchor=f"&wide_{name}")
        for name in (*GRAIN, "status", "data_origin", "as_at_date")
    )
    return (
        "anchors:\n  - &mart_constraints\n"
        + found[1]
        + "  - &mart_columns\n"
        + "".join(_column(column) for column in columns)
        + "  # Of the wide views; views carry no constraints.\n"
        + wide
    )


def contents() -> dict[Path, str]:
    """Every generated file with its text."""
    header = (
        "version: 2\n\n# Made by `python -m swp.mart_models` from the seeds recommendations,\n"
        "# recommendation_measures and measures: change those, not this file.\n\n"
    )
    found = marts().values()
    files = {
        FOLDER / "_recommendations__models.yml": header
        + _anchors()
        + "\nmodels:\n"
        + "\n".join(mart_yaml(row, measures) for row, measures in found)
    }
    for row, measures in found:
        files[FOLDER / f"{row['mart_name']}.sql"] = mart_sql(row["recommendation_id"])
        files[FOLDER / f"{wide_name(row)}.sql"] = wide_sql(row["mart_name"], measures)
    return files


def main() -> int:
    """Write the files, or with --check return 1 when one is out of date."""
    wanted = contents()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    gone = [path for path in FOLDER.glob("*.sql") if path not in wanted]
    if "--check" in sys.argv:
        for path in (*stale, *gone):
            print(f"{path.relative_to(PROJECT)} is out of date: run python -m swp.mart_models")
        return 1 if stale or gone else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], "utf-8")
    for path in gone:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
