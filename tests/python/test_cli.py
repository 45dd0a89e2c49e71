"""The command `swp`: exit statuses, what `check`, `land` and `status` print, and wrong use."""

import json
from datetime import date

import pytest

from conftest import STREET, gzipped, json_lines, street, street_rows, table, with_cells
from swp.cli import main
from swp.landing import ledger

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"
KEYS = {"file", "source", "verdict", "rows_delivered", "rows_accepted", "rows_quarantined", "findings"}
FINDING = {"check", "severity", "column", "count", "message"}
VERDICTS = {"accepted", "accepted_with_warnings", "rejected", "already_landed"}


@pytest.fixture
def three(shop):
    """A sound file, one with a row to set aside, and one that is refused."""
    rows = with_cells(street_rows(40, "2023-02"), STREET, "Month", {3: ""})
    return [
        str(shop.put(NAME, street())),
        str(shop.put("2023-02-metropolitan-street.csv", table(STREET, rows))),
        str(shop.put("2023-03-metropolitan-street.csv", b"<html>not found</html>")),
    ]


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err


class TestJson:
    @pytest.mark.parametrize("verb", ["check", "land"])
    def test_one_object_a_line_for_each_file(self, shop, three, verb, capsys):
        status, out, err = run(capsys, verb, "--json", *three)
        told = json_lines(out)
        assert (status, err) == (1, "")
        assert [line["verdict"] for line in told] == ["accepted", "accepted_with_warnings", "rejected"]
        assert [line["source"] for line in told] == ["police_uk_street", "police_uk_street", None]
        for line in told:
            assert set(line) >= KEYS
            assert line["verdict"] in VERDICTS
            assert line["rows_delivered"] == line["rows_accepted"] + line["rows_quarantined"]
            assert all(set(finding) >= FINDING for finding in line["findings"])
        assert [line["rows_quarantined"] for line in told] == [0, 1, 0]

    def test_the_status_has_the_same_keys_and_values(self, shop, three, capsys):
        landed = json_lines(run(capsys, "land", "--json", *three)[1])
        status, out, _ = run(capsys, "status", "--json")
        assert status == 0
        shown = json_lines(out)
        keys = [*sorted(KEYS - {"findings"}), "delivery_id"]
        assert [[line[key] for key in keys] for line in shown] == [
            [line[key] for key in keys] for line in landed
        ]
        for mine, its in zip(shown, landed, strict=True):
            assert set(mine) >= KEYS
            assert sorted(map(json.dumps, mine["findings"])) == sorted(map(json.dumps, its["findings"]))

    def test_what_landed_before_has_the_same_keys(self, shop, three, capsys):
        run(capsys, "land", three[0])
        for verb in ("check", "land"):
            status, out, _ = run(capsys, verb, "--json", three[0])
            (line,) = json_lines(out)
            assert status == 0
            assert set(line) >= KEYS
            assert (line["verdict"], line["delivery_id"], line["findings"]) == ("already_landed", "D0001", [])

    def test_the_status_of_an_empty_home_is_nothing(self, fresh_home, capsys):
        assert run(capsys, "status", "--json") == (0, "", "")


class TestScreen:
    def test_land_tells_each_file_and_the_sum(self, shop, three, capsys):
        status, out, _ = run(capsys, "land", *three)
        assert status == 1
        assert f"{NAME}: accepted\n  police_uk_street: 40 rows, 40 accepted, 0 set aside" in out
        assert "  - rows set aside: 1 of 40 rows cannot be used: 'Month' is blank" in out
        assert "rejected - nothing of this file was loaded\n  - must be mended:" in out
        assert str(shop.home.reports) in out
        assert out.endswith("3 files: 1 accepted, 1 accepted with warnings, 1 rejected\n")

    def test_the_status_has_a_line_a_delivery(self, shop, three, capsys):
        run(capsys, "land", "--published", "2023-05-04", *three)
        status, out, _ = run(capsys, "status")
        assert status == 0
        heading, first, second, third, persons = out.splitlines()
        assert heading.split()[:3] == ["id", "source", "period"]
        assert first.split()[:5] == ["D0001", "police_uk_street", "2023-01", "2023-01", "2023-05-04"]
        assert "accepted with warnings" in second
        assert "rejected" in third
        assert persons.startswith("Persons: not linked yet")

    def test_an_empty_home_says_where_to_put_files(self, fresh_home, capsys):
        status, out, _ = run(capsys, "status")
        assert status == 0
        assert str(fresh_home.inbox) in out
        assert not fresh_home.vault.exists(), "looking makes nothing"

    def test_an_empty_inbox_is_said_to_be_empty(self, shop, capsys):
        status, out, _ = run(capsys, "land")
        assert (status, out) == (0, "0 files: nothing found\n")


