"""The table of crime reports."""

import numpy as np
import pyarrow as pa

from swp.sample.blocks import Block
from swp.sample.crimes import Crimes
from swp.sample.deliveries import Deliveries
from swp.sample.faults import with_broken_rows
from swp.sample.geography import HOME, random_points, to_national_grid
from swp.sample.marginals import generator
from swp.sample.mps_cris.basics import (
    AGENCY,
    CRIME,
    HO_CODES,
    MAJORS,
    MINORS,
    MINUTE,
    OTHER_ACCEPTED,
    VEHICLE,
    YEARS,
    Year,
)
from swp.sample.mps_cris.columns import blanked, day, drawn, quoted_csv, stamp, text_table, yes
from swp.sample.mps_cris.reports import Reports

INJURY_TITLES = {
    "Actual bodily harm": 0.62,
    "Non-fatal strangulation or suffocation": 0.06,
    "Grievous bodily harm without intent": 0.17,
    "Wounding without intent": 0.15,
}
TRADE = ("Shoplifting", "Burglary Business and Community", "Robbery of Business Property", "Other Theft")
VENUES = {
    "trade": {"Shop / Store": 0.6, "Restaurant / Cafe": 0.14, "Hotel": 0.08, "Office": 0.1,
              "Theatre / Cinema": 0.03, "Bar / Public House": 0.05},
    "home": {"Flat / Maisonette": 0.68, "House": 0.24, "Hostel": 0.04, "Car Park / Garage": 0.04},
    "street": {"Street": 0.55, "Bar / Public House": 0.09, "Nightclub": 0.05, "Restaurant / Cafe": 0.07,
               "Railway / Underground Station": 0.06, "Bus / Bus Stop": 0.04, "Park / Open Space": 0.05,
               "Hotel": 0.03, "Taxi / Minicab": 0.02, "Hospital / Surgery": 0.01, "Casino": 0.01,
               "Other": 0.02},
    "road": {"Street": 0.86, "Car Park / Garage": 0.14},
}  # fmt: skip


HATE_FLAGS = (
    "FLAG_RH_RACIST", "FLAG_FH_FAITH", "FLAG_AS_ANTISEMITIC", "FLAG_IS_ISLAMOPHOBIC", "FLAG_HO_HOMOPHOBIC",
    "FLAG_TG_TRANSGENDER", "FLAG_DH_DISABILITY",
)  # fmt: skip
MONTHS_OPEN = ("2023-06", "2023-07", "2023-08", "2023-09")


class CrimeFile:
    """The crime reports of one year. The first has no outcome types, and neither has the business flag."""

    def __init__(self, out: Deliveries, year: Year):
        self.out, self.year, self.is_first = out, year, year is YEARS[0]
        self.file = out.begin(CRIME, f"{CRIME}_{year.months}.csv.gz", published=year.published)
        self.bad = ("RECORDED_DATE", "31/02/2022 10:00")
        if not self.is_first:
            self.bad = ("MINOR_TEXT", "Minor class to be confirmed")

    def add(self, borough: Crimes, reports: Reports, seed: int, block: Block) -> None:
        """Add the reports of one block."""
        columns = crime_columns(borough, reports, seed, block)
        table, broken = text_table(columns), block.broken_count(len(reports), 6)
        if broken:
            year = self.year.last[2:4]
            fresh = pa.array([f"69{year}{i:03d}/{year}" for i in range(broken)])
            table = with_broken_rows(table, *self.bad, broken, {"CRIME_REF_NO": fresh})
        self.file.write(quoted_csv(table, heading=self.file.is_new), table.num_rows)
        self.file.counted["broken"] += broken
        strands = sum((columns[name] == "Y").astype(int) for name in HATE_FLAGS)
        self.file.counted["strands beyond the first"] += int(np.maximum(strands - 1, 0).sum())
        domestic = columns["FLAG_DV_DOMESTIC"] == "Y"
        self.file.counted["not notifiable"] += int((domestic & (columns["TNO_FLAG"] == "N")).sum())
        if not self.is_first:
            for month in MONTHS_OPEN:
                inside = reports.recorded.astype("M8[M]") == np.datetime64(month)
                self.file.counted[month] += int((inside & (columns["HO_OUTCOME_CODE"] == "0")).sum())

    def end(self) -> None:
        """Finish the file and note what was planted in it."""
        out, file, rows = self.out, self.out.end(self.file), self.file.rows
        check = "row_value_does_not_parse" if self.is_first else "row_value_not_in_code_list"
        words = check.split("_", 1)[1].replace("_", " ")
        out.plant(words, file, check, rows=self.file.counted["broken"], column=self.bad[0])
        missing = {
            "FLAG_BC_BUSINESS": "G094: no business crime flag",
            "LOCATION_UPRN": "G097: no exact place",
        }
        if self.is_first:
            missing |= {
                "HO_OUTCOME_CODE": "G005: no outcome type",
                "OUTCOME_DATE": "G005: no date of outcome",
            }
        for column, fault in missing.items():
            out.plant(fault, file, "column_is_delivered", rows=rows, column=column)
        counted = self.file.counted
        out.plant("G047: several strands of hate to a crime", file, "overlapping_categories_are_never_summed",
                  rows=counted["strands beyond the first"], column="FLAG_RH_RACIST")  # fmt: skip
        out.plant("G072: incidents flagged as domestic abuse", file, "record_is_not_notifiable",
                  rows=counted["not notifiable"], column="TNO_FLAG")  # fmt: skip
        if self.is_first:
            return
        out.plant("column that was not agreed", file, "unexpected_column", rows=rows, column="SYSTEM_ID")
        for month in MONTHS_OPEN:
            out.plant("G007: a third without an outcome yet", file, "outcome_not_yet_assigned",
                      rows=self.file.counted[month], column="HO_OUTCOME_CODE", month=month)  # fmt: skip


