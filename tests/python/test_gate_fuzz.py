"""Whatever bytes come, the gate gives a verdict, in bounded memory, and writes nothing outside the home.

Two kinds of input: the sample's files of every source, damaged; and tables with the contracts' headings and
any text in their cells. SWP_FUZZ sets how many inputs are tried of both together (default 300; run with -s it
prints what became of them), SWP_FUZZ_KEEP a folder that keeps a damaged file that got no verdict.
"""

import contextlib
import gzip
import io
import os
import random
import resource
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import failing_plainly, table
from swp import runlock, sample, vault
from swp.contracts import load_contracts
from swp.gate import judgement
from swp.landing import check, land
from swp.landing.report import VERDICTS

INPUTS = int(os.environ.get("SWP_FUZZ", "300"))
MOST_MEMORY = 1000  # MB, of a process that does nothing but this
FRESH = 250  # MB of it that such a process holds once the gate is imported
LARGEST = 60_000  # bytes of a file that is damaged
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.symlink",
    "os.link",
    "os.truncate",
    "os.chmod",
)
NASTY = (
    "",
    "\0",
    "\ufeff",
    "\x1b[2J",
    "\r",
    "\n",
    '"',
    "'",
    ",",
    ";",
    "\t",
    "=1+1",
    "NULL",
    "nan",
    "-0",
    "1e309",
    "9" * 400,
    "31/02/2023",
    "2023-02-31T25:61:61Z",
    "0000-00-00",
    "\u0663",
    "\u2167",
    "\u202e",
    "\ufb01",
    "\u0131",
    "\U0001f4a9",
    "a" * 40_000,
    "'); drop table vault.raw.cris_crime; --",
    "../../etc/passwd",
    "<b>",
    "{{ 1 }}",
    "%s",
    "\\N",
    "\x85",
    "\u2028",
)
Bytes = Callable[[random.Random, bytes], bytes]


def flip(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def without_a_part(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 400) :]


def a_part_again(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start : start + 300] * chance.choice((2, 50)) + content[start:]


def with_nasty_text(chance: random.Random, content: bytes) -> bytes:
    for _ in range(chance.choice((1, 5))):
        start = chance.randrange(len(content))
        content = content[:start] + chance.choice(NASTY).encode() + content[start:]
    return content


def in_other_encoding(chance: random.Random, content: bytes) -> bytes:
    return content.decode("latin-1").encode(
        chance.choice(("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7"))
    )


def with_a_large_number(chance: random.Random, content: bytes) -> bytes:
    """Claims of sizes and counts stand in four or eight bytes."""
    start = chance.randrange(len(content))
    return content[:start] + b"\xff" * chance.choice((4, 8)) + content[start + 4 :]


def packed(chance: random.Random, content: bytes) -> bytes:
    if chance.random() < 0.5:
        return gzip.compress(content)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in chance.choice((("a.csv",), ("../../a.csv", "/etc/b.csv"), ("a.csv", "a.csv"))):
            archive.writestr(name, content)
    return made.getvalue()


def parts_damaged(chance: random.Random, content: bytes) -> bytes:
    """The parts of a workbook, damaged before they are zipped again, so that the reader meets them."""
    if not content.startswith(b"PK"):
        return flip(chance, content)
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
            chosen = chance.choice(old.namelist() or [""])
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, chance.choice(DAMAGES)(chance, part) if name == chosen and part else part)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
        return cut(chance, content)
    return made.getvalue()


DAMAGES: tuple[Bytes, ...] = (
    flip,
    cut,
    without_a_part,
    a_part_again,
    with_nasty_text,
    in_other_encoding,
    with_a_large_number,
)
WAYS = (*DAMAGES, packed, parts_damaged, parts_damaged)


