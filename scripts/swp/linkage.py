"""Which records are about one person: by an agency's own reference, then by names, birth dates and homes.

An agency's reference is its own judgement and stands: records with one reference are one person, records with
two references of one agency are two. What has no reference, and what comes from different agencies, is linked
by Splink: the probability of each pair follows from how far names, birth dates, sexes and homes agree and how
common they are. Its parameters are written here and not learned at each build, so that a build of the same
records gives the same persons, and a small partnership is linked as a large one is. `swp.linkage_truth`
measures what comes of it.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import splink
from splink import DuckDBAPI, Linker, SettingsCreator
from splink import comparison_level_library as levels
from splink import comparison_library as comparisons

from swp import extensions

# The match weight (log2 of the odds) from which a pair is linked: 8 to 1. Chosen on the sample, by
# swp.linkage_truth.
THRESHOLD = 3.0
# Frequencies are worked out as if so many people more were known, so that a name is not taken for common
# because few people are on record.
UNSEEN = 10_000
MEMORY = "3GB"

# What the rows of `int_persons__records` must have for linking.
COLUMNS = (
    "record_key", "agency", "reference", "given_name", "family_name", "birth_date", "birth_date_swapped",
    "sex", "postcode", "uprn", "address", "is_shared_across_agencies", "stated_agency", "stated_reference",
    "delivery_id", "row_number", "source", "role",
)  # fmt: skip

# An entity is an agency's person: all records of one reference, or one record without. Of each attribute it
# has the value that it is given most often, of equals the latest.
ENTITIES = """
create table record as
select
    *,
    row_number() over (
        order by length(delivery_id), delivery_id, row_number, source, role, record_key
    ) as landed,
    agency || '|' || coalesce(
        reference, concat_ws(' ', 'record', source, delivery_id, row_number, role)
    ) as entity
from given;

create table landed as
select
    entity,
    any_value(agency) as agency,
    max(reference is not null) as has_reference,
    bool_and(is_shared_across_agencies) as is_shared,
    min(landed) as first_landed,
    max(stated_agency || '|' || stated_reference) as stated
from record
group by entity;

create table chosen as
with told as (
    unpivot (
        select
            entity, landed, given_name, family_name, sex, postcode, uprn,
            strftime(birth_date, '%Y-%m-%d') as birth_date,
            address
        from record
    )
    on given_name, family_name, sex, postcode, uprn, birth_date, address into name attribute value value
),
counted as (
    select entity, attribute, value, count(*) as times, max(landed) as latest
    from told
    group by entity, attribute, value
)
pivot (
    select entity, attribute, value
    from counted
    qualify row_number() over (partition by entity, attribute order by times desc, latest desc, value) = 1
)
on attribute in ('given_name', 'family_name', 'sex', 'postcode', 'uprn', 'birth_date', 'address')
using any_value(value)
group by entity;

create table entity as
select
    landed.entity as unique_id,
    case when landed.is_shared then 'shared' else landed.agency end as circle,
    case when landed.has_reference then landed.agency else landed.entity end as known_apart,
    chosen.given_name,
    chosen.family_name,
    chosen.sex,
    chosen.birth_date,
    swapped.birth_date_swapped,
    chosen.postcode,
    chosen.uprn,
    chosen.address || ' ' || chosen.postcode as home
