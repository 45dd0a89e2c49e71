"""The clients of docs/connect.md read a publication: each opens it as the page says, read-only."""

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import adbc_driver_duckdb
import adbc_driver_manager
import duckdb
import openpyxl
import pandas
import pyarrow.dataset
import pyarrow.parquet
import pytest
import sqlalchemy
from adbc_driver_manager import dbapi
from sqlalchemy.pool import NullPool

from swp.paths import Home
from swp.publishing import publish

WAREHOUSE = """
create schema core;
create schema marts;
create table core.fct_crimes as select 1 as crime_key, date '2023-09-30' as committed_date;
create table marts.mart_r01_prevention as
from (values
    ('cost_of_crime', date '2022-10-01', 'E05013806', 1250000.5::double, 'ok'),
    ('cost_of_crime', date '2022-10-01', 'E05013793', null, 'not_supplied')
) as rows (measure_id, period_start, area_code, value, status);
comment on table marts.mart_r01_prevention is 'One row per measure, period, area and category.';
comment on column marts.mart_r01_prevention.value is 'Never add it up: rows overlap.';
"""
MEASURED = "select area_code, value from marts.mart_r01_prevention where status = 'ok'"
CHANGE = "delete from marts.mart_r01_prevention"


@pytest.fixture(scope="module")
def internal(tmp_path_factory) -> Path:
    """The folder of the internal profile of a publication."""
    home = Home(tmp_path_factory.mktemp("clients") / "home").ensure()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(WAREHOUSE)
    publish(home)
    return home.current_publication / "internal"


@pytest.fixture(scope="module")
def database(internal) -> Path:
    return internal / "community_safety.duckdb"


@pytest.fixture(scope="module")
def engine(database):
    return sqlalchemy.create_engine(
        f"duckdb:///{database}", connect_args={"read_only": True}, poolclass=NullPool
    )


@pytest.fixture(scope="module")
def command_line() -> str:
    beside = Path(sys.executable).with_name("duckdb")
    found = str(beside) if beside.exists() else shutil.which("duckdb")
    if not found:
        pytest.skip("the duckdb command line is not installed")
    return found


def test_the_duckdb_command_line_reads_and_cannot_write(command_line, database):
    read = [command_line, "-readonly", "-json", str(database), MEASURED]
    done = subprocess.run(read, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [{"area_code": "E05013806", "value": 1250000.5}]

    write = [command_line, "-readonly", str(database), CHANGE]
    refused = subprocess.run(write, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "read-only" in refused.stderr


def test_python_gets_a_frame_with_types_and_missing_values(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        frame = connection.execute("from marts.mart_r01_prevention order by area_code desc").df()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["value"].tolist()[0] == 1250000.5
    assert frame["value"].isna().tolist() == [False, True]
    assert frame["period_start"].dtype.kind == "M"


def test_adbc_reads_arrow_and_cannot_write(database):
    options = {"path": str(database), "access_mode": "read_only"}
    driver = adbc_driver_duckdb.driver_path()
    with (
        dbapi.connect(driver=driver, entrypoint="duckdb_adbc_init", db_kwargs=options) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(MEASURED)
        assert cursor.fetch_arrow_table().to_pylist() == [{"area_code": "E05013806", "value": 1250000.5}]
        with pytest.raises(adbc_driver_manager.Error, match="read-only"):
            cursor.execute(CHANGE)


def test_sqlalchemy_reflects_tables_with_their_comments(engine):
    inspector = sqlalchemy.inspect(engine)
    assert inspector.get_table_names(schema="marts") == ["mart_r01_prevention"]
    comment = inspector.get_table_comment("mart_r01_prevention", schema="marts")
    assert comment == {"text": "One row per measure, period, area and category."}
    columns = {row["name"]: row for row in inspector.get_columns("mart_r01_prevention", schema="marts")}
    assert columns["value"]["comment"] == "Never add it up: rows overlap."
    assert isinstance(columns["period_start"]["type"], sqlalchemy.Date)


def test_sqlalchemy_queries_reflected_columns_and_cannot_write(engine):
    # Table(autoload_with=...) asks PostgreSQL's catalog for keys, which DuckDB does not know.
    reflected = sqlalchemy.inspect(engine).get_columns("mart_r01_prevention", schema="marts")
    mart = sqlalchemy.table(
        "mart_r01_prevention",
        *(sqlalchemy.column(row["name"], row["type"]) for row in reflected),
        schema="marts",
    )
    with engine.connect() as connection:
        values = connection.execute(sqlalchemy.select(mart.c.value).where(mart.c.status == "ok")).scalars()
        assert list(values) == [1250000.5]
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
            connection.execute(mart.delete())


def test_pandas_reads_over_sqlalchemy(engine):
    frame = pandas.read_sql(sqlalchemy.text(MEASURED), engine)
    assert frame.to_dict("records") == [{"area_code": "E05013806", "value": 1250000.5}]


def test_pyarrow_reads_the_parquet_files_alone(internal):
    file = internal / "parquet" / "marts" / "mart_r01_prevention.parquet"
    rows = pyarrow.parquet.read_table(file).to_pylist()
    assert [row["value"] for row in rows] == [1250000.5, None]
    assert rows[0]["period_start"] == date(2022, 10, 1)
    assert pyarrow.dataset.dataset(file).count_rows() == 2


def test_openpyxl_reads_every_workbook(internal):
    workbooks = sorted((internal / "workbooks").glob("*.xlsx"))
    if not workbooks:
        pytest.skip("this publication has no workbooks")
    for path in workbooks:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        assert workbook.sheetnames
        for sheet in workbook:
            assert any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row), sheet
        workbook.close()
        # Nothing in it that a spreadsheet would fetch from elsewhere.
        with zipfile.ZipFile(path) as archive:
            assert not [name for name in archive.namelist() if "externalLink" in name]
