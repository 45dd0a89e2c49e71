"""Which columns of a sheet are shown as dates or times: Excel stores both as plain numbers."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

DATE, TIME, DATE_TIME = "date", "time", "date and time"
SAMPLE_ROWS = 200
# The number formats that Excel has built in (ECMA-376, 18.8.30).
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17), DATE),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), TIME),
    22: DATE_TIME,
}


def local_name(element: ElementTree.Element) -> str:
    """The name of an element without its namespace; workbooks come in two."""
    return element.tag.rsplit("}", 1)[-1]


def kind_of_format(code: str) -> str | None:
    """What a number format code shows: a date, a time, both, or neither (None)."""
    code = re.sub(r'"[^"]*"|\\.|_.|\*.', "", code.lower()).split(";")[0]
    if re.search(r"\[[hms]+\]", code):  # time that passed, not a time of day
        return None
    code = re.sub(r"\[[^\]]*\]", "", code)
    has_date = bool(re.search(r"[yd]|m{3,}", code))
    has_time = bool(re.search(r"[hs]", code))
    if has_date and has_time:
        return DATE_TIME
    if has_date:
        return DATE
    return TIME if has_time else None


def _styles(archive: zipfile.ZipFile) -> list[str | None]:
    """The kind of each cell style, by its index."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    kinds = dict(_BUILT_IN)
    styles: list[str | None] = []
    for group in root:
        if local_name(group) == "numFmts":
            for each in group:
                kinds[int(each.get("numFmtId", "0"))] = kind_of_format(each.get("formatCode", ""))
        if local_name(group) == "cellXfs":
            styles = [kinds.get(int(each.get("numFmtId", "0"))) for each in group]
    return styles


def _position(reference: str) -> int:
    position = 0
    for letter in re.match("[A-Z]*", reference).group():
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def column_styles(path: Path, part: str, header_row: int) -> dict[int, str]:
    """Position -> DATE, TIME or DATE_TIME, for columns whose sampled numbers are all shown so.

    Looks at 200 rows under the headings. A column with other numbers among them is left as it is; one of
    dates and of dates with times counts as DATE_TIME.
    """
    seen: dict[int, set[str | None]] = {}
    with zipfile.ZipFile(path) as archive:
        styles = _styles(archive)
        with archive.open(part) as sheet:
            row = rows = 0
            for _, element in ElementTree.iterparse(sheet):
                if local_name(element) != "row":
                    continue
                row = int(element.get("r", row + 1))
                if row > header_row:
                    rows += 1
                    _look(element, styles, seen)
                element.clear()
                if rows >= SAMPLE_ROWS:
                    break
    return {position: kind for position, kinds in seen.items() if (kind := _joint(kinds))}


def _look(row: ElementTree.Element, styles: list[str | None], seen: dict[int, set[str | None]]) -> None:
    position = -1
    for cell in row:
        reference = cell.get("r")
        position = _position(reference) if reference else position + 1
        is_number = cell.get("t", "n") == "n" and any(local_name(child) == "v" for child in cell)
        if is_number:
            style = int(cell.get("s", "0"))
            seen.setdefault(position, set()).add(styles[style] if style < len(styles) else None)


def _joint(kinds: set[str | None]) -> str | None:
    if None in kinds:
        return None
    return kinds.pop() if len(kinds) == 1 else DATE_TIME