@pytest.fixture(scope="module")
def given_files(tmp_path_factory) -> list[Path]:
    """A small file of each source and format of the sample."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write(folder, scale=0.01)
    found = {}
    for path in sorted(path for path in folder.rglob("*.*") if path.name != "sample_manifest.json"):
        if path.stat().st_size <= LARGEST:
            found.setdefault((path.parent.name, path.suffix), path)
    return list(found.values())


class Watch:
    """Hears of every file that Python opens for writing or changes while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.touched: set[str] = set()
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple) -> None:
        if not self.on or not arguments or not isinstance(arguments[0], str | os.PathLike):
            return
        if event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES):
            self.touched.add(os.path.abspath(os.fspath(arguments[0])))


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def gate(stocked_home, key_folder, watch, tmp_path_factory) -> Iterator[Callable[[str, bytes], str]]:
    """`gate(name, content)`: the verdict of `check`, and of `land` for one input in 25."""
    given_in = tmp_path_factory.mktemp("given")
    around = (Path.cwd(), given_in, stocked_home.root.parent)
    before = [sorted(folder.iterdir()) for folder in around]
    verdicts: Counter[str] = Counter()

    def judge(name: str, content: bytes) -> str:
        path = given_in / name
        path.write_bytes(content)
        watch.on = True
        try:
            outcomes = list(check(connection, stocked_home.scratch, [path]))
            if sum(verdicts.values()) % 25 == 0:
                outcomes += land(connection, stocked_home, [path])
        finally:
            watch.on = False
            path.unlink()
            for left in stocked_home.scratch.iterdir():
                left.unlink()
        assert outcomes
        for outcome in outcomes:
            assert outcome.verdict in VERDICTS
            if outcome.verdict == "rejected":
                assert outcome.inspection.failed
                assert all(each.message and each.message.isprintable() for each in outcome.inspection.failed)
        verdicts[outcomes[0].verdict] += 1
        return outcomes[0].verdict

    held = memory_held()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_KEYS", str(key_folder))
        patch.setattr(judgement, "failing", failing_plainly)
        with runlock.hold(stocked_home, "test"), vault.opened(stocked_home) as connection:
            yield judge
            lost = connection.execute(
                "select count(*) from vault.ledger.deliveries "
                "where rows_delivered <> rows_accepted + rows_quarantined"
            ).fetchone()[0]
    taken = peak_memory() - held
    print(f"\n{sum(verdicts.values()):,} inputs: {dict(verdicts)}, {taken} MB more at most")
    assert lost == 0
    assert taken < MOST_MEMORY - FRESH
    assert [path for path in watch.touched if not Path(path).is_relative_to(stocked_home.root)] == []
    assert [sorted(folder.iterdir()) for folder in around] == before


def memory_held() -> int:
    """MB that this process holds, with what tests before left behind; from here on `peak_memory` counts."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # where it may not be set back, less is noticed
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # sets the peak back: proc(5)
    return peak_memory()


def peak_memory() -> int:
    """MB at most since `memory_held`; outside Linux, which cannot set it back, since the process began."""
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2


def test_the_watch_hears_what_is_written(watch, tmp_path):
    watch.on = True
    (tmp_path / "a").write_text("x", encoding="utf-8")
    (tmp_path / "a").read_text(encoding="utf-8")
    (tmp_path / "b").mkdir()
    watch.on = False
    assert watch.touched == {str(tmp_path / "a"), str(tmp_path / "b")}
    watch.touched.clear()


def test_damaged_files_get_a_verdict(gate, given_files):
    chance = random.Random(6)
    for number in range(INPUTS // 2):
        path = given_files[number % len(given_files)]
        content = path.read_bytes()
        for _ in range(chance.choice((1, 1, 2, 3))):
            content = chance.choice(WAYS)(chance, content) or b"\n"
        name = (
            path.name
            if chance.random() < 0.8
            else f"x{chance.choice(('.csv', '.xlsx', '.parquet', '.geojson', ''))}"
        )
        try:
            gate(name, content)
        except BaseException as error:
            kept = Path(os.environ.get("SWP_FUZZ_KEEP", os.devnull))
            if kept.is_dir():
                (kept / f"{number}-{name}").write_bytes(content)
            raise AssertionError(f"input {number}, made of {path.name}, has no verdict") from error


cells = st.one_of(st.sampled_from(NASTY), st.text(max_size=20), st.dates().map(str), st.integers().map(str))


@st.composite
def tables(draw) -> bytes:
    """A table with a contract's headings, some changed, and any text in its cells."""
    contract = draw(st.sampled_from([each for each in load_contracts().values() if "csv" in each.formats]))
    headings = [column.label for column in contract.columns]
    for place in draw(st.lists(st.integers(0, len(headings) - 1), max_size=2)):
        headings[place] = draw(cells)
    width = draw(st.sampled_from([len(headings)] * 4 + [len(headings) - 1, len(headings) + 1]))
    pool = draw(st.lists(cells, min_size=1, max_size=12))
    chance = draw(st.randoms(use_true_random=False))
    rows = [[chance.choice(pool) for _ in range(width)] for _ in range(draw(st.integers(0, 6)))]
    delimiter = draw(st.sampled_from(",,,;\t"))
    return table(headings, rows, delimiter=delimiter, encoding="utf-8")


def test_any_text_in_a_table_gets_a_verdict(gate):
    @settings(
        max_examples=INPUTS // 2,
        deadline=None,
        database=None,
        derandomize=INPUTS <= 300,
        phases=[Phase.generate],  # to shrink would take minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(tables())
    def run(content: bytes) -> None:
        gate("given.csv", content)

    run()
