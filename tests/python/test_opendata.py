"""What the real public files must come to. They are skipped, and say so, where the files are absent."""

from datetime import date

import pytest

from conftest import OPENDATA, Built, Workshop, failing_plainly
from swp.gate import judgement

pytestmark = [
    pytest.mark.opendata,
    pytest.mark.skipif(not OPENDATA.is_dir(), reason=f"the public files are absent: no {OPENDATA}"),
]

REVIEW_YEAR = (
    "from fct_recorded_crime_counts where borough_code = 'E09000033' "
    "and recorded_month between '2022-10-01' and '2023-09-01' and source = "
)
BOROUGH, WARD = f"{REVIEW_YEAR}'mps_crime_counts_borough'", f"{REVIEW_YEAR}'mps_crime_counts_ward'"
MARTS = (
    "mart_r01_prevention",
    "mart_cost_of_crime",
    "mart_r16_high_crime_lsoas",
    "mart_r19_theft_action_plan",
)
# Totals that the assessment prints in Appendix 3, in pounds. Its row for criminal damage repeats the number
# of crimes of commercial burglary, so it is left out.
PRINTED_COSTS = {
    "Theft from person": 82_979_562,
    "Violence with injury": 70_759_804,
    "Personal robbery": 55_337_590,
    "Violence without injury": 53_630_862,
    "Commercial burglary": 29_930_677,
    "Rape": 20_457_033,
    "Homicide": 11_695_061,
    "Domestic burglary": 10_934_517,
    "Other sexual offences": 9_194_558,
    "Theft of vehicle": 9_038_236,
    "Commercial theft": 5_361_142,
    "Commercial robbery": 4_343_296,
    "Theft from vehicle": 3_962_067,
    "Criminal damage - arson": 438_643,
}
FOLDERS = ("police_uk", "lfb", "population", "deprivation")


def land_everything(shop: Workshop):
    together = [OPENDATA / "mps_recorded_crime", OPENDATA / "geography"]
    yield from shop.land(*together, published=date(2023, 12, 14))
    yield from shop.land(*(OPENDATA / folder for folder in FOLDERS))


@pytest.fixture(scope="module")
def london(built) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judgement, "failing", failing_plainly)
        return built("opendata", land_everything, *MARTS)


def fates(london: Built, table_name: str, condition: str = "true") -> dict[str, int]:
    return dict(
        london.rows(
            f"select fate, count(*) from vault.intermediate.{table_name} where {condition} group by fate"
        )
    )


class TestLanding:
    def test_every_file_is_accepted_whole(self, london):
        files = [
            path
            for folder in ("mps_recorded_crime", "geography", *FOLDERS)
            for path in (OPENDATA / folder).rglob("*.*")
        ]
        assert len(london.outcomes) == len(files) == 48
        for outcome in london.outcomes.values():
            assert outcome.verdict in ("accepted", "accepted_with_warnings"), outcome
            assert outcome.inspection.rows_quarantined == 0, outcome.name
            assert outcome.inspection.rows_read > 0

    def test_accepted_rows_are_in_raw(self, london):
        sources = [name for (name,) in london.rows("select distinct source from fct_deliveries")]
        assert len(sources) == 15
        for source in sources:
            (accepted, in_raw) = london.rows(
                f"select (select sum(rows_accepted) from fct_deliveries where source = '{source}'), "
                f"(select count(*) from vault.raw.{source})"
            )[0]
            assert accepted == in_raw > 0

    def test_the_publication_date_is_as_given_or_marked_as_assumed(self, london):
        assert london.rows(
            "select distinct published_on, published_on_basis from fct_deliveries where source like 'mps%'"
        ) == [(date(2023, 12, 14), "given")]
        assert london.rows(
            "select distinct published_on_basis from fct_deliveries where source like 'police%'"
        ) == [("landed",)]

    def test_the_same_files_again_are_a_no_op(self, london, tmp_path):
        outcome = next(o for name, o in london.outcomes.items() if name == "borough_21_23.csv")
        digest = outcome.inspection.member.content_sha256
        assert london.rows(
            f"select count(*) from vault.ledger.deliveries where content_sha256 = '{digest}'"
        ) == [(1,)]


