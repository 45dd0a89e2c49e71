"""Calls of dbt on a home of the tests, as a subprocess: within this process it would keep the database."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from swp.paths import PROJECT, Home


@dataclass
class Run:
    """What dbt said: its output, and the status of each test by name."""

    output: str
    tests: dict[str, str]

    def not_passed(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix).removesuffix("_are_delivered_or_registered"): status
            for name, status in self.tests.items()
            if name.startswith(prefix) and status != "pass"
        }


def called(home: Home, scratch: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run dbt with `arguments` on `home`; its target and logs lie in `scratch`, apart from others'."""
    environment = {
        **os.environ,
        "SWP_HOME": str(home.root),
        "DO_NOT_TRACK": "1",
        "DBT_TARGET_PATH": str(scratch / "target"),
        "DBT_LOG_PATH": str(scratch / "logs"),
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def dbt(home: Home, *arguments: str) -> Run:
    """Run dbt on `home` with its scratch beside it; tests may fail there, but nothing else."""
    scratch = home.root.parent
    done = called(home, scratch, *arguments)
    assert done.returncode in (0, 1), done.stdout[-6000:] + done.stderr[-2000:]
    if arguments[0] == "ls":
        return Run(done.stdout, {})
    results = json.loads((scratch / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    broken = [each["unique_id"] for each in results if each["status"] in ("error", "skipped")]
    assert broken == [], done.stdout[-6000:]
    tests = {
        each["unique_id"].split(".")[2]: each["status"]
        for each in results
        if each["unique_id"].startswith(("test.", "unit_test."))
    }
    return Run(done.stdout, tests)
