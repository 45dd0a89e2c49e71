"""One headline measure of each recommendation, worked out a second time, in pandas, from the delivered rows.

The rules are those of the definitions, written here anew and not taken from the SQL.
"""

import pandas as pd
import pytest

FIRST, LAST = pd.Timestamp("2022-10-01"), pd.Timestamp("2023-09-30 23:59:59")
WEST = "Westminster"
VIOLENT = ("Violence Against the Person", "Robbery", "Sexual Offences")
# Costed class: minor classes, unit total in pounds of 2015/16 (RR99), as the definitions list them.
COSTED = {
    "theft from person": (("Theft from Person", "Other Theft"), 1380),
    "violence with injury": (("Violence with Injury",), 14050),
    "personal robbery": (("Robbery of Personal Property",), 11320),
    "violence without injury": (("Violence without Injury",), 5930),
    "commercial burglary": (("Burglary Business and Community",), 15460),
    "rape": (("Rape",), 39360),
    "homicide": (("Homicide",), 3217740),
    "domestic burglary": (("Domestic Burglary",), 5930),
    "other sexual offences": (("Other Sexual Offences",), 6520),
    "theft of vehicle": (("Theft or Taking of a Motor Vehicle", "Aggravated Vehicle Taking"), 10290),
    "commercial theft": (("Shoplifting",), 970),
    "commercial robbery": (("Robbery of Business Property",), 15000),
    "theft from vehicle": (("Theft from a Motor Vehicle", "Interfering with a Motor Vehicle"), 870),
    "criminal damage": (("Criminal Damage",), 1350),
    "arson": (("Arson",), 8420),
}
DEFLATOR = 100 / 82.541


class Delivered:
    """The accepted rows of each source, as text, and what the warehouse says of a measure."""

    def __init__(self, connection):
        self.connection = connection

    def rows(self, source: str) -> pd.DataFrame:
        frame = self.connection.execute(
            f'select rows_in.*, deliveries.published_on from vault.raw."{source}" as rows_in '
            "join vault.ledger.deliveries using (delivery_id)"
        ).df()
        return frame.replace({None: ""}).fillna("")

    def measured(
        self, measure: str, breakdown="all", category="all", category_2="all", column="value"
    ) -> float:
        found = self.connection.execute(
            f"select {column} from warehouse.measures.measures_all where measure_id = ? and breakdown = ? "
            "and category = ? and category_2 = ? and area_type = 'borough' and area_code = 'E09000033' "
            "and period_type in ('review_year', 'survey_wave', 'published_period') "
            "order by period_start desc limit 1",
            [measure, breakdown, category, category_2],
        ).fetchall()
        assert found, f"{measure} has no row for {breakdown} {category} {category_2}"
        return found[0][0]


@pytest.fixture(scope="module")
def delivered(sample_home):
    return Delivered(sample_home.connection)


def day(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, dayfirst=True, format="mixed", errors="coerce")


def in_year(dates: pd.Series) -> pd.Series:
    return dates.between(FIRST, LAST)


@pytest.fixture(scope="module")
def crimes(delivered) -> pd.DataFrame:
    """Crimes of the year that the borough recorded, the latest row of each."""
    frame = delivered.rows("cris_crime").sort_values("published_on", kind="stable")
    frame = frame.drop_duplicates("crime_ref", keep="last")
    frame = frame[in_year(day(frame["recorded_at"])) & (frame["borough_name"] == WEST)]
    return frame.set_index("crime_ref")


@pytest.fixture(scope="module")
def notifiable(crimes) -> pd.DataFrame:
    return crimes[crimes["is_notifiable"] == "Y"]


def persons(delivered, source: str, crimes: pd.DataFrame) -> pd.DataFrame:
    """The persons of one kind in these crimes; an organisation is none."""
    frame = delivered.rows(source).sort_values("published_on", kind="stable")
    number = next(column for column in frame if column.endswith("_sequence"))
    frame = frame.drop_duplicates(["crime_ref", number], keep="last")
    if "is_organisation" in frame:
        frame = frame[frame["is_organisation"] != "Y"]
    return frame[frame["crime_ref"].isin(crimes.index)]


