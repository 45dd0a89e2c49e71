"""The delivery report: a page to read and a workbook to send back. Rows and columns, never values."""

import os
from pathlib import Path

import duckdb

from swp.paths import Home
from swp.steward import report_html, report_xlsx
from swp.steward.report_facts import gather


def write_all(connection: duckdb.DuckDBPyConnection, home: Home, delivery_id: str) -> list[Path]:
    """Write the reports of one delivery beside its .txt, readable by their owner only; return their paths.

    The workbook is written where there is something to mend; one that has become empty is removed. Raises
    WrongUse for an unknown delivery.
    """
    facts = gather(connection, delivery_id)
    stem = home.reports / facts.delivery.stem
    page, book = Path(f"{stem}.html"), Path(f"{stem}.xlsx")
    _put(page, report_html.page(facts).encode())
    if not (facts.findings or facts.rows_aside):
        book.unlink(missing_ok=True)
        return [page]
    _put(book, report_xlsx.workbook(facts))
    return [page, book]


def _put(path: Path, content: bytes) -> None:
    """Write whole or not at all: the file gets its name when it is complete."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    partial.replace(path)
