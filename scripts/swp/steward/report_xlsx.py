"""The delivery report as a workbook to send back: what to mend, and the rows set aside with their reasons."""

from io import BytesIO

from swp.steward.report_facts import Facts

# What makes a spreadsheet read a text as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def workbook(facts: Facts) -> bytes:
    """The bytes of the workbook: sheet 'What to mend', and 'Rows set aside' where there are any."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _write_findings(book.create_sheet("What to mend"), facts)
    if facts.rows_aside:
        _write_rows(book.create_sheet("Rows set aside"), facts)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _heads(sheet, names: tuple[str, ...]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = []
    for name in names:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def _prepare(sheet, widths: tuple[int, ...], frozen: str) -> None:
    sheet.freeze_panes = frozen
    for letter, width in zip("ABCDE", widths, strict=False):
        sheet.column_dimensions[letter].width = width


def _write_findings(sheet, facts: Facts) -> None:
    widths = (18, 30, 26, 80, 60)
    _prepare(sheet, widths, "A5")
    delivery = facts.delivery
    told = "SYNTHETIC sample data. " if facts.is_synthetic else ""
    sheet.append([safe(f"{told}Delivery {delivery.id}: {facts.name}")])
    sheet.append([f"{facts.verdict_words}"])
    sheet.append(
        [
            f"{delivery.rows_read:,} rows read, {delivery.rows_accepted:,} accepted, "
            f"{delivery.rows_quarantined:,} set aside"
        ]
    )
    _heads(sheet, ("How bad", "What", "Column", "What was found", "What we ask of you"))
    for finding in facts.findings:
        texts = (finding.severity_words, finding.title, finding.column or "", finding.message, finding.ask)
        sheet.append([safe(text) for text in texts])


def _write_rows(sheet, facts: Facts) -> None:
    widths = (12, 32, 60)
    _prepare(sheet, widths, "A2")
    _heads(sheet, ("Row", "Column", "What is wrong"))
    for row in facts.rows:
        for column, words in row.reasons:
            sheet.append([row.number, safe(column or "(the row as a whole)"), safe(words)])
    if len(facts.rows) < facts.rows_aside:
        sheet.append([None, None, f"and {facts.rows_aside - len(facts.rows):,} more rows"])
