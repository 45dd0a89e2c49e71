"""One row per record that names somebody, with the key of the person: the logic is in swp.linkage."""

import duckdb

from swp import linkage, person_history
from swp.paths import Home


def model(dbt, session: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    dbt.config(materialized="table")
    named = dbt.ref("int_persons__records").filter("identified_by in ('reference', 'name')")
    links = linkage.link(named.to_arrow_table(), scratch=Home.current().scratch)
    session.register("person_records", named.to_arrow_table())
    session.register("person_links", links)
    linked = session.sql(
        """
        with

        keys as (
            select reference, person_hmac(reference) as key
            from (
                select entity_ref as reference from person_links
                union
                select person_ref as reference from person_links
            )
        )

        select
            person_records.record_key,
            persons.key as person_key,
            entities.key as own_key,
            persons.key <> entities.key as is_merged,
            person_records.source,
            person_records.delivery_id,
            person_records.row_number,
            person_records.role,
            person_records.agency,
            person_links.linked_by,
            person_links.link_weight
        from person_links
        inner join person_records using (record_key)
        inner join keys as persons on person_links.person_ref = persons.reference
        inner join keys as entities on person_links.entity_ref = entities.reference
        """
    ).to_arrow_table()
    session.register("persons_linked", linked)
    person_history.record(session, "persons_linked", linkage.method())
    return session.table("persons_linked")
