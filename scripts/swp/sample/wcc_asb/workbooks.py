"""x"""

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title lines, merged over the table, and the columns that are Excel dates (ISO texts)."""

    name: str
    table: pa.Table
    titles: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FORMAT = (
    '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
)
# Cell styles: 0 plain, 1 a date, 2 bold.
STYLES = (
    f'<styleSheet xmlns="{NAMESPACE}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="3">{FORMAT.format(0, 0)}{FORMAT.format(14, 0)}{FORMAT.format(0, 1)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def letters(position: int) -> str:
    """The letters of the spreadsheet column at `position`, from 0."""
    return (chr(64 + position // 26) if position >= 26 else "") + chr(65 + position % 26)


def sheet_xml(sheet: Sheet) -> str:
    """The sheet as the format has it: texts in place, dates as days since 1899-12-30 with a date style."""
    header = len(sheet.titles) + bool(sheet.titles) + 1
    width, rows = sheet.table.num_columns, []

    def text(column: int, row: int, value: str, style: int = 0) -> str:
        return f'<c r="{letters(column)}{row}" t="inlineStr" s="{style}"><is><t>{escape(value)}</t></is></c>'

    for row, title in enumerate(sheet.titles, start=1):
        rows.append(f'<row r="{row}">{text(0, row, title, 2)}</row>')
    headings = "".join(text(i, header, name, 2) for i, name in enumerate(sheet.table.column_names))
    rows.append(f'<row r="{header}">{headings}</row>')
    epoch = np.datetime64("1899-12-30")
    columns = []
    for position, name in enumerate(sheet.table.column_names):
        cells = []
        for row, value in enumerate(sheet.table[name].to_pylist(), start=header + 1):
            if value is None:
                cells.append("")
            elif name in sheet.dates and value[4:5] == "-":
                days = (np.datetime64(value, "D") - epoch).astype(int)
                cells.append(f'<c r="{letters(position)}{row}" s="1"><v>{days}</v></c>')
            else:
                cells.append(text(position, row, value))
        columns.append(cells)
    for row, cells in enumerate(zip(*columns, strict=True), start=header + 1):
        rows.append(f'<row r="{row}">{"".join(cells)}</row>')
    merged = "".join(
        f'<mergeCell ref="A{row}:{letters(width - 1)}{row}"/>' for row in range(1, len(sheet.titles) + 1)
    )
    merged = f'<mergeCells count="{len(sheet.titles)}">{merged}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def workbook(*sheets: Sheet) -> bytes:
    """An Excel workbook; the same sheets give the same bytes."""
    numbers = range(1, len(sheets) + 1)
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    override = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{part}.worksheet+xml"/>'
        for n in numbers
    )
    named = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{part}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{part}.styles+xml"/>{override}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}">'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId{len(sheets) + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": STYLES,
    }
    parts |= {
        f"xl/worksheets/sheet{n}.xml": sheet_xml(sheet) for n, sheet in zip(numbers, sheets, strict=True)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 10, 16, 9, 0, 0)), (XML + content).encode())
    return buffer.getvalue()


def notes(subject: str) -> Sheet:
    """The sheet of remarks that workbooks carry beside the table."""
    lines = [f"Extract of {subject} cases", "Synthetic: nothing here is a real record"]
    return Sheet("Read me", pa.table({"Notes": pa.array(lines)}))
