"""How charts look: sizes, and colours that colour-blind readers and grey prints keep apart."""

import json
import textwrap
from dataclasses import dataclass

import altair as alt
from altair.utils.schemapi import debug_mode

from swp.report import rendering

# Widths of whole drawings in points, and the height of a bar with its gap.
FULL = 470
HALF = 225
ROW = 17
HALF_ROW = 20
LABEL_LINE = 30
LABEL_LINES = 1

INK = "#22303c"
DARK = "#0b3c5d"
MIDDLE = "#d0782a"
LIGHT = "#8fc1e3"
PALE = "#d9dde1"
# Dark to pale, so that the order survives in grey.
CATEGORIES = (DARK, MIDDLE, LIGHT, "#5f7d4f", "#c9b458", "#7c5c8f")
CLASSES = ("#e8f1f8", "#b6d3e9", "#78aed3", "#3c7fb1", DARK)
# How many of the darkest classes take white writing.
DARK_CLASSES = 2
NO_VALUE = "#ffffff"
FONT = "Libertinus Serif, Georgia, Times New Roman, serif"

TITLES = {
    "percent": "Per cent",
    "gbp": "£ million",
    "count": "Number",
    "per_day": "A day",
    "days": "Days",
    "ratio": "Ratio",
    "rank": "Rank",
    "areas": "Areas",
}


@dataclass
class Drawing:
    """A chart, its text alternative, the table of its data, and a note to its caption."""

    chart: alt.TopLevelMixin
    alt: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""

    def spec(self) -> str:
        """The chart in the look of the report, as a Vega-Lite specification."""
        # Checking each part of a chart against the schema costs more than drawing it.
        with debug_mode(False):
            return json.dumps(configured(self.chart).to_dict(validate=False))

    def svg(self) -> str:
        return rendering.svg(self.spec())


def configured(chart):
    """`chart` in the look of the report."""
    if isinstance(chart, alt.Chart | alt.LayerChart):
        chart = chart.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    return (
        chart.configure(font=FONT, background="transparent", padding=4)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            gridColor="#e6e9ec",
            domainColor="#9aa5af",
            tickColor="#9aa5af",
            labelLimit=250,
        )
        .configure_legend(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            orient="bottom",
            labelLimit=230,
            symbolStrokeWidth=0.6,
        )
        .configure_view(stroke=None)
        .configure_header(labelFontSize=11, labelColor=INK, titleFontSize=11, labelLimit=150)
    )


def broken(name: str) -> str:
    """`name` over as many lines as a narrow chart has room for; what is left over is cut with an ellipsis."""
    return "\n".join(textwrap.wrap(name, LABEL_LINE, max_lines=LABEL_LINES, placeholder=" …"))


def data(rows: list[dict]) -> alt.InlineData:
    return alt.InlineData(values=rows)
