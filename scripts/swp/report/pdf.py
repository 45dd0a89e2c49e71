"""The PDF, set by Typst to PDF/UA: tagged, with contents, captions, references and page numbers."""

import json
import tempfile
from pathlib import Path

import typst

from swp.report.blocks import Document, figures_of

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
STANDARD = "ua-1"


def write(document: Document, path: Path) -> Path:
    """Write `document` to `path` and return it, in the fonts that Typst brings: it looks alike everywhere."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "figures").mkdir()
        for chapter in document.chapters:
            for block in chapter.blocks:
                for figure in figures_of(block):
                    (root / "figures" / f"{figure.key}.svg").write_text(figure.svg, encoding="utf-8")
        (root / "report.typ").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        (root / "document.json").write_text(
            json.dumps(_without_drawings(document.as_data())), encoding="utf-8"
        )
        typst.compile(
            root / "report.typ", output=path, root=root, ignore_system_fonts=True, pdf_standards=STANDARD
        )
    return path


def _without_drawings(part):
    """`part` of a document's data without the drawings, which lie beside it as files."""
    if isinstance(part, dict):
        return {name: _without_drawings(inner) for name, inner in part.items() if name not in ("svg", "spec")}
    if isinstance(part, list):
        return [_without_drawings(inner) for inner in part]
    return part
