"""Core against a second computation: pandas over the delivered files, from the definitions alone.

Who is who is taken from the links, once they are checked against the agencies' references and the truth; what
follows from it (who is a repeat, and of whom that cannot be said) is worked out anew.
"""

from collections import Counter

import pandas as pd
import pytest

from delivered_frames import delivered, instants
from swp.contracts import normalise_value, seed_rows
from swp.sample.truth import FILE

YEAR = pd.Timedelta(days=365)
ROLES = {"victim": "VICTIM", "suspect": "SUSPECT", "accused": "ACCUSED"}


def counted(frame: pd.DataFrame, *names: str) -> Counter:
    """How many rows have which values; NA is None."""
    rows = frame[list(names)].astype(object)
    return Counter(map(tuple, rows.where(rows.notna(), None).itertuples(index=False)))


def core(sample_home, query: str) -> Counter:
    """The counts (last column) that core gives by the columns before it."""
    return Counter({tuple(row[:-1]): row[-1] for row in sample_home.rows(query)})


@pytest.fixture(scope="module")
def crimes(sample_home) -> pd.DataFrame:
    """The reports that can be used, the last row of each reference."""
    classes = {row["offence_code"]: row["offence_group"] for row in seed_rows("offence_classes")}
    groups = {row["name_key"]: classes[row["offence_code"]] for row in seed_rows("offence_class_names")}
    rows = delivered(sample_home.deliveries, "cris_crime", "CRIME_REF_NO")
    rows["recorded"] = instants(rows["RECORDED_DATE"])
    rows["offence_group"] = rows["MINOR_TEXT"].map(normalise_value, na_action="ignore").map(groups)
    rows = rows.dropna(subset=["CRIME_REF_NO", "recorded", "offence_group"])
    rows = rows.drop_duplicates("CRIME_REF_NO", keep="last")
    start, end = instants(rows["COMMITTED_FROM"]), instants(rows["COMMITTED_TO"])
    return rows.assign(
        month=rows["recorded"].dt.to_period("M"),
        event=start.fillna(rows["recorded"]).dt.normalize(),
        start=start,
        end=end,
        is_notifiable=rows["TNO_FLAG"].fillna("Y") == "Y",
        is_domestic=rows["FLAG_DV_DOMESTIC"] == "Y",
    )


def persons(sample_home, crimes: pd.DataFrame, role: str) -> pd.DataFrame:
    """Victims, suspects or accused of the usable reports, with the person that the links say they are."""
    source, sequence = f"cris_{role}", f"{ROLES[role]}_SEQ"
    rows = delivered(sample_home.deliveries, source, "CRIME_REF_NO")
    rows["sequence"] = pd.to_numeric(rows[sequence], errors="coerce")
    rows = rows.dropna(subset=["CRIME_REF_NO", "sequence"])
    rows = rows.drop_duplicates(["CRIME_REF_NO", "sequence"], keep="last")
    for charged in {"CHARGE_DATE"} & set(rows):
        rows = rows[rows[charged].isna() | instants(rows[charged]).notna()]
    told = ["month", "event", "offence_group", "is_notifiable", "is_domestic"]
    rows = rows.merge(crimes[["CRIME_REF_NO", *told]])
    organisation = rows["ORGANISATION_FLAG"].eq("Y") if "ORGANISATION_FLAG" in rows else False
    rows = rows.assign(is_organisation=pd.Series(organisation, index=rows.index, dtype=bool))
    links = pd.DataFrame(
        sample_home.rows(
            f"""
            select trim(crime_ref), try_cast({role}_sequence as double), person_key
            from vault.raw.{source} inner join vault.intermediate.int_persons__linked as links
                using (delivery_id, row_number)
            where links.source = '{source}'
            """
        ),
        columns=["CRIME_REF_NO", "sequence", "person"],
    ).drop_duplicates(["CRIME_REF_NO", "sequence"], keep="last")
    return rows.merge(links, how="left", on=["CRIME_REF_NO", "sequence"])


@pytest.fixture(scope="module")
def victims(sample_home, crimes) -> pd.DataFrame:
    return persons(sample_home, crimes, "victim")


# Time: the night is from 18:00 to before 06:00; what may have happened at any hour is in no share.


