"""What a profile under disclosure control holds of each table of the warehouse, as a query."""

from pathlib import Path

import duckdb

from swp.errors import SwpError
from swp.publishing import disclosure
from swp.publishing.disclosure.suppression import Suppression
from swp.publishing.handling import Handling, stated
from swp.publishing.profiles import Profile
from swp.publishing.relation import Relation
from swp.vault import literal, quoted

SUPPRESSION = "suppression.parquet"

# The measure contract: what disclosure control works out anew, and what names the figure. A column beyond
# them is left out, because nothing says what it holds.
NUMBERS = (
    "value", "numerator", "denominator", "unknown_count", "coverage_pct", "ci_lower", "ci_upper",
    "previous_value", "change_pct", "change_is_beyond_chance", "status", "status_reason",
)  # fmt: skip
NAMES = (
    "observation_key", "recommendation_id", "measure_id", "measure_name", "unit", "period_type",
    "period_start", "period_end", "area_type", "area_code", "area_name", "geography_vintage", "breakdown",
    "category", "breakdown_2", "category_2", "definition_id", "source_ids", "data_origin", "as_at_date",
)  # fmt: skip

COST = """
    select
        costs.* replace (
            case when not is_hidden then {crimes} end as crimes,
            case when not is_hidden then {cost} end as cost_gbp,
            case when not is_hidden and not is_hidden_before then {previous} end as previous_cost_gbp,
            case when is_hidden then null else round(costs.coverage_pct) end as coverage_pct,
            case when is_hidden then 'suppressed' else costs.status end as status
        )
    from warehouse.marts.mart_cost_of_crime as costs
    left join (
        select
            period_type, period_start, area_type, area_code, category as cost_class_code,
            bool_and(observation_key in (from hidden_figures)) as is_hidden,
            bool_and(observation_key in (from hidden_before)) as is_hidden_before
        from figures
        where measure_id = 'costed_crimes' and breakdown = 'cost_class'
        group by all
    ) as classes using (period_type, period_start, area_type, area_code, cost_class_code)
    where is_hidden is not null
"""


def work_out(connection: duckdb.DuckDBPyConnection, kept: list[Path], folder: Path) -> Suppression | None:
    """Work out what to hide, and write it to `folder` for the publications to come.

    `kept` are the folders of the same kind of the publications that stay. None where the warehouse has no
    measures. Raises SwpError where what an earlier publication shows gives away what this one has to hide.
    """
    if not _has_measures(connection):
        return None
    disclosure.prepare(connection)
    disclosure.relate(connection)
    connection.execute(
        """
        create or replace temp table fingerprints as
        select observation_key, side, hash(list(amount order by quantity)) as fingerprint
        from keyed
        group by observation_key, side
        """
    )
    files = [str(path / SUPPRESSION) for path in kept if (path / SUPPRESSION).is_file()]
    if files:
        connection.execute(
            f"""
            create or replace temp table earlier as
            select observation_key, side, bool_and(is_hidden) as is_hidden
            from read_parquet([{", ".join(literal(file) for file in files)}])
            semi join fingerprints using (observation_key, side, fingerprint)
            group by observation_key, side
            """
        )
    outcome = disclosure.work_out(connection)
    if outcome.given_away.any():
        raise SwpError(
            f"{int(outcome.given_away.sum())} small counts cannot be hidden, because publications that are "
            "kept show what gives them away. Remove these from the folder 'published', then publish again."
        )
    connection.execute(
        f"""
        copy (
            select fingerprints.*, suppressed.observation_key is not null as is_hidden
            from fingerprints
            left join suppressed using (observation_key, side)
        ) to {literal(str(folder / SUPPRESSION))} (format parquet, compression zstd)
        """
    )
    return outcome


def queries(
    connection: duckdb.DuckDBPyConnection, relations: list[Relation], profile: Profile, has_figures: bool
) -> dict[Relation, str]:
    """For each of `relations` that `profile` holds, the query that gives its rows."""
    if has_figures:
        disclosure.apply(connection, profile.rounded_to)
    found = {relation: _query(connection, relation, profile, has_figures) for relation in relations}
    return {relation: query for relation, query in found.items() if query}


def _query(
    connection: duckdb.DuckDBPyConnection, relation: Relation, profile: Profile, has_figures: bool
) -> str | None:
    if relation.schema == "quality":
        wanted = (profile.of_quality or {}).get(relation.name)
        columns = [quoted(name) for name, _, _ in relation.columns if wanted and name in wanted]
        return f"select {', '.join(columns)} from warehouse.{relation.path}" if columns else None
    if relation.schema != "marts":
        return relation.query
    handling = stated(relation.name)
    if handling is Handling.PLAIN:
        return relation.query
    if not has_figures:
        return None
    match handling:
        case Handling.FIGURES:
            return _figures(relation)
        case Handling.WIDE:
            return _wide(connection, relation)
        case Handling.COST:
            return _cost(profile)
        case _:
            return None


def _figures(relation: Relation) -> str | None:
    names = [name for name, _, _ in relation.columns]
    if "observation_key" not in names:
        return None
    columns = [
        f"{'controlled' if name in NUMBERS else 'mart'}.{quoted(name)}"
        for name in names
        if name in NUMBERS or name in NAMES
    ]
    return (
        f"select {', '.join(columns)} from warehouse.{relation.path} as mart "
        "inner join controlled on mart.observation_key = controlled.observation_key"
    )


def _wide(connection: duckdb.DuckDBPyConnection, relation: Relation) -> str | None:
    # A table, or a view that reads anything but marts as published, would go past disclosure control.
    if not relation.is_view:
        return None
    (text,) = connection.execute(
        """
        select sql from duckdb_views()
        where database_name = 'warehouse' and schema_name = $1 and view_name = $2
        """,
        [relation.schema, relation.name],
    ).fetchone()
    query = (
        text.split(" AS ", 1)[1].rstrip().rstrip(";").replace("warehouse.marts.", "community_safety.marts.")
    )
    return None if "warehouse." in query else query


def _cost(profile: Profile) -> str:
    if profile.rounded_to == 1:
        return COST.format(crimes="costs.crimes", cost="cost_gbp", previous="previous_cost_gbp")
    return COST.format(
        crimes="cast(rounded(costs.crimes) as bigint)",
        cost="coarse(cost_gbp * rounded(costs.crimes) / nullif(costs.crimes, 0))",
        previous="coarse(previous_cost_gbp)",
    )


def _has_measures(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(
        """
        select count(*) = 2 from duckdb_tables()
        where database_name = 'warehouse'
            and (schema_name, table_name) in (('measures', 'measures_all'), ('core', 'dim_area'))
        """
    ).fetchone()[0]
