"""What readers had last: the current publication's observations, kept in the ledger for `mart_changes`."""

import duckdb

from swp.paths import Home
from swp.publishing.folders import current
from swp.vault import literal

COLUMNS = (
    "observation_key, measure_id, period_type, period_start, period_end, area_type, area_code, area_name, "
    "geography_vintage, breakdown, category, breakdown_2, category_2, value, status, definition_id, "
    "source_ids, as_at_date"
)


def remember(connection: duckdb.DuckDBPyConnection, home: Home) -> str | None:
    """Bring `vault.ledger.published_observations` in line with the current publication; return its id.

    `connection` has the vault of `home` attached for writing. A publication that is remembered already costs
    one query; where nothing is published, or it cannot be read, nothing is remembered and None is returned.
    """
    known = connection.execute(
        "select publication_id from vault.ledger.published_observations limit 1"
    ).fetchone()
    publication = current(home)
    if publication is None:
        if known:
            connection.execute("delete from vault.ledger.published_observations")
        return None
    if known == (publication.id,):
        return publication.id
    connection.execute("delete from vault.ledger.published_observations")
    file = publication.folder / "internal" / "community_safety.duckdb"
    try:
        connection.execute(f"attach {literal(str(file))} as readers (read_only)")
    except duckdb.Error:
        return None
    try:
        connection.execute(
            f"insert into vault.ledger.published_observations (publication_id, {COLUMNS}) "
            f"select {literal(publication.id)}, {COLUMNS} from readers.measures.measures_all"
        )
    except duckdb.CatalogException:  # an earlier version of the product published no measures
        return None
    finally:
        connection.execute("detach readers")
    return publication.id
