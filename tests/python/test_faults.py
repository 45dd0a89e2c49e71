"""Full disks, closed folders, files that others hold, killed builds: afterwards the same command succeeds.

SWP_FULL sets at how many sizes the disk is full (default 5), SWP_BUILD_KILLS how many builds are killed
(default 1: each costs two starts of dbt). test_landing_faults.py, test_publishing_readers.py and
test_lifecycle_kills.py kill the other commands.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from dbt_common.exceptions import DbtRuntimeError

from conftest import STREET, Workshop, _set_up, build_models, street, street_rows, table
from dbt_calls import called
from swp import dbt_plugin, runlock, vault
from swp.cli import main
from swp.paths import PROJECT, Home

pytestmark = pytest.mark.usefixtures("plain_judge")

SIZES = int(os.environ.get("SWP_FULL", "5"))
KILLS = int(os.environ.get("SWP_BUILD_KILLS", "1"))
NAME = "2023-01-metropolitan-street.csv"


@contextmanager
def largest_file(size: int):
    """No file may become larger than `size` bytes, as on a disk that is full."""
    given = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, given[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, given)


def a_warehouse(shop: Workshop) -> None:
    """A warehouse of one table, enough to be published."""
    with duckdb.connect(str(shop.home.warehouse)) as connection:
        connection.execute("create schema core; create table core.fct_crimes as select 1 as crime_key")


def sound(shop: Workshop) -> None:
    """Ledger, tables and archive agree, and nothing is left half done."""
    with vault.opened(shop.home) as connection:
        archived = connection.execute(
            "select archived_as from vault.ledger.deliveries where archived_as is not null"
        ).fetchall()
        loaded = connection.execute("select count(*) from vault.raw.police_uk_street").fetchone()
        accepted = connection.execute(
            "select coalesce(sum(rows_accepted), 0) from vault.ledger.deliveries"
        ).fetchone()
    assert loaded == accepted
    kept = {str(path.relative_to(shop.home.landed)) for path in shop.home.landed.rglob("*") if path.is_file()}
    assert kept == {place for (place,) in archived}


class TestFullDisk:
    def test_landing_says_so_and_the_same_command_succeeds_later(self, shop, capsys):
        content = table(STREET, street_rows(4_000))
        path = str(shop.put(NAME, content))
        size = shop.home.vault.stat().st_size
        # From no room at all, over too little for the archived copy, to too little for the vault alone.
        sizes = [1, 4_096, len(content) // 2, size, size + 300_000]
        chance = random.Random(3)
        sizes += [chance.randrange(1, size + len(content)) for _ in range(SIZES - len(sizes))]
        refused = 0
        for room in sizes:
            with largest_file(room):
                status = main(["land", "--published", "2023-03-01", path])
            told = "".join(capsys.readouterr())
            assert "Traceback" not in told
            refused += status
            if status:
                assert "The disk is full" in told or "no_space" in told, told
        assert refused >= 3
        assert main(["land", "--published", "2023-03-01", path]) == 0
        sound(shop)
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 4_000
        assert shop.one("select count(*) from vault.ledger.deliveries where verdict <> 'rejected'") == 1

    def test_retaining_says_so_and_the_same_command_succeeds_later(self, shop, capsys):
        """Too little for the vault's log, for the reports, and for the vault that is written anew."""
        old, new = str(shop.put("old.csv", street(400, "2010-01"))), str(shop.put(NAME, street(4_000)))
        assert main(["land", "--published", "2010-03-01", old]) == 0
        assert main(["land", "--published", "2026-03-01", new]) == 0
        size = shop.home.vault.stat().st_size
        refused = 0
        for room in (1, 4_096, size // 8, size // 2):
            with largest_file(room):
                status = main(["retain"])
            told = "".join(capsys.readouterr())
            assert "Traceback" not in told
            refused += status
            if status:
                assert "The disk is full" in told or "See that the disk has room" in told, told
        assert refused >= 3
        assert main(["retain"]) == 0
        assert shop.one("select count(*) from vault.ledger.retirements") == 1
        assert shop.execute("select distinct month from vault.raw.police_uk_street") == [("2023-01",)]
        assert main(["audit"]) == 0
        assert len([path for path in shop.home.landed.rglob("*") if path.is_file()]) == 1

    def test_publishing_says_so_and_readers_keep_what_they_had(self, shop, capsys):
        with duckdb.connect(str(shop.home.warehouse)) as connection:
            connection.execute(
                "create schema core; create table core.fct_crimes as select range from range(9)"
            )
        assert main(["publish"]) == 0
        before = os.readlink(shop.home.current_publication)
        with duckdb.connect(str(shop.home.warehouse)) as connection:
            connection.execute(
                "create table core.fct_calls as select md5(range::varchar) as x from range(200_000)"
            )
        for room in (1, 100_000, 1_000_000):
            with largest_file(room):
                assert main(["publish"]) == 1
            assert "Traceback" not in capsys.readouterr().err
            assert os.readlink(shop.home.current_publication) == before
            assert len([path for path in shop.home.published.iterdir() if path.is_dir()]) == 2  # and the link
        assert main(["publish"]) == 0
        assert os.readlink(shop.home.current_publication) != before


@pytest.fixture
def another_account(shop, monkeypatch):
    """The home moved to where an ordinary account may work: permissions do not bind root."""
    folder = Path(tempfile.mkdtemp())
    home = Home(folder / "home")
    shutil.copytree(shop.home.root, home.root)
    identity = (home.root / "home.id").read_text(encoding="ascii").strip()
    key = Path(os.environ["SWP_KEYS"]) / identity / "vault.key"
    monkeypatch.setenv("DBT_ENV_SECRET_SWP_VAULT_KEY", key.read_text(encoding="ascii").strip())
    monkeypatch.setenv("SWP_HOME", str(home.root))
    (folder / NAME).write_bytes(table(STREET, street_rows(40)))
    is_root = os.geteuid() == 0
    if is_root:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, -1)
        os.seteuid(65534)
    try:
        yield Workshop(home)
    finally:
        if is_root:
            os.seteuid(0)
        for path in folder.rglob("*"):
            path.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("closed", "status"), [("landed", 1), ("reports", 1), ("build/vault.duckdb", 1), ("build/scratch", 0)]
)
def test_a_closed_folder_is_named_and_the_same_command_succeeds_later(
    another_account, capsys, closed, status
):
    """Scratch is the pipeline's own: it is made anew."""
    shop = another_account
    path = shop.home.root.parent / NAME
    place = shop.home.root / closed
    place.chmod(0o500 if place.is_dir() else 0o400)
    assert main(["land", str(path)]) == status
    told = "".join(capsys.readouterr())
    assert "Traceback" not in told
    if status:
        assert "may not be used by this account: mend its permissions" in told, told
        assert str(place) in told
    place.chmod(0o700)
    assert main(["land", str(path)]) == 0
    sound(shop)
    assert shop.one("select count(*) from vault.raw.police_uk_street") == 40


