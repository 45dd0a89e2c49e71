"""The dirt of the published files, each kind of it in one small file, landed together and built once."""

from datetime import date, datetime

import pytest

from conftest import (
    BOROUGH_COUNTS,
    CLASSES,
    LSOA_COUNTS,
    RESCUES,
    STOPS,
    STREET,
    WARD_COUNTS,
    Built,
    Workshop,
    days,
    failing_plainly,
    gzipped,
    stop_rows,
    street,
    street_rows,
    table,
)
from swp.gate import judgement

ONLY_2011, ONLY_2021 = "E01033595", "E01035716"  # the same ground in the two vintages
CAUTION = "Offender given a caution"
TRUNCATED = "Racially or Religiously Aggravated Public Fear, Al"
WHOLE = "Racially or Religiously Aggravated Public Fear, Alarm or Distress"


def cells(heading: str, **by_place: str) -> tuple[str, dict[int, str]]:
    return heading, {int(place[1:]): value for place, value in by_place.items()}


def street_files() -> list[tuple[str, str, bytes]]:
    """(published, name, content) of the street files."""
    january = street_rows(64, "2023-01", "Robbery")
    restated = [list(row) for row in january[2:]]
    for row in restated:
        row[STREET.index("Last outcome category")] = CAUTION
    february = street_rows(32, "2023-02", "Robbery") + street_rows(32, "2023-02", "Burglary")
    march = street_rows(40, "2023-03", "Robbery")
    place = {heading: at for at, heading in enumerate(STREET)}
    march[0][place["LSOA code"]] = ONLY_2011
    march[1][place["LSOA code"]] = ONLY_2021
    march[2][place["LSOA code"]] = march[2][place["LSOA name"]] = ""
    march[3][place["Last outcome category"]] = ""
    march[4][place["Longitude"]] = march[4][place["Latitude"]] = ""
    for row in (march[2], march[3]):
        row[place["Longitude"]] = "-0.19"
    repeated = [list(march[5]) for _ in range(2)]
    repeated[0][place["Last outcome category"]] = CAUTION
    without_id = [list(row) for row in street_rows(2, "2023-03", "Robbery", Crime_ID="")]
    moved = street_rows(33, "2023-04", "Robbery")
    moved[32][place["Crime ID"]] = march[6][place["Crime ID"]]
    mostly = street_rows(100, "2023-05", "Robbery")
    return [
        ("2023-03-01", "2023-01-metropolitan-street.csv", b"\xef\xbb\xbf" + table(STREET, january)),
        ("2023-05-01", "2023-01-metropolitan-street.csv.gz", gzipped(table(STREET, restated))),
        ("2023-06-01", "2023-01-metropolitan-street.first-rows.csv", table(STREET, january[:10], eol="\r\n")),
        ("2023-03-01", "2023-02-metropolitan-street.csv", table(STREET, february)),
        (
            "2023-06-01",
            "2023-02-metropolitan-street.burglary.csv",
            street(33, "2023-02", "Burglary", Last_outcome_category=CAUTION),
        ),
        ("2023-05-01", "2023-03-metropolitan-street.csv", table(STREET, [*march, *repeated, *without_id])),
        ("2023-06-01", "2023-04-metropolitan-street.csv", table(STREET, moved)),
        ("2023-07-01", "2023-05-metropolitan-street.csv", table(STREET, mostly)),
        (
            "2023-09-01",
            "2023-05-metropolitan-street.csv",
            table(STREET, [[*r[:10], CAUTION, ""] for r in mostly[:80]]),
        ),
    ]


