"""`swp template`: a blank form of a delivery, with drop-downs, a data dictionary and the code lists.

Whoever fills it in sends what the contract asks for: headings, formats and code lists are the contract's.
"""

import csv
from datetime import date
from pathlib import Path

from swp import models
from swp.contracts import CodeList, Column, Contract, load_contracts, normalise_value, seed_rows
from swp.errors import WrongUse
from swp.gate.findings import stated_type
from swp.reading.headings import is_named_like
from swp.steward import examples

FORMATS = ("xlsx", "csv")
DICTIONARY, CODES, LISTS = "Data dictionary", "Code lists", "lists"
# Heading colour by need, dark enough for white text; the dictionary says the need in words too.
NEED_COLOURS = {"key": "7A1F3D", "required": "9A4A00", "requested": "1F4E79", "optional": "595959"}
NEED_WORDS = {
    "key": "Identifies the row. A row without it cannot be used, a file without the column is refused.",
    "required": "Must be filled. Too many blanks, or the column missing, and the file is refused.",
    "requested": "Please fill. What is missing is noted, and the work that needs it cannot be done.",
    "optional": "Welcome. Nothing fails without it.",
}
_EXCEL_DATES = (("%d", "dd"), ("%m", "mm"), ("%b", "mmm"), ("%B", "mmmm"), ("%Y", "yyyy"), ("%y", "yy"))
_EXCEL_TIMES = (("%H", "hh"), ("%M", "mm"), ("%S", "ss"), ("%-d", "d"), ("%-m", "m"))
_LAST_ROW = 1_048_576
_WIDEST = 60
_DICTIONARY_COLUMNS = (
    ("Column", 26),
    ("Need", 12),
    ("What it holds", 44),
    ("Type and format", 26),
    ("Code list", 24),
    ("Why it is asked", 44),
    ("What we ask of you", 44),
    ("What the law asks", 44),
)


def headings(contract: Contract) -> list[str]:
    """The headings of the form: the contract's labels, then twelve examples of columns that come and go."""
    return [column.label for column in contract.columns] + pattern_headings(contract)


def pattern_headings(contract: Contract) -> list[str]:
    """The months of the review year as the supplier writes them, or other examples of the pattern."""
    pattern = contract.pattern
    if pattern is None:
        return []
    if not pattern.period:
        return examples.fitting(pattern.match, 12)
    start = date.fromisoformat(models.variables()["review_year_start"])
    months = [
        f"{start.year + (start.month + n - 1) // 12}{(start.month + n - 1) % 12 + 1:02d}" for n in range(12)
    ]
    return [month for month in months if pattern.fits(month)] or examples.fitting(pattern.match, 12)


def form(contract: Contract, wanted: str | None = None) -> str:
    """The form that is written: `wanted`, else a workbook where the contract takes one.

    Raises WrongUse where the contract takes neither a workbook nor CSV, or not the one that is wanted.
    """
    taken = [each for each in FORMATS if each in contract.formats]
    if not taken:
        raise WrongUse(
            f"{contract.name} is taken as {' or '.join(contract.formats)} only: there is no blank form."
        )
    if wanted and wanted not in taken:
        raise WrongUse(f"{contract.name} is not taken as {wanted}. Use --format {taken[0]}.")
    return wanted or taken[0]


def file_name(contract: Contract, kind: str) -> str:
    """The form's usual name: one that the gate does not take for the name of another source's file."""
    stems = (f"{contract.name}_template", f"{contract.source_id}_template")
    others = [each for each in load_contracts().values() if each is not contract]
    for stem in stems:
        name = f"{stem}.{kind}"
        if is_named_like(contract, name) or not any(is_named_like(each, name) for each in others):
            return name
    return f"template.{kind}"


def write(contract: Contract, path: Path, wanted: str | None = None) -> Path:
    """Write the blank form of `contract` to `path`; raises WrongUse where a file is there already."""
    kind = form(contract, wanted)
    if path.exists():
        raise WrongUse(f"{path} is there already, perhaps filled in. Give another name with --out.")
    if kind == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(headings(contract))
    else:
        _workbook(contract).save(path)
    return path


