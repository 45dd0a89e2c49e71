"""How well the headings of a file fit a contract, and which contract is meant."""

import fnmatch
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from swp.contracts import Column, Contract, normalise_heading
from swp.errors import Rejection
from swp.reading.wording import looks_like_value, quoted

# A contract is meant when its key columns are there and half of what it expects is.
COVERAGE = 0.5
# Without its key columns, a contract is still the one meant when the overlap is this large.
OVERLAP = 0.5


@dataclass(frozen=True)
class Dialect:
    """How the table lies in the file."""

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int = 1
    sheet: str | None = None
    had_bom: bool = False
    date_1904: bool = False  # the workbook counts its days from 1904


@dataclass(frozen=True)
class Match:
    """The columns of a file, placed by a contract."""

    contract: Contract
    columns: dict[str, int]  # contract column -> position in the file, from 0
    labels: dict[str, str]  # contract column -> heading as delivered
    pattern: tuple[tuple[str, int], ...]  # months as columns: (heading, position)
    unexpected: tuple[tuple[str, int], ...]  # (heading, position); names are made unique
    missing: tuple[Column, ...]  # contract columns not found, of every need
    dialect: Dialect
    score: float
    headings: tuple[str, ...]  # all of the file, without blank ones at the end
    coverage: float = 1.0  # of what the contract expects, the share that is there
    twice: tuple[str, ...] = ()  # headings that mean the same column
    named_like: str | None = None  # the contract that the file's name suggests instead

    @property
    def width(self) -> int:
        return len(self.headings)

    @property
    def has_keys(self) -> bool:
        missing_pattern = self.contract.pattern and not self.pattern
        return not missing_pattern and not any(column.need == "key" for column in self.missing)

    @property
    def fits(self) -> bool:
        return self.has_keys and self.coverage >= COVERAGE


class Matcher:
    """Places headings by one contract; made once and used on many header rows."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self._wanted: dict[str, list[Column]] = {}
        for column in contract.columns:
            for text in dict.fromkeys(map(normalise_heading, (column.label, column.name, *column.aliases))):
                self._wanted.setdefault(text, []).append(column)
        self._patterned = [column for column in contract.columns if column.label_pattern]

    def may_fit(self, normal: Set[str]) -> bool:
        """Could any of the headings (normalised) be this contract's? Where not, its score would be 0."""
        has_patterns = self._patterned or self.contract.pattern
        return bool(has_patterns) or not self._wanted.keys().isdisjoint(normal)

    def match(self, headings: Sequence[str], dialect: Dialect) -> Match:
        """The headings placed by this contract; `score` and `has_keys` say how well they fit."""
        claims, taken = self._claims(headings)
        pattern = self._pattern(headings, taken)
        rest = [i for i in range(len(headings)) if i not in taken and i not in dict(pattern).values()]
        missing = tuple(column for column in self.contract.columns if column.name not in claims)
        absent = sum(column.need != "optional" for column in missing)
        present = sum(column.need != "optional" for column in self.contract.columns) - absent
        matched = len(claims)
        if self.contract.pattern:
            matched, present, absent = (
                matched + bool(pattern),
                present + bool(pattern),
                absent + (not pattern),
            )
        return Match(
            contract=self.contract,
            columns={name: positions[0] for name, positions in claims.items()},
            labels={name: headings[positions[0]].strip() for name, positions in claims.items()},
            pattern=pattern,
            unexpected=_unique(headings, rest),
            missing=missing,
            dialect=dialect,
            score=matched / (matched + absent + len(rest)) if matched else 0.0,
            headings=tuple(headings),
            coverage=present / (present + absent) if present + absent else 1.0,
            twice=_twice(headings, claims, pattern),
        )

    def _claims(self, headings: Sequence[str]) -> tuple[dict[str, list[int]], set[int]]:
        """Positions by contract column: by label, name or alias first, then by label pattern."""
        claims: dict[str, list[int]] = {}
        normal = [normalise_heading(heading) for heading in headings]
        for position, text in enumerate(normal):
            columns = self._wanted.get(text, ()) if text else ()
            # One heading may name two columns of a clumsy contract: the first that is still without one.
            free = [column for column in columns if column.name not in claims]
            if columns:
                claims.setdefault((free or columns)[0].name, []).append(position)
        taken = {position for positions in claims.values() for position in positions}
        for column in self._patterned:
            if column.name not in claims:
                hits = [i for i, heading in enumerate(headings) if i not in taken and column.fits(heading)]
                if hits:
                    claims[column.name] = hits
                    taken.update(hits)
        return claims, taken

    def _pattern(self, headings: Sequence[str], taken: set[int]) -> tuple[tuple[str, int], ...]:
        pattern = self.contract.pattern
        if not pattern:
            return ()
        return tuple((h.strip(), i) for i, h in enumerate(headings) if i not in taken and pattern.fits(h))


