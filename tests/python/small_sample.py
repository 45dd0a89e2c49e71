"""The sample at a small scale, landed with its register and built whole, once for all tests of a run."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from dbt_calls import Run, dbt
from swp import runlock, sample, vault
from swp.landing import land
from swp.paths import Home
from swp.sample.deliveries import MANIFEST
from swp.sample.faults import Fault

# At 0.01 every kind of fault is planted, but not by every source that plants it: some have too few rows to
# spoil one.
SCALE = 0.05
# Left out of the build, so that there is a test which did not run.
NOT_RUN = "an_area_has_one_outline"


@dataclass
class SmallSample:
    """A home that nobody changes: `connection` reads its databases as `vault` and `warehouse`.

    A test that changes something does it in a copy (`copied_to`), within `entered`.
    """

    home: Home
    keys: Path
    run: Run | None = None
    connection: Any = None

    def rows(self, query: str, *values: object) -> list[tuple]:
        return self.connection.execute(query, values).fetchall()

    def count(self, query: str, *values: object) -> int:
        return self.rows(query, *values)[0][0] or 0

    @property
    def deliveries(self) -> Path:
        """The files as they were delivered, a folder a source."""
        return self.home.inbox / "sample"

    @cached_property
    def faults(self) -> list[Fault]:
        """The planted faults, as the manifest lists them."""
        told = json.loads((self.deliveries / MANIFEST).read_text(encoding="utf-8"))
        return [Fault(**fault) for fault in told["planted_faults"]]

    def copied_to(self, root: Path) -> Home:
        """The home as it was built, at `root`, in place of what is there."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.home.root, root)
        return Home(root)

    @contextmanager
    def entered(self, home: Home | None = None) -> Iterator[Home]:
        """Within it commands work on `home`: this one, or a copy."""
        home = home or self.home
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SWP_HOME", str(home.root))
            patch.setenv("SWP_KEYS", str(self.keys))
            patch.delenv("DBT_ENV_SECRET_SWP_VAULT_KEY", raising=False)
            patch.delenv("DBT_ENV_SECRET_SWP_PERSON_KEY", raising=False)
            yield home


def make(small: SmallSample) -> Run:
    """Write, land and build the sample; what dbt said."""
    with small.entered() as home:
        home.ensure()
        sample.write(small.deliveries, scale=SCALE, truth=home.truth)
        with runlock.hold(home, "test"), vault.opened(home) as connection:
            land(connection, home, [small.deliveries])
        return dbt(home, "build", "--exclude", NOT_RUN)


@contextmanager
def shared(folder: Path) -> Iterator[SmallSample]:
    """The sample in `folder`, which the workers of a run share: the first that asks makes it."""
    folder.mkdir(exist_ok=True)
    small, told = SmallSample(Home(folder / "home"), folder / "keys"), folder / "run.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            run = json.dumps(asdict(make(small)))
            told.with_suffix(".partial").write_text(run, encoding="utf-8")
            os.replace(told.with_suffix(".partial"), told)
    small.run = Run(**json.loads(told.read_text(encoding="utf-8")))
    with ExitStack() as stack:
        with small.entered() as home:
            small.connection = stack.enter_context(vault.opened(home, read_only=True))
        warehouse = vault.literal(str(small.home.warehouse))
        small.connection.execute(f"attach {warehouse} as warehouse (read_only)")
        yield small
