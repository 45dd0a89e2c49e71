"""`swp trace` on a small warehouse made by hand: what leads from a number to its deliveries, what not."""

import json

import duckdb
import pytest

from swp import trace
from swp.cli import main
from swp.errors import SwpError
from swp.paths import Home

KEY = "0" * 32


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    """A home with one observation of the noise service, deliveries of two sources, and gaps."""
    monkeypatch.setenv("SWP_HOME", str(tmp_path))
    home = Home.current().ensure()
    with duckdb.connect(str(home.warehouse)) as connection:
        for schema in ("core", "measures", "marts", "quality", "reference"):
            connection.execute(f"create schema {schema}")
        connection.execute(f"""
            create table measures.measures_all as select
                '{KEY}' as observation_key, 'asb_incidents' as measure_id, 'Incidents' as measure_name,
                'count' as unit,
                date '2022-10-01' as period_start, date '2022-12-31' as period_end,
                'borough' as area_type, 'E09000033' as area_code, 'Westminster' as area_name,
                'incident_kind' as breakdown, 'noise complaint' as category, 'all' as breakdown_2,
                'all' as category_2, 7::double as value, 7::double as numerator, null::double as denominator,
                0::bigint as unknown_count, 'partial_period' as status, '2 of 3 months were delivered.'
                as status_reason, 'asb_2003' as definition_id, 'S20' as source_ids,
                date '2023-01-10' as as_at_date;
            create table core.dim_measure as
                select 'asb_incidents' as measure_id, 'Complaints and calls.' as description;
            create table core.dim_definition as select
                'asb_2003' as definition_id, 'Anti-social behaviour' as name,
                'Harassment, alarm or distress.' as definition, null::varchar as parameters,
                'Act of 2003' as source;
            create table core.dim_recommendation as from (values
                ('R05', 'Repeat victims', 'mart_r05_asb_repeat_victimisation'),
                ('R19', 'Theft', 'mart_r19_theft_action_plan')
            ) as t (recommendation_id, short_name, mart_name);
            create table reference.recommendation_measures as
                select 'R05' as recommendation_id, 'asb_incidents' as measure_id;
            create table core.dim_source as select
                'S20' as source_id, 'Noise' as source_name, 'The council' as supplier,
                null::varchar as caveat;
            create table core.bridge_covered_months as from (values
                ('noise_complaint', date '2022-10-01'), ('noise_complaint', date '2022-12-01'),
                ('mps_cad_asb', date '2022-11-01')
            ) as t (source, month);
            create table core.fct_asb_incidents as from (values
                ('D1', 'noise_complaint'), ('D1', 'noise_complaint'), ('D3', 'noise_complaint'),
                ('D5', 'noise_complaint'), ('D6', 'mps_cad_asb')
            ) as t (delivery_id, source);
            create table core.fct_recorded_crime_counts (source varchar, as_at_date date);
            create table core.fct_deliveries as from (values
                ('D1', 'noise_complaint', 'october.csv', date '2022-10-01', date '2022-10-31',
                    date '2022-11-05', 'accepted', 2, 1),
                ('D2', 'noise_complaint', 'refused.csv', date '2022-11-01', date '2022-11-30',
                    date '2022-12-05', 'rejected', 0, 0),
                ('D3', 'noise_complaint', 'next-year.csv', date '2023-01-01', date '2023-01-31',
                    date '2023-01-09', 'accepted', 1, 0),
                ('D4', 'noise_complaint', 'superseded.csv', date '2022-12-01', date '2022-12-31',
                    date '2023-01-02', 'accepted', 1, 0),
                ('D5', 'noise_complaint', 'december.csv', date '2022-12-01', date '2022-12-31',
                    date '2023-01-10', 'accepted', 1, 0),
                ('D6', 'mps_cad_asb', 'police.csv', date '2022-11-01', date '2022-11-30',
                    date '2022-12-05', 'accepted', 1, 0)
            ) as t (delivery_id, source, file_name, period_start, period_end, published_on, verdict,
                rows_accepted, rows_quarantined);
            alter table core.fct_deliveries add column published_on_basis varchar default 'file';
            create table quality.gap_register as from (values
                ('noise_complaint:outcome', 'noise_complaint', 'Outcome', 'R05,R06'),
                ('noise_complaint:visited', 'noise_complaint', 'Visited', 'R19'),
                ('mps_cad_asb:caller', 'mps_cad_asb', 'Caller', 'R05')
            ) as t (gap_key, source, label, recommendations);
            alter table quality.gap_register add column kind varchar default 'field';
            alter table quality.gap_register add column finding varchar default 'absent';
            alter table quality.gap_register add column status varchar default 'open';
            alter table quality.gap_register add column ask varchar default 'Please send it.';
            alter table quality.gap_register add column asked_on date;
            alter table quality.gap_register add column expires_on date;
        """)
    return home


def test_only_deliveries_of_the_source_and_period_whose_rows_were_kept_are_behind_a_number(home):
    (source,) = trace.trace(home, KEY)["sources"]
    assert [(row["delivery_id"], row["rows_kept"]) for row in source["deliveries"]] == [("D1", 2), ("D5", 1)]


def test_months_that_lack_are_named(home):
    (source,) = trace.trace(home, KEY)["sources"]
    (covered,) = source["coverage"]
    assert (covered["months"], covered["months_covered"]) == (3, 2)
    assert covered["months_lacking"] == ["2022-11"]


def test_gaps_are_those_that_a_recommendation_of_the_measure_needs(home):
    (source,) = trace.trace(home, KEY)["sources"]
    assert [gap["label"] for gap in source["gaps"]] == ["Outcome"]


def test_the_command_prints_the_same_as_text_and_as_json(home, capsys):
    assert main(["trace", KEY, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["observation"]["value"] == 7
    assert [use["recommendation_id"] for use in found["recommendations"]] == ["R05"]
    assert main(["trace", KEY]) == 0
    text = capsys.readouterr().out
    for said in (
        "Incidents: 7 count",
        "2 of 3 months",
        "without 2022-11",
        "october.csv",
        "R05 Repeat victims",
    ):
        assert said in text
    assert "refused.csv" not in text


def test_the_publication_is_read_before_the_build(home):
    internal = home.published / "P1" / "internal"
    internal.mkdir(parents=True)
    home.current_publication.symlink_to("P1")
    file = internal / "community_safety.duckdb"
    file.write_bytes(home.warehouse.read_bytes())
    with duckdb.connect(str(file)) as connection:
        connection.execute("update measures.measures_all set value = 5")
    assert trace.trace(home, KEY)["observation"]["value"] == 5


def test_an_unknown_key_says_where_keys_are_found(home, capsys):
    assert main(["trace", "nothing"]) == 1
    assert "Copy observation_key from a row of any mart" in capsys.readouterr().err


def test_nothing_can_be_traced_before_a_build(tmp_path):
    with pytest.raises(SwpError, match="Nothing is built yet"):
        trace.trace(Home(tmp_path), KEY)
