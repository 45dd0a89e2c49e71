"""Each of the twenty marts has rows that were worked out by hand: see golden/, one file a recommendation."""

from datetime import date

import pytest

from golden_marts import FOLDER, Golden
from swp.contracts import seed_rows

OF_THE_BOROUGH = {
    "period_type": "review_year",
    "area_type": "borough",
    "breakdown": "all",
    "category": "all",
    "breakdown_2": "all",
    "category_2": "all",
}
LINE = ("measure_id", "area_code", *OF_THE_BOROUGH)


def test_every_mart_has_a_golden_row():
    wanted = {row["recommendation_id"].lower() for row in seed_rows("recommendations")}
    assert {path.stem for path in FOLDER.glob("*.yml")} == wanted


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_the_mart_gives_what_was_worked_out_by_hand(path):
    golden = Golden(path)
    rows = golden.mart()
    assert golden.said["expect"]
    assert len(golden.said["arithmetic"].split()) > 10
    for wanted in golden.said["expect"]:
        line = {**OF_THE_BOROUGH, **{name: cell for name, cell in wanted.items() if name in LINE}}
        if "period_start" in wanted:
            line["period_start"] = wanted["period_start"]
        found = [row for row in rows if all(row[name] == cell for name, cell in line.items())]
        assert len(found) == 1, f"{line}: {len(found)} rows"
        for name, cell in wanted.items():
            near = pytest.approx(cell, abs=0.005) if isinstance(cell, float) else cell
            assert found[0][name] == near, f"{line}: {name}"


@pytest.mark.parametrize("lacking", ["key", "months"])
def test_without_the_victims_key_or_a_whole_year_no_share_of_repeat_victims_is_given(lacking):
    golden = Golden(FOLDER / "r03.yml")
    if lacking == "key":
        for row in golden.said["given"]["fct_crime_persons"]["rows"]:
            del row["person_key"]
    else:
        covered = [{"source": "cris_victim", "month": date(2022, month, 1)} for month in (10, 11, 12)]
        golden.said["given"]["bridge_covered_months"] = {"rows": covered}
    found = [row for row in golden.mart() if row["measure_id"] == "repeat_victim_share"]
    assert {row["status"] for row in found} == {
        {"key": "not_supplied", "months": "insufficient_lookback"}[lacking]
    }
    assert {row["value"] for row in found} == {None}
