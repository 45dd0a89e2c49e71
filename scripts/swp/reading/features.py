"""GeoJSON, one feature at a time: the properties are the columns, the geometry is one more."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from swp.errors import Rejection
from swp.reading.batches import Batch, Malformed
from swp.reading.delivered import Member
from swp.reading.encodings import wrong_encoding
from swp.reading.headings import Match
from swp.reading.limits import BATCH_CHARACTERS, BATCH_ROWS, FEATURE_CHARACTERS

GEOMETRY = "geometry"
_STEP = 1 << 16


class _Broken(Exception):
    """The JSON cannot be read any further."""


class _Json:
    """A JSON text read value by value, holding no more than one."""

    def __init__(self, stream: io.TextIOBase):
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._decode = json.JSONDecoder().raw_decode

    def _more(self) -> bool:
        held = len(self._buffer) - self._at
        if held > FEATURE_CHARACTERS:
            raise _Broken
        part = self._stream.read(max(_STEP, held))
        self._ended = not part
        self._buffer = self._buffer[self._at :] + part
        self._at = 0
        return bool(part)

    def peek(self) -> str:
        """The next character that is not white space, '' at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n":
                    return self._buffer[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, character: str) -> bool:
        """Steps over `character` if it comes next."""
        if self.peek() != character:
            return False
        self._at += 1
        return True

    def need(self, character: str) -> None:
        if not self.take(character):
            raise _Broken

    def value(self) -> tuple[Any, int]:
        """The next value and how many characters it took."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except (ValueError, RecursionError):
                if self._ended or not self._more():
                    raise _Broken from None
                continue
            if end == len(self._buffer) and not self._ended and self._more():
                continue
            length, self._at = end - self._at, end
            return value, length


def _features(member: Member) -> Iterator[tuple[Any, int]]:
    """Every feature with its length in characters; raises Rejection."""
    survey = member.survey
    if survey.bad_line:
        raise wrong_encoding(survey.bad_line)
    number = 0
    with io.TextIOWrapper(member.open(), encoding=survey.bom or "utf-8") as stream:
        text = _Json(stream)
        try:
            found = False
            text.need("{")
            while text.peek() == '"':
                key, _ = text.value()
                text.need(":")
                if key == "features" and text.take("["):
                    found = True
                    while text.peek() not in ("]", ""):
                        number += 1
                        yield text.value()
                        if not text.take(","):
                            break
                    text.need("]")
                else:
                    value, _ = text.value()
                    if key == "type" and value != "FeatureCollection":
                        raise not_features()
                if not text.take(","):
                    break
            text.need("}")
        except _Broken:
            where = f"after feature {number:,}" if number else "at its beginning"
            raise Rejection(
                "json_damaged",
                f"The JSON cannot be read {where}: it is cut short or damaged. Export it again and send it.",
            ) from None
    if not found:
        raise not_features()


def not_features() -> Rejection:
    return Rejection(
        "format_not_accepted",
        "This JSON is not a GeoJSON feature collection. Export the layer as GeoJSON (WGS84) and send that.",
    )


def read_headings(member: Member) -> list[str]:
    """The geometry and the names of all properties of any feature, in the order of their appearance."""
    names, number = {}, 0
    for number, (feature, _) in enumerate(_features(member), start=1):  # noqa: B007
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            names.update(dict.fromkeys(feature["properties"]))
    if not number:
        raise Rejection("no_rows", "The layer has no features. Send the file with its features.")
    return [GEOMETRY, *names]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return json.dumps(value, separators=(",", ":"))
    # An escaped half of a surrogate pair is no character.
    return value.encode("utf-8", "replace").decode("utf-8")


def read_batches(member: Member, match: Match) -> Iterator[Batch]:
    """The features as rows; feature n is row n + 1, as under a heading."""
    headings = match.headings
    numbers: list[int] = []
    rows: list[list[str | None]] = []
    malformed: list[Malformed] = []
    characters = 0
    for number, (feature, length) in enumerate(_features(member), start=1):
        characters += length
        if isinstance(feature, dict):
            properties = feature.get("properties")
            properties = properties if isinstance(properties, dict) else {}
            rows.append(
                [_text(feature.get(GEOMETRY)), *(_text(properties.get(name)) for name in headings[1:])]
            )
            numbers.append(number + 1)
        else:
            malformed.append(
                Malformed(number + 1, f"feature {number} is not a feature", _text(feature) or "null")
            )
        if characters > BATCH_CHARACTERS or len(rows) >= BATCH_ROWS:
            yield _batch(numbers, rows, malformed, match.width)
            numbers, rows, malformed, characters = [], [], [], 0
    yield _batch(numbers, rows, malformed, match.width)


def _batch(numbers: list[int], rows: list[list[str | None]], malformed: list[Malformed], width: int) -> Batch:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return Batch.of(
        pa.array(numbers, pa.int64()), [pa.array(column, pa.string()) for column in columns], malformed
    )