def stop_files() -> list[tuple[str, str, bytes]]:
    rows = stop_rows(days("2022-12", 17))
    summer = stop_rows(
        ["2022-09-30T22:59:00+00:00", "2022-09-30T23:00:00Z", *days("2022-09", 28)], Gender="Female"
    )
    september = [*stop_rows(days("2022-09", 30)), *stop_rows(["2022-09-30T23:30:00Z"], Gender="Other")]
    return [
        (
            "2023-02-01",
            "2022-12-metropolitan-stop-and-search.csv",
            table(STOPS, [*rows, rows[0], rows[0], rows[4]]),
        ),
        ("2022-11-01", "2022-09-city-of-london-stop-and-search.csv", table(STOPS, summer)),
        ("2022-11-01", "2022-09-metropolitan-stop-and-search.csv", table(STOPS, september)),
        (
            "2022-12-01",
            "2022-10-metropolitan-stop-and-search.csv",
            table(STOPS, stop_rows(days("2022-10", 31))),
        ),
    ]


def counted(area: list[str], counts: list[str], classes=CLASSES) -> list[list[str]]:
    return [[*names, *area, *counts] for names in classes]


def count_files() -> list[tuple[str, str, bytes]]:
    title = [*CLASSES, ("Theft", "Theft from Person"), ("Public Order Offences", TRUNCATED)]
    upper = [
        (a.upper(), b.upper())
        for a, b in [*CLASSES, ("Theft", "Theft from Person"), ("Public Order Offences", WHOLE)]
    ]
    connect = [("THEFT", "THEFT FROM THE PERSON"), *[(a.upper(), b.upper()) for a, b in CLASSES]]
    autumn, winter = ["202210", "202211", "202212"], ["202211", "202212", "202301"]
    heathrow = ["Heathrow Villages", "E05013570"]
    wards = [
        *counted(["West End", "E05013806", "WESTMINSTER"], ["5", "5", "5"], upper),
        *counted([*heathrow, "Hillingdon"], ["3", "3", "3"], title),
        *counted([*heathrow, "Aviation Security (SO18)"], ["4", "4", "4"], title),
    ]
    lsoas = [[ONLY_2021, "Westminster 013G", "E09000033", *names, "2", ""] for names in connect]
    lsoas += [["E01004646", "Westminster 002A", "E09000033", *names, "2", "2"] for names in connect]
    lsoas += [["E01004647", "Westminster 001A", "E09000033", *names, "2", "2"] for names in connect]
    return [
        (
            "2023-02-10",
            "borough_2022.csv",
            table(
                [*BOROUGH_COUNTS, *autumn],
                counted(["Westminster"], ["10", "11", "12"], title)
                + counted(["Unknown"], ["1", "1", "1"], title),
            ),
        ),
        (
            "2023-12-14",
            "borough_2023.csv",
            table([*BOROUGH_COUNTS, *winter], counted(["Westminster"], ["20", "21", "22"], title)),
        ),
        ("2023-12-14", "ward_2022.csv", table([*WARD_COUNTS, *autumn], wards, encoding="cp1252")),
        ("2023-12-14", "lsoa_2022.csv", table([*LSOA_COUNTS, "202210", "202211"], lsoas)),
    ]


def rescue(number: str, when: str, borough: str = "Westminster", category: str = "Dwelling") -> list[str]:
    return [
        number,
        when,
        "Special Service",
        category,
        "E05013806",
        "E09000033",
        borough,
        "364",
        "528650",
        "181150",
        "NULL",
    ]


def rescue_files() -> list[tuple[str, str, bytes]]:
    pound = [heading.replace("£", "￡") for heading in RESCUES]
    old = [rescue("1", "30/09/2022 23:35"), rescue("2", "01/10/2022 00:05", "WESTMINSTER")]
    new = [rescue("3", "2022/10/8 10:04", category="Outdoor caf\u00e9"), rescue("2", "2022/10/1 0:05")]
    return [
        ("2022-11-01", "animal rescue 1.csv", table(RESCUES, old, encoding="cp1252", eol="\r\n")),
        ("2023-01-01", "animal rescue 2.csv", table(pound, new, encoding="gb18030")),
    ]


