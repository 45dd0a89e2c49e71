"""The council's files on anti-social behaviour: housing, noise, triage desk, case reviews and others.

Layouts are those of the contracts, which are assumed. Totals and shares are printed in the strategic
assessment 2024, p15, p39 to 48, p81 and p84, unless a line says that they are assumed. What is never
delivered (satisfaction with casework) is listed as a fault and has no file.
"""

from swp.sample.blocks import Block
from swp.sample.deliveries import Deliveries
from swp.sample.geography import Geography
from swp.sample.people import People
from swp.sample.wcc_asb.activities import write_activities
from swp.sample.wcc_asb.case_reviews import write_case_reviews
from swp.sample.wcc_asb.ground import Ground, plant_gap
from swp.sample.wcc_asb.housing import write_housing
from swp.sample.wcc_asb.licences import write_licences
from swp.sample.wcc_asb.modern_slavery import write_modern_slavery
from swp.sample.wcc_asb.noise import write_noise
from swp.sample.wcc_asb.panel import write_panel
from swp.sample.wcc_asb.subjects import write_subjects
from swp.sample.wcc_asb.triage import write_triage


def write(out: Deliveries, geography: Geography, people: People, *, seed: int, blocks: list[Block]) -> None:
    """Write every delivery of the council on anti-social behaviour and what stands beside it."""
    scale = blocks[0].whole
    ground = Ground.of(people, geography, seed, scale)
    write_housing(out, ground, seed, scale)
    write_noise(out, ground, seed, blocks)
    referred = write_triage(out, ground, seed, scale)
    write_case_reviews(out, ground, referred, seed, scale)
    write_subjects(out, ground, seed, scale)
    write_activities(out, ground, seed, scale)
    write_licences(out, geography, seed, scale)
    write_panel(out, ground, seed, scale)
    write_modern_slavery(out, ground, seed, scale)
    never = "asb_satisfaction_answer/"
    plant_gap(out, "G043, G101", "satisfaction is asked by nobody", never, "delivery_never_received", 1)
