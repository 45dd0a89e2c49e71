"""Appendices of figures: the areas with most crime, the cost table, wards side by side."""

from swp.report import tables, wording
from swp.report.blocks import Gap, Table
from swp.report.wording import NONE

AREAS_SHOWN = 20
WITHHELD = wording.STATUS_MARKS["suppressed"]
KINDS = ("theft", "violence_against_the_person", "burglary", "robbery", "drug_offences", "vehicle_offences")
RESIDENT = {"breakdown": "residence", "category": "resident"}
WARD_FIGURES = (
    {"label": "Crimes", "measure": "crimes_recorded"},
    {"label": "Share of the borough's crime", "measure": "area_share_of_borough_crime"},
    {"label": "Victims who live in the borough", "measure": "victims_by_person", **RESIDENT},
    {"label": "Accused who live in the borough", "measure": "accused_by_person", **RESIDENT},
    {
        "label": "Police calls",
        "measure": "asb_incidents",
        "breakdown": "incident_kind",
        "category": "police call",
    },
    {
        "label": "Noise complaints",
        "measure": "asb_incidents",
        "breakdown": "incident_kind",
        "category": "noise complaint",
    },
    {"label": "Hate crimes", "measure": "hate_crimes"},
    {"label": "Families in the programme", "measure": "families_open"},
    {
        "label": "Feel safe after dark",
        "measure": "residents_feel_safe",
        "breakdown_2": "question",
        "category_2": "after dark",
    },
)


def areas(composer) -> list:
    """The small areas with most crime, with their share and the change on the period before."""
    published = composer.published
    ranked = published.observations("concentration_rank", area="lsoa")
    if not ranked:
        return [composer.statements.gap("concentration_rank", None)]
    vintage = min(row.geography_vintage for row in ranked)
    ranked = [row for row in ranked if row.geography_vintage == vintage and row.value is not None]
    chosen = {"area": "lsoa", "geography_vintage": vintage}
    crimes = {row.area_code: row for row in published.observations("crimes_recorded", **chosen)}
    shares = {row.area_code: row for row in published.observations("area_share_of_borough_crime", **chosen)}
    rows = []
    for row in sorted(ranked, key=lambda row: row.value)[:AREAS_SHOWN]:
        count, share = crimes.get(row.area_code), shares.get(row.area_code)
        rows.append(
            [
                wording.number(row.value),
                row.area_name,
                row.area_code,
                wording.shown(count) if count else wording.MISSING,
                wording.shown(share) if share else wording.MISSING,
                composer.statements.short_change(count) if count and count.value is not None else NONE,
            ]
        )
    note = f"LSOAs of {vintage}. The areas are found anew for each period."
    columns = ["Rank", "Area", "Code", "Crimes", "Share", "Change"]
    caption = "Small areas with the most crime."
    return [Table("areas-table", caption, columns, rows, "rllrrl", note, [0.6, 2, 1.3, 1, 0.9, 2])]


def costs(composer) -> list:
    """The cost table: classes down, components across."""
    found = composer.published.rows(
        "marts.mart_cost_of_crime",
        f"where period_type = 'review_year' and period_start = date '{composer.published.period_start}' "
        "and area_type = 'borough' order by published_order, component_group = 'total', component",
    )
    if not found:
        return [Gap("Cost of crime by class and component: not in this profile", wording.NOT_HERE)]
    release = found[0]["deflator_release"]
    components = list(dict.fromkeys(row["component"] for row in found))
    classes: dict[str, dict] = {}
    for row in found:
        if row["deflator_release"] == release:
            classes.setdefault(row["cost_class_name"], {})[row["component"]] = row
    rows = []
    for name, line in classes.items():
        crimes = next(iter(line.values()))["crimes"]
        cells = [_pounds(line[part]["cost_gbp"]) if part in line else NONE for part in components]
        rows.append([name, WITHHELD if crimes is None else wording.number(crimes), *cells])
    columns = ["Class", "Crimes", *[composer.labels(part) for part in components]]
    note = f"Pounds, in prices of {found[0]['price_year']}, deflator {release.replace('_', ' ')}."
    widths = [2.1, 0.9] + [1.15] * len(components)
    align = "l" + "r" * (len(components) + 1)
    caption = "Cost of recorded crime by class and component."
    return [Table("cost-table", caption, columns, rows, align, note, widths, wide=True)]


def _pounds(amount: float | None) -> str:
    return WITHHELD if amount is None else wording.number(amount)


def wards(composer) -> list:
    """Wards side by side, over crimes, homes, calls and surveys, and by kind of crime."""
    kinds = [
        {
            "label": composer.labels(kind),
            "measure": "offence_share_of_crime",
            "breakdown": "offence_group",
            "category": kind,
        }
        for kind in KINDS
    ]
    side_by_side = tables.by_ward(composer, "ward-figures", "Wards side by side.", list(WARD_FIGURES))
    shares = "Kinds of crime as shares of crime in the ward."
    return side_by_side + tables.by_ward(composer, "ward-kinds", shares, kinds)
