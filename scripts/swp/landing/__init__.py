"""Landing: the gate's verdict made lasting, one file and one transaction at a time."""

from swp.landing.land import Outcome, check, land

__all__ = ["Outcome", "check", "land"]
