"""The sample's gap register: what was planted as missing, so that the sample builds green."""

from swp.contracts import load_contracts
from swp.sample.deliveries import Manifest, RegisteredGap

FIELD_CHECKS = {"column_is_delivered", "column_is_filled"}
PERIOD_CHECKS = {
    "delivery_never_received",
    "month_is_cut_short",
    "month_is_missing",
    "period_is_as_asked",
    "period_is_old",
    "period_shorter_than_asked",
    "publisher_never_sent",
}
PERIOD = "(period)"
# A fault of one file; a gap only where months are asked for.
OF_MONTHS = {"month_is_cut_short", "month_is_missing"}
# The sample ends with the review year, so on its day these have another delivery due.
LATE = ("dwp_claimant_count", "istv_attendance", "ons_population", "probation_person")


def registered_gaps(manifest: Manifest) -> list[RegisteredGap]:
    """One entry per source and field, or source as a whole, of which a gap was planted; sorted."""
    contracts = load_contracts()
    reasons = {(source, PERIOD): "the next delivery is late" for source in LATE}
    for fault in manifest.planted_faults:
        source = fault.file.split("/")[0]
        if fault.expected_check in OF_MONTHS and not contracts[source].meta.get("asked_months"):
            continue
        if fault.expected_check in PERIOD_CHECKS:
            reasons.setdefault((source, PERIOD), fault.fault)
        elif fault.expected_check in FIELD_CHECKS and fault.column:
            for column in contracts[source].columns:
                if column.name == fault.column or column.fits(fault.column):
                    reasons.setdefault((source, column.name), fault.fault)
    return [RegisteredGap(source, column, reason) for (source, column), reason in sorted(reasons.items())]
