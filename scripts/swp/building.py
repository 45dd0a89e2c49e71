"""`swp build`: dbt as a subprocess, so that it lets go of the database when it ends.

Unit tests try the rules on rows of their own and say nothing of deliveries. They run when the rules have
changed since they last passed in this home (decision 0015); plain `dbt build` and `dbt test` always run them.
"""

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import duckdb

from swp.errors import SwpError
from swp.paths import PROJECT, Home

RULES = {".sql", ".py", ".yml", ".csv"}


def run_dbt(home: Home, *arguments: str, quiet: bool = False) -> int:
    """Run dbt with `arguments` in the project on `home`; return its exit status."""
    environment = {
        **os.environ,
        "SWP_HOME": str(home.root),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [str(Path(sys.executable).with_name("dbt")), *arguments]
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=output, check=False
    ).returncode


def failed_nodes(target: Path) -> list[tuple[str, str, bool]]:
    """Name, status and kind (is it a delivery test?) of what failed in dbt's last run."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    failed = []
    for result in results:
        if result["status"] in ("error", "fail", "runtime error"):
            node = manifest.get(result["unique_id"], {})
            failed.append(
                (node.get("name", result["unique_id"]), result["status"], "delivery" in node.get("tags", []))
            )
    return failed


def rules_digest() -> str:
    """What unit tests depend on, as a digest: SQL, YAML and seeds of the project, and what runs them."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb", "duckdb"):
        digest.update(f"{package} {version(package)}\n".encode())
    folders = [PROJECT / name for name in ("models", "macros", "seeds", "tests")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in RULES]
    for path in sorted([PROJECT / "dbt_project.yml", *files]):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PROJECT).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _must_be_free(warehouse: Path) -> None:
    """Raise SwpError where another program has the file open: dbt would say so in its own words."""
    if not warehouse.exists():
        return
    try:
        duckdb.connect(str(warehouse)).close()
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise SwpError(
                f"{warehouse} is open in another program, so it cannot be built. Close it there, and let "
                "readers use the published copy."
            ) from None
    except duckdb.Error:
        return  # damaged: dbt says more


def build(home: Home, *, strict: bool = False) -> int:
    """Build and test the warehouse of `home`; 1 when an integrity test failed, or with `strict` any test."""
    home.ensure()
    _must_be_free(home.warehouse)
    target = PROJECT / "target"
    rules, passed = rules_digest(), home.build / "rules_tested"
    are_tested = home.warehouse.exists() and passed.exists() and passed.read_text(encoding="ascii") == rules
    status = run_dbt(home, "build", *(("--exclude-resource-type", "unit_test") if are_tested else ()))
    if status != 0 and not (target / "run_results.json").exists():
        raise SwpError("dbt did not start; its message stands above.")
    failed = failed_nodes(target) if status else []
    if status == 0 or (failed and all(is_delivery for _, _, is_delivery in failed)):
        passed.write_text(rules, encoding="ascii")
    if status == 0:
        return 0
    blocking = [name for name, _, is_delivery in failed if strict or not is_delivery]
    if not failed:
        raise SwpError("dbt did not finish; its message stands above.")
    if blocking:
        print(f"The build is not sound: {', '.join(blocking)}.", file=sys.stderr)
        return 1
    print(f"The build is sound; {len(failed)} delivery tests found gaps (see above).")
    return 0
