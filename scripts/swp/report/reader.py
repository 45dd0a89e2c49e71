"""What a report may know: the tables of one profile's published file, and nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import duckdb

from swp.errors import SwpError, WrongUse

# The queries are many and small: more threads only wait for one another.
THREADS = 2
ANY = "any"
YEARLY = "review_year"
MONTHLY = "calendar_month"
# Their periods are the publisher's own: the latest one that ends by the end of the report's period is shown.
FOREIGN_PERIODS = ("published_period", "survey_wave")


@dataclass(frozen=True)
class Observation:
    """A row of the measure contract."""

    measure_id: str
    measure_name: str
    unit: str
    period_type: str
    period_start: date
    period_end: date
    area_type: str
    area_code: str
    area_name: str
    geography_vintage: str
    breakdown: str
    category: str
    breakdown_2: str
    category_2: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unknown_count: int | None
    coverage_pct: float | None
    ci_lower: float | None
    ci_upper: float | None
    previous_value: float | None
    change_pct: float | None
    change_is_beyond_chance: bool | None
    status: str
    status_reason: str | None
    definition_id: str | None
    source_ids: str | None
    data_origin: str | None
    as_at_date: date | None


COLUMNS = tuple(field.name for field in fields(Observation))


class Published:
    """The published file at `path`, read for the review year that starts on `period` (default: the latest).

    Raises `SwpError` where the file is absent or holds no measures, `WrongUse` for a period that it has not.
    """

    def __init__(self, path: Path, period: date | None = None):
        if not path.is_file():
            raise SwpError(f"There is no published file ({path}). Run 'swp publish' first.")
        self.connection = duckdb.connect(str(path), read_only=True, config={"threads": THREADS})
        self.tables = set(
            self.connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        )
        self._make_observations()
        self.period_start, self.period_end = self._period(period)
        self.definitions_used: set[str] = set()
        self.sources_used: set[str] = set()

    def close(self) -> None:
        self.connection.close()

    def has(self, name: str) -> bool:
        """Whether the file holds the table `schema.name`."""
        return tuple(name.split(".")) in self.tables

    def rows(self, name: str, then: str = "") -> list[dict]:
        """The rows of `schema.name`, with `then` (where, order by) behind it; none where it is absent."""
        return self.query(f"select * from {name} {then}") if self.has(name) else []

    def query(self, sql: str, parameters: Iterable = ()) -> list[dict]:
        found = self.connection.execute(sql, list(parameters))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def observations(self, measure: str, *, area: str = "borough", code: str | None = None, **where) -> list:
        """Observations of the report's period; `where` names columns of the contract (breakdowns: `all`).

        `where` may leave a column open with None or give a list. Rows of one area and category stand once:
        the one with the widest coverage. A borough or police district is the partnership's own, unless `code`
        says otherwise (`any`: all of them).
        """
        where = {"breakdown": "all", "category": None, "breakdown_2": "all", "category_2": None, **where}
        where |= {"measure_id": measure, "area_type": area, "area_code": self._code(area, code)}
        conditions, parameters = _conditions(where)
        rows = self.query(
            f"""
            select {", ".join(COLUMNS)} from observations
            where {conditions} and (
                period_type = '{YEARLY}' and period_start = ? or
                period_type in {FOREIGN_PERIODS} and period_end <= ?
            )
            qualify row_number() over (
                partition by area_code, breakdown, category, breakdown_2, category_2
                order by period_end desc, coverage_pct desc nulls last, geography_vintage
            ) = 1
            order by area_name, area_code, breakdown, category, breakdown_2, category_2
            """,
            [*parameters, self.period_start, self.period_end],
        )
        return self._seen(rows)

    def like_for_like(self, one: Observation) -> Observation | None:
        """The same over the months that both years have, where a source has but a part of the year before."""
        names = ("measure_id", "area_type", "area_code", "breakdown", "category", "breakdown_2", "category_2")
        conditions, parameters = _conditions({name: getattr(one, name) for name in names})
        rows = self.query(
            f"""
            select {", ".join(COLUMNS)} from observations
            where {conditions} and period_type = 'like_for_like' and previous_value is not null
                and period_start >= ? and period_end <= ?
            limit 1
            """,
            [*parameters, one.period_start, one.period_end],
        )
        return Observation(**rows[0]) if rows else None

    def months(self, measure: str, *, area: str = "borough", code: str | None = None, **where) -> list:
        """Observations by calendar month, from a year before the report's period to its end, in order."""
        where = {"breakdown": "all", "category": None, "breakdown_2": "all", "category_2": None, **where}
        where |= {"measure_id": measure, "area_type": area, "area_code": self._code(area, code)}
        conditions, parameters = _conditions(where)
        rows = self.query(
            f"""
            select {", ".join(COLUMNS)} from observations
            where {conditions} and period_type = '{MONTHLY}'
                and period_start >= ?::date - interval 1 year and period_end <= ?
            qualify row_number() over (
                partition by period_start, area_code, breakdown, category, breakdown_2, category_2
                order by coverage_pct desc nulls last, geography_vintage
            ) = 1
            order by area_name, category, category_2, period_start
            """,
            [*parameters, self.period_start, self.period_end],
        )
        return self._seen(rows)

    def name_of(self, measure: str) -> str:
        """The measure's name, also where it has no observation."""
        known = self.query(
            "select any_value(measure_name) as name from observations where measure_id = ?", [measure]
        )
        if known[0]["name"]:
            return known[0]["name"]
        listed = self.rows("reference.measures", f"where measure_id = '{measure}'")
        return listed[0]["measure_name"] if listed else measure.replace("_", " ").capitalize()

    def polarity_of(self, measure: str) -> str:
        """Which way is better: lower_is_better, higher_is_better or neutral."""
        listed = self.rows("reference.measures", f"where measure_id = '{measure}'")
        return listed[0]["polarity"] if listed else "neutral"

    def gaps(self, measure: str, source_ids: str | None = None) -> list[dict]:
        """What was asked of whom that bears on `measure`: of its sources, else of its recommendations."""
        gaps = self.rows("quality.gap_register", "order by kind desc, asked_on, gap_key")
        sources = set((source_ids or "").split(","))
        serves = {
            row["recommendation_id"]
            for row in self.rows("reference.recommendation_measures", f"where measure_id = '{measure}'")
        }

        def served(gap: dict) -> bool:
            return bool(serves & set((gap["recommendations"] or "").split(",")))

        of_sources = [gap for gap in gaps if gap["source_id"] in sources]
        return (
            [gap for gap in of_sources if served(gap)] or of_sources or [gap for gap in gaps if served(gap)]
        )

    @property
    def borough(self) -> tuple[str, str]:
        """Code and name of the partnership's borough."""
        return self._borough

    @property
    def is_synthetic(self) -> bool:
        """Whether any row comes from generated deliveries."""
        return bool(
            self.query("select coalesce(bool_or(data_origin = 'synthetic'), false) as it from observations")[
                0
            ]["it"]
        )

    def as_at(self) -> date | None:
        """The latest day of publication behind the period's figures."""
        known = self.query(
            "select max(as_at_date) as day from observations where period_type = ? and period_start = ?",
            [YEARLY, self.period_start],
        )
        return known[0]["day"]

    def wards(self) -> list[tuple[str, str]]:
        """Code and name of each ward that is measured, by name."""
        found = self.query(
            "select distinct area_code, area_name from observations "
            "where area_type = 'ward' order by area_name"
        )
        return [(row["area_code"], row["area_name"]) for row in found]

    def boundaries(self, area: str, vintage: str | None = None) -> dict[str, dict]:
        """Geometry by area code of the partnership's wards or LSOAs, empty where none is published."""
        if self.has("marts.mart_boundaries"):
            found = self.rows("marts.mart_boundaries", f"where area_type = '{area}'")
        elif self.has(f"core.dim_{area}"):
            found = self.rows(f"core.dim_{area}", f"where borough_code = '{self.borough[0]}'")
            found = [row | {"area_code": row[f"{area}_code"]} for row in found]
        else:
            found = []
        return {
            row["area_code"]: json.loads(row["geometry_geojson"])
            for row in found
            if row["geometry_geojson"] and vintage in (None, row.get("geography_vintage"))
        }

    def _code(self, area: str, code: str | None) -> str | None:
        """`code`, or the partnership's own borough or police district; None, every area, for `any`."""
        if code == ANY:
            return None
        if code is None and area == "borough":
            return self.borough[0]
        return self._district() if code is None and area == "bcu" else code

    def _district(self) -> str | None:
        known = self.rows("reference.borough_names", f"where borough_code = '{self.borough[0]}'")
        names = {row["policing_bcu"] for row in known} - {None}
        found = self.query("select distinct area_code, area_name from observations where area_type = 'bcu'")
        return next((row["area_code"] for row in found if row["area_name"] in names), None)

    def _seen(self, rows: list[dict]) -> list[Observation]:
        for row in rows:
            self.definitions_used.add(row["definition_id"] or "")
            self.sources_used.update((row["source_ids"] or "").split(","))
        return [Observation(**row) for row in rows]

    def _make_observations(self) -> None:
        """The measures where they are published, else the marts together: a row stands in several of them."""
        columns = ", ".join(COLUMNS)
        if self.has("measures.measures_all"):
            body = f"select {columns} from measures.measures_all"
        else:
            marts = sorted(
                name for schema, name in self.tables if schema == "marts" and name.startswith("mart_r")
            )
            marts = [name for name in marts if name.removeprefix("mart_r")[:2].isdigit()]
            if not marts:
                raise SwpError(
                    "The published file holds no measures. Run 'swp build' and 'swp publish' first."
                )
            union = " union all ".join(
                f"select observation_key, {columns} from marts.{name}" for name in marts
            )
            body = f"select distinct on (observation_key) {columns} from ({union})"
        self.connection.execute(f"create temp table observations as {body} order by measure_id, area_type")
        found = self.query("""
            select area_code, area_name from observations
            where area_type = 'borough'
            group by all order by count(*) desc, area_code limit 1
        """)
        if not found:
            raise SwpError("The published file holds no observation of a borough. Run 'swp build' first.")
        self._borough = (found[0]["area_code"], found[0]["area_name"])
        own = self.rows("marts.mart_boundaries", "order by borough_code limit 1")
        own = own or self.rows("core.dim_borough", "where is_partnership order by borough_code limit 1")
        if own:
            self._borough = (own[0]["borough_code"], own[0]["borough_name"])

    def _period(self, wanted: date | None) -> tuple[date, date]:
        periods = self.query(f"""
            select period_start, max(period_end) as period_end from observations
            where period_type = '{YEARLY}' group by period_start order by period_start desc
        """)
        if not periods:
            raise SwpError("The published file holds no review year.")
        for period in periods:
            if wanted in (None, period["period_start"]):
                return period["period_start"], period["period_end"]
        known = ", ".join(f"{period['period_start']:%Y-%m}" for period in periods)
        raise WrongUse(f"No review year starts in {wanted:%Y-%m}. The file has those that start in {known}.")


def _conditions(where: dict) -> tuple[str, list]:
    """SQL and its parameters for `where`: a value, a list of them, or None for any."""
    conditions, parameters = [], []
    for column, wanted in where.items():
        if wanted is None:
            continue
        values = wanted if isinstance(wanted, list) else [wanted]
        conditions.append(f"{column} in ({', '.join('?' * len(values))})")
        parameters += [str(value) for value in values]
    return " and ".join(conditions), parameters