def matches(matchers: Iterable[Matcher], headings: Sequence[str], dialect: Dialect) -> list[Match]:
    """The headings placed by each contract that has any of them."""
    normal = set(map(normalise_heading, headings))
    return [matcher.match(headings, dialect) for matcher in matchers if matcher.may_fit(normal)]


def _twice(
    headings: Sequence[str], claims: dict[str, list[int]], pattern: Iterable[tuple[str, int]]
) -> tuple[str, ...]:
    for positions in claims.values():
        if len(positions) > 1:
            return tuple(headings[position] for position in positions)
    seen: set[str] = set()
    for heading, _ in pattern:
        if heading in seen:
            return (heading, heading)
        seen.add(heading)
    return ()


def _unique(headings: Sequence[str], positions: Iterable[int]) -> tuple[tuple[str, int], ...]:
    """Names for unexpected columns: a blank one by its number, a repeated one numbered."""
    named: dict[str, int] = {}
    for position in positions:
        heading = base = headings[position].strip() or f"column {position + 1}"
        number = 2
        while heading in named:
            heading = f"{base} ({number})"
            number += 1
        named[heading] = position
    return tuple(named.items())


def trimmed(headings: Iterable[str | None]) -> list[str]:
    """The headings without blank ones at the end."""
    texts = [heading or "" for heading in headings]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def is_named_like(contract: Contract, file_name: str) -> bool:
    """Does the file's name fit the contract's patterns? Case and a final .gz do not matter."""
    name = file_name.lower()
    names = (name, name.removesuffix(".gz"))
    return any(
        fnmatch.fnmatchcase(each, pattern.lower()) for pattern in contract.file_names for each in names
    )


def _order(match: Match, file_name: str) -> tuple:
    named = is_named_like(match.contract, file_name)
    return (-match.score, not match.has_keys, not named, match.contract.name)


def decide(matches: Sequence[Match], file_name: str, headings: Sequence[str]) -> Match:
    """The contract that is meant, of `matches` of one file.

    The best score wins if its key columns are there; if they are not, but the overlap is large, that is
    the contract meant and the file lacks its keys; else the best with all keys.

    Raises Rejection: key_column_missing, heading_twice, source_not_recognised (naming `headings`).
    """
    ordered = sorted(matches, key=lambda match: _order(match, file_name))
    best = ordered[0] if ordered else None
    if best is None or not best.score:
        raise not_recognised(headings, None)
    if not best.fits:
        if not best.has_keys and best.score >= OVERLAP:
            raise key_column_missing(best)
        fitting = [match for match in ordered if match.fits]
        if not fitting:
            raise not_recognised(headings, best)
        best = fitting[0]
    if best.twice:
        raise heading_twice(best)
    return best


def with_name_note(match: Match, contracts: Iterable[Contract], file_name: str) -> Match:
    """The match with the contract that the file's name suggests instead, if it does."""
    if is_named_like(match.contract, file_name):
        return match
    names = sorted(contract.name for contract in contracts if is_named_like(contract, file_name))
    return replace(match, named_like=names[0]) if names else match


def key_column_missing(match: Match) -> Rejection:
    contract = match.contract
    missing = [column.label for column in match.missing if column.need == "key"]
    if contract.pattern and not match.pattern:
        missing.append(f"{contract.pattern.name_to} (a column for each)")
    where = f" of sheet '{match.dialect.sheet}'" if match.dialect.sheet else ""
    plural = "columns" if len(missing) > 1 else "column"
    renamed = [heading for heading, _ in match.unexpected]
    maybe = (
        f" It has other headings, {quoted(renamed)}: one of them may be the renamed one." if renamed else ""
    )
    return Rejection(
        "key_column_missing",
        f"This looks like {contract.name} from {contract.supplier}, but the key {plural} {quoted(missing)} "
        f"cannot be found in row {match.dialect.header_row}{where}.{maybe} Send the file with the {plural} "
        f"under the agreed {'names' if len(missing) > 1 else 'name'}.",
        column=missing[0],
    )


def heading_twice(match: Match) -> Rejection:
    return Rejection(
        "heading_twice",
        f"Two columns have headings for the same thing: {quoted(match.twice)}. It cannot be known which one "
        "is meant. Remove or rename one of them and send the file again.",
        column=match.twice[0],
    )


def not_recognised(headings: Sequence[str], closest: Match | None) -> Rejection:
    named = [heading for heading in headings if heading.strip()]
    if any(looks_like_value(heading) for heading in named):
        return Rejection(
            "source_not_recognised",
            "The first row looks like data, not headings. Send the table with its headings in the first row.",
        )
    found = f"Its headings are {quoted(named)}." if named else "It has no headings."
    near = (
        f" The closest known source is {closest.contract.name} ({closest.contract.supplier})."
        if closest and closest.score
        else ""
    )
    return Rejection(
        "source_not_recognised",
        f"The headings are not those of any known source. {found}{near} Send the table as the source "
        "publishes it, with its headings in the first row, or ask the data steward to register a new source.",
    )