class TestCounts:
    def test_westminster_has_the_crimes_that_were_counted_by_hand(self, london):
        assert london.one(f"select sum(crimes) {BOROUGH}") == 90_404

    def test_theft_is_61_per_cent(self, london):
        share = london.one(
            f"select round(100 * sum(crimes) filter (offence_code in (select offence_code from dim_offence "
            f"where major_code = 'theft')) / sum(crimes), 1) {BOROUGH}"
        )
        assert share == 61.2

    def test_two_wards_hold_two_thirds(self, london):
        shares = dict(
            london.rows(
                "select area_name, round(100 * sum(crimes) / sum(sum(crimes)) over (), 1) "
                f"{WARD} group by area_name"
            )
        )
        assert len(shares) == 18
        assert shares["West End"] == 41.2
        assert shares["St James's"] == 27.1

    @pytest.mark.parametrize(
        ("classes", "crimes"),
        [
            (["theft_from_person", "other_theft"], 49_642),
            (["violence_with_injury"], 4_160),
            (["robbery_of_personal_property"], 4_038),
            (["violence_without_injury"], 7_445),
            (["burglary_business_and_community"], 1_597),
            (["rape"], 431),
            (["other_sexual_offences"], 1_162),
            (["homicide"], 3),
            (["domestic_burglary"], 1_523),
            (["theft_or_taking_of_a_motor_vehicle"], 718),
            (["aggravated_vehicle_taking"], 7),
            (["theft_from_a_motor_vehicle"], 3_451),
            (["interfering_with_a_motor_vehicle"], 310),
            (["shoplifting"], 4_563),
            (["robbery_of_business_property"], 239),
            (["criminal_damage"], 2_308),
            (["arson"], 43),
        ],
        ids=lambda value: value[0] if isinstance(value, list) else None,
    )
    def test_the_costed_classes_hold_what_the_file_holds(self, london, classes, crimes):
        wanted = ", ".join(f"'{name}'" for name in classes)
        assert london.one(f"select sum(crimes) {BOROUGH} and offence_code in ({wanted})") == crimes

    def test_no_class_is_unclassified(self, london):
        assert (
            london.one(
                "select count(*) from fct_recorded_crime_counts where offence_code like 'unclassified%'"
            )
            == 0
        )
        assert (
            london.one(
                "select count(*) from fct_recorded_crime_counts anti join dim_offence using (offence_code)"
            )
            == 0
        )

    def test_a_ward_under_two_boroughs_is_added_and_not_doubled(self, london):
        assert london.rows(
            "select distinct area_name from fct_recorded_crime_counts where boroughs_listed > 1"
        ) == [("Heathrow Villages",)]
        total = "select sum(crimes) from fct_recorded_crime_counts as counts"
        wards = london.one(f"{total} where area_type = 'ward'")
        joined = london.one(f"{total} inner join dim_ward on area_code = ward_code where area_type = 'ward'")
        delivered = london.one(
            "select sum(cast(crimes as bigint)) from (select unnest(map_values(months)) as crimes "
            "from vault.raw.mps_crime_counts_ward)"
        )
        assert wards == joined == delivered

    def test_the_ward_total_is_under_the_borough_total(self, london):
        share = london.one(f"select sum(crimes) {WARD}") / london.one(f"select sum(crimes) {BOROUGH}")
        assert round(100 * (1 - share), 1) == 3.7

    def test_pseudo_boroughs_are_kept_apart(self, london):
        names = {
            name
            for (name,) in london.rows(
                "select distinct area_name from fct_recorded_crime_counts where area_type = 'borough' "
                "and borough_code is null"
            )
        }
        assert names == {"London Heathrow and London City Airports"}

    def test_two_editions_of_a_layout_do_not_count_a_month_twice(self, london):
        rows = london.rows(
            "select recorded_month, offence_code, count(*) from fct_recorded_crime_counts "
            "where source = 'mps_crime_counts_borough' and borough_code = 'E09000033' "
            "group by all having count(*) > 1"
        )
        assert rows == []


