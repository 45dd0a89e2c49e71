"""The register of what is held, in docs/privacy.md: written from the contracts, so that it cannot drift.

`python -m swp.privacy_docs` writes the part of the page between its two marks; with `--check` it writes
nothing and exits 1 when the page is out of date.
"""

import argparse
import sys
from collections.abc import Iterable

from swp.contracts import Column, Contract, load_contracts
from swp.paths import PROJECT

PAGE = PROJECT / "docs" / "privacy.md"
KINDS = {"identifier": "identifying", "special": "special", "free_text": "free text"}
BEGIN, END = "<!-- begin: python -m swp.privacy_docs -->", "<!-- end -->"


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(column.name for column in columns) or "none"


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _held(contracts: Iterable[Contract]) -> list[str]:
    heads = ("delivery", "supplier", "lawful basis", "agreement", "months", *KINDS.values())
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for contract in contracts:
        of = {kind: [column for column in contract.columns if column.sensitivity == kind] for kind in KINDS}
        cells = (
            f"`{contract.name}`",
            contract.supplier,
            contract.meta["lawful_basis"],
            contract.meta["sharing_agreement"],
            contract.meta["retention_months"],
            *(_names(columns) for columns in of.values()),
        )
        lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    return lines


def register() -> str:
    """The generated part: deliveries with anything sensitive in full, the others by lawful basis."""
    contracts = sorted(load_contracts().values(), key=lambda contract: (contract.agency, contract.name))
    sensitive = [
        contract for contract in contracts if any(column.sensitivity != "none" for column in contract.columns)
    ]
    others: dict[str, list[str]] = {}
    for contract in contracts:
        if contract not in sensitive:
            others.setdefault(_cell(contract.meta["lawful_basis"]), []).append(f"`{contract.name}`")
    lines = [
        f"{len(sensitive)} of {len(contracts)} deliveries hold something about persons:",
        "",
        *_held(sensitive),
        "",
        "The others hold counts, places and reference data:",
        "",
        *(f"- {basis}: {', '.join(names)}." for basis, names in sorted(others.items())),
    ]
    return "\n".join(lines)


def rendered(page: str) -> str:
    """`page` with its generated part as the contracts have it."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{register()}\n\n{END}{after}"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is out of date; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m swp.privacy_docs", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when out of date")
    checking = parser.parse_args(arguments).check
    page = PAGE.read_text(encoding="utf-8")
    if page == (wanted := rendered(page)):
        return 0
    if checking:
        print("docs/privacy.md is out of date: run `python -m swp.privacy_docs`.")
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
