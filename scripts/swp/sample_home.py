"""`swp sample`: the sample deliveries in a home of their own, and their removal."""

import shutil
import sys
from pathlib import Path

from swp import runlock, vault
from swp.errors import SwpError
from swp.landing import ledger
from swp.paths import Home

FOLDER = "sample"


def _refuse_real(home: Home) -> None:
    if not home.vault.exists():
        return
    with vault.opened(home) as connection:
        kind = ledger.home_kind(connection)
    if kind == "real":
        raise SwpError(
            f"{home.root} holds real deliveries, and the sample never goes beside them. "
            "Use another home: SWP_HOME=/some/folder swp sample"
        )


def write(home: Home, *, seed: int, scale: float, registered: bool = True) -> int:
    """Write the sample into the inbox; the same seed and scale give the same files."""
    from swp import sample

    with runlock.hold(home, "swp sample"):
        _refuse_real(home)
        count = 0

        def told(file: str) -> None:
            nonlocal count
            count += 1
            if sys.stderr.isatty():
                print(f"\r\033[K{count} {file}", end="", file=sys.stderr, flush=True)

        manifest = sample.write(home.inbox / FOLDER, seed=seed, scale=scale, truth=home.truth, progress=told)
        if not registered:
            manifest.registered_gaps.clear()
            manifest.path.write_text(manifest.as_text(), encoding="utf-8")
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
    rows = sum(file.rows for file in manifest.files)
    print(
        f"Wrote {len(manifest.files)} SYNTHETIC sample deliveries ({rows:,} rows) into {manifest.folder}, "
        f"with {len(manifest.planted_faults)} planted faults listed in {manifest.path.name}."
    )
    return 0


def remove(home: Home) -> int:
    """Remove the sample and all that was landed, built and published from it; refused where real data lie."""
    with runlock.hold(home, "swp sample --remove"):
        _refuse_real(home)
        folders: list[Path] = [home.inbox / FOLDER, home.landed, home.published, home.reports, home.truth]
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        for file in (home.vault, home.warehouse):
            for found in home.build.glob(f"{file.name}*"):
                found.unlink()
    print(f"Removed the sample from {home.root}.")
    return 0
