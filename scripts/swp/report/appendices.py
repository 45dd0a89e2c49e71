"""The appendices: each a function from the composer to its blocks, drawn from the published file alone."""

from pathlib import Path

import yaml

from swp.report import tables, wording
from swp.report.blocks import Gap, Heading, Note, Statement, Table
from swp.report.wording import NONE

ACRONYMS = Path(__file__).with_name("acronyms.yml")
NOT_HERE = "This profile does not publish what it is drawn from."


def readiness(row: dict) -> str:
    """Whether the data suffice for a recommendation, in words."""
    verdict = wording.READINESS.get(row["verdict"], row["verdict"])
    return f"Data: {verdict}. {row.get('why') or ''}".strip()


def received(composer) -> list:
    """What was asked of whom and what came, source by source, and the register of gaps."""
    published = composer.published
    sources = published.rows("reference.sources", "order by source_id")
    delivered = {row["source_id"]: row for row in _delivered(published)}
    if not sources:
        return [Gap("Sources: not in this profile", NOT_HERE)]
    rows = []
    for source in sources:
        came = delivered.get(source["source_id"])
        rows.append([
            source["source_id"],
            source["source_name"],
            source["supplier"],
            came["told"] if came else wording.MISSING.upper(),
            source.get("caveat") or NONE,
        ])  # fmt: skip
    lacking = sum(row[3] == wording.MISSING.upper() for row in rows)
    blocks = [
        Statement(f"{len(rows)} sources are asked for; {len(rows) - lacking} gave a figure of this period and {lacking} gave none."),
        Table("sources", "Sources and what came of them.", ["No.", "Source", "Supplier", "What the figures use", "Limits"], rows, widths=[0.6, 1.9, 1.7, 1.6, 2.6], wide=True),
    ]  # fmt: skip
    gaps = published.rows("quality.gap_register", "order by supplier, source, kind desc, gap_key")
    if not gaps:
        return [*blocks, Gap("Register of gaps: not in this profile", NOT_HERE)]
    rows = [
        [
            gap["supplier"] or NONE, gap["source"].replace("_", " "), gap.get("label") or gap["field"], gap.get("finding") or NONE,
            gap.get("ask") or NONE, wording.day(gap["asked_on"]) if gap.get("asked_on") else "not asked", gap["recommendations"] or NONE,
        ]
        for gap in gaps
    ]  # fmt: skip
    columns = ["Asked of", "Delivery", "What", "Found", "Request", "Asked on", "Harms"]
    blocks.append(Statement(f"The register holds {len(rows)} gaps."))
    blocks.append(
        Table(
            "gaps",
            "The register of gaps.",
            columns,
            rows,
            widths=[1.4, 1.3, 1.2, 1.5, 2.6, 1, 0.9],
            wide=True,
        )
    )
    return blocks


def _delivered(published) -> list[dict]:
    """For each source of this period's observations: the number of measures and the latest publication."""
    found = published.query(
        """
        select trim(unnest(string_split(source_ids, ','))) as source_id, measure_id, as_at_date
        from observations where value is not null and period_start <= ? and source_ids is not null
        """,
        [published.period_end],
    )
    by_source: dict[str, list[dict]] = {}
    for row in found:
        by_source.setdefault(row["source_id"], []).append(row)
    told = []
    for source, rows in by_source.items():
        measures = len({row["measure_id"] for row in rows})
        latest = max((row["as_at_date"] for row in rows if row["as_at_date"]), default=None)
        told.append({
            "source_id": source, "told": f"{measures} {'measure' if measures == 1 else 'measures'}, as known on {wording.day(latest)}",
        })  # fmt: skip
    return told


def areas(composer) -> list:
    """The small areas with most crime, with their share and what they were in the period before."""
    ranked = composer.published.observations("concentration_rank", area="lsoa")
    vintages = {row.geography_vintage for row in ranked}
    if not vintages:
        return [composer.statements.gap("concentration_rank", None)]
    vintage = min(vintages)
    ranks = sorted(
        (row for row in ranked if row.geography_vintage == vintage and row.value), key=lambda row: row.value
    )[:20]
    crimes = {row.area_code: row for row in composer.published.observations("crimes_recorded", area="lsoa", geography_vintage=vintage)}  # fmt: skip
    shares = {row.area_code: row for row in composer.published.observations("area_share_of_borough_crime", area="lsoa", geography_vintage=vintage)}  # fmt: skip
    rows = []
    for row in ranks:
        count, share = crimes.get(row.area_code), shares.get(row.area_code)
        rows.append([
            wording.number(row.value), row.area_name, row.area_code, wording.shown(count) if count else wording.MISSING,
            wording.shown(share) if share else wording.MISSING, composer.statements.short_change(count) if count and count.value is not None else NONE,
        ])  # fmt: skip
    note = f"LSOAs of {vintage}. The areas are found anew for each period."
    columns = ["Rank", "Area", "Code", "Crimes", "Share", "Change"]
    return [
        Table(
            "areas",
            "Small areas with the most crime.",
            columns,
            rows,
            "rllrrl",
            note,
            [0.6, 2, 1.3, 1, 0.9, 2],
        )
    ]


