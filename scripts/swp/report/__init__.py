"""The strategic assessment as a document: a self-contained HTML file and a PDF from one published file."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE_NAME = "community_safety.duckdb"


@dataclass(frozen=True)
class Report:
    """The two files that were written, and how much is in them."""

    html: Path
    pdf: Path
    figures: int
    tables: int
    gaps: int


def write(published_file: Path, profile: str, output: Path, period: date | None = None) -> Report:
    """Write `assessment.html` and `assessment.pdf` into `output` from the published file of `profile`.

    `period` is the first day of a review year, by default the latest. Raises `SwpError` where nothing is
    published, `WrongUse` where the file has no such review year.
    """
    from swp.report import html, pdf
    from swp.report.blocks import Gap, Table, figures_of, numbered
    from swp.report.compose import Composer
    from swp.report.reader import Published

    published = Published(published_file, period)
    try:
        document = Composer(published).document(profile)
    finally:
        published.close()
    names = numbered(document)
    output.mkdir(parents=True, exist_ok=True)
    written = (
        html.write(document, names, output / "assessment.html"),
        pdf.write(document, output / "assessment.pdf"),
    )
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    return Report(
        *written,
        figures=sum(len(figures_of(block)) for block in blocks),
        tables=sum(isinstance(block, Table) for block in blocks),
        gaps=sum(isinstance(block, Gap) for block in blocks),
    )
