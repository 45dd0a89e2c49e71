"""Keys are never shown, temporary files are encrypted, and what was landed is its owner's alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from conftest import MARKER, failing_plainly, street
from swp import vault
from swp.cli import main
from swp.errors import unforeseen
from swp.gate import judgement
from swp.paths import PROJECT, Home

KEYS = {
    "DBT_ENV_SECRET_SWP_VAULT_KEY": "vault-secret-0123",
    "DBT_ENV_SECRET_SWP_PERSON_KEY": "person-secret-0123",
}


@pytest.fixture(scope="module")
def keyed_home(tmp_path_factory):
    """A home with keys from the environment and one landed file."""
    home = Home(tmp_path_factory.mktemp("keyed") / "home").ensure()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judgement, "failing", failing_plainly)
        for variable, value in {**KEYS, "SWP_HOME": str(home.root)}.items():
            patch.setenv(variable, value)
        (home.inbox / "2023-01-metropolitan-street.csv").write_bytes(street())
        assert main(["land"]) == 0
    return home


@pytest.fixture
def keyed(keyed_home, monkeypatch) -> Home:
    for variable, value in {**KEYS, "SWP_HOME": str(keyed_home.root)}.items():
        monkeypatch.setenv(variable, value)
    return keyed_home


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


class TestSpill:
    def spill(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> bytes:
        """What lies in `folder` while more rows with the marker are held than there is memory for."""
        connection.execute("set threads = 1")
        connection.execute("set memory_limit = '60MB'")
        connection.execute(
            "create temp table held as "
            f"select '{MARKER} ' || range || repeat('x', 400) as name from range(250_000)"
        )
        return bytes_below(folder)

    def test_what_spills_from_the_vault_is_encrypted(self, shop):
        with vault.opened(shop.home) as connection:
            spilled = self.spill(connection, shop.home.scratch)
        assert len(spilled) > 10_000_000
        assert MARKER.encode() not in spilled

    def test_what_spills_while_a_file_is_looked_at_without_a_home_is_too(self, fresh_home):
        with vault.in_memory(fresh_home.ensure().scratch) as connection:
            spilled = self.spill(connection, fresh_home.scratch)
        assert len(spilled) > 10_000_000
        assert MARKER.encode() not in spilled

    def test_it_would_be_seen_if_it_were_not(self, tmp_path):
        with duckdb.connect() as connection:
            connection.execute(f"set temp_directory = '{tmp_path}'")
            assert MARKER.encode() in self.spill(connection, tmp_path)


def test_no_command_prints_a_key(keyed, capsys, monkeypatch):
    for arguments in (
        ["status"],
        ["check"],
        ["land", "--json"],
        ["summary"],
        ["publish"],
        ["status", "--due"],
    ):
        main(arguments)
    monkeypatch.setenv("DBT_ENV_SECRET_SWP_VAULT_KEY", "another-secret-0123")
    before = keyed.vault.read_bytes()
    assert main(["land"]) == 1
    assert keyed.vault.read_bytes() == before
    told = "".join(capsys.readouterr())
    assert "does not open with this key" in told
    assert "secret-0123" not in told
    assert b"secret-0123" not in bytes_below(keyed.root)


def test_dbt_debug_prints_no_key(keyed, tmp_path):
    environment = {
        **os.environ,
        "DBT_LOG_PATH": str(tmp_path / "logs"),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--debug", "debug"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False)
    assert b"All checks passed" in done.stdout, done.stdout[-2000:]
    told = done.stdout + done.stderr + bytes_below(tmp_path / "logs")
    assert b"secret-0123" not in told


def test_what_was_landed_is_its_owners_alone(keyed):
    for folder in (keyed.root, keyed.inbox, keyed.landed, keyed.reports, keyed.build, keyed.scratch):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder.name
    for path in (keyed.vault, *keyed.landed.rglob("*"), *keyed.reports.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    assert [stat.S_IMODE(path.stat().st_mode) for path in keyed.landed.rglob("*.csv")] == [0o400]


def test_folders_that_were_opened_to_others_are_closed_again(keyed):
    for folder in (keyed.landed, keyed.reports, keyed.build):
        folder.chmod(0o755)
    assert main(["land"]) == 0
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (keyed.landed, keyed.reports, keyed.build)} == {
        0o700
    }


def test_an_unforeseen_error_does_not_show_a_value(keyed, capsys, monkeypatch):
    def fail(*_):
        raise duckdb.ConversionException(f"Could not convert string '{MARKER}' to INT32")

    monkeypatch.setattr("swp.summary.tell", fail)
    assert main(["summary"]) == 1
    out, err = capsys.readouterr()
    assert MARKER not in out + err
    assert "This should not happen (ConversionException at test_secrets.py:" in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "The disk is full"),
        (duckdb.IOException("Could not write file: No space left on device"), "The disk is full"),
        (PermissionError(13, "Permission denied", "/data/landed"), "/data/landed may not be used"),
        (duckdb.OutOfMemoryException("failed to allocate"), "not enough memory"),
    ],
)
def test_what_a_machine_lacks_is_told(error, words):
    assert words in unforeseen(error)