def costs(composer) -> list:
    """The cost table: classes down, components across."""
    published = composer.published
    found = published.rows(
        "marts.mart_cost_of_crime",
        f"where period_type = 'review_year' and period_start = date '{published.period_start}' "
        "and area_type = 'borough' order by published_order, component",
    )
    if not found:
        return [Gap("Cost of crime by class and component: not in this profile", NOT_HERE)]
    components = list(dict.fromkeys(row["component"] for row in found))
    classes: dict[str, dict] = {}
    for row in found:
        classes.setdefault(row["cost_class_name"], {})[row["component"]] = row
    totals = [name for name in components if name == "total"]
    parts = [name for name in components if name != "total"]
    rows = []
    for name, line in classes.items():
        some = next(iter(line.values()))
        cells = [_money(line[part]["cost_gbp"]) if part in line else NONE for part in parts + totals]
        rows.append([name, wording.number(some["crimes"]) if some["crimes"] is not None else wording.STATUS_MARKS["suppressed"], *cells])  # fmt: skip
    heads = [part.replace("_", " ").capitalize() for part in parts + totals]
    first = found[0]
    note = f"Prices of {first['price_year']}; unit costs of {first['unit_cost_price_year']}. Pounds."
    widths = [2.1, 0.9] + [1.15] * len(heads)
    return [Table("cost-table", "Cost of recorded crime by class and component.", ["Class", "Crimes", *heads], rows, "lr" + "r" * len(heads), note, widths, wide=True)]  # fmt: skip


def _money(amount: float | None) -> str:
    return wording.STATUS_MARKS["suppressed"] if amount is None else f"£{wording.number(amount)}"


def factors(composer) -> list:
    return tables.whole(
        composer,
        {"from": "marts.mart_risk_factors", "key": "factors", "title": "Risk and protective factors"},
    )


def wards(composer) -> list:
    """Wards side by side, over crimes, homes, calls and surveys."""
    kinds = (
        "theft",
        "violence_against_the_person",
        "burglary",
        "robbery",
        "drug_offences",
        "vehicle_offences",
    )
    shares = [
        {"label": composer.labels(kind), "measure": "offence_share_of_crime", "breakdown": "offence_group", "category": kind}
        for kind in kinds
    ]  # fmt: skip
    resident = {"breakdown": "residence", "category": "resident"}
    entries = [
        {"label": "Crimes", "measure": "crimes_recorded"},
        {"label": "Share of the borough's crime", "measure": "area_share_of_borough_crime"},
        {"label": "Victims who live in the borough", "measure": "victims_by_person", **resident},
        {"label": "Accused who live in the borough", "measure": "accused_by_person", **resident},
        {"label": "Police calls", "measure": "asb_incidents", "breakdown": "incident_kind", "category": "police call"},
        {"label": "Noise complaints", "measure": "asb_incidents", "breakdown": "incident_kind", "category": "noise complaint"},
        {"label": "Hate crimes", "measure": "hate_crimes"},
        {"label": "Families in the programme", "measure": "families_open"},
        {"label": "Feel safe after dark", "measure": "residents_feel_safe", "breakdown_2": "question", "category_2": "after dark"},
    ]  # fmt: skip
    blocks = tables.by_ward(composer, "ward-figures", "Wards side by side.", entries)
    return blocks + tables.by_ward(
        composer, "ward-kinds", "Kinds of crime as shares of crime in the ward.", shares
    )


def actions(composer) -> list:
    return tables.whole(
        composer, {"from": "marts.mart_strategy_delivery", "key": "actions", "title": "Action tracker"}
    )


def acronyms(composer) -> list:
    """The acronyms that the texts of this report use."""
    known = yaml.safe_load(ACRONYMS.read_text(encoding="utf-8"))
    rows = [[short, long] for short, long in sorted(known.items())]
    return [Table("acronyms-table", "Acronyms.", ["Acronym", "Meaning"], rows, widths=[1, 4])]


