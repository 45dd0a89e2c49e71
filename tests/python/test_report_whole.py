"""The whole report: SWP_REPORT_FILE names a published file, which lies in the folder of its profile."""

import os
import time
from pathlib import Path

import pytest

from swp import report

FILE = os.environ.get("SWP_REPORT_FILE")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILE, reason="SWP_REPORT_FILE names no published file"),
]


def test_the_whole_report_is_written_in_time_and_size(tmp_path):
    began = time.monotonic()
    written = report.write(Path(FILE), Path(FILE).parent.name, tmp_path)
    seconds = time.monotonic() - began
    assert seconds < 60, f"{seconds:.0f} s"
    assert written.pdf.stat().st_size < 15_000_000
    assert written.figures > 50
    text = written.html.read_text(encoding="utf-8")
    assert all(f'id="{key}"' in text for key in ("summary", "neighbourhoods", "reconciliation", "method"))
