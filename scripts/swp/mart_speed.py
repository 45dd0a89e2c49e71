"""How long each mart takes to answer a borough-wide query: `python -m swp.mart_speed`.

Asks every mart of the published internal file for the borough's rows of the review year, five times, and
prints the median in milliseconds, by the clock and of the processors. Exits 1 where a mart takes more than
`LIMIT_MS` by the clock. On a busy machine it tells of the machine: it is no part of the tests.
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


def answer_times(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, float]]:
    """The median milliseconds of a borough-wide query, by mart: by the clock, and of the processors."""
    borough = models.variables()["partnership_borough_code"]
    found = {}
    for mart in (row["mart_name"] for row in seed_rows("recommendations")):
        times = []
        for _ in range(RUNS):
            clock, processors = time.perf_counter(), time.process_time()
            connection.execute(
                f"select * from marts.{mart} where area_code = ? and period_type = 'review_year' "
                "order by measure_id, breakdown, category",
                [borough],
            ).to_arrow_table()
            times.append((time.perf_counter() - clock, time.process_time() - processors))
        found[mart] = tuple(1000 * statistics.median(each) for each in zip(*times, strict=True))
    return found


def main() -> int:
    file = Home.current().current_publication / "internal" / "community_safety.duckdb"
    if not file.is_file():
        raise SwpError("Nothing is published yet. Run: swp publish")
    with duckdb.connect(str(file), read_only=True) as connection:
        times = answer_times(connection)
    print("  clock  processors")
    for mart, (clock, processors) in sorted(times.items(), key=lambda each: -each[1][0]):
        print(f"{clock:7.1f} {processors:7.1f} ms  {mart}")
    return int(max(clock for clock, _ in times.values()) > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
