"""The appendices: each a function from the composer to its blocks, drawn from the published file alone."""

from pathlib import Path

import yaml

from swp.report import appendix_data, appendix_figures, tables, wording
from swp.report.blocks import Gap, Heading, Note, Table
from swp.report.wording import NONE

ACRONYMS = Path(__file__).with_name("acronyms.yml")
OWN_GRAIN = Path(__file__).parent / "chapters" / "own_grain.yml"
METHOD = Path(__file__).parent / "chapters" / "method.yml"


def own_grain(composer, name: str) -> list:
    """The table of its own grain that is described under `name`."""
    described = yaml.safe_load(OWN_GRAIN.read_text(encoding="utf-8"))
    return tables.whole(composer, described[name])


def factors(composer) -> list:
    return own_grain(composer, "factors")


def actions(composer) -> list:
    return own_grain(composer, "actions")


def wards(composer) -> list:
    return own_grain(composer, "profiles") + appendix_figures.wards(composer)


def acronyms(composer) -> list:
    """The acronyms that reports of this kind use."""
    known = yaml.safe_load(ACRONYMS.read_text(encoding="utf-8"))
    rows = [[short, meaning] for short, meaning in sorted(known.items())]
    return [Table("acronyms-table", "Acronyms.", ["Acronym", "Meaning"], rows, widths=[1, 4])]


def definitions(composer) -> list:
    """The definitions behind the figures of this report."""
    used = composer.published.definitions_used
    rows = [
        [row["name"], row["definition"], row.get("source") or NONE]
        for row in composer.published.rows("reference.definitions", "order by name")
        if row["definition_id"] in used
    ]
    if not rows:
        return [Gap("Definitions: not in this profile", wording.NOT_HERE)]
    columns = ["Name", "Definition", "Source"]
    return [Table("definitions-table", "Definitions used.", columns, rows, widths=[1.3, 3.2, 1.7])]


def method(composer) -> list:
    """How figures, intervals and comparisons are made, in the words of the definitions."""
    spec = yaml.safe_load(METHOD.read_text(encoding="utf-8"))
    known = {row["definition_id"]: row for row in composer.published.rows("reference.definitions")}
    blocks: list = [Note(note) for note in spec["notes"]]
    for name in spec["definitions"]:
        if name in known:
            blocks += [Heading(known[name]["name"]), Note(known[name]["definition"])]
    return blocks


APPENDICES = {
    "received": appendix_data.received,
    "areas": appendix_figures.areas,
    "costs": appendix_figures.costs,
    "factors": factors,
    "wards": wards,
    "actions": actions,
    "acronyms": acronyms,
    "definitions": definitions,
    "reconciliation": appendix_data.reconciliation,
    "method": method,
}