def unnamed_files() -> list[tuple[str, str, bytes]]:
    """A column that says whose a row is, blank: under a registered gap, and within its threshold."""
    crimes = [[*row[:2], "", *row[3:]] for row in street_rows(5, "2023-06", "Drugs")]
    counts = [[f"E0100{n:04d}", "", "Camden", *CLASSES[n % 8], "2"] for n in range(4647, 4687)]
    counts[9][2] = ""
    return [
        ("2023-08-01", "2023-06-unnamed-street.csv", table(STREET, crimes)),
        ("2023-08-01", "unnamed_lsoa.csv", table([*LSOA_COUNTS, "202306"], counts)),
    ]


FILES = (street_files, stop_files, count_files, rescue_files, unnamed_files)
GAP = "('G1', 'police_uk_street', 'reported_by', 'Analyst', 'left out', '2023-01-01', '2999-01-01')"


def land_everything(shop: Workshop):
    shop.execute(f"insert into vault.ledger.gaps values {GAP}")
    for files in FILES:
        for number, (published, name, content) in enumerate(files()):
            path = shop.put(name, content, f"{files.__name__}-{number}")
            yield from shop.land(path, published=date.fromisoformat(published))


@pytest.fixture(scope="module")
def dirt(built) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judgement, "failing", failing_plainly)
        return built("dirt", land_everything)


def fates(dirt: Built, table_name: str, condition: str = "true") -> dict[str, int]:
    return dict(
        dirt.rows(
            f"select fate, count(*) from vault.intermediate.{table_name} where {condition} group by fate"
        )
    )


def test_every_file_was_taken_whole(dirt):
    told = dirt.rows("select file_name, verdict, rows_delivered, rows_quarantined from fct_deliveries")
    assert len(told) == sum(len(files()) for files in FILES)
    for name, verdict, delivered, quarantined in told:
        assert verdict in ("accepted", "accepted_with_warnings"), name
        assert delivered > 0, name
        assert quarantined == 0, name


class TestPublications:
    def test_a_later_publication_of_a_month_is_used_and_the_earlier_set_aside(self, dirt):
        rows = dirt.rows(
            "select as_at_date, last_outcome, count(*) from fct_crimes "
            "where recorded_month = '2023-01-01' group by all"
        )
        assert rows == [(date(2023, 5, 1), CAUTION, 62)]

    def test_the_first_rows_of_a_file_are_partial_and_replace_nothing(self, dirt):
        assert dirt.rows("select is_partial from fct_deliveries where file_name like '%first-rows%'") == [
            (True,)
        ]
        # 64 of the first publication and 10 of the partial file, whose date is the latest.
        assert fates(dirt, "int_crimes__screened", "month = '2023-01-01'") == {
            "kept": 62,
            "superseded_publication": 74,
        }

    def test_a_file_of_one_type_replaces_that_type_only(self, dirt):
        rows = dirt.rows(
            "select crime_type, as_at_date, count(*) from fct_crimes "
            "where recorded_month = '2023-02-01' group by all order by all"
        )
        assert rows == [("Burglary", date(2023, 6, 1), 33), ("Robbery", date(2023, 3, 1), 32)]

    def test_a_later_file_with_far_fewer_rows_is_partial_in_fact(self, dirt):
        rows = dirt.rows(
            "select as_at_date, last_outcome, count(*) from fct_crimes "
            "where recorded_month = '2023-05-01' group by all"
        )
        assert rows == [(date(2023, 7, 1), "Under investigation", 100)]

    def test_two_publications_of_counts_stand_side_by_side(self, dirt):
        rows = dirt.rows(
            "select as_at_date, recorded_month, crimes from fct_recorded_crime_counts "
            "where area_code = 'E09000033' and offence_code = 'shoplifting' order by all"
        )
        assert rows == [
            (date(2023, 2, 10), date(2022, 10, 1), 10),
            (date(2023, 2, 10), date(2022, 11, 1), 11),
            (date(2023, 2, 10), date(2022, 12, 1), 12),
            (date(2023, 12, 14), date(2022, 11, 1), 20),
            (date(2023, 12, 14), date(2022, 12, 1), 21),
            (date(2023, 12, 14), date(2023, 1, 1), 22),
        ], "months as columns come and go"


