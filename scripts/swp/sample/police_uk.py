"""Street-level crime, outcomes and stop and search in the layouts of data.police.uk, a file per month."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from swp.sample.crimes import ASB, CLASSES, FIRST_MONTH, LAST_STREET_MONTH, MPS, STREET_TYPES, Crimes
from swp.sample.deliveries import Deliveries, csv_bytes, pick, same
from swp.sample.faults import broken_count, with_broken_rows
from swp.sample.geography import CITY, OTHER_BOROUGHS, POINTS, MapPoints, Place, random_points
from swp.sample.marginals import Marginals, generator, months, scaled

CITY_POLICE = "City of London Police"
STREET = "police_uk_street"
OUTCOMES = "police_uk_outcomes"
STOPS = "police_uk_stop_search"
CITY_MONTHS = ("2023-01", "2023-03")

STREET_HEADER = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
]
OUTCOME_HEADER = [*STREET_HEADER[:9], "Outcome type"]
STOP_HEADER = [
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
]

# Months with a planted fault of their own.
PLAIN_CSV_MONTH = "2023-09"
BAD_TYPE_MONTH, BLANK_MONTH_MONTH, BLANK_LSOA_MONTH = "2022-11", "2023-02", "2023-05"
BLANK_LSOAS = 0.06
BLANK_OUTCOME_ID_MONTH = "2023-04"
EARLIER_MONTH, EARLIER_PUBLISHED, EARLIER_SHARE = "2023-01", "2023-03-10", 0.5
CUT_STOP_MONTH, CUT_STOP_DAY = "2022-12", 17
MANY_TWICE_MONTH, EXTRA_COLUMN_MONTH, BAD_DATE_MONTH = "2022-08", "2023-06", "2023-03"
MANY_TWICE, FEW_TWICE = 2347 / 14939, 0.02
EXTRA_COLUMN = "Recorded by system"

# Rows a month for each other borough: few, but some of every borough in every file.
CRIMES_ELSEWHERE, STOPS_ELSEWHERE, CITY_CRIMES = 40, 60, 700
REPEATED_IDS = 20
NEWER_CODES_BEFORE, NEWER_CODES_SINCE, CHANGE_OF_VINTAGE = 0.08, 0.93, "2023-03"
STREET_MIX = [0.17, 0.02, 0.06, 0.06, 0.04, 0.01, 0.11, 0.007, 0.06, 0.03, 0.05, 0.06, 0.11, 0.213]

NO_SUSPECT = "Investigation complete; no suspect identified"
UNABLE = "Unable to prosecute suspect"
OPEN = "Under investigation"
LAST_OUTCOMES = [
    NO_SUSPECT,
    "Status update unavailable",
    UNABLE,
    "Awaiting court outcome",
    "Court result unavailable",
    "Local resolution",
    "Offender given a drugs possession warning",
    "Offender given a caution",
    OPEN,
    None,
]
# Per kind of crime, the odds of LAST_OUTCOMES.
OUTCOME_ODDS = {
    "theft": [0.800, 0.070, 0.070, 0.020, 0.010, 0.010, 0.000, 0.005, 0.010, 0.005],
    "violence": [0.340, 0.080, 0.420, 0.060, 0.030, 0.020, 0.000, 0.015, 0.030, 0.005],
    "drugs": [0.100, 0.060, 0.110, 0.250, 0.060, 0.250, 0.120, 0.025, 0.020, 0.005],
}
KIND_OF_TYPE = {
    "Drugs": "drugs",
    "Possession of weapons": "drugs",
    "Violence and sexual offences": "violence",
    "Public order": "violence",
    "Robbery": "violence",
    "Other crime": "violence",
}
# What the outcomes file says of a crime with each last outcome; None: nothing yet.
OUTCOME_TYPE = {
    NO_SUSPECT: NO_SUSPECT,
    UNABLE: UNABLE,
    "Awaiting court outcome": "Suspect charged",
    "Court result unavailable": "Suspect charged",
    "Local resolution": "Local resolution",
    "Offender given a drugs possession warning": "Offender given a drugs possession warning",
    "Offender given a caution": "Offender given a caution",
}
OUTCOME_LAGS = {0: 0.20, 1: 0.12, 2: 0.05}
TWO_OUTCOMES = 0.015


@dataclass(frozen=True)
class Ground:
    """All places a street file may name, with their map points: the borough's, then the others'."""

    places: list[Place]
    points: MapPoints
    home: int
    boroughs: dict[str, np.ndarray]

    @classmethod
    def of(cls, crimes: Crimes, seed: int) -> "Ground":
        places = list(crimes.geography.places)
        home, boroughs = len(places), {}
        for name, elsewhere in crimes.geography.places_elsewhere.items():
            boroughs[name] = np.arange(len(places), len(places) + len(elsewhere))
            places += elsewhere
        return cls(places, MapPoints.of(places, seed, "street"), home, boroughs)


def write(out: Deliveries, crimes: Crimes, marginals: Marginals, *, seed: int, scale: float) -> None:
    """Write street and outcomes for 26 months (Metropolitan), street for 3 (City), stops for 26 months."""
    ground = Ground.of(crimes, seed)
    waiting: dict[int, list[pa.Table]] = {1: [], 2: []}
    for month in months(FIRST_MONTH, LAST_STREET_MONTH):
        street = write_street(out, crimes, ground, month, seed, scale)
        waiting = write_outcomes(out, street, waiting, month, seed, scale)
        write_stops(out, crimes, marginals, month, seed, scale)
    for month in months(*CITY_MONTHS):
        write_city_street(out, ground, month, seed, scale)


def published(month: str) -> str:
    """A month is published on the 5th of the second month after it."""
    return f"{np.datetime64(month, 'M') + 2}-05"


def crime_ids(rows: int, rng: np.random.Generator) -> pa.Array:
    """`rows` identifiers of 64 hexadecimal digits."""
    text = rng.bytes(32 * rows).hex().encode()
    return pa.array(np.frombuffer(text, dtype="S64").astype("U64"), pa.string())


def write_street(
    out: Deliveries, crimes: Crimes, ground: Ground, month: str, seed: int, scale: float
) -> pa.Table:
    """Write the Metropolitan street file of `month`; return its rows as written, planted ones left out."""
    rng = generator(seed, "street", month)
    column = crimes.months.index(month)
    kind = np.array([STREET_TYPES.index(offence.police_uk) for offence in CLASSES])
    last = crimes.counts.shape[1]
    by_cell = np.vstack([crimes.counts[:, :, column], crimes.asb[:, column]])
    cell = np.repeat(np.arange(by_cell.size), by_cell.ravel())
    types = np.append(kind, STREET_TYPES.index(ASB))[cell // last]
    place = cell % last
    place[place == last - 1] = -1
    per_borough = scaled(CRIMES_ELSEWHERE, scale, 3)
    more_types, more_places = thin(rng, ground, OTHER_BOROUGHS, per_borough)
    types, place = np.append(types, more_types), np.append(place, more_places)
    repeated = rng.choice(len(types), min(scaled(REPEATED_IDS, scale, 1), len(types) // 50), replace=False)
    repeated = repeated[types[repeated] != STREET_TYPES.index(ASB)]
    if month == BLANK_LSOA_MONTH:
        place[(rng.random(len(place)) < BLANK_LSOAS) & (place < ground.home)] = -1
    table = street_rows(rng, ground, types, place, month, MPS, repeated)
    rows = table
    file_name = f"{month}-metropolitan-street.csv" + ("" if month == PLAIN_CSV_MONTH else ".gz")
    broken = broken_count(scale, table.num_rows)
    fresh = {"Crime ID": crime_ids(broken, rng)}
    if month == BAD_TYPE_MONTH:
        rows = with_broken_rows(table, "Crime type", "Jaywalking", broken, fresh)
    if month == BLANK_MONTH_MONTH:
        rows = with_broken_rows(table, "Month", None, broken, fresh)
    file = out.add(STREET, file_name, csv_bytes(rows), published=published(month), rows=rows.num_rows)
    note_street_faults(out, ground, table, file, month, broken, len(repeated))
    if month == EARLIER_MONTH:
        write_first_rows(out, table, month)
    return table


def write_first_rows(out: Deliveries, table: pa.Table, month: str) -> None:
    """Write the first half of a month as an earlier publication had it: sorted by place, outcomes still open.

    The partnership's own borough has most rows and comes late in the alphabet, so the file is sorted from its
    end: the rows stop before the others are reached, and the file holds some of the force's boroughs only.
    """
    first = table.sort_by([("LSOA name", "descending")]).slice(0, int(table.num_rows * EARLIER_SHARE))
    ids = first["Crime ID"]
    still_open = pc.if_else(pc.is_null(ids), pa.scalar(None, pa.string()), pa.scalar(OPEN))
    first = first.set_column(
        first.column_names.index("Last outcome category"), "Last outcome category", still_open
    )
    name = f"{month}-metropolitan-street.first-{first.num_rows}-rows.csv"
    file = out.add(STREET, name, csv_bytes(first), published=EARLIER_PUBLISHED, rows=first.num_rows)
    crimes = len(ids) - ids.null_count
    out.plant("crime in two publications", file, "later_publication_of_same_months", rows=crimes, month=month)
    out.plant("file of some boroughs only", file, "partial_scope", rows=first.num_rows, month=month)


def note_street_faults(
    out: Deliveries, ground: Ground, table: pa.Table, file: str, month: str, broken: int, repeated: int
) -> None:
    """Note what was planted in the street file of `month`, whose sound rows are `table`."""

    def note(fault: str, check: str, rows: int, column: str) -> None:
        out.plant(fault, file, check, rows=rows, column=column, month=month)

    note("Crime ID twice, most with another outcome only", "repeated_key", repeated, "Crime ID")
    if month == BAD_TYPE_MONTH:
        note("crime type that is not in the list", "row_value_not_in_code_list", broken, "Crime type")
    if month == BLANK_MONTH_MONTH:
        note("row without its month", "row_key_is_blank", broken, "Month")
    if month == BLANK_LSOA_MONTH:
        blanks = table["LSOA code"].null_count
        note("more rows than usual without a place", "blank_above_usual", blanks, "LSOA code")
    if month == CHANGE_OF_VINTAGE:
        newer = {p.code_2021 for p in ground.places} - {p.code_2011 for p in ground.places}
        rows = pc.sum(pc.is_in(table["LSOA code"], pa.array(sorted(newer)))).as_py()
        note("LSOA codes of 2011 and 2021 in one file", "lsoa_vintages_mixed", rows or 0, "LSOA code")


def thin(
    rng: np.random.Generator, ground: Ground, boroughs: list[str], each: int
) -> tuple[np.ndarray, np.ndarray]:
    """Types and places of `each` rows for every one of `boroughs`, with every type among them."""
    place = np.concatenate([rng.choice(ground.boroughs[name], each) for name in boroughs])
    mix = np.array(STREET_MIX)
    types = rng.choice(len(STREET_TYPES), len(place), p=mix / mix.sum())
    types[: len(STREET_TYPES)] = np.arange(len(STREET_TYPES))
    return types, place


def street_rows(
    rng: np.random.Generator,
    ground: Ground,
    types: np.ndarray,
    place: np.ndarray,
    month: str,
    force: str,
    repeated: np.ndarray,
) -> pa.Table:
    """The rows of a street file; place -1 is unknown, `repeated` rows come once more with another outcome."""
    n = len(types)
    point = place * POINTS + rng.integers(POINTS, size=n)
    newer = rng.random(n) < (NEWER_CODES_SINCE if month >= CHANGE_OF_VINTAGE else NEWER_CODES_BEFORE)
    outcome = np.empty(n, dtype=np.int64)
    odds = {kind: np.cumsum(values) for kind, values in OUTCOME_ODDS.items()}
    chance = rng.random(n)
    for number, name in enumerate(STREET_TYPES):
        at = types == number
        cumulative = odds[KIND_OF_TYPE.get(name, "theft")]
        outcome[at] = np.minimum(np.searchsorted(cumulative, chance[at]), len(LAST_OUTCOMES) - 1)
    if month >= "2023-09":
        outcome[rng.random(n) < 0.3] = LAST_OUTCOMES.index(OPEN)
    outcome[types == STREET_TYPES.index(ASB)] = LAST_OUTCOMES.index(None)
    ids = crime_ids(n, rng)
    source = np.append(np.arange(n), repeated)
    again = np.arange(len(source)) >= n
    types, place, point, newer, outcome = (column[source] for column in (types, place, point, newer, outcome))
    # A repeated row differs in its outcome; every tenth in its map point as well.
    outcome[again] = np.where(outcome[again] == 1, 0, 1)
    moved = again & (np.arange(len(source)) % 10 == 0) & (place >= 0)
    point[moved] = point[moved] // POINTS * POINTS + (point[moved] + 1) % POINTS
    codes = [p.code_2011 for p in ground.places] + [p.code_2021 for p in ground.places] + [None]
    names = [p.name_2011 for p in ground.places] + [p.name_2021 for p in ground.places] + [None]
    unknown = place < 0
    code = np.where(unknown, len(codes) - 1, place + newer * len(ground.places))
    point = np.where(unknown, len(ground.points.location), point)
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort([name or "~" for name in names], kind="stable")] = np.arange(len(names))
    order = np.lexsort((rng.random(n)[source], rank[code]))
    asb = pa.array(types == STREET_TYPES.index(ASB))
    table = pa.table(
        {
            "Crime ID": pc.if_else(asb, pa.scalar(None, pa.string()), ids.take(pa.array(source))),
            "Month": same(month, len(source)),
            "Reported by": same(force, len(source)),
            "Falls within": same(force, len(source)),
            "Longitude": pick([*(f"{x:.6f}" for x in ground.points.longitude), None], point),
            "Latitude": pick([*(f"{y:.6f}" for y in ground.points.latitude), None], point),
            "Location": pick([*ground.points.location, "No location"], point),
            "LSOA code": pick(codes, code),
            "LSOA name": pick(names, code),
            "Crime type": pick(STREET_TYPES, types),
            "Last outcome category": pick(LAST_OUTCOMES, outcome),
            "Context": same(None, len(source)),
        }
    )
    return table.take(pa.array(order)).combine_chunks()


def write_city_street(out: Deliveries, ground: Ground, month: str, seed: int, scale: float) -> None:
    """Write a City of London street file (CRLF, not compressed); a few of its rows lie in the borough."""
    rng = generator(seed, "city street", month)
    types, place = thin(rng, ground, [CITY], scaled(CITY_CRIMES, scale, 60))
    across = scaled(2, min(scale, 2), 1)
    place[-across:] = rng.integers(ground.home, size=across)
    table = street_rows(rng, ground, types, place, month, CITY_POLICE, np.empty(0, dtype=np.int64))
    name = f"{month}-city-of-london-street.csv"
    content = csv_bytes(table, eol="\r\n")
    out.add(STREET, name, content, published=published(month), rows=table.num_rows)


def write_outcomes(
    out: Deliveries,
    street: pa.Table,
    waiting: dict[int, list[pa.Table]],
    month: str,
    seed: int,
    scale: float,
) -> dict[int, list[pa.Table]]:
    """Write the outcomes that fall in `month`, of its crimes and of the two months before.

    `waiting` holds, by how many months they are ahead, the outcomes of earlier crimes; the same is returned
    for the next month.
    """
    rng = generator(seed, "outcomes", month)
    rows = street.select(OUTCOME_HEADER[:9])
    last = street["Last outcome category"].combine_chunks().dictionary_encode()
    said = [OUTCOME_TYPE.get(value.as_py()) for value in last.dictionary]
    outcome = pa.array(said, pa.string()).take(last.indices)
    rows = rows.append_column("Outcome type", outcome)
    lag = np.searchsorted(np.cumsum(list(OUTCOME_LAGS.values())), rng.random(rows.num_rows), side="right")
    decided = pc.and_(pc.is_valid(rows["Outcome type"]), pc.is_valid(rows["Crime ID"]))
    by_lag = {n: rows.filter(pc.and_(decided, pa.array(lag == n))) for n in OUTCOME_LAGS}
    now = pa.concat_tables([by_lag[0], *waiting[1]])
    twice = now.filter(pa.array(rng.random(now.num_rows) < TWO_OUTCOMES))
    twice = twice.filter(pc.not_equal(twice["Outcome type"], UNABLE))
    at = OUTCOME_HEADER.index("Outcome type")
    twice = twice.set_column(at, "Outcome type", same(UNABLE, twice.num_rows))
    now = pa.concat_tables([now, twice])
    now = now.set_column(1, "Month", same(month, now.num_rows)).take(pa.array(rng.permutation(now.num_rows)))
    written = now
    if month == BLANK_OUTCOME_ID_MONTH:
        broken = broken_count(scale, now.num_rows, 2)
        written = with_broken_rows(now, "Crime ID", None, broken)
    name = f"{month}-metropolitan-outcomes.csv.gz"
    file = out.add(OUTCOMES, name, csv_bytes(written), published=published(month), rows=written.num_rows)
    if month == BLANK_OUTCOME_ID_MONTH:
        out.plant(
            "outcome without its Crime ID",
            file,
            "row_key_is_blank",
            rows=broken,
            column="Crime ID",
            month=month,
        )
    return {1: [*waiting[2], by_lag[1]], 2: [by_lag[2]]}


ETHNICITY = {
    "Other ethnic group - Not stated": 0.29,
    "White - English/Welsh/Scottish/Northern Irish/British": 0.19,
    "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background": 0.11,
    "White - Any other White background": 0.11,
    "Black/African/Caribbean/Black British - African": 0.065,
    "Asian/Asian British - Any other Asian background": 0.057,
    "Black/African/Caribbean/Black British - Caribbean": 0.04,
    "Other ethnic group - Any other ethnic group": 0.031,
    "Asian/Asian British - Bangladeshi": 0.021,
    "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background": 0.02,
    "Asian/Asian British - Indian": 0.015,
    "Asian/Asian British - Pakistani": 0.013,
    None: 0.011,
    "White - Irish": 0.009,
    "Mixed/Multiple ethnic groups - White and Black Caribbean": 0.009,
    "Mixed/Multiple ethnic groups - White and Black African": 0.004,
    "Mixed/Multiple ethnic groups - White and Asian": 0.003,
    "Asian/Asian British - Chinese": 0.002,
}
OFFICER_DEFINED = {"White": 0.41, "Black": 0.36, "Asian": 0.147, "Other": 0.06, None: 0.023}
GENDER = {"Male": 0.902, "Female": 0.086, None: 0.011, "Other": 0.001}
AGE = {"18-24": 0.275, "over 34": 0.212, "25-34": 0.21, "10-17": 0.16, None: 0.14, "under 10": 0.003}
KIND_OF_STOP = {"Person search": 0.79, "Person and Vehicle search": 0.197, "Vehicle search": 0.013}
STOP_OUTCOME = {
    "A no further action disposal": 0.713,
    "Arrest": 0.144,
    "Community resolution": 0.093,
    "Penalty Notice for Disorder": 0.032,
    "Summons / charged by post": 0.017,
    "Caution (simple or conditional)": 0.001,
}
DRUGS_ACT = "Misuse of Drugs Act 1971 (section 23)"
PACE = "Police and Criminal Evidence Act 1984 (section 1)"
SEARCHES = [
    (DRUGS_ACT, "Controlled drugs", "Controlled drugs", 1.0),
    (PACE, "Offensive weapons", "Offensive weapons", 0.96),
    ("Firearms Act 1968 (section 47)", "Firearms", "Offensive weapons", 0.025),
    (
        "Criminal Justice and Public Order Act 1994 (section 60)",
        "Anything to threaten or harm anyone",
        "Offensive weapons",
        0.015,
    ),
    (PACE, "Stolen goods", "other objects", 0.71),
    (PACE, "Evidence of offences under the Act", "other objects", 0.21),
    (PACE, "Articles for use in criminal damage", "other objects", 0.035),
    (PACE, "Fireworks", "other objects", 0.035),
    (PACE, None, "other objects", 0.01),
]


def london_to_utc(month: str) -> tuple[np.ndarray, np.ndarray]:
    """Every minute of `month` by London clocks, as instants in UTC, and the London hour of each.

    Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on that of October.
    """
    changes = []
    for name in ("03", "10"):
        end = np.datetime64(f"{month[:4]}-{name}", "M") + 1
        day = np.datetime64(end, "D") - 1
        changes.append(np.datetime64(day - (day.astype(int) + 4) % 7, "m") + 60)
    first = np.datetime64(month, "M")
    start, end = np.datetime64(first, "m") - 60, np.datetime64(first + 1, "m")
    utc = np.arange(start, end)
    summer = (utc >= changes[0]) & (utc < changes[1])
    local = utc + np.where(summer, 60, 0)
    inside = (local >= np.datetime64(first, "m")) & (local < end)
    hour = (local.astype("datetime64[h]") - local.astype("datetime64[D]")).astype(int)
    return utc[inside], hour[inside]


def write_stops(
    out: Deliveries, crimes: Crimes, marginals: Marginals, month: str, seed: int, scale: float
) -> None:
    """Write the stop and search file of `month`, which is cut by London time and written in UTC."""
    rng = generator(seed, "stops", month)
    stops = marginals.series("stops")
    homes = crimes.geography.places
    elsewhere = [place for name in OTHER_BOROUGHS for place in crimes.geography.places_elsewhere[name]]
    own = scaled(sum(stops.values()) / 12, scale, 20)
    per_borough = scaled(STOPS_ELSEWHERE, scale, 4)
    n = own + per_borough * len(OTHER_BOROUGHS)
    busy = crimes.counts[:, :-1, crimes.months.index(month)].sum(axis=0) + 1.0
    per_place = len(elsewhere) // len(OTHER_BOROUGHS)
    place = np.append(
        rng.choice(len(homes), own, p=busy / busy.sum()),
        len(homes)
        + np.repeat(np.arange(len(OTHER_BOROUGHS)) * per_place, per_borough)
        + rng.integers(per_place, size=n - own),
    )
    longitude, latitude = random_points(homes + elsewhere, place, rng)

    minutes, hour = london_to_utc(month)
    weight = np.array(list(marginals.series("stop_hour_weight").values()))[hour]
    when = minutes[np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(n))]
    when[0] = minutes[0]
    odds = np.array([stops[group] * part for _, _, group, part in SEARCHES])
    search = rng.choice(len(SEARCHES), n, p=odds / odds.sum())

    def drawn(shares: dict[str | None, float]) -> pa.Array:
        p = np.array(list(shares.values()))
        return pick(list(shares), rng.choice(len(p), n, p=p / p.sum()))

    unplaced = pa.array(rng.random(n) < 0.10)
    blank = pa.scalar(None, pa.string())
    table = pa.table(
        {
            "Type": drawn(KIND_OF_STOP),
            "Date": pa.array(np.char.add(np.datetime_as_string(when, unit="s"), "+00:00"), pa.string()),
            "Part of a policing operation": same("False", n),
            "Policing operation": same(None, n),
            "Latitude": pc.if_else(unplaced, blank, pa.array(np.char.mod("%.6f", latitude), pa.string())),
            "Longitude": pc.if_else(unplaced, blank, pa.array(np.char.mod("%.6f", longitude), pa.string())),
            "Gender": drawn(GENDER),
            "Age range": drawn(AGE),
            "Self-defined ethnicity": drawn(ETHNICITY),
            "Officer-defined ethnicity": drawn(OFFICER_DEFINED),
            "Legislation": pick([row[0] for row in SEARCHES], search),
            "Object of search": pick([row[1] for row in SEARCHES], search),
            "Outcome": drawn(STOP_OUTCOME),
            "Outcome linked to object of search": same(None, n),
            "Removal of more than just outer clothing": same(None, n),
        }
    )
    if month == CUT_STOP_MONTH:
        table = table.filter(pa.array(when < np.datetime64(f"{month}-{CUT_STOP_DAY + 1:02d}")))
    share = MANY_TWICE if month == MANY_TWICE_MONTH else FEW_TWICE
    twice = rng.choice(table.num_rows, max(1, round(share * table.num_rows)), replace=False)
    source = np.append(np.arange(table.num_rows), twice)
    table = table.take(pa.array(source))
    order = np.argsort(table["Date"].to_numpy(zero_copy_only=False).astype(str), kind="stable")
    table = table.take(pa.array(order)).combine_chunks()
    broken = broken_count(scale, table.num_rows, 2)
    if month == BAD_DATE_MONTH:
        table = with_broken_rows(table, "Date", "31/02/2023 10:00", broken)
    if month == EXTRA_COLUMN_MONTH:
        table = table.append_column(EXTRA_COLUMN, same("A", table.num_rows))
    name = f"{month}-metropolitan-stop-and-search.csv.gz"
    file = out.add(STOPS, name, csv_bytes(table), published=published(month), rows=table.num_rows)
    out.plant("rows twice, alike in every column", file, "exact_duplicates", rows=len(twice), month=month)
    if month == CUT_STOP_MONTH:
        out.plant(
            "month that ends on the 17th",
            file,
            "month_is_cut_short",
            rows=table.num_rows,
            column="Date",
            month=month,
        )
    if minutes[0] < np.datetime64(month, "m"):
        before = int((when < np.datetime64(month, "m")).sum())
        out.plant(
            "times in UTC: the month begins at 23:00 on the day before",
            file,
            "timestamps_in_utc",
            rows=before,
            column="Date",
            month=month,
        )
    if month == BAD_DATE_MONTH:
        out.plant(
            "date that does not exist",
            file,
            "row_value_does_not_parse",
            rows=broken,
            column="Date",
            month=month,
        )
    if month == EXTRA_COLUMN_MONTH:
        out.plant(
            "column that the publisher does not have",
            file,
            "unexpected_column",
            rows=table.num_rows,
            column=EXTRA_COLUMN,
            month=month,
        )