class TestStops:
    def test_copies_are_counted_by_month(self, london):
        copies = dict(
            london.rows(
                "select strftime(month, '%Y-%m'), count(*) "
                "from vault.intermediate.int_stop_searches__screened "
                "where fate = 'exact_copy' group by all"
            )
        )
        assert copies == {
            "2022-08": 2347,
            "2022-09": 286,
            "2022-10": 240,
            "2022-11": 164,
            "2022-12": 88,
            "2023-01": 279,
            "2023-02": 216,
            "2023-03": 232,
        }
        profiled = london.one(
            "select sum(exact_duplicates) from vault.ledger.month_profile where source like '%stop%'"
        )
        assert profiled == sum(copies.values())

    def test_december_ends_on_the_17th_and_is_partial(self, london):
        rows = london.rows(
            "select stop_month, max(stop_date) from fct_stop_searches where is_partial_month group by all"
        )
        assert rows == [(date(2022, 12, 1), date(2022, 12, 17))]
        outcome = london.outcomes["2022-12-metropolitan-stop-and-search.csv.gz"]
        (message,) = [f.message for f in outcome.inspection.failed if f.check == "month_is_cut_short"]
        assert "nothing after 17 December 2022" in message

    def test_months_are_those_of_london(self, london):
        rows = london.rows("select stop_month, count(*) from fct_stop_searches group by all order by all")
        assert rows == [
            (date(2022, 8, 1), 14_939),
            (date(2022, 9, 1), 12_161),
            (date(2022, 10, 1), 14_119),
            (date(2022, 11, 1), 12_945),
            (date(2022, 12, 1), 5_618),
            (date(2023, 1, 1), 16_122),
            (date(2023, 2, 1), 13_424),
            (date(2023, 3, 1), 14_071),
        ]
        # By UTC, the file of August would begin in July.
        assert (
            london.one(
                "select count(*) from vault.raw.police_uk_stop_search where stopped_at < '2022-08-01' "
            )
            > 0
        )
        assert london.one("select min(stop_date) from fct_stop_searches") == date(2022, 8, 1)


class TestCrimes:
    def test_repeated_crime_ids_are_counted(self, london):
        repeated = dict(
            london.rows(
                "select strftime(month, '%Y-%m') || ' ' || reported_by, count(*) "
                "from vault.intermediate.int_crimes__screened where fate = 'repeated_crime_id' group by all"
            )
        )
        assert repeated["2022-08 Metropolitan Police Service"] == 64
        assert repeated["2022-08 City of London Police"] == 18
        assert repeated["2023-01 Metropolitan Police Service"] == 264
        assert sum(repeated.values()) == 799
        assert (
            london.one(
                "select count(crime_ref_police_uk) - count(distinct crime_ref_police_uk) from fct_crimes"
            )
            == 0
        )

    def test_the_first_4000_rows_are_partial_and_replace_nothing(self, london):
        name = "2023-01-metropolitan-street.all-types-first-4000-rows.csv"
        assert london.rows(
            f"select is_partial, rows_accepted from fct_deliveries where file_name = '{name}'"
        ) == [(True, 4000)]
        january = "recorded_month = '2023-01-01' and force_name = 'Metropolitan Police Service'"
        partial = london.rows(
            "select crime_type = 'Burglary', is_partial_scope, count(*) > 0 from fct_crimes "
            f"where {january} group by 1, 2"
        )
        assert sorted(partial) == [(False, True, True), (True, False, True)]
        burglaries = london.one(
            f"select count(*) from fct_crimes where {january} and crime_type = 'Burglary'"
        )
        # 5,143 rows of the burglary file, of which 94 repeat a Crime ID.
        assert burglaries == 5143 - 94
        assert fates(london, "int_crimes__screened")["superseded_publication"] == 280

    def test_anti_social_behaviour_has_no_crime_id_and_is_no_crime(self, london):
        assert london.rows(
            "select distinct crime_type, is_crime from fct_crimes where crime_ref_police_uk is null"
        ) == [("Anti-social behaviour", False)]


