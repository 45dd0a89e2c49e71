"""The workbook of a recommendation says what its numbers are, and nothing in it is a formula."""

from datetime import UTC, datetime

import duckdb
import openpyxl
import pytest

from swp.publishing.workbooks import Edition, write_workbooks

FORMULA = '=HYPERLINK("http://example.invalid";"look")'
EDITION = Edition("partner", datetime(2024, 2, 1, 9, 30, tzinfo=UTC), "2024-01-31")
PUBLISHED = f"""
create schema reference;
create schema marts;
create table reference.recommendations as select * from (values
    ('R08', 'Case reviews', 'How many people asked for a case review?', 'mart_r08_asb_case_reviews'),
    ('R09', 'Hate crime', 'Is it answered?', 'mart_r09_not_published')
) as given (recommendation_id, short_name, question, mart_name);
create table reference.measures as
    select 'applications' as measure_id, 'Applications' as measure_name, 'All of them.' as description;
create table reference.definitions as select
    'asb_2014' as definition_id, 'Statute' as name, 'As the Act says.' as definition, 'The Act' as source;
create table reference.sources as
    select 'S32' as source_id, 'Case reviews' as source_name, 'Westminster City Council' as supplier;
create table marts.mart_r08_asb_case_reviews as
    select
        'applications' as measure_id, 'Applications' as measure_name, 'review_year' as period_type,
        date '2022-10-01' as period_start, date '2023-09-30' as period_end, given.*,
        'asb_2014' as definition_id, 'S32' as source_ids, 'synthetic' as data_origin,
        date '2023-10-16' as as_at_date
    from (values
        ('borough', 'all', 'all', 80.0::double, 'ok', null),
        ('borough', '{FORMULA}', 'all', 0.0::double, 'ok', null),
        ('ward', 'all', 'all', null, 'not_supplied', 'Nothing was delivered for this period.')
    ) as given (area_type, breakdown, breakdown_2, value, status, status_reason);
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    file = tmp_path_factory.mktemp("published") / "community_safety.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(PUBLISHED)
    return file


@pytest.fixture(scope="module")
def books(database):
    return write_workbooks(database, database.parent / "workbooks", EDITION)


def cells(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_recommendation_whose_mart_is_not_published_has_no_workbook(books):
    assert [book.name for book in books] == ["R08_asb_case_reviews.xlsx"]


def test_the_cover_says_what_was_asked_of_what_sources_at_what_date_and_that_it_is_synthetic(books):
    cover = cells(openpyxl.load_workbook(books[0])["About"])
    said = "\n".join(str(cell) for row in cover for cell in row if cell)
    for fact in (
        "SYNTHETIC SAMPLE",
        "How many people asked for a case review?",
        "Profile partner",
        "01 February 2024, 09:30 UTC",
        "2022-10-01 to 2023-09-30",
        "S32: Case reviews (Westminster City Council)",
        "2 of 3 observations have a value.",
        "not_supplied: 1 (Nothing was delivered for this period.)",
    ):
        assert fact in said


def test_a_text_that_looks_like_a_formula_stays_text(books):
    sheet = openpyxl.load_workbook(books[0])["Borough"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_rows_stand_in_a_table_and_what_is_missing_is_an_empty_cell_and_not_nought(books):
    book = openpyxl.load_workbook(books[0])
    assert list(book["Borough"].tables) == ["R08_Borough"]
    assert book["Borough"].tables["R08_Borough"].ref == "A1:M3"
    wards = cells(book["Wards"])
    assert wards[1][wards[0].index("value")] is None
    assert wards[1][wards[0].index("status")] == "not_supplied"
    borough = cells(book["Borough"])
    values = {row[borough[0].index("breakdown")]: row[borough[0].index("value")] for row in borough[1:]}
    assert values == {"all": 80, FORMULA: 0}


def test_definitions_stand_beside_the_numbers(books):
    definitions = cells(openpyxl.load_workbook(books[0])["Definitions"])
    assert definitions[1] == ["Applications", "All of them.", "Statute: As the Act says.", "The Act"]


def test_the_same_publication_gives_the_same_bytes(books, database):
    again = write_workbooks(database, database.parent / "again", EDITION)
    assert again[0].read_bytes() == books[0].read_bytes()


def test_a_file_without_recommendations_gives_no_workbooks_and_no_folder(tmp_path):
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    assert write_workbooks(tmp_path / "empty.duckdb", tmp_path / "workbooks", EDITION) == []
    assert not (tmp_path / "workbooks").exists()