def code_values(code_list: CodeList) -> list[str]:
    """The values of a code list as a person picks them, in the order of its seed, each once."""
    values = {}
    for row in seed_rows(code_list.seed):
        if row[code_list.column]:
            values.setdefault(normalise_value(row[code_list.column]), row[code_list.column])
    return list(values.values())


def _meaning(row: dict[str, str], column: str) -> str:
    """What a code means: the first other column of its seed that is a name or a description."""
    for name, value in row.items():
        if name != column and (name.endswith("_name") or name in ("name", "label", "description")) and value:
            return value
    return ""


def excel_format(column: Column) -> str:
    """The cell format that shows a value as the contract states it; text keeps leading noughts."""
    if column.type in ("date", "month", "timestamp", "timestamp_utc"):
        default = {"date": "%d/%m/%Y", "month": "%Y-%m"}.get(column.type, "%d/%m/%Y %H:%M")
        shown = column.formats[0] if column.formats else default
        for code, excel in (*_EXCEL_DATES, *_EXCEL_TIMES):
            shown = shown.replace(code, excel)
        return shown.replace("T", '"T"')
    return {"integer": "0", "number": "General", "boolean": "General"}.get(column.type, "@")


def _sheet_name(contract: Contract) -> str:
    fitting = examples.fitting(contract.sheet)[:1] if contract.sheet else []
    return (fitting or [contract.name])[0].strip()[:31]


def _workbook(contract: Contract):
    from openpyxl import Workbook

    book = Workbook()
    table = book.active
    table.title = _sheet_name(contract)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    ranges = _write_lists(lists, contract)
    _write_table(table, contract, ranges)
    _write_dictionary(book.create_sheet(DICTIONARY, 1), contract)
    _write_codes(book.create_sheet(CODES, 2), contract)
    book.properties.title = f"Blank form: {contract.name}"
    book.properties.creator = ""
    return book


def _write_lists(sheet, contract: Contract) -> dict[tuple[str, str], str]:
    """Fill the hidden sheet with a column per code list; return where each lies, for the drop-downs."""
    from openpyxl.utils import get_column_letter

    ranges: dict[tuple[str, str], str] = {}
    for column in contract.columns:
        code_list = column.code_list
        if code_list is None or (code_list.seed, code_list.column) in ranges:
            continue
        position = len(ranges) + 1
        values = code_values(code_list)
        for row, value in enumerate(values, 1):
            sheet.cell(row, position, value).number_format = "@"
        letter = get_column_letter(position)
        ranges[code_list.seed, code_list.column] = f"{LISTS}!${letter}$1:${letter}${max(1, len(values))}"
    return ranges


def _write_table(sheet, contract: Contract, ranges: dict[tuple[str, str], str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    heads = headings(contract)
    for position, heading in enumerate(heads, 1):
        column = contract.columns[position - 1] if position <= len(contract.columns) else None
        need = column.need if column else "key"
        letter = get_column_letter(position)
        about = f"{need.capitalize()}. {_type_words(column)}." if column else "A column for each; add more."
        cell = sheet.cell(1, position, heading)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=NEED_COLOURS[need])
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.comment = Comment(about, "", width=280, height=90)
        shown = excel_format(column) if column else "0"
        sheet.column_dimensions[letter].width = max(12, min(_WIDEST, len(heading) + 4))
        sheet.column_dimensions[letter].number_format = shown
        if column and (rule := _validation(column, ranges)):
            rule.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 32
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}1"


def _validation(column: Column, ranges: dict[tuple[str, str], str]):
    """The drop-down or limit of a column's cells. What the gate only reports is a warning here too."""
    from openpyxl.worksheet.datavalidation import DataValidation

    style = "stop" if column.need in ("key", "required") else "warning"
    if column.code_list:
        style = "stop" if column.code_list.reject else "warning"
        place = ranges[column.code_list.seed, column.code_list.column]
        rule = DataValidation(type="list", formula1=place, allow_blank=True)
        rule.error = f"Choose a value of the code list ({column.code_list.seed}); see the sheet '{CODES}'."
    elif column.type == "boolean":
        rule = DataValidation(type="list", formula1='"Yes,No"', allow_blank=True)
        rule.error = "Yes or No."
    elif column.type in ("integer", "number"):
        kind = "whole" if column.type == "integer" else "decimal"
        low, high = column.range or (-1e12, 1e12)
        if column.type == "integer":
            low, high = int(low), int(high)
        rule = DataValidation(type=kind, operator="between", formula1=str(low), formula2=str(high))
        between = f" from {low} to {high}" if column.range else ""
        rule.error = f"{stated_type(column).capitalize()}{between}."
    elif column.type in ("date", "month"):
        rule = DataValidation(type="date", operator="between", formula1="1", formula2="73050")
        rule.error = f"{stated_type(column).capitalize()}."
    else:
        return None
    rule.errorStyle, rule.errorTitle, rule.allow_blank = style, column.label[:31], True
    rule.showErrorMessage = True
    return rule


