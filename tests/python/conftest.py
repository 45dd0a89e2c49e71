"""Homes to land into, and small synthetic files in the published layouts.

Everything runs in this process, so that Great Expectations is imported once. A test that is not about its
judgement takes `plain_judge`, which compares the same metrics with the same limits and costs nothing.
"""

import csv
import gzip
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import small_sample
from dbt_calls import called
from swp import runlock, vault
from swp.contracts import seed_rows
from swp.gate import judgement
from swp.landing import Outcome, check, land
from swp.paths import PROJECT, Home

OPENDATA = Path(os.environ.get("SWP_OPENDATA") or PROJECT.parent / "shared" / "opendata")
MARKER = "Zzyzx Marker"
# Columns of the ledger that differ from one run to the next.
TIMES = {
    "deliveries": "landed_at",
    "erasures": "erased_at",
    "events": "recorded_at, seal",
    "redactions": "redacted_at",
    "retirements": "retired_at",
    "tombstones": "erased_at",
}

STREET = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
]
STOPS = [
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
]
BOROUGH_COUNTS = ["MajorText", "MinorText", "LookUp_BoroughName"]
WARD_COUNTS = ["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"]
LSOA_COUNTS = ["lsoa_code", "lsoa_name", "borough", "major_category", "minor_category"]
RESCUES = [
    "IncidentNumber",
    "DateTimeOfCall",
    "TypeOfIncident",
    "PropertyCategory",
    "WardCode",
    "BoroughCode",
    "Borough",
    "HourlyNotionalCost(£)",
    "Easting_rounded",
    "Northing_rounded",
    "UPRN",
]

MPS = "Metropolitan Police Service"
CITY = "City of London Police"
BOROUGHS = sorted(
    {row["borough_name"] for row in seed_rows("borough_names") if row["force"] == "metropolitan"}
)
# Eight major classes, as many as make a count file complete, with a minor class of each.
CLASSES = (
    ("Arson and Criminal Damage", "Criminal Damage"),
    ("Burglary", "Domestic Burglary"),
    ("Drug Offences", "Drug Trafficking"),
    ("Public Order Offences", "Violent Disorder"),
    ("Robbery", "Robbery of Personal Property"),
    ("Theft", "Shoplifting"),
    ("Vehicle Offences", "Theft from a Motor Vehicle"),
    ("Violence Against the Person", "Violence with Injury"),
)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], **options: str) -> bytes:
    """The rows as CSV bytes; `encoding` and `delimiter` as options."""
    encoding = options.pop("encoding", "utf-8")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=options.pop("eol", "\n"), **options)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def street_rows(rows: int, month: str = "2023-01", kind: str = "Burglary", **cells: str) -> list[list[str]]:
    """`rows` sound crimes, spread over all boroughs; `cells` (heading with _ for a space) replace values."""
    made = []
    for number in range(rows):
        borough = BOROUGHS[number % len(BOROUGHS)]
        row = {
            "Crime ID": f"{kind[:3]}{month}{number:06d}".ljust(64, "0"),
            "Month": month,
            "Reported by": MPS,
            "Falls within": MPS,
            "Longitude": f"-0.1{number % 1000:03d}",
            "Latitude": "51.51",
            "Location": "On or near Example Street",
            "LSOA code": f"E01{number % 1000:06d}",
            "LSOA name": f"{borough} 001A",
            "Crime type": kind,
            "Last outcome category": "Under investigation",
            "Context": "",
        }
        row.update({heading.replace("_", " "): value for heading, value in cells.items()})
        made.append([row[heading] for heading in STREET])
    return made


def street(rows: int = 40, month: str = "2023-01", kind: str = "Burglary", **cells: str) -> bytes:
    return table(STREET, street_rows(rows, month, kind, **cells))


def with_cells(rows: list[list[str]], headings: Sequence[str], heading: str, values: dict[int, str]):
    """The rows with `values` by their place in one column."""
    place = headings.index(heading)
    for row, value in values.items():
        rows[row][place] = value
    return rows


