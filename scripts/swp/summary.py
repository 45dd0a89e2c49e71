"""`swp summary`: on one screen, what landed, what was wrong, what was published, the headline measures."""

from dataclasses import dataclass

import duckdb

from swp import publishing
from swp.errors import SwpError
from swp.paths import Home
from swp.publishing import Publication


@dataclass(frozen=True)
class Headline:
    """A measure to lead with: where it stands in a mart, and how to say it."""

    mart: str
    measure_id: str
    where: str
    text: str


HEADLINES = (
    Headline(
        "mart_r01_prevention", "cost_of_crime", "category = 'all'", "Cost of recorded crime: £{value:,.0f}"
    ),
    Headline(
        "mart_r16_high_crime_lsoas",
        "top_areas_share_of_crime",
        "breakdown = 'top_lsoas' and category = '3' and category_2 = 'all'",
        "Share of crime in the three LSOAs with most: {value:.1f}%",
    ),
    Headline(
        "mart_r19_theft_action_plan",
        "crimes_recorded",
        "category = 'business_crime_proxy'",
        "Business crime (five-class proxy): {value:,.0f} crimes",
    ),
)


def _landed(connection: duckdb.DuckDBPyConnection) -> list[str]:
    lines = ["What landed"]
    for source, files, rows, aside, start, end in connection.execute("""
        select source, count(*), sum(rows_accepted), sum(rows_quarantined), min(period_start), max(period_end)
        from quality.deliveries
        where verdict <> 'rejected'
        group by source
        order by source
    """).fetchall():
        period = f"{start:%Y-%m} to {end:%Y-%m}" if start else ""
        set_aside = f", {aside:,} set aside" if aside else ""
        lines.append(f"  {source:28} {files:>3} files {rows:>9,} rows{set_aside:18} {period}")
    return lines


def _wrong(connection: duckdb.DuckDBPyConnection) -> list[str]:
    lines = ["", "What was wrong"]
    rejected, aside = connection.execute("""
        select count(*) filter (verdict = 'rejected'), sum(rows_quarantined) from quality.deliveries
    """).fetchone()
    lines.append(
        f"  {rejected} files rejected, {aside or 0:,} rows set aside; the reports name rows and reasons"
    )
    for check, deliveries, failing in connection.execute("""
        select check_name, count(distinct delivery_id), sum(failing)
        from quality.expectation_results
        where not is_passed and check_name <> 'row_faults'
        group by check_name
        order by count(distinct delivery_id) desc, check_name
        limit 6
    """).fetchall():
        lines.append(f"  {check.replace('_', ' '):34} in {deliveries:>3} files ({failing or 0:,})")
    open_gaps, registered = connection.execute("""
        select
            count(*) filter (status in ('open', 'expired')), count(*) filter (status = 'registered')
        from quality.gap_register
    """).fetchone()
    lines.append(f"  {open_gaps} gaps are open, {registered} are registered (quality.gap_register)")
    return lines


def _headlines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    lines = ["", "Headline measures"]
    for headline in HEADLINES:
        row = connection.execute(f"""
            select value, period_start, period_end, previous_value, change_pct, change_is_beyond_chance,
                status, status_reason, area_name, as_at_date, unit
            from marts.{headline.mart}
            where measure_id = '{headline.measure_id}' and area_type = 'borough' and {headline.where}
                and period_type in ('review_year', 'rolling_12_months')
                and borough_is_partnership(area_code)
            order by
                status = 'ok' desc, period_type = 'review_year' desc, period_start desc, geography_vintage
            limit 1
        """).fetchone()
        lines += _told(headline, row)
    return lines


def _told(headline: Headline, row: tuple | None) -> list[str]:
    if row is None:
        return [f"  {headline.text.split(':')[0]}: nothing was delivered to compute it from"]
    value, start, end, previous, change, beyond_chance, status, reason, area, as_at, unit = row
    if value is None:
        return [f"  {headline.text.split(':')[0]}: {status.replace('_', ' ')}. {reason or ''}"]
    lines = [
        f"  {headline.text.format(value=value)}",
        f"    {area}, {start:%B %Y} to {end:%B %Y}, as published by {as_at:%d %B %Y}",
    ]
    if change is not None:
        chance = {True: "more than chance", False: "within chance", None: "no test of chance is made"}[
            beyond_chance
        ]
        moved = (
            f"{previous:.1f}% the year before" if unit == "percent" else f"{change:+.1f}% on the year before"
        )
        lines.append(f"    {moved} ({chance})")
    if reason:
        lines.append(f"    {reason}")
    return lines


def _published(current: Publication | None, home: Home) -> list[str]:
    lines = ["", "What was published"]
    if current is None:
        return [*lines, "  nothing yet: run 'swp publish'"]
    file = home.current_publication / "internal" / "community_safety.duckdb"
    lines.append(f"  {current.tables} tables, {current.rows:,} rows ({current.id})")
    lines.append(f"  DuckDB:  {file}   (open it read-only)")
    lines.append(f"  Parquet: {file.with_name('parquet')}")
    return lines


def _moved(connection: duckdb.DuckDBPyConnection) -> list[str]:
    lines = ["", "What moved since the publication before"]
    (since,) = connection.execute(
        "select max(publication_id) from core.fct_published_observations"
    ).fetchone()
    if since is None:
        return [*lines, "  nothing had been published when this was built, so nothing is compared"]
    counts = connection.execute(
        "select change_kind, count(*) from marts.mart_changes group by change_kind order by change_kind"
    ).fetchall()
    told = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in counts)
    return [*lines, f"  since {since}: {told or 'nothing'} (marts.mart_changes)"]


def tell(home: Home) -> None:
    """Print the summary of `home` from its current publication; raises SwpError when there is none."""
    current = publishing.current(home)
    if current is None:
        raise SwpError("Nothing is published yet. Run 'swp land', 'swp build' and 'swp publish' first.")
    with duckdb.connect(
        str(home.current_publication / "internal" / "community_safety.duckdb"), read_only=True
    ) as connection:
        connection.execute(
            "create temp macro borough_is_partnership(code) as "
            "(select bool_or(is_partnership) from core.dim_borough where borough_code = code)"
        )
        synthetic = connection.execute(
            "select bool_or(data_origin = 'synthetic') from quality.deliveries"
        ).fetchone()[0]
        lines = _landed(connection) + _wrong(connection) + _headlines(connection) + _moved(connection)
        lines += _published(current, home)
    if synthetic:
        lines.insert(0, "SYNTHETIC SAMPLE: every row was generated; no figure describes a real crime.\n")
    print("\n".join(lines))
