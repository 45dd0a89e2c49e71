"""How large a delivery may be. The largest that a partner sends today is a tenth of these."""

from dataclasses import dataclass

GIGABYTE = 1024**3
MEGABYTE = 1024**2

# A spreadsheet cell holds 32,767 characters; a line of a million is no table.
LINE_CHARACTERS = 1_000_000
# A record whose quotation runs over more characters than this was never closed.
RECORD_CHARACTERS = 2_000_000
COLUMNS = 2_000
FEATURE_CHARACTERS = 64_000_000
# Rows and characters that are held in memory at a time.
BATCH_ROWS = 20_000
BATCH_CHARACTERS = 8_000_000
BLOCK_BYTES = MEGABYTE


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes after decompression; `ratio` is decompressed to compressed."""

    content: int = 8 * GIGABYTE
    archive: int = 16 * GIGABYTE
    entries: int = 10_000
    ratio: int = 200
    ratio_from: int = 100 * MEGABYTE
    workbook: int = 1 * GIGABYTE
    features: int = 500 * MEGABYTE


LIMITS = Limits()
