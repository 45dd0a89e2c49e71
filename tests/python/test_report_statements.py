"""The report's sentences: worked out, with base and comparison, and a gap in place of what is not known."""

import contextlib
import re
from datetime import date
from string import Formatter
from types import SimpleNamespace

import pytest
import yaml

from published_file import END, START, observation, write
from swp.contracts import seed_rows
from swp.errors import WrongUse
from swp.paths import PROJECT
from swp.report.blocks import Gap, Statement
from swp.report.compose import CHAPTERS
from swp.report.reader import Observation, Published
from swp.report.statements import Statements, direction
from swp.report.tables import recommendations
from swp.report.wording import Labels

SAY = {"say": "The police recorded {value} crimes in {area}.", "measure": "crimes_recorded"}
PROSE = {"say", "note", "notes", "title", "section", "caption", "label"}
NUMBER_WORDS = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|third|quarter|dozen"
    r"|hundred|thousand|million|twice|double)\b",
    re.IGNORECASE,
)
# Half and quarter as a part of a measure's own name.
NAMED = ("hold half of all crime", "latest quarter")


@pytest.fixture
def said(tmp_path):
    """The statement of an entry over observations."""
    opened = []

    def say(spec: dict, *observations: dict):
        published = Published(write(tmp_path / f"{len(opened)}.duckdb", list(observations)))
        opened.append(published)
        return Statements(published, Labels(published)).statement(spec)

    yield say
    for published in opened:
        published.close()


def crimes(value: float, **cells) -> dict:
    return observation("crimes_recorded", value, **cells)


def test_a_statement_gives_value_period_source_and_comparison(said):
    made = said(SAY, crimes(1100, previous_value=1000.0, change_is_beyond_chance=True))
    assert made.text == (
        "The police recorded 1,100 crimes in Westminster. That is 10.0% more than in the period before "
        "(1,000); chance alone does not explain it."
    )
    assert made.basis == "October 2022 to September 2023; as known on 12 December 2023; source S17"


def test_a_statement_changes_with_the_data(said):
    made = said(SAY, crimes(900, previous_value=1000.0, change_is_beyond_chance=False))
    assert "900 crimes" in made.text
    assert "10.0% less" in made.text
    assert "within chance" in made.text


def test_a_share_gives_its_base_its_interval_and_the_unknown(said):
    share = observation(
        "victims_by_person", 25.0, unit="percent", numerator=50.0, denominator=200.0, unknown_count=31,
        ci_lower=19.5, ci_upper=31.4,
    )  # fmt: skip
    made = said({"say": "{value} live here.", "measure": "victims_by_person"}, share, crimes(1))
    assert "50 of 200; 31 unknown; interval 19.5% to 31.4%" in made.basis
    assert "No like period before" in made.text


def test_where_a_source_has_part_of_the_year_before_like_months_are_compared(said):
    like = crimes(
        500, previous_value=400.0, period_type="like_for_like", period_start=date(2022, 12, 1),
        change_is_beyond_chance=True,
    )  # fmt: skip
    made = said(SAY, crimes(1100), like)
    assert "1,100 crimes" in made.text
    assert "(December 2022 to September 2023) it is 500. That is 25.0% more" in made.text


def test_no_value_makes_a_gap_that_says_what_was_asked_of_whom(said):
    spec = {"say": "{value} were victims again.", "measure": "repeat_victimisation_share"}
    lacking = observation(
        "repeat_victimisation_share",
        None,
        unit="percent",
        source_ids="S11",
        status_reason="The flag is lacking.",
    )
    made = said(spec, lacking, crimes(1))
    assert isinstance(made, Gap)
    assert made.title == "Repeat victimisation share: not supplied"
    assert made.reason == "The flag is lacking."
    asked = "Asked on 1 November 2023 of Metropolitan Police Service: Please send the repeat victim flag."
    assert made.asks == [asked]


def test_a_measure_without_any_row_is_a_gap(said):
    made = said({"say": "{value} were victims again.", "measure": "repeat_victimisation_share"}, crimes(1))
    assert isinstance(made, Gap)
    assert made.asks


def test_a_withheld_value_is_said_to_be_withheld_and_asks_for_nothing(said):
    withheld = observation("hate_crimes", None, status="suppressed", status_reason="Small counts.")
    made = said({"say": "{value} hate crimes.", "measure": "hate_crimes"}, withheld, crimes(1))
    assert made.title == "Hate crimes: withheld to protect persons"
    assert made.asks == []


def test_leaders_stand_in_order_and_chance_between_them_is_said(said):
    bounds = {"unit": "percent", "breakdown": "strand"}
    rows = [
        observation("strands", 40.0, category="race", ci_lower=35.0, ci_upper=45.0, **bounds),
        observation("strands", 38.0, category="religion", ci_lower=33.0, ci_upper=43.0, **bounds),
        observation("strands", 90.0, category="unknown", **bounds),
        observation("strands", None, category="disability", status="low_base", **bounds),
    ]
    spec = {"say": "Most were {leaders}.", "measure": "strands", "breakdown": "strand", "leaders": True}
    made = said(spec, *rows, crimes(1))
    assert made.text.startswith("Most were Race (40.0%) and Religion (38.0%).")
    assert "Chance alone could change the order" in made.text
    assert "1 of 4 have no value" in made.basis


