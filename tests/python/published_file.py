"""A published file of a few rows, made by hand: enough of each table for a report to be written from it."""

from datetime import date
from pathlib import Path

import duckdb

from swp.report.reader import COLUMNS

START, END = date(2022, 10, 1), date(2023, 9, 30)
BOROUGH = ("E09000033", "Westminster")
WARDS = {"E05013792": "Abbey Road", "E05013793": "Bayswater"}

TYPES = {
    "period_start": "date",
    "period_end": "date",
    "as_at_date": "date",
    "unknown_count": "bigint",
    "change_is_beyond_chance": "boolean",
} | dict.fromkeys(
    (
        "value",
        "numerator",
        "denominator",
        "coverage_pct",
        "ci_lower",
        "ci_upper",
        "previous_value",
        "change_pct",
    ),
    "double",
)


def observation(measure_id: str, value: float | None, **cells) -> dict:
    """A row of the measure contract: a count of the borough's review year unless `cells` says otherwise."""
    row = dict.fromkeys(COLUMNS) | {
        "measure_id": measure_id,
        "measure_name": measure_id.replace("_", " ").capitalize(),
        "unit": "count",
        "period_type": "review_year",
        "period_start": START,
        "period_end": END,
        "area_type": "borough",
        "area_code": BOROUGH[0],
        "area_name": BOROUGH[1],
        "geography_vintage": "2022",
        "breakdown": "all",
        "category": "all",
        "breakdown_2": "all",
        "category_2": "all",
        "value": value,
        "coverage_pct": 100.0,
        "status": "ok" if value is not None else "not_supplied",
        "definition_id": "total_notifiable_offences",
        "source_ids": "S17",
        "data_origin": "synthetic",
        "as_at_date": date(2023, 12, 12),
    }
    return row | cells


def months(measure_id: str, values: list[float], **cells) -> list[dict]:
    """A row a month, the last one being the last month of the period."""
    rows = []
    for back, value in enumerate(reversed(values)):
        month = (END.year * 12 + END.month - 1) - back
        start = date(month // 12, month % 12 + 1, 1)
        period = {"period_type": "calendar_month", "period_start": start, "period_end": start}
        rows.append(observation(measure_id, value, **(period | cells)))
    return rows[::-1]


def write(
    path: Path,
    observations: list[dict],
    boundaries: dict[str, str] | None = None,
    polarities: dict[str, str] | None = None,
) -> Path:
    """Write the published file to `path`: `observations`, two wards, a gap, definitions, measures."""
    columns = ", ".join(f"{name} {TYPES.get(name, 'varchar')}" for name in COLUMNS)
    with duckdb.connect(str(path)) as connection:
        for schema in ("measures", "reference", "quality", "marts"):
            connection.execute(f"create schema {schema}")
        connection.execute(f"create table measures.measures_all ({columns})")
        connection.executemany(
            f"insert into measures.measures_all values ({', '.join('?' * len(COLUMNS))})",
            [[row[name] for name in COLUMNS] for row in observations],
        )
        connection.execute("""
            create table reference.recommendation_measures as
                select 'R03' as recommendation_id, 'repeat_victimisation_share' as measure_id;
            create table reference.recommendations as
                select 'R03' as recommendation_id, 'Repeat victimisation' as short_name, 'Who?' as question;
            create table reference.definitions as
                select
                    'total_notifiable_offences' as definition_id,
                    'Total notifiable offences' as name,
                    'Crimes that forces must record.' as definition, '{"months": 12}' as parameters,
                    'Home Office' as source;
            create table quality.recommendation_readiness as
                select 'R03' as recommendation_id, 'use_with_care' as verdict, 'A gap.' as why;
            create table quality.gap_register as
                select
                    'cris_victim:is_repeat' as gap_key, 'cris_victim' as source, 'S11' as source_id,
                    'Metropolitan Police Service' as supplier, 'is_repeat' as field, 'REPEAT' as label,
                    'field' as kind, 'R03' as recommendations, 'Please send the repeat victim flag.' as ask,
                    'the column is not in the file' as finding, 'no flag' as gap_reason,
                    date '2023-11-01' as asked_on;
        """)
        if polarities:
            connection.execute("create table reference.measures (measure_id varchar, polarity varchar)")
            connection.executemany("insert into reference.measures values (?, ?)", list(polarities.items()))
        if boundaries:
            connection.execute(
                """create table marts.mart_boundaries (
                    area_type varchar, area_code varchar, area_name varchar, geography_vintage varchar,
                    borough_code varchar, borough_name varchar, geometry_geojson varchar
                )"""
            )
            connection.executemany(
                "insert into marts.mart_boundaries values ('ward', ?, ?, '2022', ?, ?, ?)",
                [[code, WARDS[code], *BOROUGH, shape] for code, shape in boundaries.items()],
            )
    return path
