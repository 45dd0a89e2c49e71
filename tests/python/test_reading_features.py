"""GeoJSON and Parquet."""

import datetime as dt
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from test_reading_common import read, rejected, rows_of, write

POINT = {"type": "Point", "coordinates": [-0.5, 51.25]}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


def feature(geometry=POINT, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_properties_are_columns_and_the_geometry_is_one(tmp_path):
    path = write(
        tmp_path / "x.geojson",
        collection(
            feature(WD24CD="E05", WD24NM="Abbey Road"), feature(None, WD24CD="E06", later=[1, {"a": True}])
        ),
    )
    connection, match, loaded = read(path)
    assert loaded.rows == 2
    assert match.unexpected == (("later", 3),)
    assert connection.execute("from delivered").fetchall() == [
        (2, "E05", '{"type":"Point","coordinates":[-0.5,51.25]}', "Abbey Road", {"later": None}),
        (3, "E06", None, None, {"later": '[1,{"a":true}]'}),
    ]


def test_values_that_are_no_text_come_as_json_writes_them(tmp_path):
    text = collection(feature(WD24CD=5, WD24NM=0.5, flag=False))
    assert rows_of(write(tmp_path / "x.geojson", text), "ward_code, ward_name, _extra") == [
        ("5", "0.5", {"flag": "false"})
    ]


def test_a_mark_and_half_a_character_do_no_harm(tmp_path):
    text = collection(feature(WD24CD="E05", WD24NM="half")).replace("half", "half \\ud800")
    assert rows_of(write(tmp_path / "x.geojson", b"\xef\xbb\xbf" + text.encode()), "ward_name") == [
        ("half ?",)
    ]


def test_features_larger_than_a_read_are_whole(tmp_path):
    line = {"type": "LineString", "coordinates": [[number / 7, 51.5] for number in range(30_000)]}
    path = write(tmp_path / "x.geojson", collection(*(feature(line, WD24CD=str(n)) for n in range(3))))
    found = rows_of(path, "ward_code, geometry")
    assert [code for code, _ in found] == ["0", "1", "2"]
    assert all(json.loads(geometry) == line for _, geometry in found)


def test_what_is_no_feature_is_set_aside(tmp_path):
    connection, _, loaded = read(write(tmp_path / "x.geojson", collection(feature(WD24CD="E05"), "text", 7)))
    assert (loaded.rows, loaded.malformed_rows) == (1, 2)
    assert connection.execute("select row_number, reason from delivered_malformed").fetchall() == [
        (3, "feature 2 is not a feature"),
        (4, "feature 3 is not a feature"),
    ]


@pytest.mark.parametrize("cut", [10, 60, -20, -1])
def test_json_cut_short_is_damaged(tmp_path, cut):
    text = collection(*(feature(WD24CD=str(number)) for number in range(3)))
    assert rejected(write(tmp_path / "x.geojson", text[:cut])).check == "json_damaged"


def test_json_of_endless_depth_is_damaged(tmp_path):
    assert rejected(write(tmp_path / "x.json", '{"a":' * 100_000)).check == "json_damaged"


@pytest.mark.parametrize("text", ['{"type": "Topology", "objects": {}}', '{"a": 1}', '{"type":"Feature"}'])
def test_other_json_is_not_accepted(tmp_path, text):
    assert rejected(write(tmp_path / "x.json", text)).check == "format_not_accepted"


def test_a_layer_without_features_has_no_rows(tmp_path):
    assert rejected(write(tmp_path / "x.geojson", collection())).check == "no_rows"


def test_geojson_in_another_encoding_is_wrong(tmp_path):
    text = collection(feature(WD24CD="E05")).replace("E05", "Zoë")
    assert rejected(write(tmp_path / "x.geojson", text.encode("cp1252"))).check == "wrong_encoding"


def test_geojson_without_the_key_is_told_so(tmp_path):
    rejection = rejected(write(tmp_path / "x.geojson", collection(feature(ward="E05", WD24NM="a"))))
    assert rejection.check == "key_column_missing"
    assert rejection.column == "WD24CD"


def test_parquet_values_come_as_text(tmp_path):
    table = pa.table(
        {
            "Case ID": pa.array([1, 2]),
            "Date opened": pa.array([dt.date(2022, 10, 1), None]),
            "Ward": pa.array(["a", "b"]).dictionary_encode(),
            "Cost (£)": pa.array([Decimal("1.50"), Decimal("2.00")]),
            "Tags": pa.array([["x"], []]),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    assert rows_of(
        tmp_path / "x.parquet", "row_number, case_ref, opened_date, ward_name, cost_gbp, _extra"
    ) == [
        (2, "1", "2022-10-01", "a", "1.50", {"Tags": "[x]"}),
        (3, "2", None, "b", "2.00", {"Tags": "[]"}),
    ]


def test_damaged_parquet_is_told_so(tmp_path):
    pq.write_table(pa.table({"Case ID": list(range(1000))}), tmp_path / "x.parquet")
    content = (tmp_path / "x.parquet").read_bytes()
    assert rejected(write(tmp_path / "y.parquet", content[:-30])).check == "parquet_damaged"
    assert rejected(write(tmp_path / "z.parquet", b"PAR1" + b"\xff" * 50)).check == "parquet_damaged"


@pytest.mark.parametrize(
    ("values", "check"),
    [
        (pa.array([b"ab\xff\xfe"]).view(pa.string()), "parquet_damaged"),
        (pa.array([1.5], pa.float16()), "values_not_readable"),
        (pa.array([Decimal("1.5")], pa.decimal256(60, 2)), "values_not_readable"),
        (pa.array([2**62], pa.int64()).view(pa.timestamp("ms")), "values_not_readable"),
    ],
    ids=["not UTF-8", "16 bit", "256 bit", "far future"],
)
def test_parquet_values_that_have_no_text_are_told_so(tmp_path, values, check):
    columns = {"Case ID": ["1"], "Date opened": ["01/02/2023"], "Note": values}
    pq.write_table(pa.table(columns), tmp_path / "x.parquet")
    assert rejected(tmp_path / "x.parquet").check == check


def test_parquet_without_rows_is_rejected(tmp_path):
    schema = pa.schema([(name, pa.string()) for name in ("Case ID", "Date opened", "Ward")])
    pq.write_table(schema.empty_table(), tmp_path / "x.parquet")
    assert rejected(tmp_path / "x.parquet").check == "no_rows"
