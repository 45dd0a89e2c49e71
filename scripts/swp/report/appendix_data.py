"""Appendices on the data: what was asked of whom and came, and what became of the figures in print."""

from swp.report import wording
from swp.report.blocks import Gap, Statement, Table
from swp.report.wording import NONE

VERDICTS = {
    "matches": "Matches",
    "differs": "Differs",
    "not_computable": "Cannot be worked out",
    "context": "Context",
}


def received(composer) -> list:
    """What was asked of whom and what came, source by source, and the register of gaps."""
    published = composer.published
    sources = published.rows("reference.sources", "order by source_id")
    if not sources:
        return [Gap("Sources: not in this profile", wording.NOT_HERE)]
    used = _used(published)
    rows = [
        [
            source["source_id"],
            source["source_name"],
            source["supplier"],
            used.get(source["source_id"], wording.MISSING.upper()),
            source.get("caveat") or NONE,
        ]
        for source in sources
    ]
    given = sum(source["source_id"] in used for source in sources)
    text = f"Of {len(rows)} sources, {given} gave a figure and {len(rows) - given} gave none."
    columns = ["No.", "Source", "Supplier", "What the figures use", "Limits"]
    widths = [0.6, 1.9, 1.7, 1.6, 2.6]
    table = Table("sources", "Sources and what came of them.", columns, rows, widths=widths, wide=True)
    return [Statement(text), table, *_register(published)]


def _register(published) -> list:
    gaps = published.rows("quality.gap_register", "order by supplier, source, kind desc, gap_key")
    if not gaps:
        return [Gap("Register of gaps: not in this profile", wording.NOT_HERE)]
    rows = [
        [
            gap["supplier"] or NONE,
            gap["source"].replace("_", " "),
            gap.get("label") or gap["field"],
            gap.get("finding") or NONE,
            gap.get("ask") or NONE,
            wording.day(gap["asked_on"]) if gap.get("asked_on") else "not asked",
            (gap["recommendations"] or NONE).replace(",", ", "),
        ]
        for gap in gaps
    ]
    columns = ["Asked of", "Delivery", "What", "Found", "Request", "Asked on", "Harms"]
    widths = [1.4, 1.3, 1.2, 1.5, 2.6, 1, 0.9]
    table = Table("gaps", "The register of gaps.", columns, rows, widths=widths, wide=True)
    return [Statement(f"The register holds {len(rows)} gaps."), table]


def _used(published) -> dict[str, str]:
    """By source: how many measures of the period or before rest on it, and its latest publication."""
    found = published.query(
        """
        with used as (
            select trim(unnest(string_split(source_ids, ','))) as source_id, measure_id, as_at_date
            from observations
            where value is not null and period_start <= ?
        )
        select source_id, count(distinct measure_id) as measures, max(as_at_date) as as_at_date
        from used group by source_id
        """,
        [published.period_end],
    )
    return {
        row["source_id"]: f"{row['measures']} {'measure' if row['measures'] == 1 else 'measures'}, "
        f"as known on {wording.day(row['as_at_date'])}"
        for row in found
    }


def reconciliation(composer) -> list:
    """What became of the figures that the previous assessment prints, and those that differ."""
    order = "order by try_cast(page as integer), figure_id"
    figures = composer.published.rows("quality.figure_reconciliation", order)
    if not figures:
        return [Gap("Reconciliation: not in this profile", wording.NOT_HERE)]
    by_section: dict[str, dict[str, int]] = {}
    by_basis: dict[str, int] = {}
    for row in figures:
        section = by_section.setdefault(row["section"], dict.fromkeys(VERDICTS, 0))
        section[row["verdict"]] += 1
        verdict = VERDICTS[row["verdict"]].lower() + (f" ({row['basis']})" if row["basis"] else "")
        by_basis[verdict] = by_basis.get(verdict, 0) + 1
    told = wording.listed([f"{verdict}: {count}" for verdict, count in sorted(by_basis.items())])
    meaning = (
        "A figure that a delivery merely repeats is an echo and proves nothing; a figure of synthetic "
        "deliveries proves the machinery and not the figure."
    )
    rows = [
        [name, *[wording.number(counts[verdict]) for verdict in VERDICTS]]
        for name, counts in by_section.items()
    ]
    caption = "Figures of the previous assessment by section."
    columns = ["Section", *VERDICTS.values()]
    table = Table("reconciled", caption, columns, rows, "lrrrr", widths=[3.4, 0.9, 0.9, 1.4, 0.9])
    return [Statement(f"Of {len(figures)} printed figures: {told}.", meaning), table, *_differing(figures)]


def _differing(figures: list[dict]) -> list:
    rows = [
        [
            row["page"],
            row["figure"],
            row["category"] or NONE,
            row["printed"],
            NONE if row["recomputed_value"] is None else wording.number(row["recomputed_value"], 1),
            row["issue_id"] or NONE,
            row["reason"] or NONE,
        ]
        for row in figures
        if row["verdict"] == "differs"
    ]
    if not rows:
        return []
    columns = ["Page", "Figure", "Category", "Printed", "Worked out", "Known error", "Why"]
    widths = [0.5, 2.2, 1.5, 0.9, 0.9, 0.7, 2.2]
    caption = "Figures that differ from print."
    return [Table("differing", caption, columns, rows, "lllrrll", widths=widths, wide=True)]