def _type_words(column: Column) -> str:
    words = stated_type(column)
    if column.range:
        words += f", {column.range[0]:g} to {column.range[1]:g}"
    return words[:1].upper() + words[1:]


def _why(column: Column) -> str:
    names = {row["recommendation_id"]: row["short_name"] for row in seed_rows("recommendations")}
    return "; ".join(f"{each} {names.get(each, '')}".strip() for each in column.serves)


def _law(column: Column) -> str:
    """The items of the regulations that the column carries, each with what the delivery cannot say of it."""
    items = [row for row in seed_rows("statutory_items") if row["statutory_item"] in column.statutory]
    if not items:
        return ""
    told = "; ".join(row["item"] for row in items)
    lacking = " ".join(dict.fromkeys(filter(None, (row["lacking"] for row in items))))
    return f"SI 2007/1831, each quarter: {told}. {lacking}".strip()


def _write_dictionary(sheet, contract: Contract) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet["A1"] = f"{contract.name}: what {contract.supplier} is asked for"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = contract.description
    sheet["A3"] = f"Fill in the sheet '{_sheet_name(contract)}', a row each under the coloured headings."
    for row, (need, words) in enumerate(NEED_WORDS.items(), 5):
        cell = sheet.cell(row, 1, need.capitalize())
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=NEED_COLOURS[need])
        sheet.cell(row, 2, words)
    top = 5 + len(NEED_WORDS) + 1
    for position, (heading, width) in enumerate(_DICTIONARY_COLUMNS, 1):
        sheet.cell(top, position, heading).font = Font(bold=True)
        sheet.column_dimensions["ABCDEFGH"[position - 1]].width = width
    for row, values in enumerate(_dictionary_rows(contract), top + 1):
        for position, value in enumerate(values, 1):
            sheet.cell(row, position, value).alignment = Alignment(wrap_text=True, vertical="top")
        need = values[1].lower()
        sheet.cell(row, 2).font = Font(bold=True, color=NEED_COLOURS[need])
    sheet.freeze_panes = f"B{top + 1}"


def _dictionary_rows(contract: Contract) -> list[tuple[str, ...]]:
    rows = [
        (
            column.label,
            column.need.capitalize(),
            column.description,
            _type_words(column),
            column.code_list.seed if column.code_list else "",
            _why(column),
            column.ask,
            _law(column),
        )
        for column in contract.columns
    ]
    if contract.pattern:
        told = ", ".join(pattern_headings(contract)[:3])
        number = "A whole number" if contract.pattern.type == "integer" else f"A {contract.pattern.type}"
        rows.append((f"{told} ...", "Key", "A column for each; add or remove some.", number, "", "", "", ""))
    return rows


def _write_codes(sheet, contract: Contract) -> None:
    from openpyxl.styles import Font

    for position, (heading, width) in enumerate((("Code list", 30), ("Value", 40), ("Meaning", 60)), 1):
        sheet.cell(1, position, heading).font = Font(bold=True)
        sheet.column_dimensions["ABC"[position - 1]].width = width
    row = 1
    for seed, name in dict.fromkeys(
        (column.code_list.seed, column.code_list.column) for column in contract.columns if column.code_list
    ):
        meanings = {each[name]: _meaning(each, name) for each in reversed(seed_rows(seed))}
        for value in code_values(CodeList(seed, name, False)):
            row += 1
            for position, text in enumerate((seed, value, meanings[value]), 1):
                sheet.cell(row, position, text).number_format = "@"
    if row == 1:
        sheet.cell(2, 1, "This delivery has no code lists.")
    sheet.freeze_panes = "A2"
