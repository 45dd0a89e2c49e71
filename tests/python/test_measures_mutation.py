"""What is not there is never nought: a delivery, a column or a month is taken away, and the statuses say so.

Two sources of eleven cases a month over two years, in memory; the models of the measures run over them.
"""

from datetime import date

import duckdb
import pytest

from swp import models
from swp.paths import PROJECT

CELLS = """
with cells as (
    {{ measure_cells(
        'count_of_all', 'cases', date='opened_date', areas={'borough': 'borough_code', 'ward': 'ward_code'},
        breakdowns={'kind': 'kind'}, by_source=['kind'], total=false,
    ) }}
    union all by name
    {{ measure_cells('share_of_all', 'cases', kind='share', value='rows_in.is_repeat', date='opened_date') }}
    union all by name
    {{ measure_cells('mean_of_all', 'cases', kind='mean', value='rows_in.days', date='opened_date') }}
    union all by name
    {{ measure_cells('sum_of_all', 'cases', kind='sum', value='rows_in.days', date='opened_date') }}
    union all by name
    {{ measure_cells(
        'split_of_all', 'cases', kind='distribution', date='opened_date', breakdowns={'sex': 'sex'},
    ) }}
)
select * from cells
"""
MEASURES = ("count_of_all", "share_of_all", "mean_of_all", "sum_of_all", "split_of_all")


@pytest.fixture
def warehouse():
    """What the measures read, whole: each source has eleven cases a month in each of two wards."""
    with duckdb.connect() as connection:
        connection.execute("create macro person_hmac(kind, text) as text")
        connection.execute(
            """
            create table cases as
            select
                source, upper(source) as source_id, 'partner' as data_origin, date '2023-10-15' as as_at_date,
                source as kind, month + interval 3 day as opened_date, 'E09000033' as borough_code,
                ward_code, number % 2 = 0 as is_repeat, number + 1 as days,
                case when number < 4 then 'F' else 'M' end as sex
            from (values ('calls'), ('visits')) as sources (source)
            cross join range(date '2021-10-01', date '2023-10-01', interval 1 month) as months (month)
            cross join (values ('W1'), ('W2')) as wards (ward_code)
            cross join range(11) as numbers (number);
            create table bridge_covered_months as
            select distinct source, cast(date_trunc('month', opened_date) as date) as month from cases;
            create table dim_area as
            from (
                values
                ('borough', 'E09000033', '2009', 'Borough', true),
                ('ward', 'W1', '2022', 'Ward 1', true),
                ('ward', 'W2', '2022', 'Ward 2', true)
            ) as areas (area_type, area_code, geography_vintage, area_name, is_partnership);
            create table dim_period as
            select
                'review_year:2022-10' as period_key, 'review_year' as period_type,
                date '2022-10-01' as period_start, date '2023-09-30' as period_end, 12 as months, 365 as days,
                true as is_review_year;
            """
        )
        units = ("count", "percent", "days", "days", "percent")
        methods = ("byar", "wilson", "none", "none", "wilson")
        connection.execute(
            "create table dim_measure (measure_id text, measure_name text, unit text, "
            "interval_method text, definition_id text)"
        )
        connection.executemany(
            "insert into dim_measure values (?, ?, ?, ?, 'd')",
            [(measure, measure, *others) for measure, *others in zip(MEASURES, units, methods, strict=True)],
        )
        yield connection


def measured(connection) -> dict[tuple, tuple]:
    """Value and status of each row of the review year, by measure, area and category."""
    connection.execute(f"create or replace table base_cells as {models.rendered(CELLS, str)}")
    model = (PROJECT / "models" / "measures" / "measures_counted.sql").read_text(encoding="utf-8")
    rows = connection.execute(
        f"select measure_id, area_code, category, value, status from ({models.rendered(model, str)}) "
        "where period_type = 'review_year'"
    ).fetchall()
    return {tuple(row[:3]): tuple(row[3:]) for row in rows}


def test_with_everything_delivered_all_is_ok(warehouse):
    found = measured(warehouse)
    assert {status for _, status in found.values()} == {"ok"}
    assert found["count_of_all", "E09000033", "calls"] == (264, "ok")
    assert found["share_of_all", "E09000033", "all"][0] == pytest.approx(100 * 6 / 11)
    assert found["mean_of_all", "E09000033", "all"][0] == 6
    assert found["sum_of_all", "E09000033", "all"][0] == 66 * 48
    assert found["split_of_all", "E09000033", "F"][0] == pytest.approx(100 * 4 / 11)


def test_a_delivery_taken_away_leaves_no_nought(warehouse):
    whole = measured(warehouse)
    for table, column in (("cases", "opened_date"), ("bridge_covered_months", "month")):
        warehouse.execute(f"delete from {table} where source = 'visits' and {column} >= date '2022-10-01'")
    found = measured(warehouse)
    assert found.keys() == whole.keys()
    for (measure, area, category), (value, status) in found.items():
        if category == "calls":
            assert (value, status) == whole[measure, area, category]
        else:
            assert (value, status) == (None, "not_supplied")


@pytest.mark.parametrize(
    ("column", "harmed"),
    [("is_repeat", {"share_of_all"}), ("days", {"mean_of_all", "sum_of_all"}), ("sex", {"split_of_all"})],
)
def test_a_column_taken_away_leaves_no_nought(warehouse, column, harmed):
    whole = measured(warehouse)
    warehouse.execute(f"update cases set {column} = null where opened_date >= date '2022-10-01'")
    found = measured(warehouse)
    for (measure, area, category), told in found.items():
        expected = (None, "not_supplied") if measure in harmed else whole[measure, area, category]
        assert told == expected


@pytest.mark.parametrize("month", [date(2022, 10, 1), date(2023, 3, 1), date(2023, 9, 1)])
def test_a_month_taken_away_is_a_partial_period(warehouse, month):
    whole = measured(warehouse)
    for table, column in (("cases", "opened_date"), ("bridge_covered_months", "month")):
        warehouse.execute(
            f"delete from {table} where source = 'visits' and date_trunc('month', {column}) = ?", [month]
        )
    found = measured(warehouse)
    for (measure, area, category), (value, status) in found.items():
        before, _ = whole[measure, area, category]
        if category == "calls":
            assert (value, status) == (before, "ok")
        else:
            assert status == "partial_period"
            assert 0 < value <= before + 1e-9
