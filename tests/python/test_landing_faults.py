"""A kill at any moment, then the same command again, ends in the state of a run that nobody disturbed.

kill_driver.py says what a moment is. SWP_KILLS sets how many are tried (default 8; `all` for each of them):
those around a commit, an archive copy and a report, and random others.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from conftest import (
    STOPS,
    STREET,
    Workshop,
    days,
    gzipped,
    stop_rows,
    street,
    street_rows,
    table,
    with_cells,
)
from kill_driver import Driver, chosen, names_in
from swp import runlock, vault
from swp.cli import main
from swp.paths import Home

KILLS = os.environ.get("SWP_KILLS", "8")


@pytest.fixture
def driver(tmp_path) -> Driver:
    return Driver(tmp_path)


def deliveries(shop: Workshop) -> list[str]:
    """Three files: one plain, one with rows to set aside, one that is refused."""
    rows = with_cells(street_rows(40, "2022-12"), STREET, "Month", {3: "", 4: "soon"})
    files = {
        "2022-12-metropolitan-street.csv.gz": gzipped(table(STREET, rows)),
        "2023-01-metropolitan-stop-and-search.csv": table(STOPS, stop_rows(days("2023-01", 31))),
        "2023-01-metropolitan-street.csv": table(STREET, street_rows(40, Month="January")),
    }
    return [str(shop.put(name, content)) for name, content in files.items()]


def test_killed_at_any_moment_and_run_again_it_ends_the_same(
    shop, driver, tmp_path, monkeypatch, capsys, plain_judge
):
    paths = deliveries(shop)
    options = ["--published", "2023-03-01"]
    log = tmp_path / "moments"
    # The undisturbed run starts in a home that is not there yet, as do the others: making it is killed too.
    homes = iter(tmp_path / f"home-{number}" for number in range(10_000))
    monkeypatch.setenv("SWP_HOME", str(next(homes)))
    done = driver(0, "land", *options, *paths, log=log)
    assert done.returncode == 1, done.stderr
    names = names_in(log)
    assert sum("before commit" in name for name in names) >= 4
    wanted = Workshop(Home.current()).state()
    assert len(wanted["ledger.deliveries"]) == 3
    for moment in chosen(names, KILLS, "commit|half a copy|rename"):
        monkeypatch.setenv("SWP_HOME", str(next(homes)))
        killed = driver(moment, "land", *options, *paths)
        assert killed.returncode == -signal.SIGKILL, (moment, killed.stderr)
        assert main(["land", *options, *paths]) == 1, (names[moment - 1], capsys.readouterr())
        found = Workshop(Home.current())
        assert found.state() == wanted, f"killed at moment {moment}, {names[moment - 1]}"
        assert len(list(found.home.reports.glob("*.txt"))) == 3
        left = [path.name for path in found.home.landed.rglob("*") if path.name.startswith(".")]
        assert not left, "half a copy was left in the archive"


def test_the_real_command_killed_while_it_archives_ends_the_same(shop, tmp_path, monkeypatch, plain_judge):
    """With Great Expectations, and killed from outside as soon as a file lies in the archive."""
    arguments = ["land", "--published", "2023-03-01", *deliveries(shop)]
    assert main(arguments) == 1
    wanted = shop.state()
    home = Home(tmp_path / "killed")
    monkeypatch.setenv("SWP_HOME", str(home.root))
    process = subprocess.Popen(
        [sys.executable, "-m", "swp.cli", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while process.poll() is None and not list(home.landed.rglob("*.csv*")) and time.monotonic() < until:
        time.sleep(0.002)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert main(arguments) == 1
    assert Workshop(home).state() == wanted


class TestTwoAtOnce:
    HOLDER = (
        "import sys\nfrom swp import runlock\nfrom swp.paths import Home\n"
        "with runlock.hold(Home.current(), 'swp land'):\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )

    @pytest.fixture
    def holder(self, shop):
        process = subprocess.Popen(
            [sys.executable, "-c", self.HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()
        process.wait()

    def test_the_second_says_that_the_home_is_busy(self, shop, holder, plain_judge, capsys):
        path = shop.put("2023-01-metropolitan-street.csv", street())
        before = shop.state()
        assert main(["land", str(path)]) == 1
        told = capsys.readouterr().err
        assert f"{shop.home.root} is in use by 'swp land' (process {holder.pid}, since" in told
        assert "Wait until it has finished, then repeat." in told
        assert shop.state() == before

    def test_when_the_first_is_gone_the_second_works(self, shop, holder, plain_judge, capsys):
        holder.kill()
        holder.wait()
        path = shop.put("2023-01-metropolitan-street.csv", street())
        assert main(["land", str(path)]) == 0

    def test_a_look_into_the_ledger_waits_plainly_too(self, shop, capsys):
        code = (
            "import sys\nfrom swp import vault\nfrom swp.paths import Home\n"
            "with vault.opened(Home.current()):\n    print('held', flush=True)\n    sys.stdin.read()\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout.readline() == "held\n"
            assert main(["status"]) == 1
            assert "in use by another process; wait until it ends" in capsys.readouterr().err
        finally:
            process.kill()
            process.wait()


class TestTheFilesOfAHome:
    def test_what_an_interrupted_run_left_in_scratch_is_removed(self, shop):
        (shop.home.scratch / "entry-abc").write_text("x", encoding="utf-8")
        with runlock.hold(shop.home, "swp land"):
            assert not list(shop.home.scratch.iterdir())

    def test_a_half_copied_archive_file_is_replaced(self, shop, plain_judge):
        content = street()
        shop.land_one("2023-01-metropolitan-street.csv", content)
        (whole,) = [path for path in shop.home.landed.rglob("*") if path.is_file()]
        other = Workshop(Home(shop.home.root.parent / "other"))
        other.home.ensure()
        half = other.home.landed / whole.parent.name / f".{whole.name}.partial"
        half.parent.mkdir()
        half.write_bytes(content[:100])
        half.chmod(0o400)
        other.land_one("2023-01-metropolitan-street.csv", content)
        assert [path.read_bytes() for path in half.parent.iterdir()] == [content]

    def test_another_key_does_not_open_the_vault_and_is_not_shown(self, shop, monkeypatch, capsys):
        monkeypatch.setenv("DBT_ENV_SECRET_SWP_VAULT_KEY", "not-the-key-0123")
        before = shop.home.vault.read_bytes()
        assert main(["land", str(shop.put("a.csv", street()))]) == 1
        told = capsys.readouterr().err
        assert "does not open with this key" in told
        assert "not-the-key-0123" not in told
        assert shop.home.vault.read_bytes() == before

    def test_a_lost_key_is_not_made_anew(self, shop, key_folder, monkeypatch, tmp_path, capsys):
        monkeypatch.setenv("SWP_KEYS", str(tmp_path / "elsewhere"))
        assert main(["status"]) == 1
        assert "is lost" in capsys.readouterr().err
        assert not list(tmp_path.rglob("*.key"))

    @pytest.mark.parametrize("where", ["start", "middle"])
    def test_a_damaged_vault_is_said_to_be_damaged(self, shop, where, capsys):
        content = bytearray(shop.home.vault.read_bytes())
        # A block in use has to be hit: the middle of a file is not all in use.
        at, size = (0, 4096) if where == "start" else (len(content) // 4, len(content) // 2)
        content[at : at + size] = b"\xff" * size
        shop.home.vault.write_bytes(content)
        assert main(["status"]) == 1
        told = capsys.readouterr().err
        assert "in use by another process" not in told
        assert "vault" in told

    def test_the_key_file_is_for_its_owner_only_and_outside_the_home(self, fresh_home, key_folder):
        with vault.opened(fresh_home):
            pass
        name = (fresh_home.root / "home.id").read_text(encoding="ascii").strip()
        path = key_folder / name / "vault.key"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        key = path.read_text(encoding="ascii").strip().encode()
        for file in fresh_home.root.rglob("*"):
            assert not file.is_file() or key not in file.read_bytes()

    def test_keys_inside_the_home_are_refused(self, fresh_home, monkeypatch, capsys):
        monkeypatch.setenv("SWP_KEYS", str(fresh_home.root / "keys"))
        assert main(["land"]) == 1
        assert "lies inside SWP_HOME" in capsys.readouterr().err

    def test_nothing_of_a_row_can_be_read_in_the_vault_file(self, shop, plain_judge):
        shop.land_one("a.csv", street(40, Location="Findable Street"), published=date(2023, 3, 1))
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 40
        for path in shop.home.build.iterdir():
            assert not path.is_file() or b"Findable Street" not in path.read_bytes(), path.name