def stop_rows(times: Iterable[str], **cells: str) -> list[list[str]]:
    """A stop and search at each of `times`, each of another place so that none is a copy."""
    made = []
    for number, time in enumerate(times):
        row = dict.fromkeys(STOPS, "")
        row.update(
            {
                "Type": "Person search",
                "Date": time,
                "Part of a policing operation": "False",
                "Latitude": f"51.5{number:05d}",
                "Longitude": "-0.13",
                "Gender": "Male",
                "Age range": "18-24",
                "Self-defined ethnicity": "Other ethnic group - Not stated",
                "Officer-defined ethnicity": "White",
                "Legislation": "Misuse of Drugs Act 1971 (section 23)",
                "Object of search": "Controlled drugs",
                "Outcome": "Arrest",
            }
        )
        row.update({heading.replace("_", " "): value for heading, value in cells.items()})
        made.append([row[heading] for heading in STOPS])
    return made


def days(month: str, last: int = 30, hour: str = "12:00:00") -> list[str]:
    """An instant on each day of a month up to `last`."""
    return [f"{month}-{day:02d}T{hour}+00:00" for day in range(1, last + 1)]


def borough_counts(
    months: Sequence[str], boroughs: Sequence[str] = ("Westminster", "Camden"), count: int = 10, **options
) -> bytes:
    """A count file of eight major classes."""
    rows = [
        [major, minor, borough, *[str(count)] * len(months)]
        for major, minor in CLASSES
        for borough in boroughs
    ]
    return table([*BOROUGH_COUNTS, *months], rows, **options)


great_expectations = judgement.failing


def failing_plainly(frame, checks, key):
    """What Great Expectations must answer: the checks whose metric is over its limit."""
    found = {}
    for place, wanted in enumerate(checks):
        rows = [row for row in frame if row.get(wanted.metric, 0) > wanted.limit]
        if rows:
            found[place] = [row[key] for row in rows] if key else []
    return found


@pytest.fixture
def plain_judge(monkeypatch):
    monkeypatch.setattr(judgement, "failing", failing_plainly)


@dataclass
class Workshop:
    """A home, and what is done in it."""

    home: Home

    def put(self, name: str, content: bytes, folder: str = "given") -> Path:
        path = self.home.root.parent / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def land(self, *paths: Path, **options) -> list[Outcome]:
        with runlock.hold(self.home, "test"), vault.opened(self.home) as connection:
            return land(connection, self.home, paths, **options)

    def land_one(self, name: str, content: bytes, **options) -> Outcome:
        (outcome,) = self.land(self.put(name, content), **options)
        return outcome

    def check(self, *paths: Path, **options) -> list[Outcome]:
        scratch = self.home.build / "test-check"
        scratch.mkdir(exist_ok=True)
        with vault.opened(self.home, read_only=True) as connection:
            return check(connection, scratch, paths, **options)

    def execute(self, statement: str, values: Sequence[object] = ()) -> list[tuple]:
        with vault.opened(self.home) as connection:
            return connection.execute(statement, values).fetchall()

    def one(self, statement: str, values: Sequence[object] = ()):
        return self.execute(statement, values)[0][0]

    def state(self) -> dict[str, object]:
        """Everything that landing keeps: tables (without the time of day) and archive."""
        found: dict[str, object] = {}
        with vault.opened(self.home) as connection:
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'vault' "
                "and (schema_name = 'ledger' or schema_name = 'raw' and estimated_size > 0) order by all"
            ).fetchall():
                rest = f"exclude ({TIMES[name]})" if schema == "ledger" and name in TIMES else ""
                rows = connection.execute(f'select * {rest} from vault.{schema}."{name}"').fetchall()
                found[f"{schema}.{name}"] = sorted(map(repr, rows))
        found["archive"] = {
            str(path.relative_to(self.home.landed)): path.read_bytes()
            for path in sorted(self.home.landed.rglob("*"))
            if path.is_file()
        }
        return found

    def loaded(self) -> dict[str, object]:
        """What a rejected file must not change: the raw rows, quarantine, profile, scopes and archive."""
        told = ("ledger.deliveries", "ledger.findings", "ledger.events")
        return {name: rows for name, rows in self.state().items() if name not in told}

    def reports(self) -> str:
        found = [path for path in sorted(self.home.reports.iterdir()) if path.suffix in (".txt", ".html")]
        return "\n".join(path.read_text(encoding="utf-8") for path in found)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("keys")


