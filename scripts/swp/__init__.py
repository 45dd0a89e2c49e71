"""The community safety warehouse: contracts, gate, landing, building and publishing."""

__version__ = "0.1.0"
