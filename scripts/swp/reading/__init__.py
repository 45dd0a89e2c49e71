"""From a path to rows of text in a DuckDB table: safely, in bounded memory, with plain rejections.

`members` says what a path delivers (itself, or the entries of a zip), `recognise` finds the contract that
a member's headings fit, `load` brings its rows into a temporary table. Whatever is wrong with a file is
a `Rejection`; a member of an archive that cannot be taken is a `Refused` and leaves the others alone.
"""

from swp.reading.delivered import Member, Refused, members
from swp.reading.headings import Dialect, Match
from swp.reading.limits import LIMITS, Limits
from swp.reading.loading import Loaded, load
from swp.reading.recognition import recognise

__all__ = [
    "LIMITS",
    "Dialect",
    "Limits",
    "Loaded",
    "Match",
    "Member",
    "Refused",
    "load",
    "members",
    "recognise",
]
