"""Names and headings as a message may show them: printable, short, and never a value."""

import re
from collections.abc import Iterable

SHOWN_HEADINGS = 12
SHOWN_CHARACTERS = 40


def printable(text: str, characters: int = 200) -> str:
    """`text` on one line, without control characters, cut to `characters`."""
    clean = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return clean if len(clean) <= characters else clean[: characters - 1] + "…"


def quoted(names: Iterable[str]) -> str:
    """At most 12 names in quotation marks, each cut to 40 characters."""
    names = list(names)
    text = ", ".join(f"'{printable(name.strip(), SHOWN_CHARACTERS)}'" for name in names[:SHOWN_HEADINGS])
    more = len(names) - SHOWN_HEADINGS
    return f"{text} and {more} more" if more > 0 else text


def size(number: float) -> str:
    """A number of bytes in words."""
    for unit in ("bytes", "KB", "MB"):
        if number < 1024:
            return f"{number:,.0f} {unit}"
        number /= 1024
    return f"{number:,.1f} GB"


def looks_like_value(heading: str) -> bool:
    """Is `heading` more likely a cell of data (a number, date, address) than a heading?

    Years and months are headings of wide tables and are not values.
    """
    text = heading.strip()
    if re.fullmatch(r"(19|20)\d\d([-/_ ]?(0[1-9]|1[0-2]))?", text):
        return False
    return bool(
        re.fullmatch(r"[-+£$(]*\d[\d,.]*\)?%?", text)
        or re.search(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", text)
        or re.search(r"\d{1,2}:\d{2}", text)
        or re.search(r"\w@\w", text)
        or re.search(r"\d{7,}", text)
    )
