"""Merges and splits of persons are recorded, once each, and nobody is kept who has left.

A linkage is written as its persons, oldest key first: `{"A": "A1 B3"}` says that person A is the agencies'
persons A (of delivery 1) and B (of delivery 3).
"""

import pytest

from swp import linkage, person_history, vault

PARAMETERS = "as they were"


class History:
    """A vault in memory, the linkages that it is shown, and what it records of them."""

    def __init__(self, connection):
        self.connection = connection

    def linked(self, method: str = PARAMETERS, **persons: str) -> list[tuple]:
        """Show a linkage; return the events that are new: event, key before, key after, reasons."""
        before = self.events()
        rows = [
            (entity[0], f"D{entity[1:]:0>4}", person, place)
            for person, entities in persons.items()
            for place, entity in enumerate(entities.split())
        ]
        self.connection.execute(
            "create or replace temp table linked (own_key varchar, delivery_id varchar, person_key varchar, "
            "row_number bigint, source varchar default 'cases', role varchar default 'victim')"
        )
        for row in rows:
            self.connection.execute(
                "insert into linked (own_key, delivery_id, person_key, row_number) values (?, ?, ?, ?)", row
            )
        person_history.record(self.connection, "linked", method)
        return [event for event in self.events() if event not in before]

    def events(self) -> list[tuple]:
        return self.connection.execute("""
            select event, person_key_before, person_key_after, reasons
            from vault.ledger.person_key_events order by all
        """).fetchall()

    def kept(self) -> str:
        return repr(
            self.connection.execute("from vault.ledger.person_keys").fetchall()
            + self.connection.execute("from vault.ledger.person_key_events").fetchall()
        )

    def erase(self, *keys: str) -> None:
        values = ", ".join(f"('{key}')" for key in keys)
        self.connection.execute(
            f"create or replace temp table sought as from (values {values}) as s (own_key)"
        )
        person_history.forget_persons(self.connection, "sought")

    def withdraw(self, delivery_id: str) -> None:
        self.connection.execute(
            "insert into vault.ledger.withdrawals values (?, 'cases', 'wrong month', now()::timestamp, 1, 0)",
            [delivery_id],
        )


@pytest.fixture
def history():
    with vault.in_memory() as connection:
        yield History(connection)


def test_the_first_linkage_differs_from_none(history):
    assert history.linked(A="A1 B2", C="C2") == []


def test_more_records_of_one_person_and_new_persons_are_no_event(history):
    history.linked(A="A1", C="C2")
    assert history.linked(A="A1 A3 B3", C="C2", E="E3") == []


def test_a_merge_is_recorded_with_the_older_key_that_it_keeps(history):
    history.linked(A="A1", B="B2", C="C2")
    assert history.linked(A="A1 B2 D3", C="C2") == [
        ("merged", "A", "A", "more_records"),
        ("merged", "B", "A", "more_records"),
    ]


def test_a_split_is_recorded_with_every_key_that_comes_of_it(history):
    history.linked(A="A1 B2 C3", D="D1")
    assert history.linked(A="A1", B="B2 C3", D="D1") == [
        ("split", "A", "A", "not_known"),
        ("split", "A", "B", "not_known"),
    ]


def test_who_goes_from_one_person_to_another_is_a_split_and_a_merge(history):
    history.linked(A="A1 B2", C="C1")
    assert history.linked(A="A1", C="C1 B2") == [
        ("merged", "A", "C", "not_known"),
        ("merged", "C", "C", "not_known"),
        ("split", "A", "A", "not_known"),
        ("split", "A", "C", "not_known"),
    ]


def test_a_build_of_the_same_deliveries_records_nothing_and_a_repeated_event_is_recorded_again(history):
    history.linked(A="A1", B="B2")
    history.linked(A="A1 B2")
    kept = history.kept()
    assert history.linked(A="A1 B2") == []
    assert history.kept() == kept
    history.linked(A="A1", B="B2")
    history.linked(A="A1 B2")
    assert len(history.events()) == 6
    assert history.events().count(("merged", "B", "A", "not_known")) == 2