class TestCrimes:
    def test_a_repeated_crime_id_counts_once_with_the_outcome_furthest_on(self, dirt):
        repeated = fates(dirt, "int_crimes__screened", "month = '2023-03-01'")
        # Two of the three rows of one ID, and the one that a later file has in another month.
        assert repeated == {"kept": 41, "repeated_crime_id": 3}
        assert dirt.rows(
            "select last_outcome from fct_crimes where recorded_month = '2023-03-01' "
            "and outcome_group is not null and last_outcome <> 'Under investigation'"
        ) == [(CAUTION,)]

    def test_one_crime_in_two_months_is_of_the_later_publication(self, dirt):
        rows = dirt.rows(
            "select recorded_month from fct_crimes where crime_ref_police_uk in "
            "(select crime_ref_police_uk from fct_crimes where recorded_month = '2023-04-01')"
        )
        assert [month for (month,) in rows].count(date(2023, 4, 1)) == len(rows) == 33

    def test_rows_without_a_crime_id_are_all_kept(self, dirt):
        assert dirt.one("select count(*) from fct_crimes where crime_ref_police_uk is null") == 2
        assert dirt.one("select count(*) = count(distinct crime_key) from fct_crimes")

    def test_blank_places_and_outcomes_are_unknown_and_kept(self, dirt):
        march = "from fct_crimes where recorded_month = '2023-03-01'"
        assert dirt.one(f"select count(*) {march} and lsoa_code_given is null") == 1
        assert dirt.one(f"select count(*) {march} and last_outcome is null") == 1
        assert dirt.one(f"select count(*) {march} and longitude is null") == 1

    def test_codes_of_both_vintages_fall_into_one_stable_area(self, dirt):
        rows = dirt.rows(
            "select lsoa_code_given, lsoa_2011_code, lsoa_2021_code, stable_area_code, borough_code "
            f"from fct_crimes where lsoa_code_given in ('{ONLY_2011}', '{ONLY_2021}') order by 1"
        )
        assert rows == [
            (ONLY_2011, ONLY_2011, None, f"SA-{ONLY_2011}", "E09000033"),
            (ONLY_2021, None, ONLY_2021, f"SA-{ONLY_2011}", "E09000033"),
        ]

    def test_a_byte_order_mark_is_no_part_of_a_heading(self, dirt):
        assert dirt.one(
            "select labels['crime_id'] from vault.ledger.deliveries where delivery_id = 'D0001'"
        ) in ("Crime ID", ["Crime ID"])


class TestStops:
    def test_a_stop_at_23_utc_on_the_last_of_september_is_in_october(self, dirt):
        rows = dirt.rows(
            "select stopped_at, stop_date, stop_month, stop_hour from fct_stop_searches "
            "where gender = 'Female' order by 1 desc limit 2"
        )
        assert rows == [
            (datetime(2022, 10, 1, 0, 0), date(2022, 10, 1), date(2022, 10, 1), 0),
            (datetime(2022, 9, 30, 23, 59), date(2022, 9, 30), date(2022, 9, 1), 23),
        ]

    def test_winter_time_is_utc(self, dirt):
        assert dirt.one("select min(stopped_at) from fct_stop_searches where stop_month = '2022-12-01'") == (
            datetime(2022, 12, 1, 12, 0)
        )

    def test_exact_copies_are_set_aside_and_counted(self, dirt):
        assert fates(dirt, "int_stop_searches__screened", "month = '2022-12-01'") == {
            "kept": 17,
            "exact_copy": 3,
        }
        assert (
            dirt.one(
                "select sum(exact_duplicates) from vault.ledger.month_profile where month = '2022-12-01'"
            )
            == 3
        )

    def test_a_month_that_stops_on_the_17th_is_reported_as_partial(self, dirt):
        assert dirt.rows(
            "select distinct is_partial_month from fct_stop_searches where stop_month = '2022-12-01'"
        ) == [(True,)]
        (outcome,) = [o for name, o in dirt.outcomes.items() if name.startswith("2022-12-metropolitan-stop")]
        messages = [finding.message for finding in outcome.inspection.failed]
        assert any("nothing after 17 December 2022" in message for message in messages)

    def test_a_whole_month_is_not_partial(self, dirt):
        assert dirt.rows(
            "select distinct is_partial_month from fct_stop_searches "
            "where stop_month = '2022-10-01' and force_name = 'metropolitan' and gender = 'Male'"
        ) == [(False,)]

    def test_a_stop_that_the_file_of_the_month_before_holds_is_not_lost(self, dirt):
        rows = dirt.rows(
            "select stop_month from fct_stop_searches where force_name = 'metropolitan' and gender = 'Other'"
        )
        assert rows == [(date(2022, 10, 1),)]


