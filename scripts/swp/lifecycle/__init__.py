"""The end of what was delivered: retention, erasure, and references handed back to the agency they are of."""
