"""Errors that a person meets: each says what was wrong and what to do about it."""

import errno
import traceback
from pathlib import Path

import duckdb

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class SwpError(Exception):
    """A plain message for the screen; the command ends with exit status `status`."""

    status = 1


class WrongUse(SwpError):
    """The command was called in a way that it does not understand."""

    status = 2


class Rejection(SwpError):
    """A file that cannot be taken, with the check that it failed.

    `check` is the snake_case name of the check, `message` says in a partner's words what is wrong and
    what to send instead (never a value of an identifying column), `column` is the supplier's label of
    the column concerned, where there is one.
    """

    def __init__(self, check: str, message: str, column: str | None = None):
        super().__init__(message)
        self.check = check
        self.message = message
        self.column = column


def unforeseen(error: Exception) -> str:
    """Words for an error that no command foresaw. Its own message is left out: it may hold a value of a row.

    What a database or a folder lacks is told; of anything else its kind, and the places in the code.
    """
    again = "What was done until then is whole; run the same command again afterwards."
    number, place = getattr(error, "errno", None), getattr(error, "filename", None)
    text = str(error) if isinstance(error, duckdb.IOException | duckdb.FatalException) else ""
    if number in _FULL or any(words in text for words in ("No space left", "File too large", "quota")):
        return f"The disk is full. Free some space. {again}"
    if number in _FORBIDDEN or "Permission denied" in text or "Read-only file system" in text:
        return (
            f"{place or 'A file of this home'} may not be used by this account: mend its permissions. {again}"
        )
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return f"There was not enough memory. Close other programs. {again}"
    frames = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    places = " < ".join(reversed(frames[-6:]))
    return (
        f"This should not happen ({type(error).__name__} at {places}). Please tell the developers that line. "
        f"{again}"
    )
