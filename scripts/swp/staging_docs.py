"""Describes the staging models from the contracts: models/staging/<folder>/_<folder>__models.yml.

`python -m swp.staging_docs` writes the files; with `--check` it writes nothing and exits 1 when one is out
of date. A staging model belongs to the contract that its SQL names in `staged_columns('<contract>')`; models
without one (the ledger's) are described by hand.
"""

import argparse
import re
import sys
import textwrap
from pathlib import Path

import yaml

from swp.contracts import Column, Contract, load_contracts
from swp.errors import SwpError
from swp.paths import PROJECT

STAGING = PROJECT / "models" / "staging"
WIDTH = 110
HEADER = """\
version: 2

# Made by `python -m swp.staging_docs`: change the contracts beside it, not this file.

models:
"""
# Types whose cast cannot fail, so that nothing need stand beside it (macro staged_columns).
UNPARSED_TYPES = ("text", "code", "json")


def _scalar(text: str) -> str:
    """`text` as a YAML scalar on one line, quoted only where it must be."""
    return yaml.safe_dump(text, width=float("inf"), allow_unicode=True).removesuffix("\n...\n").strip()


def _described(indent: int, text: str) -> list[str]:
    """The line of a description, folded where it would be too long."""
    margin = " " * indent
    line = f"{margin}description: {_scalar(text)}"
    if len(line) <= WIDTH:
        return [line]
    inner = margin + "  "
    return [
        f"{margin}description: >-",
        *textwrap.wrap(text, WIDTH, initial_indent=inner, subsequent_indent=inner),
    ]


def _column(
    name: str, description: str, label: str | None = None, sensitivity: str | None = None
) -> list[str]:
    lines = [f"      - name: {name}", *_described(8, description)]
    if label is not None:
        # Inside braces a comma or bracket would end a plain scalar; safe_dump of a list quotes as needed.
        quoted = yaml.safe_dump([label], default_flow_style=True, width=float("inf"), allow_unicode=True)
        meta = [f"supplier_label: {quoted.strip()[1:-1]}", f"sensitivity: {sensitivity}"]
        line = f"        config: {{meta: {{{', '.join(meta)}}}}}"
        if len(line) <= WIDTH:
            lines.append(line)
        else:
            lines += ["        config:", "          meta:", *(f"            {entry}" for entry in meta)]
    return lines


def _staged(column: Column) -> list[str]:
    """A contract column as staged, and its delivered text where the cast may fail."""
    description = column.description or column.label
    lines = _column(column.name, description, column.label, column.sensitivity)
    if column.type not in UNPARSED_TYPES and column.need != "key":
        text = f"{column.name} as it was delivered, before it was read as {column.type.replace('_', ' ')}."
        lines += _column(f"{column.name}_text", text, column.label, column.sensitivity)
    return lines


def _model(name: str, contract: Contract, sql: str) -> list[str]:
    """The description of one staging model.

    The SQL of a contract with columns by pattern unnests them: what it names with `as` after that step was
    read from the column's heading.
    """
    description = contract.description
    if contract.pattern:
        description = f"{description} Here each of these columns has a row of its own."
    lines = [
        f"  - name: {name}",
        *_described(4, description),
        f"    config: {{meta: {{contract: {contract.name}, source_id: {contract.source_id}}}}}",
        "    columns:",
        *_column("delivery_id", "Delivery that brought the row."),
        *_column("row_number", "Number of the row in the delivered file, the heading not counted."),
    ]
    for column in contract.columns:
        lines += _staged(column)
    if contract.pattern:
        lines += _column(
            contract.pattern.value_to, f"What stood in that column, read as {contract.pattern.type}."
        )
        for added in re.findall(r"\bas (\w+)\s*(?:,|\n)", sql.rsplit("exclude", 1)[-1]):
            lines += _column(added, "Read from that column's heading.")
    return lines


def contract_of(sql: str) -> str | None:
    """Name of the contract that a staging model reads, from its SQL."""
    found = re.search(r"staged_columns\(\s*['\"](\w+)['\"]\s*\)", sql)
    return found.group(1) if found else None


def rendered(staging: Path = STAGING) -> dict[Path, str]:
    """The text of every generated file under `staging`, by its path.

    Raises SwpError where a model names a contract that does not exist.
    """
    contracts = load_contracts(staging)
    models: dict[Path, list[str]] = {}
    for path in sorted(staging.glob("*/stg_*.sql")):
        sql = path.read_text(encoding="utf-8")
        name = contract_of(sql)
        if name is None:
            continue
        if name not in contracts:
            raise SwpError(
                f"{path.name} stages '{name}', which no _<agency>__sources.yml under {staging} holds."
            )
        folder = path.parent
        models.setdefault(folder / f"_{folder.name}__models.yml", []).append(
            "\n".join(_model(path.stem, contracts[name], sql))
        )
    return {
        path: HEADER.format(folder=path.parent.name) + "\n\n".join(blocks) + "\n"
        for path, blocks in models.items()
    }


def out_of_date(staging: Path = STAGING) -> list[Path]:
    """The generated files that are missing or differ from what the contracts say."""
    return [
        path
        for path, text in rendered(staging).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with `--check` name those that are out of date; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m swp.staging_docs", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a file is out of date"
    )
    checking = parser.parse_args(arguments).check
    try:
        stale = out_of_date()
    except SwpError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        if checking:
            print(f"{path.relative_to(PROJECT)} is out of date: run `python -m swp.staging_docs`.")
        else:
            path.write_text(rendered()[path], encoding="utf-8")
            print(f"{path.relative_to(PROJECT)} written.")
    return 1 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main())
