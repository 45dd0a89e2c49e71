"""In which encoding a text was written: a byte order mark, then UTF-8, then what the contract allows.

Windows-1252 and GB18030 are told apart by how plausible the text is under each: both decode nearly
anything, and a British table saved on a Chinese Windows (as a fire brigade edition was) looks like neither.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from swp.contracts import Contract
from swp.errors import Rejection
from swp.reading.limits import BLOCK_BYTES

# In a British table: Latin letters and the signs that word processors and keyboards make. The full-width
# pound sign is how GB18030 editions write it; the no-break space is left by spreadsheets.
PLAUSIBLE_SIGNS = "£€–—‘’“”…•°½¼¾×·§©\uffe1\u00a0"  # noqa: RUF001
_IMPLAUSIBLE = re.compile(rf"[^\x00-\x7f\u00c0-\u024f\u1e00-\u1eff{PLAUSIBLE_SIGNS}]")
_PLAUSIBLE_CP1252 = bytes(
    byte for byte in range(256) if not _IMPLAUSIBLE.search(bytes([byte]).decode("cp1252", errors="replace"))
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
LEGACY = ("cp1252", "gb18030")
_SAME = {"gbk": "gb18030", "gb2312": "gb18030"}
_SAID = {"utf-8": "UTF-8", "cp1252": "Windows-1252 (ANSI)", "gb18030": "GB18030"}


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes of a text showed; lines count from 1."""

    bom: str | None  # the codec that a byte order mark names
    bad_line: int | None  # first line that is not of that codec, or not UTF-8 where there is no mark
    nul_line: int | None


@dataclass(frozen=True)
class Legacy:
    """How well a text decodes in an older encoding."""

    bad_line: int | None
    implausible: int


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in blocks of a megabyte."""
    while block := stream.read(BLOCK_BYTES):
        yield block


class Surveyor:
    """Takes the blocks of a text as they pass and says what they are."""

    def __init__(self, head: bytes):
        self._bom = None
        if head.startswith(codecs.BOM_UTF8):
            self._bom = "utf-8-sig"
        elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._bom = "utf-16"
        self._decoder = codecs.getincrementaldecoder(self._bom or "utf-8")()
        self._line = 1
        self._bad_line: int | None = None
        self._nul_line: int | None = None

    def feed(self, block: bytes, final: bool = False) -> None:
        text = self._decoded(block, final)
        if self._bom == "utf-16":
            self._count(text, "\x00", "\n")
        else:
            self._count(block, b"\x00", b"\n")

    def _decoded(self, block: bytes, final: bool) -> str:
        plain = self._bom != "utf-16" and block.isascii() and not self._decoder.getstate()[0]
        if self._bad_line is not None or plain:
            return ""
        try:
            return self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            self._bad_line = self._line + error.object.count(b"\n", 0, error.start)
            return ""

    def _count(self, part, nul, line_end) -> None:
        if self._nul_line is None and (at := part.find(nul)) >= 0:
            self._nul_line = self._line + part.count(line_end, 0, at)
        self._line += part.count(line_end)

    def result(self) -> Survey:
        self.feed(b"", final=True)
        return Survey(self._bom, self._bad_line, self._nul_line)


def legacy(stream: BinaryIO, encoding: str) -> Legacy:
    """How well the whole stream decodes in `encoding` (cp1252 or gb18030)."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, implausible = 1, 0
    for block in chain(blocks(stream), (b"",)):
        try:
            text = decoder.decode(block, not block)
        except UnicodeDecodeError as error:
            return Legacy(line + error.object.count(b"\n", 0, error.start), implausible)
        if encoding == "cp1252":
            implausible += len(block.translate(None, _PLAUSIBLE_CP1252))
        elif not text.isascii():
            implausible += len(_IMPLAUSIBLE.findall(text))
        line += text.count("\n")
    return Legacy(None, implausible)


def mostly_utf8(stream: BinaryIO) -> bool:
    """Is this UTF-8 that was damaged, rather than another encoding?

    It is when more characters than not decode: in Windows-1252 or GB18030 hardly any letter beyond ASCII
    happens to be valid UTF-8. Read as either, the whole of such a file would be garbled in silence.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    whole = broken = 0
    for block in blocks(stream):
        text = decoder.decode(block)
        if not text.isascii():
            found = text.count("\N{REPLACEMENT CHARACTER}")
            broken += found
            whole += len(_NOT_ASCII.findall(text)) - found
    return whole > broken


def allowed(contract: Contract) -> set[str]:
    """The codecs that the contract allows, by Python's names for them."""
    names = {codecs.lookup(name).name for name in contract.encodings}
    return {_SAME.get(name, name) for name in names} | {"utf-8"}


def wrong_encoding(line: int | None, contract: Contract | None = None) -> Rejection:
    """The rejection of a text that is not in an encoding that can be taken."""
    names = sorted(allowed(contract), key=lambda name: (name != "utf-8", name)) if contract else ["utf-8"]
    said = " or ".join(_SAID.get(name, name) for name in names)
    where = f"Line {line:,} of the file holds" if line else "The file holds"
    return Rejection(
        "wrong_encoding",
        f"{where} characters that are not in {said}, so letters and signs would be taken wrongly. "
        "Save the file as UTF-8 (in Excel: Save as, 'CSV UTF-8') and send that.",
    )
