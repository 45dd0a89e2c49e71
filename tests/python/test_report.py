"""The report's two files, from a published file of a few rows."""

import re

import duckdb
import pytest
import yaml

from published_file import WARDS, months, observation, write
from swp.cli import main
from swp.report import FILE_NAME, html, pdf
from swp.report.appendices import APPENDICES
from swp.report.bars import stack
from swp.report.blocks import Figure, Gap, numbered
from swp.report.compose import CONTENTS, Composer
from swp.report.extras import ages
from swp.report.maps import TILES_NOTE, area_map, wound
from swp.report.reader import Published
from swp.report.series import control_limits, rolling_means
from swp.report.wording import Labels

SQUARE = '{"type":"Polygon","coordinates":[[[0,51],[0.1,51],[0.1,51.1],[0,51.1],[0,51]]]}'
WARD_CRIMES = [
    observation("crimes_recorded", value, area_type="ward", area_code=code, area_name=name)
    for value, (code, name) in zip((600.0, 500.0), WARDS.items(), strict=True)
]
ROWS = [
    observation("crimes_recorded", 1100.0, previous_value=1000.0, change_is_beyond_chance=True),
    *months("crimes_recorded", [float(90 + month % 7) for month in range(23)] + [300.0]),
    *WARD_CRIMES,
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A document of two chapters and an appendix, and its two files."""
    folder = tmp_path_factory.mktemp("report")
    published = Published(write(folder / "published.duckdb", ROWS))
    document = Composer(published).document("partner", ["overview", "terrorism", "method"])
    published.close()
    names = numbered(document)
    page = html.write(document, names, folder / "assessment.html").read_text(encoding="utf-8")
    return document, page, pdf.write(document, folder / "assessment.pdf").read_bytes()


def test_the_page_asks_for_nothing_from_elsewhere(written):
    _, page, _ = written
    sources = re.findall(r"""(?:src|href|action)=["']([^"']*)""", page)
    assert sources
    assert all(source.startswith(("#", "data:")) for source in sources)
    assert not re.search(r"@import|url\(|<script|<iframe|<object", page)


def test_drawings_name_no_place_but_the_namespaces(written):
    document, _, _ = written
    svgs = [
        block.svg for chapter in document.chapters for block in chapter.blocks if isinstance(block, Figure)
    ]
    assert svgs
    for svg in svgs:
        assert set(re.findall(r"https?://[^\"'\s]*", svg)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }


def test_every_figure_has_a_text_alternative_from_the_data_and_its_table(written):
    _, page, _ = written
    alternatives = re.findall(r'<img alt="([^"]*)"', page)
    assert alternatives
    assert len(alternatives) == page.count("<details>")
    assert "Highest 300 in September 2023" in alternatives[0]
    assert "Outside the control limits: September 2023" in alternatives[0]


def test_synthetic_data_are_marked_in_both(written):
    document, page, _ = written
    assert document.is_synthetic
    assert 'class="watermark"' in page
    assert "no figure describes a real event" in page


def test_figures_without_data_are_gaps_and_the_numbers_have_no_holes(written):
    document, page, _ = written
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    assert any(isinstance(block, Gap) and block.asks == [] for block in blocks)
    numbers = [int(number) for number in re.findall(r"<figcaption><b>Figure (\d+)", page)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_pdf_is_tagged_and_says_that_it_is_pdf_ua(written):
    _, _, content = written
    assert content.startswith(b"%PDF-")
    assert re.search(rb"pdfuaid:part\W+1|<pdfuaid:part>1<", content)
    assert b"/MarkInfo" in content
    assert b"/StructTreeRoot" in content


def test_rolling_means_wait_for_a_whole_year():
    means = rolling_means([1.0] * 11 + [13.0, 1.0])
    assert means[:11] == [None] * 11
    assert means[11:] == [2.0, 2.0]


def test_control_limits_follow_the_mean_moving_range():
    lower, upper = control_limits([10.0, 12.0, 10.0, 12.0])
    assert lower == pytest.approx(11 - 2.66 * 2)
    assert upper == pytest.approx(11 + 2.66 * 2)


@pytest.mark.parametrize("with_shapes", [True, False])
def test_a_map_is_of_boundaries_or_else_of_tiles(tmp_path, with_shapes):
    shapes = dict.fromkeys(WARDS, SQUARE) if with_shapes else None
    published = Published(write(tmp_path / "published.duckdb", ROWS, shapes))
    drawing = area_map(published, Labels(published), {"measure": "crimes_recorded", "area": "ward"})
    published.close()
    assert (drawing.note == TILES_NOTE) is not with_shapes
    assert "Highest: Abbey Road 600, Bayswater 500" in drawing.alt
    assert "500" in drawing.svg()


def test_outer_rings_are_turned_clockwise():
    ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    assert wound({"type": "Polygon", "coordinates": [ring]})["coordinates"] == [ring[::-1]]
    assert wound({"type": "MultiPolygon", "coordinates": [[ring[::-1]]]})["coordinates"] == [[ring[::-1]]]


def test_a_bar_with_a_withheld_part_is_not_drawn_as_if_it_were_nought(tmp_path):
    def row(measure: str, category: str, numerator: float | None) -> dict:
        return observation(
            measure, numerator and 50.0, unit="percent", breakdown="residence", category=category,
            numerator=numerator, denominator=20.0, unknown_count=20,
        )  # fmt: skip

    rows = [row("a", "resident", 10.0), row("a", "other_london", 10.0)]
    rows += [row("b", "resident", 10.0), row("b", "other_london", None)]
    published = Published(write(tmp_path / "published.duckdb", rows + ROWS))
    bars = [{"name": "Victims", "measure": "a"}, {"name": "Accused", "measure": "b"}]
    spec = {"bars": bars, "breakdown": "residence", "order": ["resident", "other_london"]}
    drawing = stack(published, Labels(published), spec)
    published.close()
    assert [line[0] for line in drawing.rows] == ["Victims"]
    assert drawing.rows[0][1:] == ["40", "25.0%", "25.0%", "50.0%"]
    assert "Withheld in part, and not drawn: Accused" in drawing.note


def test_without_a_publication_the_command_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SWP_HOME", str(tmp_path))
    assert main(["report"]) == 1
    assert "Run 'swp publish' first" in capsys.readouterr().err


def test_a_table_of_its_own_grain_is_shown_with_what_is_lacking_in_it_and_is_a_gap_where_there_is_none(
    tmp_path,
):
    path = write(tmp_path / "published.duckdb", ROWS)
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create table marts.mart_risk_factors as
            select * from (values
                (1, true, 'Exclusions', 9.5::double, 'ok', null),
                (2, true, 'Carers', null, 'not_supplied', 'Please send carers.'),
                (3, false, 'Old', 1.0, 'ok', null)
            ) as factors (factor_order, is_latest, factor_name, value, status, ask)
        """)
    published = Published(path)
    composer = Composer(published)
    factors, actions = APPENDICES["factors"](composer)[0], APPENDICES["actions"](composer)[0]
    published.close()
    assert factors.columns == ["Factor", "Borough", "Asked"]
    assert factors.rows == [["Exclusions", "9.5", "-"], ["Carers", "not supplied", "Please send carers."]]
    assert isinstance(actions, Gap)
    assert actions.title == "Action tracker: not supplied"


def test_the_command_writes_every_chapter_even_where_nearly_nothing_is_known(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "published" / "current" / "partner"
    folder.mkdir(parents=True)
    write(folder / FILE_NAME, ROWS)
    monkeypatch.setenv("SWP_HOME", str(tmp_path))
    assert (
        main(["report", "--profile", "partner", "--period", "2022-10", "--output", str(tmp_path / "out")])
        == 0
    )
    told = capsys.readouterr().out
    assert "assessment.html" in told
    assert re.search(r"\d+ figures, \d+ tables; [1-9]\d* things could not be measured", told)
    page = (tmp_path / "out" / "assessment.html").read_text(encoding="utf-8")
    contents = yaml.safe_load(CONTENTS.read_text(encoding="utf-8"))
    for key in [*contents["chapters"], *contents["appendices"]]:
        assert f'<h1 id="{key}">' in page, key
    assert all(f'id="ward-{code}"' in page for code in WARDS)
    assert (tmp_path / "out" / "assessment.pdf").read_bytes().startswith(b"%PDF-")
    assert main(["report", "--profile", "partner", "--period", "2019-10"]) == 2


def test_withheld_cells_of_the_pyramid_are_left_out_and_said(tmp_path):
    path = write(tmp_path / "published.duckdb", ROWS)
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create table marts.mart_person_ages as
            select date '2022-10-01' as period_start, 'victim' as person_role, * from (values
                ('under 18', 'F', 30), ('under 18', 'M', 10), ('65 and over', 'M', null), ('unknown', 'F', 7)
            ) as ages (age_band, sex, persons)
        """)
    published = Published(path)
    drawing = ages(published, Labels(published), {"role": "victim"})
    published.close()
    assert drawing.rows[0] == ["under 18", "75.0", "25.0"]
    assert "Female 7" in drawing.note
    assert drawing.note.endswith("Known: 40. 1 withheld cells are left out.")