@pytest.fixture(scope="module")
def counts(delivered) -> pd.Series:
    """Crimes of the year by minor class, of the latest publication that holds every month of it."""
    frame = delivered.rows("mps_crime_counts_borough")
    months = [f"{month:%Y%m}" for month in pd.date_range(FIRST, LAST, freq="MS")]
    frame = frame[[set(months) <= set(cells) for cells in frame["months"]]]
    frame = frame[frame["published_on"] == frame["published_on"].max()]
    frame = frame[frame["borough_name"] == WEST]
    crimes = frame["months"].map(lambda cells: sum(int(cells[month] or 0) for month in months))
    return crimes.groupby(frame["minor_class"]).sum()


def share(part: pd.Series) -> float:
    return 100 * part.mean()


def test_r01_cost_of_crime(delivered, counts):
    pounds = sum(
        counts.reindex(list(minor)).fillna(0).sum() * unit * DEFLATOR for minor, unit in COSTED.values()
    )
    assert delivered.measured("cost_of_crime") == pytest.approx(pounds, rel=1e-6)


def test_r02_families_that_meet_both_criteria(delivered):
    families = delivered.rows("supporting_families_family")
    both = (families["meets_crime_asb"] == "true") & (families["meets_domestic_abuse"] == "true")
    last = families["as_at_date"] == families["as_at_date"].max()
    assert delivered.measured("families_meeting_criteria", "criterion", "both") == (both & last).sum()


def test_r03_victimisations(delivered, notifiable):
    assert delivered.measured("victimisations") == len(persons(delivered, "cris_victim", notifiable))


def test_r04_referrals_to_the_service_for_women_and_girls(delivered):
    referrals = delivered.rows("angelou_referral").drop_duplicates("referral_ref")
    assert (
        delivered.measured("referrals", "service", "angelou") == in_year(day(referrals["referred_on"])).sum()
    )


def test_r05_police_calls_of_anti_social_behaviour(delivered):
    calls = delivered.rows("mps_cad_asb").drop_duplicates("cad_ref")
    calls = calls[in_year(day(calls["called_at"])) & (calls["borough_name"] == WEST)]
    assert delivered.measured("asb_incidents", "incident_kind", "police call") == len(calls)


@pytest.fixture(scope="module")
def housing(delivered) -> pd.DataFrame:
    frame = delivered.rows("housing_asb_case").drop_duplicates("case_ref", keep="last")
    return frame[in_year(day(frame["opened_date"]))]


def test_r06_cases_with_a_risk_level(delivered, housing):
    asked = ("asb_case_field_recorded_share", "field", "risk_level", "housing")
    assert delivered.measured(*asked, column="numerator") == (housing["risk_level"] != "").sum()
    assert delivered.measured(*asked, column="denominator") == len(housing)


def test_r07_confidence_in_reporting(delivered):
    answers = delivered.rows("residents_panel_answer")
    counted = answers[answers["question_code"] == "Q01"]["answer"]
    counted = counted[counted.str.contains("confident")]
    unsure = counted.str.startswith(("Not at all", "Not very"))
    assert delivered.measured("not_confident_to_report") == pytest.approx(share(unsure))


def test_r08_applications_for_a_case_review(delivered):
    # One asked for twice, or of a place outside the borough, is no application.
    reviews = delivered.rows("asb_case_review").drop_duplicates("application_ref")
    reviews = reviews[~reviews["reason"].str.startswith(("Duplicate", "Outside"))]
    assert (
        delivered.measured("asb_case_review_applications") == in_year(day(reviews["application_date"])).sum()
    )


def test_r09_hate_crimes_with_any_strand(delivered, notifiable):
    flags = [column for column in notifiable if column.startswith("is_hate_")]
    assert delivered.measured("hate_crimes") == (notifiable[flags] == "Y").any(axis=1).sum()


def test_r10_accused_who_live_in_the_borough(delivered, notifiable):
    homes = persons(delivered, "cris_accused", notifiable)["residence_category"]
    known = homes[~homes.isin(["", "Not Known"])]
    resident = known == "Within Borough"
    assert delivered.measured("accused_by_person", "residence", "resident") == pytest.approx(share(resident))