class TestCounts:
    def test_a_class_has_one_code_in_all_its_spellings(self, dirt):
        rows = dirt.rows(
            "select source, list(distinct offence_code order by offence_code) from fct_recorded_crime_counts "
            "where offence_code like 'theft_from_person%' or offence_code like 'unclassified%' "
            "group by all order by 1"
        )
        assert rows == [
            ("mps_crime_counts_borough", ["theft_from_person"]),
            ("mps_crime_counts_lsoa", ["theft_from_person"]),
            ("mps_crime_counts_ward", ["theft_from_person"]),
        ]

    def test_a_name_cut_at_50_characters_is_the_whole_name(self, dirt):
        assert len(TRUNCATED) == 50
        rows = dirt.rows(
            "select distinct source from fct_recorded_crime_counts "
            "where offence_code = 'racially_or_religiously_aggravated_public_fear' order by 1"
        )
        assert rows == [("mps_crime_counts_borough",), ("mps_crime_counts_ward",)]

    def test_a_ward_under_two_boroughs_is_one_row_with_both_counts(self, dirt):
        rows = dirt.rows(
            "select recorded_month, crimes, boroughs_listed, borough_code from fct_recorded_crime_counts "
            "where area_code = 'E05013570' and offence_code = 'shoplifting' order by 1"
        )
        assert [(row[1], row[2]) for row in rows] == [(7, 2)] * 3
        assert {row[3] for row in rows} == {"E09000017"}
        assert dirt.one("select count(*) from dim_ward where ward_code = 'E05013570'") == 1
        joined = dirt.one(
            "select sum(crimes) from fct_recorded_crime_counts as counts "
            "inner join dim_ward on counts.area_code = dim_ward.ward_code where counts.area_type = 'ward'"
        )
        assert joined == 3 * (5 + 3 + 4) * 10

    def test_a_borough_called_unknown_is_kept_and_no_borough(self, dirt):
        rows = dirt.rows(
            "select distinct area_code, area_name, borough_code from fct_recorded_crime_counts "
            "where source = 'mps_crime_counts_borough' order by 1"
        )
        assert rows == [("E09000033", "Westminster", "E09000033"), ("X-UNKNOWN", "Unknown", None)]
        assert dirt.one("select count(*) from dim_borough where borough_name = 'Unknown'") == 0
        assert (
            dirt.one("select sum(crimes) from fct_recorded_crime_counts where area_code = 'X-UNKNOWN'") == 30
        )

    def test_capitals_and_codes_name_the_same_borough(self, dirt):
        rows = dirt.rows(
            "select distinct source, borough_code from fct_recorded_crime_counts "
            "where area_code in ('E05013806', 'E01004646') order by 1"
        )
        assert rows == [("mps_crime_counts_lsoa", "E09000033"), ("mps_crime_counts_ward", "E09000033")]

    def test_a_blank_cell_is_no_zero(self, dirt):
        assert fates(dirt, "int_crime_counts__screened", f"area_code = '{ONLY_2021}'") == {
            "kept": 9,
            "blank_count": 9,
        }


