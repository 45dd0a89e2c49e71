"""SVG of charts. Drawing costs more than all else in a report, so that many are drawn by two processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import vl_convert

WORKERS = 2
# Fewer are drawn before a process has started.
MANY = 24
AT_ONCE = 4


def svg(spec: str) -> str:
    """The drawing of a Vega-Lite specification (JSON)."""
    return vl_convert.vegalite_to_svg(spec)


def svgs(specs: list[str]) -> list[str]:
    """The drawings of `specs`, in order."""
    if len(specs) < MANY:
        return [svg(spec) for spec in specs]
    # Not forked: the database connection of this process has threads, which a copy would wait for.
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(svg, specs, chunksize=AT_ONCE))
