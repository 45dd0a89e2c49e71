"""Who gets what: the profiles of a publication."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A folder of a publication for one kind of reader.

    `schemas` are copied to its DuckDB file, those in `parquet_schemas` to Parquet files as well;
    `folder_mode` says which accounts may enter.
    """

    name: str
    schemas: tuple[str, ...]
    parquet_schemas: tuple[str, ...]
    folder_mode: int


PROFILES = (
    Profile(
        name="internal",
        schemas=("reference", "core", "measures", "marts", "quality"),
        parquet_schemas=("core", "measures", "marts"),
        folder_mode=0o750,
    ),
)
