"""One HTML file that holds everything: no request leaves the reader's machine."""

import base64
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from swp.report.blocks import Document


def write(document: Document, names: dict[str, str], path: Path) -> Path:
    """Write `document` to `path`; `names` gives each figure and table its number. Returns `path`."""
    environment = Environment(
        loader=PackageLoader("swp.report"),
        autoescape=select_autoescape(["html", "j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_image"] = _as_image
    text = environment.get_template("report.html.j2").render(document=document, names=names)
    path.write_text(text, encoding="utf-8")
    return path


def _as_image(svg: str) -> str:
    """A drawing as the source of an image: apart from the page, so that no two share names inside."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
