"""Readers and builders in processes of their own: nobody waits, nobody sees half of a publication.

SWP_PUBLISH_KILLS sets how many publications are killed at a random moment (default 8).
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from swp.errors import SwpError
from swp.paths import Home
from swp.publishing import current, publications, publish

KILLS = int(os.environ.get("SWP_PUBLISH_KILLS", "8"))

# Answers each line on stdin with what it reads, over one connection.
READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
for line in sys.stdin:
    row = connection.execute(
        "select min(marker), max(marker), count(*), (select any_value(marker) from marts.mart_marker)"
        " from core.fct_crimes"
    ).fetchone()
    print(*row, flush=True)
"""

WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create or replace table core.half_built as select 1 as x")
print("open", flush=True)
sys.stdin.readline()
"""

# Kills itself where it would call the function that its second argument names.
PUBLISHER = """
import importlib, os, signal, sys
from pathlib import Path
from swp.paths import Home
from swp.publishing import publish

if len(sys.argv) > 2:
    module, function = sys.argv[2].split(":")
    setattr(importlib.import_module(module), function, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
print("open", flush=True)
publish(Home(Path(sys.argv[1])))
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def start():
    """Start a script in a process of its own and wait until it says that it is open."""
    started = []

    def _start(script, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "scripts")},
        )
        started.append(process)
        assert process.stdout.readline() == "open\n", process.stderr.read()
        return process

    yield _start
    for process in started:
        process.kill()
        process.communicate()


def build(home, marker, rows=20_000):
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            f"""
            create schema if not exists core;
            create schema if not exists marts;
            create or replace table core.fct_crimes as
                select {marker} as marker, range as crime_key, md5(range::varchar) as note from range({rows});
            create or replace view marts.mart_marker as select marker from warehouse.core.fct_crimes limit 1;
            """
        )


def ask(reader):
    reader.stdin.write("\n")
    reader.stdin.flush()
    return tuple(int(value) for value in reader.stdout.readline().split())


def file_of(home):
    return home.current_publication / "internal" / "community_safety.duckdb"


def test_a_connected_reader_keeps_its_publication_and_a_new_one_gets_the_next(home, start):
    build(home, 1)
    publish(home)
    first_reader = start(READER, file_of(home))
    for marker in (2, 3, 4):
        build(home, marker)
        publish(home, keep=1)
        assert ask(first_reader) == (1, 1, 20_000, 1)
        assert ask(start(READER, file_of(home))) == (marker, marker, 20_000, marker)
    # The file that it reads has been pruned by now.
    assert len(publications(home)) == 1

    writer = start(WRITER, home.warehouse)
    assert ask(first_reader) == (1, 1, 20_000, 1)
    assert ask(start(READER, file_of(home))) == (4, 4, 20_000, 4)
    assert writer.poll() is None


def test_publishing_while_another_process_builds_says_wait(home, start):
    build(home, 1)
    before = publish(home)
    writer = start(WRITER, home.warehouse)
    with pytest.raises(SwpError, match="is being built; wait"):
        publish(home)
    assert current(home) == before

    writer.communicate("\n")
    assert publish(home).tables == before.tables + 1


def test_a_build_that_was_killed_leaves_a_warehouse_that_can_be_published(home, start):
    build(home, 1)
    writer = start(WRITER, home.warehouse)
    writer.kill()
    writer.wait()
    log = Path(f"{home.warehouse}.wal")
    assert log.exists()
    assert publish(home).tables == 3
    # Publishing only reads: what the build left is still the build's.
    assert log.exists()


def test_read_only_mode_refuses_every_change(home):
    build(home, 1)
    publish(home)
    with duckdb.connect(str(file_of(home)), read_only=True) as connection:
        for change in (
            "delete from core.fct_crimes",
            "create table core.x (i int)",
            "drop table marts.mart_marker",
        ):
            with pytest.raises(duckdb.InvalidInputException, match="read-only"):
                connection.execute(change)


def test_an_ordinary_account_cannot_open_a_published_file_for_writing(home):
    build(home, 1)
    publication = publish(home)
    for path in (publication.folder, *publication.folder.rglob("*")):
        os.chown(path, 65534, -1) if os.geteuid() == 0 else None
    script = """
import duckdb, os, sys
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
try:
    duckdb.connect("community_safety.duckdb")
except duckdb.IOException as error:
    print(error)
"""
    arguments = [sys.executable, "-c", script, publication.folder / "internal"]
    told = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert "Permission denied" in told


@pytest.mark.parametrize(
    "step",
    [
        "swp.publishing:copy_profile",
        "swp.publishing.folders:describe_files",
        "swp.publishing.folders:seal",
        "os:rename",
        "swp.publishing.folders:point_current",
        "os:replace",
    ],
)
def test_a_kill_before_each_step_leaves_readers_what_they_had(home, start, step):
    build(home, 1)
    before = publish(home)
    killed = start(PUBLISHER, home.root, step)
    assert killed.wait() == -signal.SIGKILL

    assert current(home) == before
    after = publish(home)
    assert current(home) == after
    assert not [name for name in os.listdir(home.published) if name.startswith(".")]


def test_a_kill_at_any_moment_leaves_a_whole_publication(home, start):
    def seen():
        with duckdb.connect(str(file_of(home)), read_only=True) as connection:
            return connection.execute(
                "select min(marker), max(marker), count(*) from core.fct_crimes"
            ).fetchone()

    rows = 200_000
    build(home, 0, rows)
    began = time.monotonic()
    publish(home)
    length = time.monotonic() - began

    chance = random.Random(8)
    for marker in range(1, KILLS + 1):
        build(home, marker, rows)
        publisher = start(PUBLISHER, home.root)
        time.sleep(chance.uniform(0, length))
        publisher.kill()
        publisher.wait()

        assert seen() in {(value, value, rows) for value in (marker - 1, marker)}
        publish(home)
        assert seen() == (marker, marker, rows)
