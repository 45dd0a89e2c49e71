"""The gate: one file against its contract, before anything is loaded."""

from swp.gate.findings import Finding
from swp.gate.inspection import Context, Inspection, inspect

__all__ = ["Context", "Finding", "Inspection", "inspect"]
