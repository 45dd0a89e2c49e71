"""The steward's tools: withdrawing a delivery, judging rows again, the gap register, templates, reports.

Their functions take a connection that has the vault attached; the caller holds the run lock.
"""
