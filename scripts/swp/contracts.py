"""Delivery contracts, read from the dbt source YAML: the only place where they are written.

A contract is a dbt source table with `config.meta`; docs/contracts.md describes the keys.
"""

import csv
import re
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from swp.errors import SwpError, WrongUse
from swp.paths import PROJECT

NEEDS = ("key", "required", "requested", "optional")
TYPES = (
    "text",
    "code",
    "integer",
    "number",
    "boolean",
    "date",
    "month",
    "timestamp",
    "timestamp_utc",
    "json",
)
SENSITIVITIES = ("none", "identifier", "special", "free_text")
ORIGINS = ("open", "partner")
# The parser in C takes a tenth of the time, which every command would otherwise wait for.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Follows the ask for a column that carries a statutory item; the macro contract_requirements says the same.
LAW = (
    "It is among what the law asks of you each quarter, without personal data (Crime and Disorder Act 1998 "
    "s.17A, SI 2007/1831)."
)
# Thresholds of blank values by need, unless the column states its own (per cent of rows).
BLANK_LIMITS = {"key": 0.0, "required": 5.0, "requested": 40.0, "optional": 100.0}


@lru_cache(maxsize=1 << 14)
def normalise_heading(heading: str) -> str:
    """A heading reduced to what identifies it: lower case, letters and digits of any script only."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def normalise_value(value: str) -> str:
    """A code or name reduced for comparison: upper case, runs of other characters as one space.

    The same rule as the SQL macro `rules.name_key`; published class names are cut at 50 characters.
    """
    return re.sub(r"[^A-Z0-9]+", " ", value[:50].upper()).strip()


@cache
def seed_rows(seed: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed, as text."""
    path = PROJECT / "seeds" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True)
class CodeList:
    """The values that a column may hold: a column of a seed."""

    seed: str
    column: str
    reject: bool  # False: an unknown value is taken and reported, True: it quarantines the row
    where: str = field(default="", compare=False)  # the contract and key, for errors

    @cached_property
    def values(self) -> frozenset[str]:
        """The normalised values; raises SwpError where the seed or its column is not there."""
        try:
            return frozenset(normalise_value(row[self.column]) for row in seed_rows(self.seed))
        except (OSError, KeyError):
            raise SwpError(
                f"{self.where}: code_list names the column '{self.column}' of the seed '{self.seed}', "
                "which is not there."
            ) from None


@dataclass(frozen=True)
class Column:
    """One column of a contract: what it is called, holds, and how badly it is needed."""

    name: str
    label: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    label_pattern: str | None = None
    type: str = "text"
    formats: tuple[str, ...] = ()
    code_list: CodeList | None = None
    need: str = "optional"
    blank_when: str | None = None
    max_blank_pct: float = 100.0
    range: tuple[float, float] | None = None
    sensitivity: str = "none"
    serves: tuple[str, ...] = ()
    ask: str = ""
    statutory: tuple[str, ...] = ()  # of the seed statutory_items

    @property
    def asking(self) -> str:
        """What to ask the supplier for, and that the law asks for it too; may be empty."""
        return " ".join(filter(None, (self.ask, LAW if self.statutory else "")))

    @cached_property
    def _headings(self) -> frozenset[str]:
        return frozenset(normalise_heading(text) for text in (self.label, self.name, *self.aliases))

    def fits(self, heading: str) -> bool:
        """Is `heading` (as delivered) this column's label, an alias, or of its pattern?"""
        if normalise_heading(heading) in self._headings:
            return True
        return bool(self.label_pattern and re.fullmatch(self.label_pattern, heading.strip(), re.IGNORECASE))


@dataclass(frozen=True)
class PatternColumns:
    """Columns that come and go, such as a column per month: kept in raw as a map."""

    match: str
    column: str
    name_to: str
    value_to: str
    type: str = "integer"
    period: bool = True

    def fits(self, heading: str) -> bool:
        return bool(re.fullmatch(self.match, heading.strip()))


@dataclass(frozen=True)
class PersonReference:
    """A column of an agency's own references of persons: which agency, or the column that names it."""

    column: str
    agency: str | None = None
    named_in: str | None = None