def _set_up(monkeypatch: pytest.MonkeyPatch, home: Home, key_folder: Path) -> None:
    monkeypatch.setenv("SWP_HOME", str(home.root))
    monkeypatch.setenv("SWP_KEYS", str(key_folder))
    monkeypatch.delenv("DBT_ENV_SECRET_SWP_VAULT_KEY", raising=False)
    monkeypatch.delenv("DBT_ENV_SECRET_SWP_PERSON_KEY", raising=False)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory, key_folder) -> Home:
    """A home whose vault is made and empty; copied for every test, which is quicker than making one."""
    home = Home(tmp_path_factory.mktemp("empty") / "home")
    with pytest.MonkeyPatch.context() as patch:
        _set_up(patch, home, key_folder)
        home.ensure()
        with vault.opened(home):
            pass
    return home


@pytest.fixture(scope="module")
def stocked_home(tmp_path_factory, empty_home) -> Home:
    """A home that the tests of a module share."""
    home = Home(tmp_path_factory.mktemp("stocked") / "home")
    shutil.copytree(empty_home.root, home.root)
    return home


@contextmanager
def landing_into(home: Home, key_folder: Path) -> Iterator[Workshop]:
    """Within it the workshop lands into `home`, judged plainly: for what a module's tests start from."""
    with pytest.MonkeyPatch.context() as patch:
        _set_up(patch, home, key_folder)
        patch.setattr(judgement, "failing", failing_plainly)
        yield Workshop(home)


@pytest.fixture
def stocked(stocked_home, monkeypatch, key_folder) -> Workshop:
    """The module's own home, in the environment of this test: for tests that must change nothing in it."""
    _set_up(monkeypatch, stocked_home, key_folder)
    return Workshop(stocked_home)


@pytest.fixture
def shop(tmp_path, monkeypatch, empty_home, key_folder) -> Workshop:
    """A fresh home in the environment of this test."""
    home = Home(tmp_path / "home")
    shutil.copytree(empty_home.root, home.root)
    _set_up(monkeypatch, home, key_folder)
    return Workshop(home)


@pytest.fixture
def fresh_home(tmp_path, monkeypatch, key_folder) -> Home:
    """A home that is not there yet."""
    home = Home(tmp_path / "fresh")
    _set_up(monkeypatch, home, key_folder)
    return home


@pytest.fixture(scope="session")
def gate_connection():
    """An empty vault in memory, for looking at files."""
    with vault.in_memory() as connection:
        yield connection


@dataclass
class Built:
    """A home that was landed and built; `rows` asks its warehouse (schema core) and its vault."""

    shop: Workshop
    outcomes: dict[str, Outcome]
    connection: object

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def one(self, query: str):
        return self.rows(query)[0][0]


CORE = (
    "fct_crimes",
    "fct_recorded_crime_counts",
    "fct_stop_searches",
    "fct_emergency_callouts",
    "fct_deliveries",
    "dim_lsoa",
    "dim_ward",
    "dim_borough",
    "dim_offence",
)


def build_models(home: Home, scratch: Path, models: tuple[str, ...]) -> None:
    """The models that are asked about and all before them; dbt's target lies apart from others'."""
    done = called(
        *(home, scratch, "build", "--select", *(f"+{model}" for model in models)),
        *("--exclude", "test_type:data", "test_type:unit"),
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.fixture(scope="session")
def built(tmp_path_factory, key_folder):
    """`built(name, prepare, *more)`: a home with what `prepare(shop)` lands, core (and more) built."""
    opened = []

    def make(name: str, prepare, *more: str) -> Built:
        home = Home(tmp_path_factory.mktemp(name) / "home")
        shop = Workshop(home)
        with pytest.MonkeyPatch.context() as patch:
            _set_up(patch, home, key_folder)
            home.ensure()
            outcomes = {outcome.name: outcome for outcome in prepare(shop)}
            build_models(home, home.root.parent, (*CORE, *more))
            context = vault.opened(home, read_only=True)
            connection = context.__enter__()
        opened.append(context)
        connection.execute(f"attach {vault.literal(str(home.warehouse))} as warehouse (read_only)")
        connection.execute("use warehouse.core")
        return Built(shop, outcomes, connection)

    yield make
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory):
    """The sample at a small scale, landed and built: one for all workers of a run, and nobody changes it.

    SWP_TEST_SAMPLE names a folder that keeps it from run to run, while nothing is changed that it is made of.
    """
    base = tmp_path_factory.getbasetemp()
    run = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = Path(os.environ.get("SWP_TEST_SAMPLE") or run / "small-sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judgement, "failing", failing_plainly)
        with small_sample.shared(folder) as small:
            yield small


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def json_lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]
