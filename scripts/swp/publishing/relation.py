"""A table or view of the warehouse that is to be published, and how SQL names it."""

from dataclasses import dataclass

from swp.vault import quoted


@dataclass(frozen=True)
class Relation:
    """A table or view of the warehouse, with its columns in order: (name, type, comment)."""

    schema: str
    name: str
    is_view: bool
    comment: str | None
    columns: tuple[tuple[str, str, str | None], ...]

    @property
    def path(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def query(self) -> str:
        """All rows and columns; geometry as GeoJSON text."""
        columns = ", ".join(
            f"st_asgeojson({quoted(name)})::varchar as {quoted(name)}"
            if kind.startswith("GEOMETRY")
            else quoted(name)
            for name, kind, _ in self.columns
        )
        return f"select {columns} from warehouse.{self.path}"
