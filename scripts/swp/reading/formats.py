"""What a file is, by its first bytes: names lie."""

import codecs
import struct
import zipfile
from pathlib import Path

from swp.errors import Rejection

HEAD_BYTES = 4096
GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# A password-protected .xlsx is wrapped in the same container as an old .xls.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TABLES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"{\\rtf": "a text document",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"SQLite format 3": "a database",
}
SEND_A_TABLE = "Send the table itself as CSV or as an Excel workbook (.xlsx)"


def _refuse(what: str) -> Rejection:
    return Rejection(
        "format_not_accepted", f"This is {what}, which holds no table that can be read. {SEND_A_TABLE}."
    )


def of_content(head: bytes) -> str:
    """The kind of content that starts with `head`: csv, geojson, parquet, zip or gz.

    Raises Rejection (file_is_empty, web_page, format_not_accepted) for what is none of these.
    """
    if head.startswith(GZIP):
        return "gz"
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(OLE):
        raise Rejection(
            "format_not_accepted",
            "This is an old Excel workbook (.xls) or one with a password. "
            "Save it as an Excel workbook (.xlsx) without a password, or as CSV UTF-8, and send that.",
        )
    for magic, what in NOT_TABLES.items():
        if head.startswith(magic):
            raise _refuse(what)
    return _of_text(head)


def _of_text(head: bytes) -> str:
    for bom in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.removeprefix(bom)
    start = head.replace(b"\x00", b"").lstrip()
    if not start and len(head) < HEAD_BYTES // 2:
        raise Rejection("file_is_empty", "The file is empty. Export it again and send the new file.")
    if start.startswith(b"<"):
        raise Rejection(
            "web_page",
            "This is a web page or XML, not a table, whatever its name says: often a log-in or error page "
            "that was saved in place of the download. Download the file again, open it to see that it is the "
            "table, and send that.",
        )
    if start.startswith(b"{"):
        return "geojson"
    if start.startswith(b"["):
        raise _refuse("a JSON list")
    return "csv"


def of_archive(path: Path) -> str:
    """What a zip is: xlsx, or a plain zip of files; other office documents are refused.

    Raises Rejection (compressed_file_damaged, format_not_accepted).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, struct.error, OSError, EOFError, ValueError, NotImplementedError):
        raise damaged() from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise _refuse("a binary Excel workbook (.xlsb)")
    if "mimetype" in names and "content.xml" in names:
        raise _refuse("an OpenDocument file")
    if "[Content_Types].xml" in names and {"word/document.xml", "ppt/presentation.xml"} & names:
        raise _refuse("a document or presentation")
    return "zip"


def damaged() -> Rejection:
    return Rejection(
        "compressed_file_damaged",
        "The compressed file is cut short or damaged, so it cannot be unpacked to its end. "
        "The transfer probably broke off: send it again and compare its size with the original.",
    )