def definitions(composer) -> list:
    """The definitions behind the figures of this report."""
    used = composer.published.definitions_used
    found = composer.published.rows("reference.definitions", "order by name")
    rows = [
        [row["name"], row["definition"], row.get("source") or NONE]
        for row in found
        if row["definition_id"] in used
    ]
    if not rows:
        return [Gap("Definitions: not in this profile", NOT_HERE)]
    return [
        Table(
            "definitions-table",
            "Definitions used.",
            ["Name", "Definition", "Source"],
            rows,
            widths=[1.3, 3.2, 1.7],
        )
    ]


def reconciliation(composer) -> list:
    """What became of the figures that the previous assessment prints, and those that differ."""
    found = composer.published.rows(
        "quality.figure_reconciliation", "order by try_cast(page as integer), figure_id"
    )
    if not found:
        return [Gap("Reconciliation: not in this profile", NOT_HERE)]
    verdicts = ("matches", "differs", "not_computable", "context")
    sections: dict[str, dict[str, int]] = {}
    for row in found:
        section = sections.setdefault(row["section"], dict.fromkeys(verdicts, 0))
        section[row["verdict"]] += 1
    by_basis: dict[tuple, int] = {}
    for row in found:
        by_basis[row["verdict"], row["basis"] or ""] = (
            by_basis.get((row["verdict"], row["basis"] or ""), 0) + 1
        )
    told = wording.listed([
        f"{count} {verdict.replace('_', ' ')}{f' ({basis})' if basis else ''}" for (verdict, basis), count in sorted(by_basis.items())
    ])  # fmt: skip
    blocks = [
        Statement(f"Of {len(found)} printed figures: {told}."),
        Note("A figure that a delivery merely repeats is an echo and proves nothing; a figure of synthetic deliveries proves the machinery and not the figure."),
        Table("reconciled", "Figures of the previous assessment by section.", ["Section", "Matches", "Differs", "Cannot be worked out", "Context"],
              [[name, *[wording.number(counts[verdict]) for verdict in verdicts]] for name, counts in sections.items()], "lrrrr", widths=[3.4, 0.9, 0.9, 1.3, 0.9]),
    ]  # fmt: skip
    differing = [row for row in found if row["verdict"] == "differs"]
    if differing:
        rows = [
            [row["page"], row["figure"], row["category"] or NONE, row["printed"], wording.number(row["recomputed_value"], 1) if row["recomputed_value"] is not None else NONE, row["issue_id"] or NONE, row["reason"] or NONE]
            for row in differing
        ]  # fmt: skip
        blocks.append(Table("differing", "Figures that differ from print.", ["Page", "Figure", "Category", "Printed", "Worked out", "Known error", "Why"], rows, "lllrrll", widths=[0.5, 2.2, 1.5, 0.9, 0.9, 0.7, 2.2], wide=True))  # fmt: skip
    return blocks


def method(composer) -> list:
    """How figures, intervals and comparisons are made, in the words of the definitions."""
    rules = composer.published.rows(
        "reference.definitions",
        """where definition_id in (
            'interval_proportion', 'interval_rate', 'like_for_like_comparison', 'low_base', 'share_of_known',
            'single_publication_comparison', 'suppression_small_counts', 'rounding_public', 'stable_area', 'time_known'
        ) order by name""",
    )
    blocks: list = [
        Note("Every sentence, table and chart of this report is worked out from the published tables when it is written. A sentence whose measure has no value does not appear: what is lacking is said in its place, and what was asked of whom."),
        Note("A comparison is with the period before, like for like. It is beyond chance where the interval of the change leaves out no change; otherwise it is within chance and should not be read as a movement."),
        Note("Control limits of the charts by month are those of an individuals chart, worked out from the mean moving range: a month outside them is worth a question."),
        Note("Shares are of records whose answer is known; the unknown are counted beside them. Withheld cells are marked as such and stand for small counts, never for nought."),
    ]  # fmt: skip
    for rule in rules:
        blocks += [Heading(rule["name"]), Note(rule["definition"])]
    return blocks


APPENDICES = {
    "received": received,
    "areas": areas,
    "costs": costs,
    "factors": factors,
    "wards": wards,
    "actions": actions,
    "acronyms": acronyms,
    "definitions": definitions,
    "reconciliation": reconciliation,
    "method": method,
}
