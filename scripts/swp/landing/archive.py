"""The immutable archive: each landed file once, named by the hash of its content."""

import os
import shutil

from swp.paths import Home
from swp.reading import Member


def store(home: Home, member: Member, source: str) -> str:
    """Copy `member` into the archive; return its place relative to the archive.

    Safe to interrupt: the copy gets its name only when it is whole, and the same content gets the same name.
    """
    place = f"{source}/{member.content_sha256}.{member.format}"
    target = home.landed / place
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = target.with_name(f".{target.name}.partial")
        partial.unlink(missing_ok=True)
        with member.path.open("rb") as given, partial.open("xb") as copy:
            shutil.copyfileobj(given, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        partial.chmod(0o400)
        partial.rename(target)
    return place
