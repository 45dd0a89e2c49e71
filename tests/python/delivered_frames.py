"""The sample's deliveries as pandas frames of text, read without the product's own reading."""

from pathlib import Path

import pandas as pd

NOTHING = {"", "NULL", "(blank)"}


def _csv(path: Path) -> pd.DataFrame:
    compression = "gzip" if path.suffix == ".gz" else None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return pd.read_csv(
                path, dtype=str, encoding=encoding, compression=compression, keep_default_na=False
            )
        except UnicodeDecodeError:
            continue
    raise AssertionError(path.name)


def _xlsx(path: Path, heading: str) -> pd.DataFrame:
    """The sheet that has `heading`, from the row below it."""
    for sheet in pd.read_excel(path, sheet_name=None, header=None, dtype=object).values():
        rows = sheet.index[(sheet == heading).any(axis=1)]
        if len(rows):
            body = sheet.loc[rows[0] + 1 :].set_axis(list(sheet.loc[rows[0]]), axis=1)
            return body.dropna(how="all").astype(object)
    raise AssertionError(path.name)


def delivered(deliveries: Path, source: str, heading: str) -> pd.DataFrame:
    """All files of `source` below each other, each with a column `heading`; blanks are NA."""
    frames = []
    for path in sorted((deliveries / source).iterdir()):
        if path.suffix == ".parquet":
            frame = pd.read_parquet(path).astype(object)
        else:
            frame = _xlsx(path, heading) if path.suffix == ".xlsx" else _csv(path)
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True)
    text = whole.map(lambda value: value.strip() if isinstance(value, str) else value)
    return text.mask(text.isin(NOTHING) | text.isna(), pd.NA)


def instants(values: pd.Series) -> pd.Series:
    """British dates and times, with or without a time of day; what is none is NaT."""
    return pd.to_datetime(values, dayfirst=True, format="mixed", errors="coerce")
