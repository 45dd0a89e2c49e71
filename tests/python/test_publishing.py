"""What a publication holds, and what happens to the ones before it."""

import hashlib
import json
import os
import stat
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet
import pytest

from swp import extensions
from swp.errors import SwpError, WrongUse
from swp.paths import Home
from swp.publishing import current, folders, publications, publish, rollback

WAREHOUSE = """
create schema reference;
create schema core;
create schema measures;
create schema marts;
create schema quality;
create schema scratchpad;

create table reference.dim_ward as select 'E05013806' as ward_code, 'West End' as ward_name;
create table core.fct_crimes (
    crime_key integer primary key, offence varchar not null, cost_gbp decimal(9, 2)
);
insert into core.fct_crimes select 5000 - range, 'theft', range / 4 from range(5000);
comment on table core.fct_crimes is 'One row per crime. It''s the police''s own record.';
comment on column core.fct_crimes.cost_gbp is 'Cost in pounds';
create view measures.measures_crime as select count(*) as crimes from warehouse.core.fct_crimes;
create view marts.mart_r01_prevention as
    select crimes, crimes / 12 as "a month" from warehouse.measures.measures_crime;
comment on view marts.mart_r01_prevention is 'One row in all.';
comment on column marts.mart_r01_prevention."a month" is 'Mean of a month';
create table quality.deliveries as select 'D0001' as delivery_id, 'partner' as data_origin;
create table core.fct_crimes__dbt_backup as from core.fct_crimes;
create table scratchpad.notes as select 1 as note;
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def built(home):
    change(home, WAREHOUSE)
    return home


def change(home, sql):
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(sql)


def read(publication, query):
    file = publication.folder / "internal" / "community_safety.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def manifest_of(publication):
    return json.loads((publication.folder / "manifest.json").read_text())


def test_views_become_tables_and_only_the_published_schemas_are_copied(built):
    publication = publish(built)

    assert read(publication, "select schema_name, table_name from duckdb_tables() order by all") == [
        ("core", "fct_crimes"),
        ("marts", "mart_r01_prevention"),
        ("measures", "measures_crime"),
        ("quality", "deliveries"),
        ("reference", "dim_ward"),
    ]
    assert read(publication, "select count(*) from duckdb_views() where not internal") == [(0,)]
    assert read(publication, "from community_safety.marts.mart_r01_prevention") == [(5000, 5000 / 12)]
    # Each of the other two profiles has the reference table: there are no measures that could be controlled.
    assert (publication.tables, publication.rows) == (7, 5006)
    assert publication.profiles == ("internal", "partner", "public")
    assert current(built) == publication
    assert os.readlink(built.current_publication) == publication.id


def test_comments_types_and_row_order_are_kept(built):
    publication = publish(built)

    tables = dict(read(publication, "select table_name, comment from duckdb_tables()"))
    assert tables["fct_crimes"] == "One row per crime. It's the police's own record."
    assert tables["mart_r01_prevention"] == "One row in all."
    columns = (
        "select column_name, data_type, comment from duckdb_columns() where comment is not null order by 1"
    )
    assert read(publication, columns) == [
        ("a month", "DOUBLE", "Mean of a month"),
        ("cost_gbp", "DECIMAL(9,2)", "Cost in pounds"),
    ]
    first = read(publication, "select crime_key from core.fct_crimes limit 3")
    assert first == [(5000,), (4999,), (4998,)]


def test_parquet_is_written_in_the_same_order_for_core_measures_and_marts(built):
    publication = publish(built)

    folder = publication.folder / "internal" / "parquet"
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))
    assert files == [
        "core/fct_crimes.parquet",
        "marts/mart_r01_prevention.parquet",
        "measures/measures_crime.parquet",
    ]
    file = pyarrow.parquet.ParquetFile(folder / files[0])
    assert file.read()["crime_key"].to_pylist() == list(range(5000, 0, -1))
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_geometry_is_published_as_geojson_that_needs_no_extension(built):
    change(
        built,
        """
        create table core.dim_lsoa as
            select 'E01033595' as lsoa_code, 'POINT (-0.13 51.51)'::geometry as outline
            union all select 'unknown', null;
        comment on column core.dim_lsoa.outline is 'Boundary';
        """,
    )
    publication = publish(built)

    outlines = read(publication, "select outline from core.dim_lsoa order by lsoa_code")
    assert json.loads(outlines[0][0]) == {"type": "Point", "coordinates": [-0.13, 51.51]}
    assert outlines[1] == (None,)
    described = "select data_type, comment from duckdb_columns() where column_name = 'outline'"
    assert read(publication, described) == [("VARCHAR", "Boundary")]


def test_a_view_may_compute_with_spatial_functions_where_no_column_is_geometry(built):
    with duckdb.connect(str(built.warehouse)) as connection:
        extensions.load(connection, "spatial")
        connection.execute(
            "create view marts.distances as select st_distance(st_point(0, 0), st_point(3, 4)) as metres"
        )
    assert read(publish(built), "from marts.distances") == [(5.0,)]


def test_the_manifest_has_true_checksums_counts_and_origin(built):
    change(
        built,
        """
        insert into quality.deliveries values ('D0002', 'synthetic');
        create table quality.home as select date '2023-10-01' as as_of;
        """,
    )
    publication = publish(built)
    manifest = manifest_of(publication)

    on_disk = {
        path.relative_to(publication.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in publication.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert {file["path"]: file["sha256"] for file in manifest["files"]} == on_disk
    assert sum(file["bytes"] for file in manifest["files"]) == publication.size_bytes
    assert manifest["tables"][0] == {
        "profile": "internal",
        "schema": "core",
        "name": "fct_crimes",
        "rows": 5000,
        "comment": "One row per crime. It's the police's own record.",
    }
    assert (manifest["id"], manifest["as_of"], manifest["synthetic"]) == (publication.id, "2023-10-01", True)
    assert datetime.fromisoformat(manifest["published_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [("", False), ("drop table quality.deliveries", None), ("delete from quality.deliveries", False)],
)
def test_the_manifest_says_synthetic_only_where_it_is_known(built, sql, expected):
    change(built, sql)
    manifest = manifest_of(publish(built))
    assert manifest["synthetic"] is expected
    assert manifest["as_of"] is None


def test_files_are_read_only_and_closed_to_others(built):
    publication = publish(built)

    def mode(path):
        return stat.S_IMODE(path.stat().st_mode)

    assert {mode(path) for path in publication.folder.rglob("*") if path.is_file()} == {0o444}
    assert {mode(path) for path in publication.folder.rglob("*") if path.is_dir()} == {0o750, 0o755}
    assert mode(publication.folder / "public") == 0o755
    assert mode(publication.folder / "internal") == mode(publication.folder / "partner") == 0o750


def test_progress_names_each_table_before_it_is_copied(built):
    calls = []
    publish(built, progress=lambda *call: calls.append(call))
    assert calls[0] == (1, 5, "core.fct_crimes")
    assert calls[4] == (5, 5, "reference.dim_ward")
    assert calls[-1] == (1, 1, "reference.dim_ward")


def test_a_missing_or_empty_warehouse_says_what_to_run(home):
    with pytest.raises(SwpError, match="swp build"):
        publish(home)
    change(home, "create schema core")
    with pytest.raises(SwpError, match="no tables to publish"):
        publish(home)
    assert os.listdir(home.published) == []


def test_a_file_that_is_no_database_is_named(home):
    home.warehouse.write_bytes(b"<html>" * 2000)
    with pytest.raises(SwpError, match=r"warehouse\.duckdb cannot be read"):
        publish(home)


def test_a_warehouse_that_this_process_holds_open_is_refused(built):
    with duckdb.connect(str(built.warehouse)), pytest.raises(SwpError, match="is being built; wait"):
        publish(built)


@pytest.mark.parametrize(
    "reads", ["vault.raw.persons", "read_csv('{root}/inbox/persons.csv', header = true)"]
)
def test_a_view_onto_something_else_is_named_and_nothing_is_swapped(built, reads):
    before = publish(built)
    (built.inbox / "persons.csv").write_text("name\nJohn Smith\n")
    change(
        built,
        f"""
        attach ':memory:' as vault;
        create schema vault.raw;
        create table vault.raw.persons as select 'John Smith' as name;
        create view marts.list_persons as select * from {reads.format(root=built.root)};
        """,
    )
    with pytest.raises(SwpError, match=r"view marts\.list_persons cannot be published") as error:
        publish(built)

    assert "John Smith" not in str(error.value)
    assert current(built) == before
    assert sorted(os.listdir(built.published)) == [before.id, "current"]


def test_an_error_on_a_row_does_not_show_its_value(built):
    change(
        built,
        "create view marts.broken as select 'John Smith'::integer + crime_key as x from core.fct_crimes",
    )
    with pytest.raises(SwpError, match=r"view marts\.broken could not be published") as error:
        publish(built)
    assert "John Smith" not in str(error.value)


def test_the_newest_stay_and_so_does_the_current_one(built):
    first = publish(built, keep=5)
    second = publish(built, keep=2)
    assert publications(built) == [first, second]

    rollback(built)
    third = publish(built, keep=1)
    assert publications(built) == [third]
    assert current(built) == third


def test_what_current_names_is_never_pruned(built):
    made = [publish(built) for _ in range(3)]
    rollback(built)
    rollback(built)
    folders.prune(built, 1)
    assert publications(built) == [made[0], made[2]]
    assert current(built) == made[0]


def test_rollback_goes_back_one_at_a_time_and_stops_at_the_oldest(built):
    with pytest.raises(SwpError, match="Nothing has been published"):
        rollback(built)
    first = publish(built)
    change(built, "delete from core.fct_crimes")
    second = publish(built)

    assert rollback(built) == first == current(built)
    assert read(current(built), "select count(*) from core.fct_crimes") == [(5000,)]
    with pytest.raises(SwpError, match="no publication before"):
        rollback(built)
    assert publications(built) == [first, second]


def test_identifiers_sort_by_time_even_if_the_clock_goes_back(home):
    def take(publication_id):
        folder = home.published / publication_id
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        return publication_id

    noon = datetime(2024, 1, 15, 12, 0, 0, tzinfo=UTC)
    assert take(folders.new_id(home, noon)) == "20240115T120000Z"
    assert take(folders.new_id(home, noon)) == "20240115T120000Z-2"
    for number in range(3, 11):
        assert take(folders.new_id(home, noon)) == f"20240115T120000Z-{number}"
    assert folders.new_id(home, noon) == "20240115T120000Z-11"
    assert folders.new_id(home, noon.replace(hour=11)) == "20240115T120000Z-11"
    assert folders.new_id(home, noon.replace(hour=13)) == "20240115T130000Z"


def test_keeping_none_is_wrong_use(built):
    with pytest.raises(WrongUse):
        publish(built, keep=0)