def test_other_parameters_are_told_as_the_reason(history):
    history.linked(A="A1 B2")
    assert history.linked(A="A1", B="B2", method="others") == [
        ("split", "A", "A", "linkage_changed"),
        ("split", "A", "B", "linkage_changed"),
    ]
    assert history.linked(A="A1 B2", method="others")[0][3] == "not_known"


def test_a_withdrawn_delivery_that_joined_two_persons_is_told_as_the_reason(history):
    history.linked(A="A1 B2 C3")
    history.withdraw("D0002")
    assert history.linked(A="A1", C="C3") == [
        ("split", "A", "A", "withdrawn"),
        ("split", "A", "C", "withdrawn"),
    ]


def test_a_delivery_withdrawn_and_landed_again_gives_the_person_another_key(history):
    history.linked(A="A1 B2")
    history.withdraw("D0001")
    assert history.linked(B="B2 A3") == [("rekeyed", "A", "B", "more_records,withdrawn")]


def test_a_key_is_not_told_that_no_row_is_held_of(history):
    """B goes on alone, and A, of which nothing is left, is in no event of before either."""
    history.linked(A="A1", B="B2")
    history.linked(A="A1 B2")
    history.withdraw("D0001")
    assert history.linked(B="B2") == []
    assert "'A'" not in history.kept()


def test_an_erased_person_leaves_history_at_once_and_what_falls_apart_is_still_noticed(history):
    history.linked(A="A1", B="B2 C3", D="D1")
    history.linked(A="A1 B2 C3", D="D1")
    history.erase("A")
    assert "'A'" not in history.kept()
    assert history.linked(B="B2", C="C3", D="D1") == [
        ("split", "B", "B", "erased"),
        ("split", "B", "C", "erased"),
    ]


def test_the_erasure_of_the_oldest_record_alone_is_no_event(history):
    history.linked(A="A1 C2 B3")
    history.erase("A")
    assert history.linked(C="C2 B3") == []
    assert history.linked(C="C2", B="B3")[0] == ("split", "C", "B", "not_known")


def test_an_erased_person_whom_no_key_is_made_of_leaves_the_others_their_key(history):
    history.linked(A="A1 B2 C3")
    history.erase("B")
    assert "'B'" not in history.kept()
    assert history.linked(A="A1", C="C3") == [("split", "A", "A", "erased"), ("split", "A", "C", "erased")]


def test_retention_takes_what_its_delivery_alone_told_of(history):
    history.linked(A="A1 A4 B2", C="C1 D3")
    history.linked(A="A1 A4 B2 C1 D3")
    person_history.forget_delivery(history.connection, "D0001")
    assert "'C'" not in history.kept()
    assert "D0001" not in repr(history.connection.execute("from vault.ledger.person_keys").fetchall())
    assert history.linked(B="B2 A4", D="D3") == [
        ("split", "A", "B", "retired"),
        ("split", "A", "D", "retired"),
    ]


class Killed(Exception):
    pass


@pytest.mark.parametrize("at", range(1, 13))
def test_a_build_that_is_killed_while_it_records_leaves_all_or_nothing_and_is_repeated(history, at):
    history.linked(A="A1", B="B2")
    kept = history.kept()

    class Dying:
        """The connection, until its `at`-th statement."""

        statements = 0

        def execute(self, statement, *values):
            self.statements += 1
            if self.statements == at and statement != "rollback":
                raise Killed
            return history.connection.execute(statement, *values)

    history.connection.execute("update linked set person_key = 'A'")
    dying = Dying()
    try:
        person_history.record(dying, "linked", PARAMETERS)
    except Killed:
        assert history.kept() == kept
    person_history.record(history.connection, "linked", PARAMETERS)
    assert history.events() == [("merged", "A", "A", "not_known"), ("merged", "B", "A", "not_known")]


def test_the_fingerprint_of_the_parameters_changes_with_them_alone(monkeypatch):
    before = linkage.method()
    assert linkage.method() == before
    monkeypatch.setattr(linkage, "THRESHOLD", 4.0)
    assert linkage.method() != before
