"""From chapters (data) and a published file to the blocks of a document."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from altair.utils.schemapi import debug_mode

from swp.report import appendices, bars, extras, grids, maps, rendering, series, tables, wording
from swp.report.blocks import (
    Chapter,
    Document,
    Figure,
    Heading,
    Note,
    Pair,
    Recommendation,
    Tiles,
    figures_of,
)
from swp.report.reader import Published
from swp.report.statements import Statements
from swp.report.wording import Labels

CHAPTERS = Path(__file__).with_name("chapters")
CONTENTS = CHAPTERS / "contents.yml"

DRAWERS: dict[str, Callable] = {
    "trend": series.trend,
    "bars": bars.bars,
    "stack": bars.stack,
    "heatmap": grids.heatmap,
    "mirror": bars.mirror,
    "curve": series.curve,
    "multiples": series.multiples,
    "map": maps.area_map,
    "week": extras.week,
    "ages": extras.ages,
    "overlaps": extras.overlaps,
}


@dataclass
class Composer:
    """Makes the blocks of chapters from one published file."""

    published: Published

    def __post_init__(self):
        self.labels = Labels(self.published)
        self.statements = Statements(self.published, self.labels)

    def document(self, profile: str, only: list[str] | None = None) -> Document:
        """The whole report, or the chapters `only` that are named."""
        contents = yaml.safe_load(CONTENTS.read_text(encoding="utf-8"))
        published = self.published
        chapters = []
        for name in contents["chapters"]:
            if only is None or name in only:
                chapters += self._chapters(name)
        for name in contents["appendices"]:
            if only is None or name in only:
                chapters.append(self._appendix(name, contents["appendices"][name]))
        figures = [figure for chapter in chapters for block in chapter.blocks for figure in figures_of(block)]
        for figure, svg in zip(figures, rendering.svgs([figure.spec for figure in figures]), strict=True):
            figure.svg = svg
        return Document(
            title=contents["title"],
            partnership=published.borough[1],
            period=wording.period(published.period_start, published.period_end),
            profile=profile,
            as_at=wording.day(published.as_at()),
            is_synthetic=published.is_synthetic,
            chapters=chapters,
        )

    def _chapters(self, name: str) -> list[Chapter]:
        spec = yaml.safe_load((CHAPTERS / f"{name}.yml").read_text(encoding="utf-8"))
        blocks = self.blocks(spec["blocks"])
        for code, ward in self.published.wards() if "each_ward" in spec else []:
            blocks.append(Heading(ward, key=f"ward-{code}"))
            blocks += self.blocks(_for_ward(spec["each_ward"], code, ward))
        return [Chapter(spec.get("key", name), spec["title"], blocks)]

    def _appendix(self, name: str, title: str) -> Chapter:
        return Chapter(name, title, appendices.APPENDICES[name](self), is_appendix=True)

    def blocks(self, specs: list[dict]) -> list:
        """The blocks that `specs`, entries of a chapter, ask for."""
        made = []
        for spec in specs:
            made += self._made(spec)
        return made

    def _made(self, spec: dict) -> list:
        if "section" in spec:
            return [Heading(spec["section"])]
        if "say" in spec:
            return [self.statements.statement(spec)]
        if "note" in spec:
            return [Note(spec["note"])]
        if "tiles" in spec:
            return [Tiles([self.statements.tile(tile) for tile in spec["tiles"]])]
        if "recommendation" in spec:
            return self._recommendation(spec["recommendation"])
        if "pair" in spec:
            return self._pair([self._drawn(part) for part in spec["pair"]])
        if "chart" in spec:
            return [self._drawn(spec)]
        if "unmeasured" in spec:
            return tables.unmeasured(self, spec["unmeasured"])
        if "table" in spec:
            return tables.TABLES[spec["table"]](self, spec)
        raise ValueError(f"A chapter has an entry of no known kind: {', '.join(spec)}")

    def _drawn(self, spec: dict):
        """The figure, or the gap in its place."""
        with debug_mode(False):
            drawing = DRAWERS[spec["chart"]](self.published, self.labels, spec)
        if drawing is None:
            measure = spec.get("measure") or next(iter(spec.get("bars", spec.get("sides", [{}])))).get(
                "measure", ""
            )
            if not measure:
                return extras.gap(spec)
            found = self.published.observations(measure, **extras.first_selection(spec))
            return self.statements.gap(measure, found[0] if found else None)
        return Figure(
            key=spec["key"],
            caption=spec["caption"],
            alt=drawing.alt,
            spec=drawing.spec(),
            columns=drawing.columns,
            rows=drawing.rows,
            note=drawing.note,
        )

    @staticmethod
    def _pair(parts: list) -> list:
        figures = [part for part in parts if isinstance(part, Figure)]
        others = [part for part in parts if not isinstance(part, Figure)]
        return ([Pair(figures)] if len(figures) > 1 else figures) + others

    def _recommendation(self, wanted: str) -> list:
        known = self.published.rows("reference.recommendations", f"where recommendation_id = '{wanted}'")
        ready = self.published.rows(
            "quality.recommendation_readiness", f"where recommendation_id = '{wanted}'"
        )
        status = wording.readiness(ready[0]) if ready else "Whether the data suffice is not in this profile."
        return [Recommendation(wanted, row["short_name"], row["question"], status) for row in known]


def _for_ward(specs: list[dict], code: str, ward: str) -> list[dict]:
    """The entries of a ward's page, for this ward."""
    return [_filled(spec, code, ward) for spec in specs]


def _filled(spec, code: str, ward: str):
    if isinstance(spec, dict):
        return {name: _filled(part, code, ward) for name, part in spec.items()}
    if isinstance(spec, list):
        return [_filled(part, code, ward) for part in spec]
    if isinstance(spec, str):
        return spec.replace("<code>", code).replace("<ward>", ward)
    return spec
