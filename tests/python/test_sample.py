"""The sample: the published layouts, the printed totals, invented ground, and the same bytes every time."""

import gzip
import hashlib
import json
import re
import zipfile
from pathlib import Path

import duckdb
import pytest

from swp import extensions
from swp.errors import WrongUse
from swp.sample import Manifest, crimes, geography, marginals, write
from swp.sample.police_uk import london_to_utc

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
AGES = ("All-Ages", "0-15", "16-29", "30-44", "45-64", "65+")
HEADINGS = {
    "police_uk_street": STREET,
    "police_uk_outcomes": (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
    ),
    "police_uk_stop_search": (
        "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
        "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
        "Outcome linked to object of search,Removal of more than just outer clothing"
    ),
    "mps_crime_counts_borough": "MajorText,MinorText,LookUp_BoroughName",
    "mps_crime_counts_ward": "MajorText,MinorText,WardName,WardCode,LookUp_BoroughName",
    "mps_crime_counts_lsoa": "lsoa_code,lsoa_name,borough,major_category,minor_category",
    "lfb_animal_rescue": (
        "IncidentNumber,DateTimeOfCall,CalYear,FinYear,TypeOfIncident,PumpCount,PumpHoursTotal,"
        "HourlyNotionalCost(£),IncidentNotionalCost(£),FinalDescription,AnimalGroupParent,OriginofCall,"
        "PropertyType,PropertyCategory,SpecialServiceTypeCategory,SpecialServiceType,WardCode,Ward,"
        "BoroughCode,Borough,StnGroundName,UPRN,Street,USRN,PostcodeDistrict,Easting_m,Northing_m,"
        "Easting_rounded,Northing_rounded,Latitude,Longitude"
    ),
    "lfb_incident": (
        "IncidentNumber,DateOfCall,CalYear,TimeOfCall,HourOfCall,IncidentGroup,StopCodeDescription,"
        "SpecialServiceType,PropertyCategory,PropertyType,AddressQualifier,Postcode_full,Postcode_district,"
        "UPRN,USRN,IncGeo_BoroughCode,IncGeo_BoroughName,ProperCase,IncGeo_WardCode,IncGeo_WardName,"
        "IncGeo_WardNameNew,Easting_m,Northing_m,Easting_rounded,Northing_rounded,Latitude,Longitude,FRS,"
        "IncidentStationGround,FirstPumpArriving_AttendanceTime,FirstPumpArriving_DeployedFromStation,"
        "SecondPumpArriving_AttendanceTime,SecondPumpArriving_DeployedFromStation,"
        "NumStationsWithPumpsAttending,NumPumpsAttending,PumpCount,PumpMinutesRounded,Notional Cost (£),"
        "NumCalls"
    ),
    "ons_lsoa_lookup": "LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,LAD22NM,LAD22NMW,ObjectId",
    "ons_lsoa_ward_lookup": (
        "LSOA21CD,LSOA21NM,LSOA21NMW,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId"
    ),
    "ons_population": (
        "LSOA11CD,LSOA11NM,MSOA11CD,MSOA11NM,LAD11CD,LAD11NM,"
        + ",".join(f"{sex}_{age}" for sex in ("Persons", "Males", "Females") for age in AGES)
    ),
}
CRLF = {"mps_crime_counts_borough", "mps_crime_counts_ward", "lfb_animal_rescue"}
TOP = ("E01033595", "E01004734", "E01004763")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Manifest:
    return write(tmp_path_factory.mktemp("tiny"), scale=0.01)


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Manifest:
    return write(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as con:
        extensions.load(con, "spatial", "excel")
        yield con


def content(manifest: Manifest, file: str) -> bytes:
    data = (manifest.folder / file).read_bytes()
    return gzip.decompress(data) if file.endswith(".gz") else data


def csv_of(manifest: Manifest, pattern: str) -> str:
    path = manifest.folder / pattern
    return f"read_csv('{path}', header = true, all_varchar = true, union_by_name = true, filename = true)"


def counts_of(manifest: Manifest, pattern: str, *areas: str) -> str:
    """A wide count file as rows of its columns, `month` (YYYYMM) and `crimes`."""
    return (
        f"(select * replace (try_cast(crimes as bigint) as crimes) from (unpivot {csv_of(manifest, pattern)}"
        f" on columns(* exclude ({', '.join((*areas, 'filename'))})) into name month value crimes))"
    )


def boroughs(manifest: Manifest, name: str = "borough_2*_2?.csv") -> str:
    return counts_of(
        manifest, f"mps_crime_counts_borough/{name}", "MajorText", "MinorText", "LookUp_BoroughName"
    )


def wards(manifest: Manifest) -> str:
    areas = ("MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName")
    return counts_of(manifest, "mps_crime_counts_ward/*.csv", *areas)


def lsoas(manifest: Manifest, vintage: str) -> str:
    areas = ("lsoa_code", "lsoa_name", "borough", "major_category", "minor_category")
    return counts_of(manifest, f"mps_crime_counts_lsoa/*lsoa{vintage}*.csv", *areas)


def value(connection, query: str):
    return connection.execute(query).fetchone()[0]


# The sources whose layouts are published and that these tests are about; the others have tests of their own.
PUBLIC = (
    "lfb_animal_rescue",
    "lfb_incident",
    "mhclg_deprivation",
    "mps_crime_counts_borough",
    "mps_crime_counts_lsoa",
    "mps_crime_counts_ward",
    "ons_lsoa_2011_boundary",
    "ons_lsoa_2021_boundary",
    "ons_lsoa_lookup",
    "ons_lsoa_ward_lookup",
    "ons_population",
    "ons_ward_boundary",
    "police_uk_outcomes",
    "police_uk_stop_search",
    "police_uk_street",
)
REVIEW, BEFORE = "month between '202210' and '202309'", "month between '202110' and '202209'"
HOME = "LookUp_BoroughName = 'Westminster'"


class TestFiles:
    def test_the_same_seed_gives_the_same_bytes(self, tiny, tmp_path):
        again = write(tmp_path, scale=0.01)
        assert again.as_dict() == tiny.as_dict()
        for file in tiny.files:
            assert (tmp_path / file.file).read_bytes() == (tiny.folder / file.file).read_bytes(), file.file
        assert again.path.read_bytes() == tiny.path.read_bytes()

    def test_another_seed_gives_other_rows(self, tiny, tmp_path):
        other = {file.file: file.sha256 for file in write(tmp_path, scale=0.01, seed=7).files}
        same = {file.file for file in tiny.files if other.get(file.file) == file.sha256}
        assert {file.split("/")[0] for file in same}.intersection(PUBLIC) == {
            "ons_lsoa_lookup",
            "ons_lsoa_ward_lookup",
            "ons_lsoa_2011_boundary",
            "ons_lsoa_2021_boundary",
            "ons_ward_boundary",
        }

    def test_the_manifest_names_every_file_with_its_hash(self, tiny):
        told = json.loads(tiny.path.read_text(encoding="utf-8"))
        assert told["synthetic"] is True
        assert (told["seed"], told["scale"], told["as_of"]) == (2024, 0.01, "2024-01-15")
        for file in told["files"]:
            data = (tiny.folder / file["file"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == file["sha256"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", file["published"])
        there = {str(path.relative_to(tiny.folder)) for path in tiny.folder.rglob("*") if path.is_file()}
        assert there == {file["file"] for file in told["files"]} | {"sample_manifest.json"}

    def test_the_manifest_lists_every_file_that_is_not_utf_8(self, tiny):
        foreign = set()
        for file in tiny.files:
            if not file.file.endswith((".csv", ".csv.gz")):
                continue
            try:
                content(tiny, file.file).decode("utf-8")
            except UnicodeDecodeError:
                foreign.add(file.file)
        listed = {f.file for f in tiny.planted_faults if f.expected_check.startswith("encoding_")}
        assert foreign == listed
        assert "cris_victim" in {file.split("/")[0] for file in foreign}

    def test_the_manifest_counts_the_rows_of_a_borough_called_unknown(self, tiny):
        listed = {f.file: f.rows for f in tiny.planted_faults if f.fault == "borough called Unknown"}
        assert len(listed) == 3
        for file, rows in listed.items():
            assert content(tiny, file).count(b",Unknown,") == rows, file

    def test_the_manifest_is_written_last(self, tmp_path):
        def stop(file: str) -> None:
            if file.startswith("mps"):
                raise KeyboardInterrupt

        write(tmp_path, scale=0.01)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, scale=0.01, progress=stop)
        assert not (tmp_path / "sample_manifest.json").exists()

    def test_a_scale_that_is_too_large_is_refused(self, tmp_path):
        with pytest.raises(WrongUse, match="choose one between"):
            write(tmp_path, scale=1000)

    @pytest.mark.parametrize("source", HEADINGS)
    def test_headings_are_as_published(self, tiny, source):
        files = [file.file for file in tiny.files if file.source == source]
        assert files
        for file in files:
            encoding = "utf-8-sig" if "lookup" in source else "utf-8"
            if source == "lfb_animal_rescue":
                encoding = "cp1252" if "2021" in file else "gb18030"
            heading = content(tiny, file).decode(encoding).split("\n")[0].rstrip("\r")
            if "counts" in source:
                heading, months = re.fullmatch(r"(.*?)((?:,20\d{4})+)", heading).groups()
                assert months.split(",")[1:] == sorted(months.split(",")[1:])
            if file.endswith("2023-06-metropolitan-stop-and-search.csv.gz"):
                heading = heading.removesuffix(",Recorded by system")
            assert heading == HEADINGS[source], file

    def test_line_ends_and_marks_are_as_published(self, tiny):
        for file in tiny.files:
            if file.source not in HEADINGS:
                continue
            data = content(tiny, file.file)
            crlf = file.source in CRLF or "city-of-london" in file.file
            assert (data.count(b"\r\n") == data.count(b"\n")) is crlf, file.file
            assert data.startswith(b"\xef\xbb\xbf") is ("lookup" in file.source), file.file
            assert data.count(b"\n") == file.rows + 1, file.file

    def test_months_and_names_of_police_files(self, tiny):
        names = [Path(file.file).name for file in tiny.files if file.source == "police_uk_street"]
        force = [name for name in names if "metropolitan-street.csv" in name]
        assert (len(force), force[0], force[-1]) == (
            26,
            "2021-10-metropolitan-street.csv.gz",
            "2023-11-metropolitan-street.csv.gz",
        )
        assert sum(name.endswith(".csv") for name in force) == 1
        assert len(names) == 30

    def test_the_workbook_has_three_sheets_and_no_clock(self, tiny, connection):
        file = next(file for file in tiny.files if file.source == "mhclg_deprivation").file
        path = tiny.folder / file
        rows = connection.execute(f"select * from read_xlsx('{path}', sheet = 'IMD 2019', header = true)")
        headings = [column[0] for column in rows.description]
        assert len(headings) == 28
        assert headings[:5] == [
            "LSOA code (2011)",
            "LSOA name (2011)",
            "Local Authority District code (2019)",
            "Local Authority District name (2019)",
            "Index of Multiple Deprivation (IMD) Score",
        ]
        for sheet in ("Notes", "Population figures"):
            assert value(
                connection, f"select count(*) from read_xlsx('{path}', sheet = '{sheet}', header = false)"
            )
        with zipfile.ZipFile(path) as workbook:
            assert {entry.date_time[0] for entry in workbook.infolist()} == {1980}
            stamps = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", workbook.read("docProps/core.xml"))
        assert set(stamps) == {b"2024-01-15T00:00:00Z"}

    def test_every_street_file_has_every_borough_and_every_type(self, tiny, connection):
        files = connection.execute(
            f"""
            select
                count(distinct "Crime type"),
                count(distinct regexp_extract("LSOA name", '^(.*) \\d{{3}}[A-Z]$', 1))
            from {csv_of(tiny, "police_uk_street/*-metropolitan-street.csv*")}
            where "Crime type" != 'Jaywalking'
            group by filename
            """
        ).fetchall()
        assert files == [(14, 32)] * 26

    def test_no_real_code_of_another_area_is_used(self, full, connection):
        geo = geography.Geography.from_seeds()
        own = [place.code_2011 for place in geo.places] + [place.code_2021 for place in geo.places]
        others = value(
            connection,
            f"""
            select count(*) from {csv_of(full, "police_uk_street/*.csv*")}
            where "LSOA code" not in {tuple(own)} and "LSOA code" not similar to 'E019\\d{{5}}'
            """,
        )
        assert others == 0


class TestCalibration:
    def test_the_borough_totals_are_the_printed_ones(self, full, connection):
        assert (
            value(connection, f"select sum(crimes) from {boroughs(full)} where {HOME} and {REVIEW}") == 90340
        )
        before = value(connection, f"select sum(crimes) from {boroughs(full)} where {HOME} and {BEFORE}")
        assert before == 71540

    def test_the_costed_classes_have_the_counts_of_appendix_3(self, full, connection):
        counts = dict(
            connection.execute(
                f"select MinorText, sum(crimes) from {boroughs(full)} where {HOME} and {REVIEW} group by all"
            ).fetchall()
        )
        costed = {
            ("Theft from Person", "Other Theft"): 49632,
            ("Violence with Injury",): 4157,
            ("Robbery of Personal Property",): 4035,
            ("Violence without Injury",): 7465,
            ("Burglary Business and Community",): 1598,
            ("Rape",): 429,
            ("Other Sexual Offences",): 1164,
            ("Homicide",): 3,
            ("Domestic Burglary",): 1522,
            ("Theft or Taking of a Motor Vehicle", "Aggravated Vehicle Taking"): 725,
            ("Theft from a Motor Vehicle", "Interfering with a Motor Vehicle"): 3759,
            ("Shoplifting",): 4562,
            ("Robbery of Business Property",): 239,
            ("Criminal Damage",): 2308,
            ("Arson",): 43,
            ("Possession of Drugs", "Drug Trafficking"): 3007,
        }
        assert {group: sum(counts[name] for name in group) for group in costed} == costed

    @pytest.mark.parametrize(
        ("major", "change"),
        [
            ("Robbery", 1103),
            ("Burglary", 347),
            ("Sexual Offences", -180),
            ("Violence Against the Person", -91),
        ],
    )
    def test_the_changes_are_the_printed_ones(self, full, connection, major, change):
        query = f"select sum(crimes) from {boroughs(full)} where {HOME} and MajorText = '{major}' and "
        assert value(connection, query + REVIEW) - value(connection, query + BEFORE) == change

    def test_shares_of_the_force(self, full, connection):
        def total(where: str) -> int:
            return value(connection, f"select sum(crimes) from {boroughs(full)} where {where}")

        assert total(f"{HOME} and {REVIEW}") / total(REVIEW) == pytest.approx(0.098, abs=0.003)
        assert total(f"{HOME} and {BEFORE}") / total(BEFORE) == pytest.approx(0.082, abs=0.003)
        theft = total(f"MajorText = 'Theft' and {REVIEW}") / total(REVIEW)
        assert theft == pytest.approx(0.30, abs=0.0015)
        own = total(f"{HOME} and MajorText = 'Theft' and {REVIEW}") / total(f"{HOME} and {REVIEW}")
        assert own == pytest.approx(0.61, abs=0.003)

    def test_wards_hold_the_printed_shares(self, full, connection):
        def share(ward: str) -> float:
            return value(
                connection,
                f"select sum(crimes) filter (WardName in ({ward})) / sum(crimes) from {wards(full)}"
                f" where {HOME} and {REVIEW}",
            )

        assert share("'West End'") == pytest.approx(0.412, rel=0.005)
        assert share("'St James''s'") == pytest.approx(0.271, rel=0.005)
        assert share("'West End', 'St James''s'") == pytest.approx(0.683, rel=0.005)

    def test_the_ward_total_is_below_the_borough_total(self, full, connection):
        wards_total = value(connection, f"select sum(crimes) from {wards(full)} where {REVIEW}")
        borough_total = value(connection, f"select sum(crimes) from {boroughs(full)} where {REVIEW}")
        assert 1 - wards_total / borough_total == pytest.approx(0.037, abs=0.002)

    @pytest.mark.parametrize(
        ("where", "share"),
        [
            (REVIEW, 0.402),
            (BEFORE, 0.374),
            (f"{REVIEW} and major_category = 'THEFT'", 0.489),
            (f"{REVIEW} and major_category = 'ROBBERY'", 0.443),
            (f"{REVIEW} and major_category = 'DRUG OFFENCES'", 0.404),
        ],
    )
    def test_three_lsoas_hold_the_printed_shares(self, full, connection, where, share):
        found = value(
            connection,
            f"select sum(crimes) filter (lsoa_code in {TOP}) / sum(crimes) from {lsoas(full, '2011')}"
            f" where {where}",
        )
        assert found == pytest.approx(share, rel=0.005)

    def test_98_of_128_lsoas_are_below_one_crime_a_day_and_five_hold_half(self, full, connection):
        counts = [
            row[0]
            for row in connection.execute(
                f"select sum(crimes) from {lsoas(full, '2011')} where {REVIEW} and lsoa_code is not null"
                " group by lsoa_code order by 1 desc"
            ).fetchall()
        ]
        assert len(counts) == 128
        assert sum(count < 365 for count in counts) == 98
        assert sum(counts[:4]) < sum(counts) / 2 < sum(counts[:5])

    def test_street_rows_and_counts_are_the_same_crimes(self, full, connection):
        street = value(
            connection,
            f"""
            select count(distinct "Crime ID") from {csv_of(full, "police_uk_street/2022-1*-metropolitan*")}
            where "Crime type" = 'Drugs' and "LSOA name" like 'Westminster%'
            """,
        )
        counted = value(
            connection,
            f"select sum(crimes) from {lsoas(full, '2011')} where major_category = 'DRUG OFFENCES'"
            " and month between '202210' and '202212'",
        )
        assert street == counted

    def test_both_lsoa_files_count_the_same_crimes_where_they_overlap(self, full, connection):
        totals = [
            value(
                connection,
                f"select sum(crimes) from {lsoas(full, vintage)} where major_category = 'THEFT'"
                " and month between '202308' and '202311'",
            )
            for vintage in ("2011", "2021")
        ]
        assert totals[0] == totals[1]

    def test_the_later_publication_is_lower_in_its_last_months(self, full, connection):
        last = "month between '202309' and '202311'"
        later = value(connection, f"select sum(crimes) from {boroughs(full, '*restated.csv')} where {last}")
        first = value(connection, f"select sum(crimes) from {boroughs(full)} where {last}")
        assert 1 - later / first == pytest.approx(0.036, abs=0.002)

    def test_antisocial_behaviour_and_fire_calls(self, full, connection):
        asb = value(
            connection,
            f"""
            select count(*) from {csv_of(full, "police_uk_street/*-metropolitan-street.csv*")}
            where "Crime type" = 'Anti-social behaviour' and Month between '2022-10' and '2023-09'
                and ("LSOA name" like 'Westminster%' or "LSOA name" is null)
            """,
        )
        assert asb == pytest.approx(13705, rel=0.01)
        calls, two_wards, alarms = connection.execute(
            f"""
            select
                count(*),
                avg((IncGeo_WardName in ('West End', 'St James''s'))::int),
                avg((IncidentGroup = 'False Alarm')::int)
            from {csv_of(full, "lfb_incident/*.csv")}
            where IncGeo_BoroughName = 'WESTMINSTER' and IncidentNumber is not null
                and strptime(DateOfCall, '%d %b %Y') between '2022-10-01' and '2023-09-30'
            """
        ).fetchone()
        assert calls == 8820
        assert two_wards == pytest.approx(0.38, abs=0.02)
        assert alarms == pytest.approx(0.5, abs=0.02)

    def test_the_marginals_state_where_they_come_from(self):
        rows = marginals.FILE.read_text(encoding="utf-8").splitlines()
        assert rows[0] == "marginal,category,period,value,unit,basis,source"
        assert all(row.rsplit(",", 1)[1] for row in rows)
        per_class = marginals.load().series("class_crimes")
        assert sum(per_class.values()) == 90340
        assert set(per_class) == {offence.minor for offence in crimes.CLASSES}


class TestFaults:
    def planted(self, manifest: Manifest, check: str) -> list:
        return [
            fault
            for fault in manifest.planted_faults
            if fault.expected_check == check and fault.file.split("/")[0] in PUBLIC
        ]

    def test_every_kind_of_fault_is_planted(self, tiny):
        kinds = {fault.expected_check for fault in tiny.planted_faults}
        assert {kind for kind in kinds if self.planted(tiny, kind)} == {
            "partial_scope",
            "row_key_is_blank",
            "row_value_does_not_parse",
            "row_value_not_in_code_list",
            "exact_duplicates",
            "month_is_cut_short",
            "unexpected_column",
            "repeated_key",
            "blank_above_usual",
            "later_publication_of_same_months",
            "area_not_known",
            "class_not_counted_by_lsoa",
            "encoding_cp1252",
            "encoding_gb18030",
            "byte_order_mark",
            "timestamps_in_utc",
            "lsoa_vintages_mixed",
            "ward_under_two_boroughs",
            "null_written_as_text",
        }

    @pytest.mark.parametrize("size", ["tiny", "full"])
    def test_rows_to_be_quarantined_are_few(self, size, request):
        manifest = request.getfixturevalue(size)
        rows = {file.file: file.rows for file in manifest.files}
        for check in ("row_key_is_blank", "row_value_does_not_parse", "row_value_not_in_code_list"):
            for fault in self.planted(manifest, check):
                assert 0 < fault.rows < 0.01 * rows[fault.file], fault

    @pytest.mark.parametrize("size", ["tiny", "full"])
    def test_broken_rows_are_where_the_manifest_says(self, size, request, connection):
        manifest = request.getfixturevalue(size)
        wrong = {
            "row_key_is_blank": "{} is null",
            "row_value_does_not_parse": "{} in ('n/a', '31/02/2023 10:00')",
            "row_value_not_in_code_list": "{} = 'Jaywalking'",
        }
        for check, condition in wrong.items():
            for fault in self.planted(manifest, check):
                where = condition.format(f'"{fault.column}"')
                found = value(
                    connection, f"select count(*) from {csv_of(manifest, fault.file)} where {where}"
                )
                assert found == fault.rows, fault

    def test_exact_duplicates_are_as_many_as_planted(self, full, connection):
        planted = self.planted(full, "exact_duplicates")
        assert max(planted, key=lambda fault: fault.rows).month == "2022-08"
        for fault in planted:
            rows = csv_of(full, fault.file)
            found = value(
                connection,
                f"select count(*) - (select count(*) from (select distinct * from {rows})) from {rows}",
            )
            assert found == fault.rows, fault

    def test_repeated_crime_ids_differ(self, full, connection):
        for fault in self.planted(full, "repeated_key"):
            rows = csv_of(full, fault.file)
            ids, distinct, whole = connection.execute(
                f"""
                select
                    count("Crime ID"),
                    count(distinct "Crime ID"),
                    (select count(*) from (select distinct * from {rows} where "Crime ID" is not null))
                from {rows}
                """
            ).fetchone()
            assert (ids - distinct, whole) == (fault.rows, ids)

    def test_stops_lie_in_their_london_month_and_december_ends_on_the_17th(self, full, connection):
        months = connection.execute(
            f"""
            select
                file_month,
                max(strftime(stopped_at, '%Y-%m-%d')),
                count(*) filter (strftime(stopped_at, '%Y-%m') != file_month)
            from (
                select
                    regexp_extract(filename, '(\\d{{4}}-\\d\\d)-metropolitan', 1) as file_month,
                    try_cast("Date" as timestamptz) as stopped,
                    timezone('Europe/London', stopped) as stopped_at
                from {csv_of(full, "police_uk_stop_search/*.csv.gz")}
            )
            where stopped is not null
            group by all
            """
        ).fetchall()
        assert len(months) == 26
        assert all(wrong == 0 for _, _, wrong in months)
        assert next(last for month, last, _ in months if month == "2022-12") == "2022-12-17"
        assert len(self.planted(full, "timestamps_in_utc")) == 15

    def test_summer_time_begins_and_ends_on_the_last_sundays(self):
        minutes, _ = london_to_utc("2022-03")
        assert len(minutes) == (31 * 24 - 1) * 60
        minutes, hours = london_to_utc("2022-10")
        assert len(minutes) == (31 * 24 + 1) * 60
        assert (str(minutes[0]), hours[0]) == ("2022-09-30T23:00", 0)

    def test_vintages_change_in_march_2023(self, full, connection):
        def share(month: str) -> float:
            return value(
                connection,
                f"""
                select avg(("LSOA code" = 'E01035716')::int)
                from {csv_of(full, f"police_uk_street/{month}-metropolitan*")}
                where "LSOA code" in ('E01035716', 'E01033595')
                """,
            )

        assert 0.03 < share("2023-02") < 0.25
        assert 0.85 < share("2023-03") < 0.99

    def test_heathrow_villages_is_under_two_boroughs(self, tiny, connection):
        rows = connection.execute(
            f"select distinct LookUp_BoroughName from {wards(tiny)} where WardCode = 'E05013570' order by 1"
        ).fetchall()
        assert rows == [("Aviation Security (SO18)",), ("Hillingdon",)]


class TestGround:
    def areas(self, manifest: Manifest, source: str) -> str:
        file = next(file.file for file in manifest.files if file.source == source)
        return f"st_read('{manifest.folder / file}')"

    @pytest.mark.parametrize(
        ("source", "count"),
        [("ons_lsoa_2011_boundary", 128), ("ons_lsoa_2021_boundary", 123), ("ons_ward_boundary", 18)],
    )
    def test_areas_cover_the_borough_without_overlap(self, tiny, connection, source, count):
        areas = self.areas(tiny, source)
        number, valid, parts, whole, block = connection.execute(
            f"""
            select
                count(*),
                bool_and(st_isvalid(geom)),
                sum(st_area(geom)),
                st_area(st_union_agg(geom)),
                st_area(st_envelope(st_union_agg(geom)))
            from {areas}
            """
        ).fetchone()
        assert number == count
        assert valid
        assert parts == pytest.approx(whole, rel=1e-9)
        assert whole == pytest.approx(block, rel=1e-9)

    def test_lsoas_of_2011_and_2021_fit_as_the_lookup_says(self, tiny, connection):
        worst = value(
            connection,
            f"""
            with pairs as (
                select a.geom as older, b.geom as newer, l.CHGIND as change
                from {csv_of(tiny, "ons_lsoa_lookup/*.csv")} as l
                inner join {self.areas(tiny, "ons_lsoa_2011_boundary")} as a on a.LSOA11CD = l.LSOA11CD
                inner join {self.areas(tiny, "ons_lsoa_2021_boundary")} as b on b.LSOA21CD = l.LSOA21CD
            )
            select max(abs(
                st_area(st_intersection(older, newer)) - case change
                    when 'S' then st_area(newer)
                    else st_area(older)
                end
            )) from pairs
            """,
        )
        assert worst < 1e-12

    def test_wards_are_unions_of_their_lsoas(self, tiny, connection):
        rows = connection.execute(
            f"""
            select st_area(w.geom), st_area(st_intersection(w.geom, st_union_agg(a.geom)))
            from {csv_of(tiny, "ons_lsoa_ward_lookup/*.csv")} as l
            inner join {self.areas(tiny, "ons_lsoa_2021_boundary")} as a on a.LSOA21CD = l.LSOA21CD
            inner join {self.areas(tiny, "ons_ward_boundary")} as w on w.WD24CD = l.WD24CD
            group by w.WD24CD, w.geom
            """
        ).fetchall()
        assert len(rows) == 18
        assert all(ward == pytest.approx(parts, rel=1e-9) for ward, parts in rows)

    def test_points_lie_in_their_area(self, full, connection):
        outside, own, crossing = connection.execute(
            f"""
            with areas as (
                select LSOA11CD as code, geom from {self.areas(full, "ons_lsoa_2011_boundary")}
                union
                select LSOA21CD, geom from {self.areas(full, "ons_lsoa_2021_boundary")}
            ),

            points as (
                select distinct
                    "LSOA code" as code,
                    "LSOA name" like 'Westminster%' as own,
                    st_point(Longitude::double, Latitude::double) as point
                from {csv_of(full, "police_uk_street/*.csv*")}
                where Longitude is not null
            )

            select
                count(*) filter (own and not exists (
                    select 1 from areas where areas.code = points.code and st_contains(geom, point)
                )),
                count(*) filter (own),
                count(*) filter (not own and exists (select 1 from areas where st_contains(geom, point)))
            from points
            """
        ).fetchone()
        assert own > 1000
        assert (outside, crossing) == (0, 0)

    def test_fire_incidents_lie_in_their_ward_by_the_rounded_grid(self, full, connection):
        total, right = connection.execute(
            f"""
            with incidents as (
                select
                    IncGeo_WardCode as code,
                    st_transform(
                        st_point(Easting_rounded::double, Northing_rounded::double),
                        'EPSG:27700', 'EPSG:4326', true
                    ) as point
                from {csv_of(full, "lfb_incident/*.csv")}
                where ProperCase = 'Westminster'
                limit 3000
            )

            select count(*), count(*) filter (WD24CD = code)
            from incidents
            inner join {self.areas(full, "ons_ward_boundary")} as wards on st_contains(geom, point)
            """
        ).fetchone()
        assert (total, right) == (3000, 3000)