class TestCallouts:
    def test_dates_of_three_editions_are_one_time(self, dirt):
        assert dirt.rows("select incident_ref_lfb, called_at from fct_emergency_callouts order by 1") == [
            ("1", datetime(2022, 9, 30, 23, 35)),
            ("2", datetime(2022, 10, 1, 0, 5)),
            ("3", datetime(2022, 10, 8, 10, 4)),
        ]

    def test_each_edition_is_read_in_its_encoding(self, dirt):
        assert dirt.rows(
            "select encoding from vault.ledger.deliveries where source = 'lfb_animal_rescue' order by 1"
        ) == [("cp1252",), ("gb18030",)]
        assert dirt.rows(
            "select property_category from fct_emergency_callouts where incident_ref_lfb = '3'"
        ) == [("Outdoor caf\u00e9",)]

    def test_an_incident_of_two_editions_counts_once(self, dirt):
        assert fates(dirt, "int_callouts__screened") == {"kept": 3, "repeated_incident_number": 1}

    def test_the_word_null_is_nothing(self, dirt):
        assert (
            dirt.one("select count(*) from vault.staging.stg_lfb__animal_rescues where uprn is not null") == 0
        )


# Accepted rows of each delivery (cells of a count file), and those that have a fate.
ACCOUNTED = """
    with accepted as (
        select delivery_id, count(*) as rows from vault.raw.police_uk_street group by all
        union all select delivery_id, count(*) from vault.raw.police_uk_stop_search group by all
        union all select delivery_id, count(*) from vault.raw.lfb_animal_rescue group by all
        union all
        select delivery_id, sum(cardinality(months)) from vault.raw.mps_crime_counts_borough group by all
        union all
        select delivery_id, sum(cardinality(months)) from vault.raw.mps_crime_counts_ward group by all
        union all
        select delivery_id, sum(cardinality(months)) from vault.raw.mps_crime_counts_lsoa group by all
    ),

    screened as (
        select delivery_id, fate from vault.intermediate.int_crimes__screened
        union all select delivery_id, fate from vault.intermediate.int_stop_searches__screened
        union all select delivery_id, fate from vault.intermediate.int_callouts__screened
        union all select delivery_id, fate from vault.intermediate.int_crime_counts__screened
    ),

    judged as (
        select delivery_id, count(fate) as rows from screened group by all
    )

    select deliveries.file_name
    from vault.ledger.deliveries as deliveries
    left join accepted using (delivery_id)
    left join judged using (delivery_id)
    where accepted.rows is distinct from judged.rows
    order by all
"""


def test_rows_in_are_rows_out_and_rows_set_aside_with_a_reason(dirt):
    assert [name for (name,) in dirt.rows(ACCOUNTED) if "unnamed" not in name] == []


@pytest.mark.parametrize("name", ["2023-06-unnamed-street.csv", "unnamed_lsoa.csv"])
def test_rows_without_a_publisher_or_borough_are_not_lost(dirt, name):
    assert name not in [lost for (lost,) in dirt.rows(ACCOUNTED)]


@pytest.mark.parametrize(
    ("screened", "facts"),
    [
        ("int_crimes__screened", "fct_crimes"),
        ("int_stop_searches__screened", "fct_stop_searches"),
        ("int_callouts__screened", "fct_emergency_callouts"),
    ],
)
def test_what_is_kept_is_in_the_fact(dirt, screened, facts):
    assert fates(dirt, screened)["kept"] == dirt.one(f"select count(*) from {facts}")


def test_the_kept_counts_are_in_the_fact(dirt):
    kept = "select sum(crimes) from vault.intermediate.int_crime_counts__screened where fate = 'kept'"
    assert dirt.one(kept) == dirt.one("select sum(crimes) from fct_recorded_crime_counts")
