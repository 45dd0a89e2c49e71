"""`swp retain` and `swp erase` killed at any moment: the same command ends in the state of a run undisturbed.

SWP_RETAIN_KILLS sets at how many moments retain is killed, SWP_ERASE_KILLS erase (default 3 each; `all` for
each moment): half of them around a commit, a removed file and the vault that is written anew.
"""

import os
import shutil
import signal
from datetime import date

import pytest

from conftest import Workshop, _set_up, landing_into, table
from kill_driver import Driver, chosen, names_in
from lifecycle_files import FORMATS, HEADINGS, REFERENCE, SURNAME, cases, everything
from swp.cli import main
from swp.paths import Home

pytestmark = pytest.mark.usefixtures("plain_judge")

KILLS = {verb: os.environ.get(f"SWP_{verb.upper()}_KILLS", "3") for verb in ("retain", "erase")}
TELLING = "commit|unlink|replace|copy from"


@pytest.fixture(scope="module")
def landed_home(stocked_home, key_folder) -> Home:
    """Two deliveries past their retention, one of them with a row set aside, and two to be kept."""
    with_a_fault = cases(month="2014-01")
    with_a_fault[1][HEADINGS.index("Date Reported")] = "soon"
    with landing_into(stocked_home, key_folder) as shop:
        shop.land_one("a.csv", table(HEADINGS, with_a_fault), published=date(2014, 3, 31))
        shop.land_one(
            "b.csv.gz", FORMATS["cases.csv.gz"](cases(month="2015-01")), published=date(2015, 3, 31)
        )
        shop.land_one("c.csv", table(HEADINGS, cases(month="2023-01")), published=date(2023, 3, 31))
        shop.land_one("d.xlsx", FORMATS["cases.xlsx"](cases(month="2023-02")), published=date(2023, 3, 31))
        shop.execute("update vault.ledger.home set as_of_date = date '2024-01-01'")
    return stocked_home


@pytest.mark.parametrize(
    ("verb", "arguments", "archived"),
    [("retain", (), 2), ("erase", (REFERENCE, "--agency", "peabody"), 4)],
    ids=["retain", "erase"],
)
def test_killed_at_any_moment_and_run_again_it_ends_the_same(
    tmp_path, monkeypatch, landed_home, key_folder, capsys, verb, arguments, archived
):
    numbers = iter(range(10_000))
    driver, log = Driver(tmp_path), tmp_path / "moments"

    def copied() -> Workshop:
        home = Home(tmp_path / f"home-{next(numbers)}")
        shutil.copytree(landed_home.root, home.root)
        _set_up(monkeypatch, home, key_folder)
        return Workshop(home)

    def everything_kept(shop: Workshop) -> tuple:
        return shop.state(), shop.reports(), sorted(path.name for path in shop.home.reports.iterdir())

    undisturbed = copied()
    before = everything_kept(undisturbed)
    done = driver(0, verb, *arguments, log=log)
    assert done.returncode == 0, done.stderr
    names, wanted = names_in(log), everything_kept(undisturbed)
    assert wanted[0] != before[0]
    assert wanted[1] != before[1]
    assert len(wanted[0]["archive"]) == archived
    if verb == "erase":
        assert SURNAME.encode() not in repr(wanted).encode() + everything(undisturbed.home.landed)
    for moment in chosen(names, KILLS[verb], TELLING):
        shop = copied()
        killed = driver(moment, verb, *arguments)
        assert killed.returncode == -signal.SIGKILL, (moment, killed.stderr)
        assert main([verb, *arguments]) == 0, (names[moment - 1], capsys.readouterr())
        assert everything_kept(shop) == wanted, f"killed at moment {moment}, {names[moment - 1]}"
        assert main(["audit"]) == 0, capsys.readouterr().err
        assert not list(shop.home.scratch.iterdir())
        shutil.rmtree(shop.home.root)