class TestCheck:
    def test_it_stores_nothing(self, shop, three, capsys):
        before = shop.state()
        assert run(capsys, "check", *three)[0] == 1
        assert shop.state() == before
        assert not list(shop.home.reports.iterdir())
        assert not [path for path in shop.home.build.iterdir() if path.name.startswith("check-")]

    def test_it_works_before_there_is_a_vault(self, fresh_home, shop, three, monkeypatch, capsys):
        monkeypatch.setenv("SWP_HOME", str(fresh_home.root))
        status, out, _ = run(capsys, "check", three[0])
        assert status == 0
        assert f"{NAME}: accepted" in out
        assert not fresh_home.vault.exists()

    def test_it_knows_the_registered_gaps(self, shop, capsys):
        rows = [[*row[:2], *row[3:]] for row in street_rows(40)]
        path = str(shop.put(NAME, table([h for h in STREET if h != "Reported by"], rows)))
        assert run(capsys, "check", path)[0] == 1
        shop.execute(
            "insert into vault.ledger.gaps values "
            "('G1', 'police_uk_street', 'reported_by', 'Analyst', 'left out', '2023-01-01', '2999-01-01')"
        )
        status, out, _ = run(capsys, "check", path)
        assert status == 0
        assert "registered gap: The column 'Reported by' is not in the file." in out


class TestLand:
    def test_it_takes_the_inbox_when_no_path_is_given(self, shop, capsys):
        (shop.home.inbox / "police").mkdir()
        (shop.home.inbox / "police" / NAME).write_bytes(street())
        (shop.home.inbox / "2023-02-metropolitan-street.csv.gz").write_bytes(gzipped(street(40, "2023-02")))
        assert run(capsys, "land")[0] == 0
        assert shop.one("select count(*) from vault.raw.police_uk_street") == 80
        assert run(capsys, "land")[1].endswith("2 files: 2 already landed\n")

    def test_the_publication_date_is_as_given(self, shop, three, capsys):
        run(capsys, "land", "--published", "2023-03-04", three[0])
        assert shop.execute("select published_on, published_on_basis from vault.ledger.deliveries") == [
            (date(2023, 3, 4), "given")
        ]

    def test_the_source_may_be_said(self, shop, three, capsys):
        assert run(capsys, "land", "--source", "police_uk_street", three[0])[0] == 0


class TestWrongUse:
    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["lend"],
            ["land", "--published", "14/12/2023", "x"],
            ["land", "--published", "2023-02-30", "x"],
            ["status", "extra"],
            ["sample", "--scale", "0"],
        ],
        ids=" ".join,
    )
    def test_it_is_told_and_ends_with_2(self, shop, arguments, capsys):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert "usage: swp" in capsys.readouterr().err

    @pytest.mark.parametrize("verb", ["check", "land"])
    def test_a_path_that_is_not_there_ends_with_2_before_anything_lands(self, shop, three, verb, capsys):
        for missing in ("nowhere.csv", "x" * 300, "no/such/folder"):
            status, _, err = run(capsys, verb, three[0], missing)
            assert status == 2
            assert f"There is no file or folder '{missing}'" in err
        assert shop.one("select count(*) from vault.ledger.deliveries") == 0

    @pytest.mark.parametrize("verb", ["check", "land"])
    def test_an_unknown_source_ends_with_2_and_lists_the_known(self, shop, three, verb, capsys):
        status, _, err = run(capsys, verb, "--source", "crime", three[0])
        assert status == 2
        assert "There is no source 'crime'" in err
        assert "police_uk_street" in err
        assert "Traceback" not in err

    def test_an_interrupt_ends_plainly(self, shop, three, monkeypatch, capsys):
        def interrupted(*arguments, **named):
            raise KeyboardInterrupt

        monkeypatch.setattr(ledger, "record", interrupted)
        status, _, err = run(capsys, "land", three[0])
        assert status == 130
        assert "Run the same command again to go on." in err
