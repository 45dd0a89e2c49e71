"""The delivery report: verdict first, nothing from elsewhere, and no value of the file anywhere."""

import io
import re
import stat
from datetime import date
from html.parser import HTMLParser
from zipfile import ZipFile

import openpyxl
import pytest

from conftest import MARKER, STOPS, STREET, days, stop_rows, street, street_rows, table, with_cells
from swp import vault
from swp.contracts import contract_named
from swp.steward import delivery_report, report_facts, report_html, report_xlsx
from swp.steward.report_facts import Month, gather

pytestmark = pytest.mark.usefixtures("plain_judge")

NAME = "2023-01-metropolitan-street.csv"
VOID = {"meta", "br", "rect", "line", "link", "img"}


def written(shop, delivery_id="D0001"):
    with vault.opened(shop.home, read_only=True) as connection:
        return delivery_report.write_all(connection, shop.home, delivery_id)


def facts_of(shop, delivery_id="D0001"):
    with vault.opened(shop.home, read_only=True) as connection:
        return gather(connection, delivery_id)


def dirty(rows=40, faulty=2, **cells):
    bad = dict.fromkeys(range(faulty), MARKER)
    return table(STREET, with_cells(street_rows(rows, **cells), STREET, "Crime type", bad))


class Page(HTMLParser):
    """What a reader, or a screen reader, meets: tags in order, links out, headings, unclosed tags."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.links, self.unnamed, self.text = [], [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.links += [value for name, value in attributes.items() if name in ("src", "href", "xlink:href")]
        if attributes.get("role") == "img" and not {"aria-label", "aria-labelledby"} & set(attributes):
            self.unnamed.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(shop):
    shop.land_one(NAME, dirty())
    html = written(shop)[0].read_text(encoding="utf-8")
    page = Page(html)
    assert page.open == []
    assert page.links == []
    assert page.unnamed == []
    assert "<script" not in html
    assert not re.search(r"url\((?!#)|@import|https?:", html)
    assert page.headings[0] == "h1"
    assert set(page.headings) == {"h1", "h2", "h3"}
    assert 'lang="en-GB"' in html


def test_verdict_then_what_to_mend_then_completeness_then_volume_then_rows(shop):
    shop.land_one(NAME, dirty(Longitude=""))
    text = Page(written(shop)[0].read_text(encoding="utf-8")).text
    places = [
        text.index(words)
        for words in (
            "Accepted, with warnings",
            "What to mend",
            "Completeness by field",
            "Volume by month",
            "Rows set aside\n",
        )
    ]
    assert places == sorted(places)
    assert "Too many blanks: Longitude" in text
    assert "What we ask of you:" in text
    assert "R16" in text


def test_the_worst_comes_first(shop):
    shop.land_one(NAME, dirty(Longitude=""))
    severities = [finding.severity for finding in facts_of(shop).findings]
    order = ["reject", "quarantine", "gap", "warning", "info"]
    assert severities == sorted(severities, key=order.index)
    assert severities[0] == "quarantine"


def test_no_value_of_the_file_is_shown(shop):
    content = dirty(Location=MARKER, Falls_within=MARKER, Crime_ID=MARKER)
    content = content.replace(b"Metropolitan Police Service", MARKER.encode())
    shop.land_one(NAME, content)
    page, book = written(shop)
    assert MARKER not in page.read_text(encoding="utf-8")
    with ZipFile(book) as archive:
        assert not any(MARKER.encode() in archive.read(name) for name in archive.namelist())


def test_the_files_are_their_owners_only(shop):
    shop.land_one(NAME, dirty())
    for path in written(shop):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.name.startswith("D0001-2023-01-metropolitan-street.csv.")
    assert not [path for path in shop.home.reports.iterdir() if path.name.startswith(".")]


def test_a_file_name_with_markup_is_only_text(shop):
    shop.land_one("<script>alert(1)'\"street.csv", street(40))
    html = written(shop)[0].read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_rejected_file_has_a_report_that_says_what_to_send(shop):
    outcome = shop.land_one("holidays.csv", b"where,when\nBrighton,June\n")
    text = Page(written(shop, outcome.delivery_id)[0].read_text(encoding="utf-8")).text
    assert "Rejected" in text
    assert "Nothing of this file was loaded" in text
    assert "Completeness by field" not in text


def test_nothing_wrong_means_no_workbook_and_one_that_became_empty_goes(shop):
    shop.land_one(NAME, street(40))
    stale = shop.home.reports / "D0001-2023-01-metropolitan-street.csv.xlsx"
    stale.write_bytes(b"old")
    (page,) = written(shop)
    assert not stale.exists()
    assert "Nothing was found to be wrong." in page.read_text(encoding="utf-8")


def test_the_sample_is_marked_on_page_and_workbook(shop):
    shop.land_one(NAME, dirty())
    shop.execute("update vault.ledger.deliveries set data_origin = 'synthetic'")
    page, book = written(shop)
    assert "SYNTHETIC" in page.read_text(encoding="utf-8")
    assert openpyxl.load_workbook(book)["What to mend"]["A1"].value.startswith("SYNTHETIC")


def test_the_page_lists_200_rows_and_the_total_and_the_workbook_all(shop):
    shop.land_one(NAME, dirty(2000, 250))
    page, book = written(shop)
    text = Page(page.read_text(encoding="utf-8")).text
    assert "250 rows are not counted until mended" in text
    assert "The first 200 of 250 rows; the workbook beside this page lists all." in text
    rows = list(openpyxl.load_workbook(book)["Rows set aside"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 250
    assert rows[0] == (2, "Crime type", "is not in the code list")


def test_completeness_tells_the_lacking_field_first_with_its_limit(shop):
    shop.land_one(NAME, dirty(Longitude=""))
    field = facts_of(shop).fields[0]
    assert (field.label, field.state, field.filled_pct, field.accepted_pct) == ("Longitude", "short", 0, 90)
    assert next(each for each in facts_of(shop).fields if each.label == "Crime type").out_of_list == 2


def test_months_missing_cut_short_and_unusual_are_marked(shop):
    usual = [time for month in ("2022-09", "2022-10", "2022-11", "2022-12") for time in days(month)]
    many = [time for hour in ("01", "02", "03") for time in days("2023-02", 28, f"{hour}:00:00")]
    times = [*usual, *many, *days("2023-03", 12)]
    shop.land_one("2022-09-metropolitan-stop-and-search.csv", table(STOPS, stop_rows(times)))
    facts = facts_of(shop)
    months = {f"{month.month:%Y-%m}": month for month in facts.months}
    assert months["2023-01"].is_missing
    assert months["2023-02"].is_unusual
    assert months["2023-03"].is_cut_short
    assert not months["2022-10"].is_unusual
    drawn = report_html.chart(facts.months)
    assert [bar.kind for bar in drawn.bars] == ["here"] * 4 + ["missing", "here", "partial"]
    assert "missing: Jan 2023" in drawn.summary
    assert "cut short: Mar 2023" in drawn.summary
    assert all(bar.x >= 0 and bar.x + bar.width <= drawn.width and bar.y >= 0 for bar in drawn.bars)


def test_other_deliveries_show_what_is_usual(shop):
    for number, month in enumerate(("2022-10", "2022-11", "2022-12", "2023-01", "2023-02")):
        shop.land_one(f"{month}-metropolitan-street.csv", street(40 + number, month))
    months = facts_of(shop, "D0005").months
    assert [month.is_here for month in months] == [False] * 4 + [True]
    assert months[-1].usual == 41.5


def test_a_long_history_is_cut_to_the_latest_months():
    months = tuple(
        Month(date(2000 + place // 12, place % 12 + 1, 1), 5, None, True, False, False, None)
        for place in range(36)
    )
    assert len(report_html.chart(months).bars) == 36
    assert report_html.chart(()) is None


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert report_xlsx.safe(text) == f"'{text}"
    assert report_xlsx.safe("Crime type") == "Crime type"


def test_a_heading_that_is_a_formula_is_text_in_the_workbook(shop):
    rows = [[*row, "1"] for row in street_rows(40)]
    shop.land_one("=1+1 street.csv", table([*STREET, "=cmd|' /C calc'!A0"], rows))
    book = openpyxl.load_workbook(io.BytesIO(written(shop)[1].read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(str(cell.value).startswith(("=", "+", "-", "@")) for cell in cells)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_enough_contrast_in_light_and_dark():
    source = (report_html._HERE / "delivery_report.html.j2").read_text(encoding="utf-8")
    palettes = [
        dict(re.findall(r"--(\w+): (#\w{6})", block))
        for block in re.findall(r":root \{(.*?)\}", source, re.S)
    ]
    assert len(palettes) == 2
    for palette in palettes:
        for text in ("ink", "soft", "good", "warn", "bad", "note"):
            for ground in ("paper", "panel"):
                light, dark = sorted((luminance(palette[text]), luminance(palette[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_a_column_that_the_law_asks_for_is_asked_for_with_the_law():
    column = contract_named("lfb_incident").column("stop_code")
    message = f"The column 'StopCodeDescription' is not in the file. {column.asking}"
    told = report_facts._told(column, "column_is_delivered", column.label, "gap", 1, message)
    assert told.ask.startswith("Please add the column 'StopCodeDescription'")
    assert told.ask.endswith("SI 2007/1831).")
    assert told.message == "The column 'StopCodeDescription' is not in the file."
