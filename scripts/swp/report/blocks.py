"""What a document is made of: blocks that both outputs draw."""

from dataclasses import asdict, dataclass, field


@dataclass
class Heading:
    """A section of a chapter; one with a key starts a page of its own."""

    text: str
    key: str = ""
    type: str = "heading"


@dataclass
class Statement:
    """A computed sentence, the small print of its base and period, and the figures that it refers to."""

    text: str
    basis: str = ""
    refs: list[str] = field(default_factory=list)
    type: str = "statement"


@dataclass
class Gap:
    """What could not be measured: why, and what was asked of whom."""

    title: str
    reason: str
    asks: list[str] = field(default_factory=list)
    type: str = "gap"


@dataclass
class Note:
    """Plain words that hold no figure of their own."""

    text: str
    type: str = "note"


@dataclass
class Recommendation:
    """A recommendation of the assessment, as a box in its chapter."""

    id: str
    name: str
    question: str
    status: str
    type: str = "recommendation"


@dataclass
class Tile:
    """A headline figure, or the gap in its place."""

    label: str
    value: str
    change: str = ""
    basis: str = ""
    is_gap: bool = False


@dataclass
class Tiles:
    """Headline figures in rows of three."""

    items: list[Tile]
    type: str = "tiles"


@dataclass
class Table:
    """A numbered table. `align` has a letter a column, l or r; a wide table is set on its side in print."""

    key: str
    caption: str
    columns: list[str]
    rows: list[list[str]]
    align: str = ""
    note: str = ""
    widths: list[float] = field(default_factory=list)
    wide: bool = False
    type: str = "table"


@dataclass
class Figure:
    """A numbered figure: specification, text alternative, table of data, and the drawing once it is made."""

    key: str
    caption: str
    alt: str
    spec: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""
    svg: str = ""
    type: str = "figure"


@dataclass
class Pair:
    """Two figures side by side."""

    figures: list[Figure]
    type: str = "pair"


@dataclass
class Chapter:
    """A chapter, numbered 1 and on, or an appendix, A and on. A wide one is set on its side in print."""

    key: str
    title: str
    blocks: list
    is_appendix: bool = False
    is_wide: bool = False
    number: str = ""


@dataclass
class Document:
    """The whole report, numbered by `numbered`."""

    title: str
    partnership: str
    period: str
    profile: str
    as_at: str
    is_synthetic: bool
    chapters: list[Chapter]

    def as_data(self) -> dict:
        return asdict(self)


def figures_of(block) -> list[Figure]:
    """The figures in `block`, in order."""
    return block.figures if isinstance(block, Pair) else [block] if isinstance(block, Figure) else []


def numbered(document: Document) -> dict[str, str]:
    """Number the chapters; return the name of each figure and table by its key, such as `Figure 3`."""
    names: dict[str, str] = {}
    counts = {"Figure": 0, "Table": 0}
    body = [chapter for chapter in document.chapters if not chapter.is_appendix]
    appendices = [chapter for chapter in document.chapters if chapter.is_appendix]
    for position, chapter in enumerate(body, 1):
        chapter.number = str(position)
    for position, chapter in enumerate(appendices):
        chapter.number = chr(ord("A") + position)
    for chapter in body + appendices:
        for block in chapter.blocks:
            numbered_parts = [("Figure", figure.key) for figure in figures_of(block)]
            numbered_parts += [("Table", block.key)] if isinstance(block, Table) else []
            for kind, key in numbered_parts:
                counts[kind] += 1
                names[key] = f"{kind} {counts[kind]}"
    for chapter in document.chapters:
        chapter.is_wide = any(isinstance(block, Table) and block.wide for block in chapter.blocks)
        for block in chapter.blocks:
            if isinstance(block, Statement):
                block.refs = [key for key in block.refs if key in names]
    return names
