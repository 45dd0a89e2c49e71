"""No publication brings back who was erased: it is built anew, and what older ones held of persons goes."""

import os
import time

import duckdb
import pytest

from swp import publishing, trail, vault
from swp.cli import main
from swp.errors import SwpError
from swp.lifecycle import publications


@pytest.fixture
def published(shop):
    """Two publications; then somebody is erased."""
    with duckdb.connect(str(shop.home.warehouse)) as warehouse:
        for schema in ("reference", "core", "measures", "marts", "quality"):
            warehouse.execute(f"create schema {schema}")
        warehouse.execute("create table core.dim_person as select 'a pseudonym' as person_key")
    for _ in range(2):
        publishing.publish(shop.home)
    with vault.opened(shop.home) as connection:
        connection.execute("""
            insert into vault.ledger.tombstones
            values ('t', 'reference', 'iom', now()::timestamp + interval 1 second)
        """)
    return shop.home


def build_anew(home) -> None:
    later = time.time() + 5
    os.utime(home.warehouse, (later, later))


def test_a_warehouse_from_before_the_erasure_is_not_published(published):
    with pytest.raises(SwpError, match="Run 'swp build' first"):
        publications.check_built(published)
    build_anew(published)
    publications.check_built(published)


def test_going_back_before_the_erasure_is_refused(published):
    with pytest.raises(SwpError, match="erased or retired since"):
        publications.refuse_stale(published)


def test_older_publications_lose_their_rows_about_persons_and_the_current_one_stays(published):
    old, now = publishing.publications(published)
    assert publications.forget(published) == [old.id]
    assert not list((old.folder / "internal").glob("*.duckdb"))
    assert list((now.folder / "internal").glob("*.duckdb"))
    assert [each.id for each in publishing.publications(published)] == [old.id, now.id]
    assert publications.forget(published) == []


def test_a_publication_that_was_cut_off_before_the_trail_knew_of_it_is_told_by_the_next(
    published, monkeypatch
):
    def cut(*given, **named):
        raise KeyboardInterrupt

    build_anew(published)
    with monkeypatch.context() as patch:
        patch.setattr(publications, "record", cut)
        assert main(["publish"]) == 130
    unknown = publishing.current(published).id
    assert main(["publish"]) == 0
    with vault.opened(published) as connection:
        told = [each.detail for each in trail.every(connection)]
    made_without_a_trail = [each.id for each in publishing.publications(published)][1]
    assert told == [
        f"found published: {made_without_a_trail}",
        f"found published: {unknown}",
        publishing.current(published).id,
    ]


def test_where_nobody_has_left_nothing_is_refused_or_removed(published):
    with vault.opened(published) as connection:
        connection.execute("delete from vault.ledger.tombstones")
    publications.check_built(published)
    publications.refuse_stale(published)
    assert publications.forget(published) == []
