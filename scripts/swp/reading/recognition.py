"""Which contract a file is meant for, by its headings."""

from collections.abc import Callable, Iterable, Sequence

from swp.contracts import Contract
from swp.errors import Rejection, WrongUse
from swp.reading import columnar, delimited, features, workbook
from swp.reading.delivered import Member
from swp.reading.encodings import LEGACY, allowed, legacy, mostly_utf8, wrong_encoding
from swp.reading.headings import (
    OVERLAP,
    Dialect,
    Match,
    Matcher,
    decide,
    heading_twice,
    key_column_missing,
    matches,
    with_name_note,
)
from swp.reading.limits import COLUMNS

Decider = Callable[[Sequence[Match], str, Sequence[str]], Match]
_NAMES = {"csv": "CSV", "xlsx": "an Excel workbook", "geojson": "GeoJSON", "parquet": "Parquet"}


def recognise(member: Member, contracts: Iterable[Contract], source: str | None = None) -> Match:
    """The contract that `member` fits by its headings, and where its columns lie.

    `source` names the contract that the sender says it is. Raises Rejection (source_not_recognised,
    wrong_source, key_column_missing, heading_twice, wrong_encoding, format_not_accepted, no_sheet_fits,
    two_sheets_fit and what reading the file may find), or WrongUse for a source that does not exist.
    """
    contracts = sorted(contracts, key=lambda contract: contract.name)
    if source is not None and source not in {contract.name for contract in contracts}:
        known = ", ".join(contract.name for contract in contracts)
        raise WrongUse(f"There is no source '{source}'. Known sources: {known}.")
    decider = decide if source is None else _decider_for(source)
    family = member.format.removesuffix(".gz")
    takers = [each for each in contracts if family in {name.removesuffix(".gz") for name in each.formats}]
    try:
        match = _match(member, takers, decider)
    except Rejection as rejection:
        if rejection.check in ("source_not_recognised", "no_sheet_fits", "wrong_source"):
            _check_format(member, [each for each in contracts if each not in takers], source, family)
        raise
    return with_name_note(match, contracts, member.file_name)


def _check_format(member: Member, others: Sequence[Contract], source: str | None, family: str) -> None:
    """Raises format_not_accepted where a contract fits, but takes other formats."""
    if source is not None:
        others = [contract for contract in others if contract.name == source]
    try:
        match = _match(member, others, decide)
    except Rejection:
        return
    taken = " or ".join(match.contract.formats)
    raise Rejection(
        "format_not_accepted",
        f"This is {match.contract.name} from {match.contract.supplier}, but as {_NAMES[family]}; it is taken "
        f"as {taken}. Save it in that format and send it.",
    )


def _decider_for(source: str) -> Decider:
    """A decider for a file that is said to be `source`."""

    def decide_for(matches: Sequence[Match], file_name: str, headings: Sequence[str]) -> Match:
        meant = [match for match in matches if match.contract.name == source and match.score]
        best = max(meant, key=lambda match: (match.score, match.has_keys), default=None)
        like = [match for match in matches if match.fits and match.contract.name != source]
        other = max(like, key=lambda match: match.score, default=None)
        if other and (best is None or other.score > best.score):
            raise wrong_source(source, other)
        if best is None or (not best.fits and best.score < OVERLAP):
            raise wrong_source(source, None)
        if not best.has_keys:
            raise key_column_missing(best)
        if best.twice:
            raise heading_twice(best)
        return best

    return decide_for


def wrong_source(source: str, other: Match | None) -> Rejection:
    looks = f" They are those of {other.contract.name} ({other.contract.supplier})." if other else ""
    return Rejection(
        "wrong_source",
        f"The file was given as {source}, but its headings are not those of that source.{looks} Give the "
        "right source, or send the right file.",
    )


def _match(member: Member, contracts: Sequence[Contract], decider: Decider) -> Match:
    matchers = [Matcher(contract) for contract in contracts]
    if member.format in ("csv", "csv.gz"):
        return _match_text(member, matchers, decider)
    if member.format == "xlsx":
        return workbook.match_sheets(member, matchers, decider, is_stated=decider is not decide)
    if member.format == "geojson":
        headings, dialect = features.read_headings(member), _features_dialect(member)
    else:
        headings, dialect = columnar.read_headings(member), Dialect()
    _check_width(headings)
    return decider(matches(matchers, headings, dialect), member.file_name, headings)


def _features_dialect(member: Member) -> Dialect:
    return Dialect(encoding=member.survey.bom or "utf-8", had_bom=bool(member.survey.bom))


def _check_width(headings: Sequence[str]) -> None:
    if len(headings) > COLUMNS:
        raise Rejection(
            "too_many_columns", f"The table has {len(headings):,} columns; at most {COLUMNS:,} can be taken."
        )


def _match_text(member: Member, matchers: Sequence[Matcher], decider: Decider) -> Match:
    survey = member.survey
    if survey.bom and survey.bad_line:
        raise wrong_encoding(survey.bad_line)
    if survey.bom or not survey.bad_line:
        return _match_as(member, survey.bom or "utf-8", matchers, decider)
    return _match_legacy(member, matchers, decider)


def _match_as(member: Member, encoding: str, matchers: Sequence[Matcher], decider: Decider) -> Match:
    """The best match under any delimiter, the text being in `encoding`."""
    found: list[Match] = []
    widest: list[str] = []
    bom = encoding in ("utf-8-sig", "utf-16")
    failure = None
    for delimiter in delimited.DELIMITERS:
        try:
            top = delimited.read_headings(member, encoding, delimiter)
        except Rejection as rejection:
            if rejection.check != "quotation_never_closed":
                raise
            failure = rejection
            continue
        if top is None:
            continue
        headings, row = top
        if len(headings) > len(widest):
            widest = headings
        found += matches(matchers, headings, Dialect(encoding, delimiter, row, None, bom))
    if not widest:
        raise failure or Rejection(
            "headings_unreadable",
            "The first row cannot be read: its quotation marks do not pair up. Export it again as CSV.",
        )
    _check_width(widest)
    return decider(found, member.file_name, widest)


def _match_legacy(member: Member, matchers: Sequence[Matcher], decider: Decider) -> Match:
    """The best match of a text that is not UTF-8, among the older encodings that its contract allows."""
    with member.open() as stream:
        if mostly_utf8(stream):
            raise wrong_encoding(member.survey.bad_line)
    possible: list[tuple[Match, int]] = []
    refused: list[Rejection] = []
    for encoding in LEGACY:
        with member.open() as stream:
            verdict = legacy(stream, encoding)
        try:
            if verdict.bad_line:
                continue
            match = _match_as(member, encoding, matchers, decider)
        except Rejection as rejection:
            refused.append(rejection)
            continue
        if encoding in allowed(match.contract):
            possible.append((match, verdict.implausible))
        else:
            refused.insert(0, wrong_encoding(member.survey.bad_line, match.contract))
    if possible:
        return min(possible, key=lambda each: (-each[0].score, each[1]))[0]
    raise refused[0] if refused else wrong_encoding(member.survey.bad_line)