def with_time_of_day(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` (start, end) with night and uncertain; NA where there is no start."""
    hour, known = rows["start"].dt.hour, rows["start"].notna()
    apart = (rows["end"] - rows["start"]).abs()
    return rows.assign(
        night=((hour >= 18) | (hour < 6)).where(known),
        uncertain=(apart > pd.Timedelta(hours=12)).where(known),
    )


@pytest.mark.parametrize(
    ("start", "end", "night", "uncertain"),
    [
        ("2023-01-10 18:00", "2023-01-11 06:00", True, False),
        ("2023-01-10 18:00", "2023-01-11 06:01", True, True),
        ("2023-01-10 17:59", "2023-01-11 05:59", False, False),
        ("2023-01-10 06:00", "2023-01-10 06:00", False, False),
        ("2023-01-10 05:59", None, True, False),
        ("2023-01-31 23:59", "2023-02-01 00:01", True, False),
        ("2022-12-31 23:59", "2023-01-01 12:00", True, True),
        ("2023-01-10 19:00", "2023-01-10 18:00", True, False),
        ("2023-01-11 07:00", "2023-01-10 18:00", False, True),
        # The clocks go forward, and back: by the clock it is the same night of twelve hours.
        ("2023-03-25 18:00", "2023-03-26 06:00", True, False),
        ("2022-10-29 18:00", "2022-10-30 06:00", True, False),
        ("2022-10-29 18:00", "2022-10-30 06:01", True, True),
    ],
)
def test_the_second_computation_at_the_edges_of_night_and_of_twelve_hours(start, end, night, uncertain):
    """Worked by hand; the unit tests of int_crimes__cris have the same edges."""
    told = with_time_of_day(pd.DataFrame({"start": [pd.Timestamp(start)], "end": [pd.Timestamp(end)]}))
    assert told[["night", "uncertain"]].to_numpy().tolist() == [[night, uncertain]]


def test_crimes_at_night(sample_home, crimes):
    told = with_time_of_day(crimes).assign(month=crimes["month"].dt.start_time.dt.date)
    assert counted(told, "month", "night", "uncertain") == core(
        sample_home,
        """
        select recorded_month, is_night_time_economy, is_time_uncertain, count(*)
        from warehouse.core.fct_crimes where source = 'cris_crime' group by all
        """,
    )
    certain = told[told["uncertain"].eq(False)]
    assert 0 < len(certain) < len(told)
    ((numerator, denominator, unknown),) = sample_home.rows(
        """
        select
            count(*) filter (is_night_time_economy and not is_time_uncertain),
            count(*) filter (not is_time_uncertain),
            count(*) filter (coalesce(is_time_uncertain, true))
        from warehouse.core.fct_crimes where source = 'cris_crime'
        """
    )
    assert (numerator, denominator) == (int(certain["night"].eq(True).sum()), len(certain))
    assert unknown == len(told) - len(certain)


# Residence: five classes, and apart from them what was not filled in and what was not delivered.

RESIDENCE = {
    "Within Borough": "resident",
    "Other London Borough": "other_london",
    "Outside London": "outside_london",
    "No Fixed Abode": "no_fixed_abode",
    "Not Known": "unknown",
}


@pytest.mark.parametrize("role", ROLES)
def test_where_victims_suspects_and_accused_live(sample_home, crimes, role):
    found = persons(sample_home, crimes, role)
    if "RES_CATEGORY" in found:
        given = found["RES_CATEGORY"].map(RESIDENCE).fillna("not_recorded")
    else:
        given = pd.Series("not_supplied", index=found.index)
    told = found.assign(
        residence=given.mask(found["is_organisation"]), month=found["month"].dt.start_time.dt.date
    )
    assert counted(told, "month", "residence") == core(
        sample_home,
        f"""
        select recorded_month, residence_category, count(*)
        from warehouse.core.fct_crime_persons inner join warehouse.core.fct_crimes using (crime_key)
        where role = '{role}' group by all
        """,
    )


# Links: an agency's reference stands, organisations are nobody, and the truth is met.


def test_a_reference_of_the_police_is_one_person_and_two_are_two(sample_home, crimes):
    known = []
    for role, prefix in ROLES.items():
        found = persons(sample_home, crimes, role)
        known.append(found.rename(columns={f"{prefix}_KEY": "reference"})[["reference", "person"]])
    links = pd.concat(known).dropna(subset=["reference"])
    assert len(links) > 1000
    assert links["person"].notna().all()
    assert links.groupby("reference")["person"].nunique().eq(1).all()
    assert links["person"].nunique() == links["reference"].nunique()


def test_who_is_a_person(sample_home, victims):
    full_name = victims["FORENAME"].notna() & victims["SURNAME"].notna()
    named = full_name | victims["VICTIM_KEY"].notna()
    assert not (victims["is_organisation"] & victims["person"].notna()).any()
    people = victims[~victims["is_organisation"]]
    assert (people["person"].notna() == named[people.index]).all()
    ((records, persons_found, organisations),) = sample_home.rows(
        """
        select count(person_key), count(distinct person_key), count(*) filter (is_organisation)
        from warehouse.core.fct_crime_persons where role = 'victim'
        """
    )
    assert records == people["person"].notna().sum()
    assert persons_found == people["person"].nunique()
    assert organisations == victims["is_organisation"].sum()


def pairs(frame: pd.DataFrame, *names: str) -> int:
    sizes = frame.groupby(list(names)).size()
    return int((sizes * (sizes - 1) // 2).sum())


def test_links_of_victims_meet_the_truth(sample_home, victims):
    """Pairs of records: of a person with one record there is none, so all are of persons with two or more."""
    truth = pd.read_parquet(sample_home.home.truth / FILE)
    truth = truth[truth["source_table"] == "cris_victim"]
    by_row = truth.drop_duplicates("row_reference").set_index("row_reference")["person_id"]
    people = victims[victims["person"].notna()]
    row = people["CRIME_REF_NO"] + "-" + people["sequence"].astype(int).astype(str)
    people = people.assign(true_person=row.map(by_row))
    assert people["true_person"].notna().mean() > 0.99
    people = people.dropna(subset=["true_person"])
    right = pairs(people, "true_person")
    both, linked = pairs(people, "person", "true_person"), pairs(people, "person")
    assert right > 300
    assert both / linked >= 0.98
    assert both / right >= 0.95


# Repeats: another event of the same person in the 365 days before, where they can all be looked at.


def covered_from(known: pd.Series, months: pd.Series) -> dict:
    """By month: the first one of the unbroken run of months with nine in ten known to which it belongs."""
    shares = known.groupby(months).mean()
    begun, runs = None, {}
    for month in pd.period_range(shares.index.min(), shares.index.max(), freq="M"):
        begun = (begun or month) if shares.get(month, 0) >= 0.9 else None
        runs[month] = begun
    return runs


def follows(events: pd.DataFrame, *who: str) -> pd.Series:
    """Of each event, whether another of the same one came in the 365 days before it."""
    ordered = events.sort_values([*who, "event"], kind="stable")
    before = ordered.groupby(list(who))["event"].shift()
    return (ordered["event"] - before).le(YEAR).reindex(events.index)


@pytest.mark.parametrize(
    ("column", "counts", "who"),
    [
        ("is_repeat_any", "is_notifiable", ["person"]),
        ("is_repeat_same_group", "is_notifiable", ["person", "offence_group"]),
        ("is_repeat_domestic_abuse", "is_domestic", ["person"]),
    ],
)
def test_repeat_victims(sample_home, victims, column, counts, who):
    runs = covered_from(
        victims.loc[~victims["is_organisation"], "person"].notna(),
        victims.loc[~victims["is_organisation"], "month"],
    )
    begun = victims["month"].map(runs)
    since = pd.Series([run.start_time if pd.notna(run) else pd.NaT for run in begun], index=victims.index)
    can_be_said = victims["person"].notna() & (since <= victims["event"] - YEAR) & victims[counts]
    # Whoever stands twice in one report was its victim once.
    events = victims[victims["person"].notna() & victims[counts]].drop_duplicates(["CRIME_REF_NO", "person"])
    repeat = follows(events, *who)
    answer = victims[["CRIME_REF_NO", "person"]].merge(
        events[["CRIME_REF_NO", "person"]].assign(answer=repeat), how="left"
    )["answer"]
    told = victims.assign(answer=answer.to_numpy(), month=victims["month"].dt.start_time.dt.date)
    told["answer"] = told["answer"].where(can_be_said)
    found = core(
        sample_home,
        f"""
        select recorded_month, {column}, count(*)
        from warehouse.core.fct_crime_persons inner join warehouse.core.fct_crimes using (crime_key)
        where role = 'victim' group by all
        """,
    )
    assert counted(told, "month", "answer") == found
    answers = {answer: sum(n for (_, each), n in found.items() if each is answer) for answer in (True, False)}
    assert all(answers.values()), "the sample has both"


def repeat_complainants(rows: pd.DataFrame, who: str, day: pd.Series, since: str) -> Counter:
    """By month: complaints by somebody who complained on an earlier day of the 365 before, and of others."""
    events = pd.DataFrame({"person": rows[who], "event": day.dt.normalize()})
    days = events.dropna().drop_duplicates()
    days = days.assign(answer=follows(days, "person"))
    told = events.merge(days, how="left", on=["person", "event"])
    told["answer"] = told["answer"].where(
        told["person"].notna() & (told["event"] - pd.Timestamp(since) >= YEAR)
    )
    told["month"] = told["event"].dt.to_period("M").dt.start_time.dt.date
    return counted(told, "month", "answer")


def test_repeat_complainants_of_noise(sample_home):
    rows = delivered(sample_home.deliveries, "noise_complaint", "SR Ref").dropna(subset=["SR Ref"])
    rows = rows.drop_duplicates("SR Ref", keep="last")
    assert repeat_complainants(rows, "Customer ID", instants(rows["Received"]), "2021-10-01") == core(
        sample_home,
        """
        select reported_month, is_repeat_complainant, count(*)
        from warehouse.core.fct_asb_incidents where source = 'noise_complaint' group by all
        """,
    )


def test_repeat_complainants_of_housing(sample_home):
    rows = delivered(sample_home.deliveries, "housing_asb_case", "Case Ref").dropna(subset=["Case Ref"])
    rows = rows.drop_duplicates("Case Ref", keep="last")
    assert repeat_complainants(rows, "Complainant ID", instants(rows["Date Opened"]), "2021-10-01") == core(
        sample_home,
        """
        select opened_month, is_repeat_complainant, count(*)
        from warehouse.core.fct_asb_cases where source = 'housing_asb_case' group by all
        """,
    )


# Case reviews: three qualifying complaints (section 104), three within six months (the local rule).


def last_day(start: pd.Timestamp, months: int) -> pd.Timestamp:
    """The last day of so many months that begin with `start`, which is a day of them itself."""
    again = start + pd.DateOffset(months=months)
    return again - pd.Timedelta(days=1) if again.day == start.day else again


def threshold(yes: int, unknown: int) -> bool | None:
    if yes >= 3:
        return True
    return False if yes + unknown < 3 else None


def judged(application: pd.Timestamp, complaints: pd.DataFrame) -> tuple[int, bool | None, bool | None]:
    """Qualifying complaints, and whether the threshold is met: by section 104, by the local rule."""
    qualifying = unknown = 0
    for alleged, complained in zip(complaints["alleged"], complaints["complained"], strict=True):
        prompt = pd.isna(alleged) or pd.isna(complained) or alleged <= complained <= last_day(alleged, 1)
        in_time = pd.isna(complained) or complained <= application <= last_day(complained, 6)
        if prompt and in_time:
            dated = pd.notna(alleged) and pd.notna(complained)
            qualifying, unknown = qualifying + dated, unknown + (not dated)
    dates = complaints["complained"].dropna()
    dates = dates[dates <= application]
    most = max((dates.between(day, last_day(day, 6)).sum() for day in dates), default=0)
    undated = complaints["complained"].isna().sum()
    return qualifying, threshold(qualifying, unknown), threshold(most, undated)


def test_thresholds_of_case_reviews(sample_home):
    applications = delivered(sample_home.deliveries, "asb_case_review", "Application Ref")
    complaints = delivered(sample_home.deliveries, "asb_case_review_complaint", "Application Ref")
    complaints["alleged"] = instants(complaints["Date Of Behaviour"])
    complaints["complained"] = instants(complaints["Date Of Complaint"])
    applications = applications.dropna(subset=["Application Ref"])
    applications = applications.drop_duplicates("Application Ref", keep="last")
    applied = instants(applications["Application Date"])
    expected = Counter()
    for reference, day in zip(applications["Application Ref"], applied, strict=True):
        mine = complaints[complaints["Application Ref"] == reference]
        expected[(day.date(), len(mine), *(judged(day, mine) if len(mine) else (None,) * 3))] += 1
    found = core(
        sample_home,
        """
        select
            opened_date, complaints_delivered, qualifying_complaints, is_s104_threshold_met,
            is_local_threshold_met, count(*)
        from warehouse.core.fct_asb_cases where source = 'asb_case_review' group by all
        """,
    )
    assert expected == found
    assert {met for *_, met, _ in found} >= {True, False}
