"""Incidents and animal rescues of the London Fire Brigade, in the layouts of the London Datastore."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from swp.sample.crimes import FIRST_MONTH, LAST_STREET_MONTH, WEST_END_WARDS
from swp.sample.deliveries import Deliveries, csv_bytes, pick, same
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import (
    BOROUGHS,
    CITY,
    HOME,
    OTHER_BOROUGHS,
    Geography,
    random_points,
    to_national_grid,
)
from swp.sample.marginals import REVIEW_YEAR, YEAR_BEFORE, Marginals, generator, scaled

INCIDENTS, RESCUES = "lfb_incident", "lfb_animal_rescue"
INCIDENT_HEADER = [
    "IncidentNumber", "DateOfCall", "CalYear", "TimeOfCall", "HourOfCall", "IncidentGroup",
    "StopCodeDescription", "SpecialServiceType", "PropertyCategory", "PropertyType", "AddressQualifier",
    "Postcode_full", "Postcode_district", "UPRN", "USRN", "IncGeo_BoroughCode", "IncGeo_BoroughName",
    "ProperCase", "IncGeo_WardCode", "IncGeo_WardName", "IncGeo_WardNameNew", "Easting_m", "Northing_m",
    "Easting_rounded", "Northing_rounded", "Latitude", "Longitude", "FRS", "IncidentStationGround",
    "FirstPumpArriving_AttendanceTime", "FirstPumpArriving_DeployedFromStation",
    "SecondPumpArriving_AttendanceTime", "SecondPumpArriving_DeployedFromStation",
    "NumStationsWithPumpsAttending", "NumPumpsAttending", "PumpCount", "PumpMinutesRounded",
    "Notional Cost (£)", "NumCalls",
]  # fmt: skip
RESCUE_HEADER = [
    "IncidentNumber", "DateTimeOfCall", "CalYear", "FinYear", "TypeOfIncident", "PumpCount", "PumpHoursTotal",
    "HourlyNotionalCost(£)", "IncidentNotionalCost(£)", "FinalDescription", "AnimalGroupParent",
    "OriginofCall", "PropertyType", "PropertyCategory", "SpecialServiceTypeCategory", "SpecialServiceType",
    "WardCode", "Ward", "BoroughCode", "Borough", "StnGroundName", "UPRN", "Street", "USRN",
    "PostcodeDistrict", "Easting_m", "Northing_m", "Easting_rounded", "Northing_rounded", "Latitude",
    "Longitude",
]  # fmt: skip

INCIDENTS_ELSEWHERE = 8
# Rows of 39 columns that stand in memory together.
INCIDENTS_AT_ONCE = 500_000
EDITIONS = (
    ("2021-01", "2022-09", "lfb_animal_rescue_2021_to_2022-09.csv", "cp1252", "2022-10-10"),
    ("2022-10", "2023-12", "lfb_animal_rescue_2022-10_to_2023-12.csv", "gb18030", "2024-01-12"),
)
STATION, STREET, DISTRICT = "Sample Station", "SAMPLE STREET", "ZZ1"
FALSE_ALARM = ["AFA", "False alarm - Good intent", "False alarm - Malicious"]
# Group, what it turned out to be, special service, category and type of property (a space at its end).
KINDS = [
    ("False Alarm", None, None, "Non Residential", "Purpose built office "),
    ("False Alarm", None, None, "Dwelling", "Purpose Built Flats/Maisonettes - 4 to 9 storeys "),
    ("Fire", "Primary Fire", None, "Non Residential", "Department Store "),
    ("Fire", "Secondary Fire", None, "Outdoor", "Small refuse/rubbish container"),
    ("Fire", "Primary Fire", None, "Dwelling", "Converted Flat/Maisonette - Up to 2 storeys "),
    ("Special Service", "Special Service", "Lift Release", "Non Residential", "Department Store "),
    ("Special Service", "Special Service", "Flooding", "Dwelling", "Student Hall of Residence "),
    ("Special Service", "Special Service", "Effecting entry/exit", "Dwelling", "House - single occupancy "),
    ("Special Service", "Special Service", "RTC", "Road Vehicle", "Car "),
    ("Special Service", "Special Service", "Assist other agencies", "Outdoor", "Road surface/pavement "),
]  # fmt: skip
ANIMALS = ["Cat", "Bird", "Dog", "Fox", "Unknown - Domestic Animal Or Pet", "Squirrel", "Deer", "cat"]
ANIMAL_ODDS = [0.48, 0.2, 0.15, 0.06, 0.05, 0.02, 0.02, 0.02]
RESCUE_KINDS = [
    ("Other animal assistance", "Assist trapped domestic animal"),
    ("Animal rescue from height", "Animal rescue from height - Domestic pet"),
    ("Animal rescue from below ground", "Animal rescue from below ground - Domestic pet"),
    ("Animal rescue from water", "Animal rescue from water - Domestic pet"),
]
PROPERTIES = [
    ("Dwelling", "House - single occupancy "),
    ("Dwelling", "Purpose Built Flats/Maisonettes - 4 to 9 storeys "),
    ("Outdoor", "Tree scrub"),
    ("Non Residential", "Warehouse "),
    ("Road Vehicle", "Car "),
]
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Areas:
    """The places of the borough and of the others, with the ward and borough columns of each."""

    def __init__(self, geography: Geography):
        self.places = list(geography.places)
        self.home = len(self.places)
        self.by_borough = {}
        for name, places in geography.places_elsewhere.items():
            self.by_borough[name] = np.arange(len(self.places), len(self.places) + len(places))
            self.places += places
        names = dict(geography.ward_names)
        for borough in geography.places_elsewhere:
            names |= dict(geography.wards_elsewhere(borough))
        self.ward_codes = [place.ward for place in self.places]
        self.wards = [names[code] for code in self.ward_codes]
        self.boroughs = [place.borough for place in self.places]
        self.borough_codes = [BOROUGHS[name] for name in self.boroughs]

    def points(self, place: np.ndarray, rng: np.random.Generator):
        """Longitude and latitude (degrees), easting and northing (m), the latter also to the mid 50 m."""
        x, y = random_points(self.places, place, rng)
        east, north = to_national_grid(x, y)
        return x, y, east, north, np.floor(east / 100) * 100 + 50, np.floor(north / 100) * 100 + 50


def write(out: Deliveries, geography: Geography, marginals: Marginals, *, seed: int, scale: float) -> None:
    """Write the incident file of October 2021 to November 2023 and two editions of animal rescues."""
    areas = Areas(geography)
    write_incidents(out, areas, marginals, seed, scale)
    for edition in EDITIONS:
        write_rescues(out, areas, marginals, edition, seed, scale)


def minutes_of(
    first: str, last: str, hours: dict[str, float], n: int, rng: np.random.Generator
) -> np.ndarray:
    """`n` minutes of London clock time from `first` to `last` (months, both in), in order."""
    start = np.datetime64(first, "D")
    days = (np.datetime64(np.datetime64(last, "M") + 1, "D") - start).astype(int)
    odds = np.array(list(hours.values()))
    hour = rng.choice(24, n, p=odds / odds.sum())
    minute = rng.integers(days, size=n) * 1440 + hour * 60 + rng.integers(60, size=n)
    return np.datetime64(start, "m") + np.sort(minute)


def texts(values: np.ndarray, form: str) -> pa.Array:
    """Numbers as text in a printf form."""
    return pa.array(np.char.mod(form, values), pa.string())


def two_digits(hour: np.ndarray, minute: np.ndarray, second: np.ndarray) -> pa.Array:
    """Times of day as HH:MM:SS."""
    pair = [f"{number:02d}" for number in range(60)]
    parts = [pick(pair, values) for values in (hour, minute, second)]
    return pc.binary_join_element_wise(*parts, ":")


def blank_where(mask: np.ndarray, values: pa.Array) -> pa.Array:
    """`values` with blanks where `mask` holds."""
    return pc.if_else(pa.array(mask), pa.scalar(None, pa.string()), values)


def clock(when: np.ndarray) -> tuple[np.ndarray, ...]:
    """Year, month, day, hour and minute of each instant."""
    month = when.astype("datetime64[M]")
    day = when.astype("datetime64[D]")
    minute = (when - day).astype(int)
    year = month.astype("datetime64[Y]").astype(int) + 1970
    return (
        year,
        month.astype(int) % 12 + 1,
        (day - month.astype("datetime64[D]")).astype(int) + 1,
        minute // 60,
        minute % 60,
    )


def incident_places(
    areas: Areas, marginals: Marginals, total: int, each: int, rng: np.random.Generator
) -> np.ndarray:
    """The places of `total` incidents of the borough and `each` of every other, in no order."""
    share = marginals.series("fire_ward_share")
    wards = np.array(areas.wards[: areas.home])
    odds = np.ones(areas.home)
    for ward, percent in share.items():
        odds[wards == ward] = percent / (wards == ward).sum()
    rest = ~np.isin(wards, list(share))
    odds[rest] = (100 - sum(share.values())) / rest.sum()
    place = [rng.choice(areas.home, total, p=odds / odds.sum())]
    place += [rng.choice(areas.by_borough[name], each) for name in [CITY, *OTHER_BOROUGHS]]
    return rng.permutation(np.concatenate(place))


def write_incidents(out: Deliveries, areas: Areas, marginals: Marginals, seed: int, scale: float) -> None:
    """Write the incident file (39 columns, UTF-8, LF, blanks for what is not told)."""
    rng = generator(seed, "fire incidents")
    place, when = [], []
    for period, first, last, share in (
        (YEAR_BEFORE, FIRST_MONTH, "2022-09", 1.0),
        (REVIEW_YEAR, "2022-10", "2023-09", 1.0),
        (REVIEW_YEAR, "2023-10", LAST_STREET_MONTH, 2 / 12),
    ):
        total = scaled(marginals.value("fire_incidents", HOME[1], period) * share, scale)
        each = scaled(INCIDENTS_ELSEWHERE * 12 * share, scale, 2)
        place.append(incident_places(areas, marginals, total, each, rng))
        when.append(minutes_of(first, last, marginals.series("fire_hour_weight"), len(place[-1]), rng))
    place, when = np.concatenate(place), np.concatenate(when)
    name = f"lfb_incident_records_{FIRST_MONTH}_to_{LAST_STREET_MONTH}.csv"
    growing = out.begin(INCIDENTS, name, published="2024-01-08")
    broken = broken_count(scale, len(place), 2)
    for first in range(0, len(place), INCIDENTS_AT_ONCE):
        part = slice(first, first + INCIDENTS_AT_ONCE)
        table = incident_table(areas, marginals, place[part], when[part], first + 1, rng)
        if part.stop >= len(place):
            table = with_broken_rows(table, "IncidentNumber", None, broken)
        growing.write(csv_bytes(table, heading=growing.is_new), table.num_rows)
    file = out.end(growing)
    out.plant("incident without its number", file, "row_key_is_blank", rows=broken, column="IncidentNumber")


def incident_table(
    areas: Areas,
    marginals: Marginals,
    place: np.ndarray,
    when: np.ndarray,
    first: int,
    rng: np.random.Generator,
) -> pa.Table:
    """Incidents at places and times, numbered from `first`."""
    n = len(place)
    number = np.arange(first, first + n)
    two = np.isin(np.array(areas.wards)[place], WEST_END_WARDS) & (place < areas.home)
    alarm = rng.random(n) < np.where(
        two,
        marginals.value("false_alarm_share", "two wards") / 100,
        marginals.value("false_alarm_share", "elsewhere") / 100,
    )
    residential = rng.random(n) < np.where(two, 0.12, 0.45)
    kind = np.where(alarm, np.where(residential, 1, 0), rng.integers(2, len(KINDS), size=n))
    stop = pc.coalesce(
        pick([k[1] for k in KINDS], kind), pick(FALSE_ALARM, rng.choice(3, n, p=[0.75, 0.22, 0.03]))
    )
    home = np.isin(kind, [i for i, k in enumerate(KINDS) if k[3] == "Dwelling"])
    x, y, east, north, east50, north50 = areas.points(place, rng)
    year, month, day, hour, minute = clock(when)
    second = rng.integers(60, size=n)
    pumps = rng.choice([1, 2, 3], n, p=[0.72, 0.23, 0.05])
    no_pump = rng.random(n) < 0.04
    length = np.maximum(60, rng.normal(60, 25, n).round()) * pumps
    # Nobody's postcode or property: ZZ1 is no postcode district, and the references begin with 999.
    station = [f"{STATION} {i % 90 + 1}" for i in range(len(areas.places))]
    columns = [
        texts(number, "%06d-sample"),
        pick([f"{d:02d} {m} {y}" for y in range(2021, 2024) for m in MONTH_NAMES for d in range(1, 32)],
             ((year - 2021) * 12 + month - 1) * 31 + day - 1),
        texts(year, "%d"),
        two_digits(hour, minute, second),
        texts(hour, "%d"),
        pick([k[0] for k in KINDS], kind),
        stop,
        pick([k[2] for k in KINDS], kind),
        pick([k[3] for k in KINDS], kind),
        pick([k[4] for k in KINDS], kind),
        pick(["Correct incident location", "In street close to gazetteer location", "Within same building"],
             rng.integers(3, size=n)),
        blank_where(home, same(f"{DISTRICT} 1ZZ", n)),
        same(DISTRICT, n),
        pc.if_else(pa.array(home), pa.scalar("0.0"), texts(998_999_999 + number, "%d.0")),
        texts(99_900_000 + rng.integers(90_000, size=n), "%d.0"),
        pick(areas.borough_codes, place),
        pick([name.upper() for name in areas.boroughs], place),
        pick(areas.boroughs, place),
        pick(areas.ward_codes, place),
        pick(areas.wards, place),
        pick(areas.wards, place),
        blank_where(home, texts(np.round(east), "%.1f")),
        blank_where(home, texts(np.round(north), "%.1f")),
        texts(east50, "%d"),
        texts(north50, "%d"),
        blank_where(home, texts(y, "%.10f")),
        blank_where(home, texts(x, "%.10f")),
        same("London", n),
        pick(station, place),
        blank_where(no_pump, texts(rng.integers(60, 700, size=n), "%.1f")),
        blank_where(no_pump, pick(station, place)),
        blank_where(no_pump | (pumps < 2), texts(rng.integers(120, 900, size=n), "%.1f")),
        blank_where(no_pump | (pumps < 2), pick(station, place)),
        blank_where(no_pump, same("1.0", n)),
        blank_where(no_pump, texts(pumps, "%.1f")),
        texts(pumps, "%d"),
        blank_where(no_pump, texts(length, "%.1f")),
        blank_where(no_pump, texts(np.round(length / 60 * 352), "%.1f")),
        texts(rng.choice([1, 2, 3, 7], n, p=[0.75, 0.17, 0.06, 0.02]), "%.1f"),
    ]  # fmt: skip
    return pa.table(dict(zip(INCIDENT_HEADER, columns, strict=True)))


def write_rescues(
    out: Deliveries,
    areas: Areas,
    marginals: Marginals,
    edition: tuple[str, str, str, str, str],
    seed: int,
    scale: float,
) -> None:
    """Write one edition of the animal rescues: CRLF, the word NULL, and its own encoding and date format."""
    first, last, name, encoding, published = edition
    rng = generator(seed, "animal rescues", first)
    span = (np.datetime64(last, "M") - np.datetime64(first, "M")).astype(int) + 1
    n = scaled(marginals.value("animal_rescues", "London") * span / 12, scale, 240)
    borough = rng.choice(len(BOROUGHS), n)
    places = [areas.by_borough.get(name, np.arange(areas.home)) for name in BOROUGHS]
    place = np.array(
        [places[b][i % len(places[b])] for b, i in zip(borough, rng.integers(10**6, size=n), strict=True)]
    )
    when = minutes_of(first, last, marginals.series("fire_hour_weight"), n, rng)
    year, month, day, hour, minute = clock(when)
    ahead = month < 4
    form = "{2:02d}/{1:02d}/{0} {3:02d}:{4:02d}" if encoding == "cp1252" else "{0}/{1}/{2} {3}:{4:02d}"
    date = [form.format(*t) for t in zip(year, month, day, hour, minute, strict=True)]
    dates = zip(day, month, year, strict=True)
    number = [f"{i:06d}-{d:02d}{m:02d}{y}" for i, (d, m, y) in enumerate(dates, start=1)]
    property_ = rng.choice(len(PROPERTIES), n, p=[0.4, 0.15, 0.25, 0.12, 0.08])
    home = property_ < 2
    x, y, east, north, east50, north50 = areas.points(place, rng)
    rate = np.where(year - ahead >= 2022, 364, 352)
    pumps_told = rng.random(n) >= 0.008
    hours = rng.choice([1, 2, 3], n, p=[0.88, 0.09, 0.03])
    animal = rng.choice(len(ANIMALS), n, p=ANIMAL_ODDS)
    service = rng.choice(len(RESCUE_KINDS), n, p=[0.5, 0.36, 0.1, 0.04])
    capital = rng.random(n) < 0.7
    null = pa.scalar("NULL")

    def told(mask: np.ndarray, values: pa.Array) -> pa.Array:
        return pc.if_else(pa.array(mask), values, null)

    def in_capitals(names: list[str]) -> pa.Array:
        return pc.if_else(pa.array(capital), pick([n.upper() for n in names], place), pick(names, place))

    columns = [
        pa.array(number, pa.string()),
        pa.array(date, pa.string()),
        texts(year, "%d"),
        pa.array([f"{y}/{(y + 1) % 100:02d}" for y in year - ahead], pa.string()),
        same("Special Service", n),
        told(pumps_told, same("1", n)),
        told(pumps_told, texts(hours, "%d")),
        texts(rate, "%d"),
        told(pumps_told, texts(rate * hours, "%d")),
        pick([f"SAMPLE RESCUE OF {name.upper()}" for name in ANIMALS] + ["Redacted"],
             np.where(rng.random(n) < 0.15, len(ANIMALS), animal)),
        pick(ANIMALS, animal),
        pick(["Person (mobile)", "Person (land line)", "Police"], rng.choice(3, n, p=[0.7, 0.27, 0.03])),
        pick([p[1] for p in PROPERTIES], property_),
        pick([p[0] for p in PROPERTIES], property_),
        pick([k[0] for k in RESCUE_KINDS], service),
        pick([k[1] for k in RESCUE_KINDS], service),
        pick(areas.ward_codes, place),
        in_capitals(areas.wards),
        pick(areas.borough_codes, place),
        in_capitals(areas.boroughs),
        pick([f"{STATION} {i % 90 + 1}" for i in range(len(areas.places))], place),
        told(~home, texts(999_000_000 + np.arange(n), "%d")),
        pick([f"{STREET} {i + 1}" for i in range(500)], rng.integers(500, size=n)),
        texts(99_900_000 + rng.integers(90_000, size=n), "%d"),
        same(DISTRICT, n),
        told(~home, texts(np.round(east), "%d")),
        told(~home, texts(np.round(north), "%d")),
        texts(east50, "%d"),
        texts(north50, "%d"),
        told(~home, texts(y, "%.8f")),
        told(~home, texts(x, "%.8f")),
    ]  # fmt: skip
    table = pa.table(dict(zip(RESCUE_HEADER, columns, strict=True)))
    content = csv_bytes(table, eol="\r\n", encoding=encoding)
    file = out.add(RESCUES, name, content, published=published, rows=n)
    heading = "HourlyNotionalCost(£)"
    out.plant(f"encoding {encoding}, not UTF-8", file, f"encoding_{encoding}", rows=1, column=heading)
    out.plant(
        "the word NULL for no value", file, "null_written_as_text", rows=int(home.sum()), column="Easting_m"
    )
