"""How long each mart takes to answer a borough-wide query: `python -m swp.mart_speed`.

Asks every mart of the built warehouse for the borough's rows of the review year, five times, and prints the
median in milliseconds. Exits 1 where a mart takes more than `LIMIT_MS`. On a busy machine it tells of the
machine: it is no part of the tests.
"""

import statistics
import sys
import time

import duckdb

from swp import models
from swp.contracts import seed_rows
from swp.errors import SwpError
from swp.paths import Home

LIMIT_MS = 100
RUNS = 5


def answer_times(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The median time in milliseconds of a borough-wide query, by mart."""
    borough = models.variables()["partnership_borough_code"]
    found = {}
    for mart in (row["mart_name"] for row in seed_rows("recommendations")):
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            connection.execute(
                f"select * from marts.{mart} where area_code = ? and period_type = 'review_year' "
                "order by measure_id, breakdown, category",
                [borough],
            ).to_arrow_table()
            times.append(1000 * (time.perf_counter() - start))
        found[mart] = statistics.median(times)
    return found


def main() -> int:
    home = Home.current()
    if not home.warehouse.is_file():
        raise SwpError("There is no warehouse yet. Run: swp build")
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        times = answer_times(connection)
    for mart, milliseconds in sorted(times.items(), key=lambda each: -each[1]):
        print(f"{milliseconds:7.1f} ms  {mart}")
    return int(max(times.values()) > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
