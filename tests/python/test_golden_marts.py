"""Each of the twenty marts has rows that were worked out by hand: see golden/, one file a recommendation."""

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