@pytest.mark.parametrize("closed", ["landed/police_uk_street", "reports", "build/vault.duckdb"])
def test_a_closed_folder_does_not_keep_what_has_to_leave(another_account, capsys, closed):
    shop = another_account
    assert main(["land", "--published", "2010-03-01", str(shop.home.root.parent / NAME)]) == 0
    place = shop.home.root / closed
    place.chmod(0o500 if place.is_dir() else 0o400)
    assert main(["retain"]) == 1
    told = "".join(capsys.readouterr())
    assert "Traceback" not in told
    assert "may not be used by this account: mend its permissions" in told, told
    assert str(place) in told
    place.chmod(0o700)
    assert main(["retain"]) == 0
    assert shop.one("select count(*) from vault.raw.police_uk_street") == 0
    assert shop.one("select count(*) from vault.ledger.retirements") == 1
    assert main(["audit"]) == 0
    assert not [path for path in shop.home.landed.rglob("*") if path.is_file()]


@pytest.mark.parametrize("closed", ["published", "build/vault.duckdb"])
def test_a_closed_folder_leaves_readers_what_they_had(another_account, capsys, closed):
    shop = another_account
    a_warehouse(shop)
    assert main(["publish"]) == 0
    before = os.readlink(shop.home.current_publication)
    place = shop.home.root / closed
    place.chmod(0o500 if place.is_dir() else 0o400)
    assert main(["publish"]) == 1
    told = "".join(capsys.readouterr())
    assert "Traceback" not in told
    assert "may not be used by this account: mend its permissions" in told, told
    assert os.readlink(shop.home.current_publication) == before
    place.chmod(0o700)
    assert main(["publish"]) == 0
    assert os.readlink(shop.home.current_publication) != before


