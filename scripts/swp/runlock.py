"""One writer at a time: the run lock that every command which writes holds, dbt included."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TextIO

from swp.errors import SwpError
from swp.paths import Home


class Busy(SwpError):
    """Another command holds the run lock of this home."""


def acquire(home: Home, purpose: str) -> TextIO:
    """Take the lock of `home` or raise `Busy`; it is let go when the file closes or the process dies.

    Whoever gets the lock is alone in the home, so what an interrupted run left in scratch is removed.
    """
    home.ensure()
    file = open(home.lock, "a+", encoding="utf-8")  # noqa: SIM115 - the caller closes it
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "another command"
        file.close()
        raise Busy(f"{home.root} is in use by {holder}. Wait until it has finished, then repeat.") from None
    file.truncate(0)
    file.write(f"'{purpose}' (process {os.getpid()}, since {datetime.now():%H:%M:%S})")
    file.flush()
    shutil.rmtree(home.scratch, ignore_errors=True)
    home.ensure()
    return file


@contextmanager
def hold(home: Home, purpose: str) -> Iterator[None]:
    """Hold the run lock for the length of a `with` block.

    Libraries that write temporary files (openpyxl does for each sheet) write them into the home meanwhile.
    """
    file = acquire(home, purpose)
    elsewhere, tempfile.tempdir = tempfile.tempdir, str(home.scratch)
    try:
        yield
    finally:
        tempfile.tempdir = elsewhere
        file.close()