def test_a_comparison_of_areas_is_within_chance_where_intervals_overlap(said):
    force = {"area_type": "force", "area_code": "MPS", "area_name": "London"}
    here = observation("rate", 30.0, unit="percent", ci_lower=25.0, ci_upper=35.0)
    there = observation("rate", 28.0, unit="percent", ci_lower=27.0, ci_upper=29.0, **force)
    spec = {"say": "{value} against {other}: {against}.", "measure": "rate", "against": {"area": "force"}}
    made = said(spec, here, there)
    assert isinstance(made, Statement)
    assert made.text == "30.0% against 28.0%: higher, but within chance."


@pytest.mark.parametrize(
    ("value", "beyond", "polarity", "told"),
    [
        (900, True, "lower_is_better", "better (-10.0%)"),
        (1100, True, "lower_is_better", "worse (+10.0%)"),
        (1100, True, "higher_is_better", "better (+10.0%)"),
        (900, True, "higher_is_better", "worse (-10.0%)"),
        (900, True, "neutral", "no clear direction (-10.0%)"),
        (900, False, "lower_is_better", "within chance (-10.0%)"),
        (900, None, "lower_is_better", "chance not tested (-10.0%)"),
    ],
)
def test_better_and_worse_are_said_beyond_chance_only(value, beyond, polarity, told):
    one = Observation(**crimes(value, previous_value=1000.0, change_is_beyond_chance=beyond))
    assert direction(one, polarity) == told
    assert direction(Observation(**crimes(value)), polarity) == "no comparison"


def test_more_reports_are_neither_better_nor_worse():
    polarity = {row["measure_id"]: row["polarity"] for row in seed_rows("measures")}
    reports = (
        "hate_crimes",
        "crimes_by_definition",
        "referrals",
        "stop_searches",
        "asb_incidents",
        "asb_cases",
    )
    assert {polarity[measure] for measure in reports} == {"neutral"}


def test_the_recommendations_say_which_way_their_measure_went(tmp_path):
    path = write(
        tmp_path / "published.duckdb",
        [
            crimes(900, previous_value=1000.0, change_is_beyond_chance=True),
            observation("referrals", 900, previous_value=1000.0, change_is_beyond_chance=True),
        ],
        polarities={"crimes_recorded": "lower_is_better", "referrals": "neutral"},
    )
    with contextlib.closing(Published(path)) as published:
        said = Statements(published, Labels(published))
        composer = SimpleNamespace(published=published, statements=said, labels=said.labels)
        told = {}
        for measure in ("crimes_recorded", "referrals"):
            spec = {"key": "k", "caption": "c", "evidence": {"R03": {"measure": measure}}}
            (table,) = recommendations(composer, spec)
            told[measure] = table.rows[0][3]
    assert told == {"crimes_recorded": "better (-10.0%)", "referrals": "no clear direction (-10.0%)"}


def test_a_period_that_the_file_has_not_is_refused_with_those_that_it_has(tmp_path):
    path = write(tmp_path / "published.duckdb", [crimes(1)])
    published = Published(path, START)
    assert (published.period_start, published.period_end) == (START, END)
    published.close()
    with pytest.raises(WrongUse, match="2022-10"):
        Published(path, date(2019, 10, 1))


def _entries(part, name=""):
    """(key, value) of every text in a chapter's data."""
    if isinstance(part, dict):
        for key, inner in part.items():
            yield from _entries(inner, key)
    elif isinstance(part, list):
        for inner in part:
            yield from _entries(inner, name)
    elif isinstance(part, str):
        yield name, part


@pytest.mark.parametrize("path", sorted(CHAPTERS.glob("*.yml")), ids=lambda path: path.stem)
def test_no_number_is_typed_in_a_chapter(path):
    chapter = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, text in _entries(chapter):
        words = re.sub(r"\{\w+\}", "", text)
        for named in NAMED:
            words = words.replace(named, "")
        if key in PROSE or (key == "name" and " " in text):
            assert not NUMBER_WORDS.search(words), text


def test_no_number_is_worded_in_a_template():
    for template in (CHAPTERS.parent / "templates").iterdir():
        text = template.read_text(encoding="utf-8")
        prose = re.sub(r"<style>.*?</style>|<[^>]*>|\{[{%].*?[%}]\}", " ", text, flags=re.DOTALL)
        prose = prose if template.suffix == ".j2" else " ".join(re.findall(r"\[([A-Z][^\[\]#]*)\]", prose))
        assert not NUMBER_WORDS.search(prose), template.name


def test_chapters_name_measures_that_exist_and_words_that_are_known():
    listed = (PROJECT / "seeds" / "measures.csv").read_text(encoding="utf-8").splitlines()
    known = {line.split(",")[0] for line in listed}
    words = {"value", "previous", "area", "category", "category_lower", "number", "period", "reason"}
    words |= {"leaders", "first", "first_value", "last", "last_value", "of"}
    words |= {"other", "other_area", "other_category", "against"}
    for path in CHAPTERS.glob("*.yml"):
        for key, text in _entries(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if key == "measure":
                assert text in known, f"{path.name}: {text}"
            if key in ("say", "label"):
                named = {name for _, name, _, _ in Formatter().parse(text) if name}
                assert all(name in words or name.startswith("p_") for name in named), text