HOLDER = """
import sys
import duckdb
from swp import dbt_plugin, runlock, vault
from swp.paths import Home
home = Home.current()
with vault.opened(home, read_only=True) as connection:
    connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_reader_of_the_build_files_is_waited_for_plainly(shop, capsys):
    path = str(shop.put(NAME, table(STREET, street_rows(40))))
    a_warehouse(shop)
    reader = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert reader.stdout.readline() == "held\n"
        for arguments in (["land", path], ["retain"]):
            assert main(arguments) == 1
            assert "in use by another process; wait until it ends" in capsys.readouterr().err
        assert main(["build"]) == 1
        assert "is open in another program" in capsys.readouterr().err
        # A publication is an event of the audit trail, which is in the vault.
        assert main(["publish"]) == 1
        assert "in use by another process; wait until it ends" in capsys.readouterr().err
        assert not shop.home.current_publication.exists()
        assert main(["status"]) == 0
    finally:
        reader.kill()
        reader.wait()
    assert main(["publish"]) == 0
    assert main(["land", path]) == 0
    sound(shop)


def test_two_commands_at_once_the_second_says_so(shop, capsys, monkeypatch):
    """dbt too: its plugin takes the same lock before the databases are opened."""
    monkeypatch.setattr(dbt_plugin, "_lock", None)
    with runlock.hold(shop.home, "swp land"):
        for arguments in (["land"], ["publish"], ["retain"]):
            assert main(arguments) == 1
            assert "is in use by 'swp land'" in capsys.readouterr().err
        with pytest.raises(DbtRuntimeError, match="is in use by 'swp land'"):
            dbt_plugin.Plugin.initialize(None, {})
    assert main(["land"]) == 0


MODELS = ("stg_police_uk__street", "dim_borough", "dim_offence")


def killed_build(home: Home, scratch: Path, wait: float) -> bool:
    """Start a build, kill it `wait` seconds after its first table stands; was it killed before its end?"""
    environment = {
        **os.environ,
        "SWP_HOME": str(home.root),
        "DBT_TARGET_PATH": str(scratch / "target"),
        "DBT_LOG_PATH": str(scratch / "logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--select"]
    command += [*(f"+{model}" for model in MODELS), "--exclude", "test_type:data", "test_type:unit"]
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for line in process.stdout:
        if " OK " in line:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


def is_whole(home: Home) -> None:
    """What the build comes to is what was landed, and no table that dbt makes on the way is left."""
    with vault.opened(home, read_only=True) as connection:
        connection.execute(f"attach {vault.literal(str(home.warehouse))} as warehouse (read_only)")
        staged, crimes, boroughs, left = connection.execute(
            """
            select
                (select count(*) from vault.staging.stg_police_uk__street),
                (select count(*) from vault.raw.police_uk_street),
                (select count(*) from warehouse.core.dim_borough),
                (
                    select count(*) from duckdb_tables()
                    where schema_name in ('core', 'intermediate') and table_name like '%__dbt_%'
                )
            """
        ).fetchone()
    assert staged == crimes == 400
    assert boroughs > 30
    assert left == 0


def test_a_build_that_is_killed_or_has_no_room_is_built_by_the_next(tmp_path, key_folder, monkeypatch):
    home = Home(tmp_path / "home")
    _set_up(monkeypatch, home, key_folder)
    shop = Workshop(Home(home.ensure().root))
    shop.land_one(NAME, table(STREET, street_rows(400)))
    chance = random.Random(5)
    with largest_file(shop.home.vault.stat().st_size // 2):
        # Without the files that dbt writes of itself, which are larger.
        own = ("--no-write-json", "--no-partial-parse", "--log-level-file", "none")
        full = called(home, tmp_path, *own, "build", "--select", *(f"+{model}" for model in MODELS))
    assert full.returncode
    killed = 0
    for _ in range(KILLS):
        killed += killed_build(home, tmp_path, chance.uniform(0, 1.5))
        build_models(home, tmp_path, MODELS)
        sound(shop)
        is_whole(home)
    assert killed == KILLS
