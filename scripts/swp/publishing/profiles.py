"""Who gets what: the profiles of a publication."""

from dataclasses import dataclass

# Of quality: what is asked for and what is lacking, without a count or a value of a delivery.
# The columns of each table.
VALUE_FREE = {
    "recommendation_readiness": ("recommendation_id", "short_name", "verdict", "why"),
    "source_requirements": (
        "requirement_key", "source", "kind", "field", "label", "need", "recommendations", "ask",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """A folder of a publication for one kind of reader.

    `schemas` are copied to its DuckDB file, those in `parquet_schemas` to Parquet files as well; of `quality`
    only the columns of the tables in `of_quality`, where these are named. `folder_mode` says which accounts
    may enter.
    `rounded_to` is None where the profile is not under disclosure control, else 1 for exact counts from 5 on
    or what counts are rounded to.
    """

    name: str
    schemas: tuple[str, ...]
    parquet_schemas: tuple[str, ...]
    folder_mode: int
    rounded_to: int | None = None
    of_quality: dict[str, tuple[str, ...]] | None = None

    @property
    def is_controlled(self) -> bool:
        """Whether the profile is under disclosure control."""
        return self.rounded_to is not None


PROFILES = (
    Profile(
        name="internal",
        schemas=("reference", "core", "measures", "marts", "quality"),
        parquet_schemas=("core", "measures", "marts"),
        folder_mode=0o750,
    ),
    Profile(
        name="partner",
        schemas=("reference", "marts", "quality"),
        parquet_schemas=("marts",),
        folder_mode=0o750,
        rounded_to=1,
        of_quality=VALUE_FREE,
    ),
    Profile(
        name="public",
        schemas=("reference", "marts", "quality"),
        parquet_schemas=("marts",),
        folder_mode=0o755,
        rounded_to=5,
        of_quality=VALUE_FREE,
    ),
)