def crime_columns(borough: Crimes, reports: Reports, seed: int, block: Block) -> dict[str, np.ndarray]:
    """The columns of the crime reports, as texts."""
    rng = generator(seed, AGENCY, "crimes", reports.year.period, *block.names)
    year, n, first_year = reports.year, len(reports), reports.year is YEARS[0]
    placed = reports.place < len(borough.geography.places)
    x, y = np.zeros(n), np.zeros(n)
    longitude, latitude = random_points(borough.geography.places, reports.place[placed], rng)
    x[placed], y[placed] = to_national_grid(longitude, latitude)
    places = borough.geography.places
    ward_codes = np.array([place.ward for place in places] + [None], dtype=object)
    lsoas = np.array([place.code_2011 for place in places] + [None], dtype=object)
    code, title = np.full(n, None, dtype=object), np.full(n, None, dtype=object)
    for at, minor in enumerate(MINORS[:-1]):
        here = np.flatnonzero(reports.minor == at)
        code[here] = drawn(rng, HO_CODES[minor], len(here))
        title[here] = minor
    code[reports.flags["stalking"]] = "8Q"
    code[reports.flags["slavery"] & (np.array(MINORS)[reports.minor] == "Violence without Injury")] = "106"
    hurt = np.flatnonzero(code == "8N")
    title[hurt] = drawn(rng, INJURY_TITLES, len(hurt))
    strangled = hurt[reports.flags["domestic"][hurt] & (rng.random(len(hurt)) < 0.15)]
    title[strangled] = "Non-fatal strangulation or suffocation"
    notifiable = reports.minor != OTHER_ACCEPTED
    kind = np.full(n, "street", dtype=object)
    kind[np.isin(np.array(MINORS)[reports.minor], TRADE)] = "trade"
    kind[reports.flags["domestic"] | (np.array(MINORS)[reports.minor] == "Domestic Burglary")] = "home"
    kind[reports.major == VEHICLE] = "road"
    venue = np.full(n, None, dtype=object)
    for each, shares in VENUES.items():
        here = np.flatnonzero(kind == each)
        venue[here] = drawn(rng, shares, len(here))
    given = reports.recorded + rng.exponential(np.where(reports.detected, 45, 15) * 1440).astype(int) * MINUTE
    given = np.minimum(given.astype("M8[D]"), np.datetime64(year.published))
    flags = reports.flags
    columns = {
        "CRIME_REF_NO": reports.reference,
        "RECORDED_DATE": stamp(reports.recorded),
        "COMMITTED_FROM": blanked(stamp(reports.committed_from), rng.random(n) < 0.01),
        "COMMITTED_TO": blanked(stamp(reports.committed_to), rng.random(n) < 0.08),
        "HO_CODE": blanked(code, rng.random(n) < 0.01),
        "OFFENCE_TITLE": title,
        "MAJOR_TEXT": np.array(MAJORS, dtype=object)[reports.minor],
        "MINOR_TEXT": np.array(MINORS, dtype=object)[reports.minor],
        "TNO_FLAG": yes(notifiable),
        "FLAG_RH_RACIST": yes(flags["racist"]),
        "FLAG_FH_FAITH": yes(flags["faith"]),
        "FLAG_AS_ANTISEMITIC": yes(flags["antisemitic"]),
        "FLAG_IS_ISLAMOPHOBIC": yes(flags["islamophobic"]),
        "FLAG_HO_HOMOPHOBIC": yes(flags["homophobic"]),
        "FLAG_TG_TRANSGENDER": yes(flags["transgender"]),
        "FLAG_DH_DISABILITY": yes(flags["disability"]),
        "FLAG_DV_DOMESTIC": yes(flags["domestic"]),
        "FLAG_KN_KNIFE": yes(flags["knife"]),
        "FLAG_KI_KNIFE_INJURY": yes(flags["knife_injury"]),
        "FLAG_GN_GUN": yes(flags["gun"]),
        "FLAG_HV_HONOUR": yes(flags["honour"]),
        "FLAG_MS_MSHT": yes(flags["slavery"]),
        "FLAG_SK_STALKING": yes(flags["stalking"]),
        "FLAG_AL_ALCOHOL": yes(flags["alcohol"]),
        "FLAG_GG_GANG": yes(flags["gang"]),
        "BOROUGH": np.full(n, HOME[1], dtype=object),
        "WARD_CODE": blanked(ward_codes[reports.place], ~reports.ward_known),
        "WARD": blanked(reports.ward, ~reports.ward_known),
        "LSOA_CODE": lsoas[reports.place],
        "EASTING": blanked(np.char.mod("%d", x.round()), ~placed),
        "NORTHING": blanked(np.char.mod("%d", y.round()), ~placed),
        "VENUE_TYPE": blanked(venue, rng.random(n) < 0.12),
        "SANCTION_DETECTION": yes(reports.detected),
    }
    if not first_year:
        columns["HO_OUTCOME_CODE"] = blanked(reports.outcome, rng.random(n) < 0.02)
        without = (columns["HO_OUTCOME_CODE"] == "0") | ~notifiable | (rng.random(n) < 0.05)
        columns["OUTCOME_DATE"] = blanked(day(given), without)
        columns["SYSTEM_ID"] = np.array(
            [f"S{value:09d}" for value in rng.integers(10**9, size=n)], dtype=object
        )
    return columns