@dataclass(frozen=True)
class Scope:
    """What a delivery can be complete for: the columns that say so, and the categories to expect."""

    publisher: str | None = None  # column that names it
    publisher_is: str | None = None  # or a constant
    publisher_from_name: str | None = None  # or a pattern of the file name
    category: str | None = None
    min_categories: int = 0  # a file with fewer of them is partial, and so supersedes nothing
    area: str | None = None
    area_pattern: str | None = None
    areas: CodeList | None = None
    area_groups: tuple[tuple[str, str], ...] = ()
    daily: bool = False


@dataclass(frozen=True)
class Contract:
    """The contract of one kind of delivery (one raw table)."""

    name: str
    agency: str
    description: str
    columns: tuple[Column, ...]
    supplier: str
    source_id: str
    origin: str
    layout: str
    formats: tuple[str, ...]
    encodings: tuple[str, ...] = ("utf-8",)
    file_names: tuple[str, ...] = ()
    sheet: str | None = None
    features: bool = False
    mode: str = "append"
    keys: tuple[str, ...] = ()
    period_column: str | None = None
    period_from_name: str | None = None
    published_from_name: str | None = None
    pattern: PatternColumns | None = None
    scope: Scope = field(default_factory=Scope)
    null_values: tuple[str, ...] = ()
    max_quarantined_pct: float = 20.0
    exact_duplicates: str = "report"
    person_references: tuple[PersonReference, ...] = ()
    retention_months: int | None = None
    handback: str | None = None  # the lawful ground on which an agency gets its own references back
    meta: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def required_columns(self) -> list[Column]:
        return [column for column in self.columns if column.need in ("key", "required")]