from landed
inner join chosen on landed.entity = chosen.entity
left join (
    select
        strftime(birth_date, '%Y-%m-%d') as birth_date,
        strftime(min(birth_date_swapped), '%Y-%m-%d') as birth_date_swapped
    from record
    group by birth_date
) as swapped on chosen.birth_date = swapped.birth_date
where chosen.given_name is not null or chosen.family_name is not null;
"""


class Link(NamedTuple):
    """Two entities that are one person, and the match weight (log2 of the odds) that says so."""

    left: str
    right: str
    weight: float


def settings(records: int) -> SettingsCreator:
    """The model for `records` entities. m: of one person's pairs, u: of different people's, per level."""

    def level(made, m: float, u: float, tf: str | None = None):
        return made.configure(
            m_probability=m, u_probability=u, **({"tf_adjustment_column": tf} if tf else {})
        )

    def one_slip(column: str) -> levels.CustomLevel:
        return levels.CustomLevel(
            f"length({column}_l) > 3 and length({column}_r) > 3 "
            f"and damerau_levenshtein({column}_l, {column}_r) <= 1",
            "one slip",
        )

    def name(column: str, common: float, alike: float, shared: Sequence = ()):
        return comparisons.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                levels.NullLevel(column),
                *shared,
                level(levels.ExactMatchLevel(column), 0.90, common, column),
                level(one_slip(column), 0.08, alike),
                level(levels.ElseLevel(), 0.02, 1 - common - alike),
            ],
        )

    # A family name says less where the home says much. In a household of 2.4, the average, are 1.4 others, of
    # whom most bear it; of the others of a postcode, which has some 15 addresses, they are 3 in 100.
    of_a_family = [
        level(levels.CustomLevel(f"family_name_l = family_name_r and ({where})", what), 0.90, u)
        for what, where, u in (
            ("of one home", "uprn_l = uprn_r or home_l = home_r", 0.7),
            ("of one postcode", "postcode_l = postcode_r", 0.03),
        )
    ]
    birth = comparisons.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            levels.NullLevel("birth_date"),
            level(levels.ExactMatchLevel("birth_date"), 0.95, 0.00006),
            level(
                levels.CustomLevel(
                    "birth_date_l = birth_date_swapped_r or birth_date_swapped_l = birth_date_r", "swapped"
                ),
                0.03,
                0.00004,
            ),
            level(
                levels.CustomLevel("damerau_levenshtein(birth_date_l, birth_date_r) <= 1", "one digit"),
                0.01,
                0.0016,
            ),
            level(levels.ElseLevel(), 0.01, 0.9983),
        ],
    )
    sex = comparisons.CustomComparison(
        output_column_name="sex",
        comparison_levels=[
            levels.NullLevel("sex"),
            level(levels.ExactMatchLevel("sex"), 0.99, 0.5),
            level(levels.ElseLevel(), 0.01, 0.5),
        ],
    )
    # People move, so another home says little against a pair and the same one much for it.
    home = comparisons.CustomComparison(
        output_column_name="postcode",
        comparison_levels=[
            levels.CustomLevel("postcode_l is null or postcode_r is null").configure(is_null_level=True),
            level(levels.CustomLevel("uprn_l = uprn_r or home_l = home_r", "same home"), 0.55, 0.00003),
            level(levels.ExactMatchLevel("postcode"), 0.35, 0.0001, "postcode"),
            level(levels.ElseLevel(), 0.10, 0.99987),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=1 / (records + UNSEEN),
        comparisons=[
            name("given_name", 0.003, 0.002),
            name("family_name", 0.002, 0.001, of_a_family),
            birth,
            sex,
            home,
        ],
        blocking_rules_to_generate_predictions=[
            _within(rule)
            for rule in (
                "l.family_name = r.family_name and l.birth_date = r.birth_date",
                "l.given_name = r.given_name and l.birth_date = r.birth_date",
                "l.given_name = r.given_name and l.family_name = r.family_name",
                "l.postcode = r.postcode and l.given_name = r.given_name",
                "l.postcode = r.postcode and l.family_name = r.family_name",
                "l.postcode = r.postcode and l.birth_date = r.birth_date",
                "l.birth_date = r.birth_date and left(l.family_name, 1) = left(r.family_name, 1)",
                "l.birth_date = r.birth_date_swapped and left(l.family_name, 1) = left(r.family_name, 1)",
                "l.birth_date_swapped = r.birth_date and left(l.family_name, 1) = left(r.family_name, 1)",
            )
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
        additional_columns_to_retain=["known_apart"],
    )


def method() -> str:
    """A fingerprint of how persons are linked: of other parameters it is another one."""
    written = settings(0).create_settings_dict("duckdb")
    return hashlib.sha256(
        json.dumps([written, THRESHOLD, UNSEEN, ENTITIES, splink.__version__], sort_keys=True).encode()
    ).hexdigest()[:16]


def _within(rule: str) -> str:
    return f"{rule} and l.circle = r.circle and l.known_apart <> r.known_apart"


def link(records: pa.Table, *, scratch: Path | None = None, threshold: float = THRESHOLD) -> pa.Table:
    """The person of each record of `records` (a table with COLUMNS, without organisations and nobodies).

    Gives a row per record: record_key; entity_ref and person_ref, the agency and reference (or record) of the
    record and of the earliest landed record of its person; linked_by ('reference', 'stated_reference',
    'attributes', 'none': what joins its entity to the person's others) and link_weight (the weight of the
    weakest link that its entity came in by, null without). Nothing is written but into memory and, where that
    does not suffice, encrypted into `scratch`.
    """
    connection = duckdb.connect()
    try:
        extensions.load(connection, "httpfs")
        connection.execute("set temp_file_encryption = true")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        if scratch:
            connection.execute("set temp_directory = '" + str(scratch).replace("'", "''") + "'")
        connection.register("given", records.select(COLUMNS))
        connection.execute(ENTITIES)
        links = [*_stated(connection), *_predicted(connection, threshold)]
        links.sort(key=lambda found: (-found.weight, found.left, found.right))
        entities = connection.execute(
            "select entity, case when has_reference then agency end, first_landed from landed"
        ).fetchall()
        connection.register("person", _joined(entities, links))
        return connection.execute(
            """
            select
                record.record_key,
                record.entity as entity_ref,
                person.person as person_ref,
                case
                    when person.link_weight = 'infinity' then 'stated_reference'
                    when person.link_weight is not null then 'attributes'
                    when count(*) over (partition by record.entity) > 1 then 'reference'
                    else 'none'
                end as linked_by,
                case when isfinite(person.link_weight) then person.link_weight end as link_weight
            from record
            inner join person on record.entity = person.entity
            order by record.landed
            """
        ).to_arrow_table()
    finally:
        connection.close()


def _stated(connection: duckdb.DuckDBPyConnection) -> list[Link]:
    """Where one agency's record gives the other agency's own reference: certain."""
    rows = connection.execute(
        """
        select stating.entity, landed.entity
        from landed as stating
        inner join landed on stating.stated = landed.entity
        where stating.is_shared and landed.is_shared
        """
    ).fetchall()
    return [Link(*sorted(pair), float("inf")) for pair in rows]


def _predicted(connection: duckdb.DuckDBPyConnection, threshold: float) -> list[Link]:
    """The pairs of entities that Splink gives at least the weight `threshold`."""
    count = connection.execute("select count(*) from entity").fetchone()[0]
    if count < 2:
        return []
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection)
    linker = Linker(api.register("entity"), settings(count), log_level=None)
    for column in ("given_name", "family_name", "postcode"):
        connection.execute(
            f"""
            create table tf_{column} as
            select {column}, count(*) / (sum(count(*)) over () + {UNSEEN}) as tf_{column}
            from entity
            where {column} is not null
            group by {column}
            """
        )
        linker.table_management.register_term_frequency_lookup(api.register(f"tf_{column}"), column)
    pairs = linker.inference.predict(threshold_match_weight=threshold)
    return [
        Link(*sorted(row[:2]), row[2])
        for row in connection.execute(
            f"select unique_id_l, unique_id_r, match_weight from {pairs.physical_name}"
        ).fetchall()
    ]


def _joined(entities: list[tuple[str, str | None, int]], links: list[Link]) -> pa.Table:
    """entity, person (the entity of it that landed first) and link_weight, the best links first.

    `entities` are (entity, agency that knows it by a reference, order of landing). A link that would put two
    references of one agency into one person is left out: the agency says that they are two.
    """
    root = {entity: entity for entity, _, _ in entities}
    members = {entity: [entity] for entity in root}
    known_to = {entity: {agency} if agency else set() for entity, agency, _ in entities}
    weight: dict[str, float] = {}
    for found in links:
        left, right = root[found.left], root[found.right]
        if left == right or known_to[left] & known_to[right]:
            continue
        for entity in (found.left, found.right):
            weight.setdefault(entity, found.weight)
        if len(members[left]) < len(members[right]):
            left, right = right, left
        for entity in members[right]:
            root[entity] = left
        members[left] += members.pop(right)
        known_to[left] |= known_to.pop(right)
    landed = {entity: order for entity, _, order in entities}
    person = {}
    for together in members.values():
        first = min(together, key=landed.__getitem__)
        person.update(dict.fromkeys(together, first))
    return pa.table(
        {
            "entity": pa.array(list(root), pa.string()),
            "person": pa.array([person[entity] for entity in root], pa.string()),
            "link_weight": pa.array([weight.get(entity) for entity in root], pa.float64()),
        }
    )
