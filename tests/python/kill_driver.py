"""Runs `swp` in a process of its own and kills it at a moment, as hard as SIGKILL is.

A moment is before or after a statement to the database or a step on a file: copied, made, renamed, removed.
"""

import random
import re
import subprocess
import sys
from pathlib import Path

DRIVER = """
import os, shutil, signal, sys
from pathlib import Path
import duckdb
from swp import cli
from swp.gate import judgement

wanted, log, *arguments = sys.argv[1:]
moments = 0

def moment(name):
    global moments
    moments += 1
    if log != "-":
        print(moments, name, file=open(log, "a"))
    if moments == int(wanted):
        os.kill(os.getpid(), signal.SIGKILL)

def around(owner, name):
    given = getattr(owner, name)
    def watched(*positional, **named):
        moment("before " + name)
        result = given(*positional, **named)
        moment("after " + name)
        return result
    setattr(owner, name, watched)

class Connection:
    def __init__(self, given):
        self.given = given
    def __getattr__(self, name):
        return getattr(self.given, name)
    def execute(self, statement, *values):
        words = " ".join(statement.split()[:3])
        moment("before " + words)
        result = self.given.execute(statement, *values)
        moment("after " + words)
        return result

def half_a_copy(source, target, length=0):
    content = source.read()
    target.write(content[: len(content) // 2])
    target.flush()
    moment("half a copy")
    target.write(content[len(content) // 2 :])

def plainly(frame, checks, key):
    found = dict()
    for place, wanted in enumerate(checks):
        rows = [row for row in frame if row.get(wanted.metric, 0) > wanted.limit]
        if rows:
            found[place] = [row[key] for row in rows] if key else []
    return found

connect = duckdb.connect
duckdb.connect = lambda *given, **named: Connection(connect(*given, **named))
judgement.failing = plainly
shutil.copyfileobj = half_a_copy
for name in ("rename", "replace", "chmod", "write_text", "mkdir", "unlink"):
    around(Path, name)
around(os, "replace")
around(os, "fsync")
sys.exit(cli.main(arguments))
"""


class Driver:
    """`driver(moment, *arguments)` runs them, and dies at that moment (0: never); `log`: a line a moment."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "driver.py"
        self.path.write_text(DRIVER, encoding="utf-8")

    def __call__(self, moment: int, *arguments: str, log: Path | str = "-") -> subprocess.CompletedProcess:
        command = [sys.executable, str(self.path), str(moment), str(log), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def names_in(log: Path) -> list[str]:
    """What each moment was, in their order."""
    return [line.split(" ", 1)[1] for line in log.read_text(encoding="utf-8").splitlines()]


def chosen(names: list[str], kills: str, telling: str) -> list[int]:
    """As many moments as `kills` says, half of them among those whose name has the pattern `telling`."""
    everything = list(range(1, len(names) + 1))
    if kills == "all":
        return everything
    wanted = int(kills)
    first = [number for number, name in enumerate(names, 1) if re.search(telling, name)]
    picker = random.Random(17)
    half = picker.sample(first, min(len(first), (wanted + 1) // 2))
    rest = [number for number in everything if number not in half]
    return sorted(half + picker.sample(rest, min(len(rest), wanted - len(half))))