def _choice(where: str, key: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SwpError(f"{where}: {key} is '{value}'; it must be one of {', '.join(allowed)}.")
    return value


def _code_list(where: str, meta: dict[str, Any]) -> CodeList | None:
    spec = meta.get("code_list")
    if not spec:
        return None
    reject = spec.get("when_unknown", "quarantine") == "quarantine"
    return CodeList(spec["seed"], spec["column"], reject, where)


def _column(table: str, spec: dict[str, Any]) -> Column:
    where = f"contract {table}, column {spec['name']}"
    meta = spec.get("config", {}).get("meta", {})
    need = _choice(where, "need", meta.get("need", "optional"), NEEDS)
    limits = meta.get("range")
    return Column(
        name=spec["name"],
        label=meta.get("label", spec["name"]),
        description=" ".join(spec.get("description", "").split()),
        aliases=tuple(meta.get("aliases", ())),
        label_pattern=meta.get("label_pattern"),
        type=_choice(where, "type", meta.get("type", "text"), TYPES),
        formats=tuple(meta.get("formats", ())),
        code_list=_code_list(where, meta),
        need=need,
        blank_when=meta.get("blank_when"),
        max_blank_pct=float(meta.get("max_blank_pct", BLANK_LIMITS[need])),
        range=tuple(limits) if limits else None,
        sensitivity=_choice(where, "sensitivity", meta.get("sensitivity", "none"), SENSITIVITIES),
        serves=tuple(meta.get("serves", ())),
        ask=meta.get("ask", ""),
        statutory=tuple(meta.get("statutory", ())),
    )


def _scope(spec: dict[str, Any]) -> Scope:
    areas = spec.get("areas")
    return Scope(
        publisher=spec.get("publisher"),
        publisher_is=spec.get("publisher_is"),
        publisher_from_name=spec.get("publisher_from_name"),
        category=spec.get("category"),
        min_categories=int(spec.get("min_categories", 0)),
        area=spec.get("area"),
        area_pattern=spec.get("area_pattern"),
        areas=CodeList(areas["seed"], areas["column"], False) if areas else None,
        area_groups=tuple((spec.get("area_groups") or {}).items()),
        daily=bool(spec.get("daily", False)),
    )


def _person_references(spec: dict[str, Any]) -> tuple[PersonReference, ...]:
    return tuple(
        PersonReference(column, **holder) if isinstance(holder, dict) else PersonReference(column, holder)
        for column, holder in spec.items()
    )


def _contract(source: dict[str, Any], table: dict[str, Any]) -> Contract:
    name = table["name"]
    meta = {**source.get("config", {}).get("meta", {}), **table.get("config", {}).get("meta", {})}
    for key in ("supplier", "source_id", "origin", "layout", "formats"):
        if key not in meta:
            raise SwpError(f"contract {name}: '{key}' is missing from its meta.")
    pattern = meta.get("pattern_columns")
    columns = tuple(_column(name, column) for column in table.get("columns", ()))
    return Contract(
        name=name,
        agency=source["name"],
        description=" ".join(table.get("description", "").split()),
        columns=tuple(column for column in columns if not pattern or column.name != pattern["column"]),
        supplier=meta["supplier"],
        source_id=meta["source_id"],
        origin=_choice(f"contract {name}", "origin", meta["origin"], ORIGINS),
        layout=_choice(f"contract {name}", "layout", meta["layout"], ("published", "assumed")),
        formats=tuple(meta["formats"]),
        encodings=tuple(meta.get("encodings", ("utf-8",))),
        file_names=tuple(meta.get("file_names", ())),
        sheet=meta.get("sheet"),
        features="geojson" in meta["formats"],
        mode=_choice(f"contract {name}", "mode", meta.get("mode", "append"), ("append", "snapshot", "amend")),
        keys=tuple(meta.get("keys", ())),
        period_column=meta.get("period_column"),
        period_from_name=meta.get("period_from_name"),
        published_from_name=meta.get("published_from_name"),
        pattern=PatternColumns(**pattern) if pattern else None,
        scope=_scope(meta.get("scope", {})),
        null_values=tuple(meta.get("null_values", ())),
        max_quarantined_pct=float(meta.get("max_quarantined_pct", 20.0)),
        exact_duplicates=meta.get("exact_duplicates", "report"),
        person_references=_person_references(meta.get("person_references", {})),
        retention_months=meta.get("retention_months"),
        handback=meta.get("handback"),
        meta=meta,
    )


def _check_references(contract: Contract) -> None:
    """Raises SwpError where the contract refers to a column or statutory item that is not there."""
    scope = contract.scope
    items = {row["statutory_item"] for row in seed_rows("statutory_items")}
    for column in contract.columns:
        for item in set(column.statutory) - items:
            raise SwpError(
                f"contract {contract.name}, column {column.name}: statutory names '{item}', which is not in "
                "the seed statutory_items."
            )
    named = [("keys", name) for name in contract.keys]
    named += [("period_column", contract.period_column), ("scope publisher", scope.publisher)]
    named += [("scope category", scope.category), ("scope area", scope.area)]
    named += [
        ("person_references", name)
        for reference in contract.person_references
        for name in (reference.column, reference.named_in)
    ]
    for key, name in named:
        if name is not None and name not in contract.by_name:
            raise SwpError(
                f"contract {contract.name}: {key} names '{name}', which is not one of its columns."
            )


@cache
def load_contracts(folder: Path = PROJECT / "models" / "staging") -> dict[str, Contract]:
    """All contracts by name, from every `_*__sources.yml` under `folder`.

    Raises SwpError, naming contract and key, where one is not well formed.
    """
    contracts: dict[str, Contract] = {}
    for path in sorted(folder.rglob("_*__sources.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        for source in document["sources"]:
            if source.get("schema") != "raw":
                continue  # the ledger: ours, no partner's
            for table in source["tables"]:
                contract = _contract(source, table)
                _check_references(contract)
                if contract.name in contracts:
                    raise SwpError(
                        f"contract {contract.name} is written twice; the second is in {path.name}."
                    )
                contracts[contract.name] = contract
    return contracts


def contract_named(name: str) -> Contract:
    """The contract `name`, or WrongUse with the names that exist."""
    contracts = load_contracts()
    if name not in contracts:
        raise WrongUse(f"There is no source '{name}'. Known sources: {', '.join(sorted(contracts))}.")
    return contracts[name]