def test_r11_reoffending_after_theft(delivered):
    figures = delivered.rows("moj_reoffending")
    figures = figures[(figures["area_name"] == WEST) & (figures["characteristic"] == "Theft")]
    (figure,) = figures[day(figures["cohort_end"]) == pd.Timestamp("2021-12-31")].itertuples()
    expected = 100 * int(figure.reoffenders) / int(figure.offenders)
    assert delivered.measured("reoffending_rate", "index_offence", "Theft") == pytest.approx(
        expected, abs=0.06
    )


def test_r12_offenders_under_management(delivered):
    cohort = delivered.rows("iom_cohort")
    cohort = cohort[day(cohort["as_at_date"]) == LAST.normalize()].drop_duplicates(
        ["offender_ref", "started_on"]
    )
    ended = day(cohort["ended_on"])
    there = (day(cohort["started_on"]) <= LAST) & (ended.isna() | (ended > LAST))
    assert delivered.measured("scheme_clients", "scheme", "iom") == there.sum()


def test_r13_landlord_cases(delivered, housing):
    assert delivered.measured("asb_cases", "case_type", "housing") == len(housing)


def test_r14_serious_youth_violence(delivered, notifiable):
    violent = notifiable[notifiable["major_class"].isin(VIOLENT)]
    # An accused was a suspect too; ages are those stated.
    young = set()
    for source in ("cris_victim", "cris_suspect", "cris_accused"):
        frame = persons(delivered, source, violent)
        young |= set(frame[pd.to_numeric(frame["age"], errors="coerce") < 25]["crime_ref"])
    measured = delivered.measured("crimes_by_definition", "definition", "serious_youth_violence")
    assert measured == len(young)


def test_r15_domestic_abuse_flagged(delivered, crimes):
    flagged = (crimes["is_domestic_abuse"] == "Y").sum()
    assert delivered.measured("crimes_by_definition", "definition", "domestic_abuse_flagged") == flagged


def test_r16_crimes_recorded(delivered, counts):
    assert delivered.measured("crimes_recorded") == counts.sum()


def at_night(frame: pd.DataFrame) -> pd.Series:
    """Whether a crime began from 18:00 to 05:59; without an answer where it may be over twelve hours."""
    start, end = day(frame["committed_from_at"]), day(frame["committed_to_at"])
    certain = start.notna() & ~((end - start) > pd.Timedelta(hours=12))
    night = (start.dt.hour >= 18) | (start.dt.hour < 6)
    return night[certain]


def test_r17_violence_at_night(delivered, notifiable):
    violence = notifiable[notifiable["major_class"] == "Violence Against the Person"]
    assert delivered.measured("violence_at_night_share") == pytest.approx(share(at_night(violence)))


def test_r18_violent_crime(delivered, notifiable):
    violent = notifiable["major_class"].isin(VIOLENT).sum()
    assert delivered.measured("crimes_by_definition", "definition", "violent_crime") == violent


def test_r19_business_crime_by_five_classes(delivered, counts):
    classes = [
        *("Burglary Business and Community", "Robbery of Business Property", "Shoplifting"),
        *("Other Theft", "Theft from Person"),
    ]
    assert delivered.measured("crimes_recorded", "offence_definition", "business_crime_proxy") == (
        counts.reindex(classes).sum()
    )


def test_r20_residents_who_feel_safe_after_dark(delivered):
    answers = delivered.rows("city_survey_answer")
    answers = answers[answers["wave"] == answers["wave"].max()]
    answers = answers[answers["interview_status"] == "Complete"]
    said = answers[answers["safe_dark"].isin(["Very safe", "Fairly safe", "Fairly unsafe", "Very unsafe"])]
    weight = said["weight"].astype(float)
    safe = weight[said["safe_dark"].isin(["Very safe", "Fairly safe"])].sum() / weight.sum()
    measured = delivered.measured("residents_feel_safe", category_2="after dark")
    assert measured == pytest.approx(100 * safe)