class TestGeography:
    def test_westminster_has_122_stable_areas(self, london):
        westminster = "from dim_lsoa where borough_code = 'E09000033'"
        assert london.one(f"select count(distinct stable_area_code) {westminster}") == 122
        assert london.rows(f"select geography_vintage, count(*) {westminster} group by 1 order by 1") == [
            ("2011", 128),
            ("2021", 123),
        ]

    def test_the_flagship_lsoa_and_its_successor_are_one_stable_area(self, london):
        rows = london.rows(
            "select geography_vintage, lsoa_code, stable_area_code from dim_lsoa "
            "where lsoa_code in ('E01033595', 'E01035716') order by 1"
        )
        assert [row[:2] for row in rows] == [("2011", "E01033595"), ("2021", "E01035716")]
        assert rows[0][2] == rows[1][2]

    def test_the_seed_of_westminster_agrees_with_the_lookup(self, london):
        assert (
            london.one(
                "select count(*) from warehouse.reference.westminster_lsoas as own "
                "anti join vault.staging.stg_ons__lsoa_lookup using (lsoa_2011_code, lsoa_2021_code)"
            )
            == 0
        )

    def test_points_in_westminster_have_an_lsoa_of_each_vintage_and_a_ward(self, london):
        row = london.rows(
            "select count(*), count(lsoa_2011_code), count(lsoa_2021_code), count(ward_code) "
            "from fct_stop_searches where borough_code = 'E09000033'"
        )[0]
        assert row[0] > 5000
        assert min(row) > 0.999 * row[0]

    def test_the_ward_of_a_point_is_the_ward_of_its_lsoa(self, london):
        # The ward outlines are dissolved from LSOAs of 2021; a point on a shared edge may fall to either.
        stops, other = london.rows(
            "select count(*), count(*) filter (stops.ward_code <> lsoas.ward_code) "
            "from fct_stop_searches as stops "
            "inner join dim_lsoa as lsoas on stops.lsoa_2021_code = lsoas.lsoa_code "
            "and lsoas.geography_vintage = '2021' where stops.ward_code is not null"
        )[0]
        assert stops > 5000
        assert other < 0.002 * stops


@pytest.mark.parametrize(
    ("raw", "screened", "facts"),
    [
        (["police_uk_street"], "int_crimes__screened", "fct_crimes"),
        (["police_uk_stop_search"], "int_stop_searches__screened", "fct_stop_searches"),
        (["lfb_animal_rescue", "lfb_incident"], "int_callouts__screened", "fct_emergency_callouts"),
    ],
    ids=["crimes", "stops", "callouts"],
)
def test_rows_in_are_rows_out_and_rows_set_aside_with_a_reason(london, raw, screened, facts):
    found = fates(london, screened)
    assert None not in found
    assert sum(found.values()) == sum(london.one(f"select count(*) from vault.raw.{name}") for name in raw)
    assert found["kept"] == london.one(f"select count(*) from {facts}")


def test_every_published_count_is_kept_or_set_aside(london):
    delivered = sum(
        london.one(f"select sum(cardinality(months)) from vault.raw.mps_crime_counts_{area}")
        for area in ("borough", "ward", "lsoa")
    )
    assert sum(fates(london, "int_crime_counts__screened").values()) == delivered
    assert london.one(
        "select sum(crimes) from vault.intermediate.int_crime_counts__screened where fate = 'kept'"
    ) == london.one("select sum(crimes) from fct_recorded_crime_counts")


REVIEWED = "period_type = 'review_year' and period_start = date '2022-10-01' and area_code = 'E09000033'"


class TestMarts:
    def test_the_cost_of_each_class_is_within_one_per_cent_of_print(self, london):
        costs = dict(
            london.rows(
                "select cost_class_name, cost_gbp from warehouse.marts.mart_cost_of_crime "
                f"where component = 'published_unit_total' and {REVIEWED} "
                "and deflator_release = 'assessment_2024_inferred'"
            )
        )
        assert set(costs) == {*PRINTED_COSTS, "Criminal damage - other"}
        for name, printed in PRINTED_COSTS.items():
            assert costs[name] == pytest.approx(printed, rel=0.01), name

    def test_criminal_damage_is_costed_by_its_own_count_not_the_printed_copy(self, london):
        crimes, cost = london.rows(
            "select crimes, cost_gbp from warehouse.marts.mart_cost_of_crime where "
            "cost_class_name = 'Criminal damage - other' and component = 'published_unit_total' "
            f"and {REVIEWED} and deflator_release = 'assessment_2024_inferred'"
        )[0]
        assert crimes == 2308
        assert cost == pytest.approx(2308 * 1350 * 100 / 82.541)

    def test_crimes_a_day_are_247_not_216(self, london):
        value = london.one(
            "select value from warehouse.marts.mart_r16_high_crime_lsoas "
            f"where measure_id = 'crimes_per_day' and category = 'all' and {REVIEWED}"
        )
        assert round(value, 1) == 247.7

    def test_two_wards_are_found_to_hold_68_per_cent_of_crime(self, london):
        value, reason = london.rows(
            "select value, status_reason from warehouse.marts.mart_r16_high_crime_lsoas where "
            "measure_id = 'top_areas_share_of_crime' and breakdown = 'top_wards' and category = '2' "
            f"and category_2 = 'all' and {REVIEWED}"
        )[0]
        assert round(value, 1) == 68.3
        assert "West End" in reason
        assert "St James's" in reason

    def test_lsoas_say_that_two_of_twelve_months_were_delivered(self, london):
        status, reason, coverage = london.rows(
            "select status, status_reason, coverage_pct from warehouse.marts.mart_r16_high_crime_lsoas where "
            "measure_id = 'top_areas_share_of_crime' and breakdown = 'top_lsoas' and category = '3' "
            f"and category_2 = 'all' and {REVIEWED}"
        )[0]
        assert (status, round(coverage)) == ("partial_period", 17)
        assert reason.startswith("2 of 12 months were delivered.")

    def test_the_change_of_a_ward_is_like_for_like(self, london):
        rows = dict(
            london.rows(
                "select period_type, previous_value from warehouse.marts.mart_r16_high_crime_lsoas where "
                "measure_id = 'crimes_recorded' and area_code = 'E05013808' and breakdown = 'all' and "
                "((period_type = 'review_year' and period_start = date '2022-10-01') "
                "or period_type = 'like_for_like')"
            )
        )
        # The ward file begins in December 2021: ten months can be compared, twelve cannot.
        assert rows["review_year"] is None
        assert rows["like_for_like"] > 10_000

    def test_theft_by_time_of_day_is_a_row_that_says_it_was_not_supplied(self, london):
        assert london.rows(
            "select status, value from warehouse.marts.mart_r19_theft_action_plan "
            "where measure_id = 'theft_by_time_of_day'"
        ) == [("not_supplied", None)]

    def test_no_total_of_wards_holds_a_ward_twice(self, london):
        value = london.one(
            "select sum(numerator) from warehouse.marts.mart_r16_high_crime_lsoas where "
            "measure_id = 'area_share_of_borough_crime' and area_type = 'ward' and breakdown = 'all' "
            "and period_type = 'review_year' and period_start = date '2022-10-01'"
        )
        assert value == london.one(f"select sum(crimes) {WARD}")
