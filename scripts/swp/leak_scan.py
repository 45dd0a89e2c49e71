"""Does anything identifying lie outside the vault? What was delivered is looked for in what was made of it.

`python -m swp.leak_scan [FOLDER ...]` takes every value of the contracts' identifier and free-text columns,
and of unexpected columns, from the vault. It looks for them in every column of the warehouse and of the
published files, in reports, in what dbt writes (`target/`, `logs/`), and in the folders given. It tells
places and kinds, never a value, and exits 1 when something was found.

What counts as found depends on what a value tells by itself:

- a value with a digit and six signs or more (reference, postcode, address, UPRN), a full name, and free
  text of four words or more (its first six): anywhere in a text;
- a name or a word alone: where it is the whole of a cell, unless it is also a word of the seeds, or was
  delivered in a column that identifies nobody ('Church' is a family name and a kind of building);
- birth dates and coordinates kept as dates and numbers: where most of a column's values are such;
- e-mail addresses, telephone numbers and National Insurance numbers: by their form, whoever's they are.
"""

import argparse
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from swp import extensions, vault
from swp.contracts import Contract, load_contracts
from swp.errors import SwpError
from swp.paths import PROJECT, Home
from swp.vault import literal, quoted

WORDS = 6  # of a text that are put together to be compared; _GRAMS names them one by one
SIGNS = 6  # letters and digits that a value must have to be looked for inside texts
LONG_LINE = 5_000
OTHERWISE_READ = (".duckdb", ".wal", ".parquet", ".msgpack", ".gpickle")
# By their form. A telephone number stands apart from other digits and begins as a British one does.
FORMS = {
    "e-mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
    "telephone number": r"(^|[^0-9A-Za-z.,-])(\+44 ?|0)"
    r"(7[0-9]{3} ?[0-9]{6}|20 ?[0-9]{4} ?[0-9]{4}|1[0-9]{3} [0-9]{6})($|[^0-9A-Za-z.])",
    "National Insurance number": r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]( ?[0-9]{2}){3} ?[A-D]\b",
}
NUMBERS = ("BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL", "UBIGINT", "UINTEGER")
# A column of fewer values tells nothing; one that is mostly birth dates or coordinates is a column of them.
FEWEST_VALUES, LARGEST_SHARE = 10, 0.5


@dataclass(frozen=True)
class Leak:
    """What of which contract column was found where, in how many texts or values."""

    place: str
    kind: str
    count: int


@dataclass(frozen=True)
class Scan:
    """What was looked for, where, and what was found."""

    values: int
    columns: int
    files: int
    leaks: tuple[Leak, ...]


def scan(home: Home, folders: tuple[Path, ...]) -> Scan:
    """Scan the warehouse and publications of `home`, its reports, and the files below `folders`.

    Raises SwpError where the vault does not open or the warehouse is being built.
    """
    with vault.opened(home, read_only=True) as connection:
        extensions.load(connection, "spatial")
        _collect_values(connection)
        connection.execute("create temp table texts (place varchar, text varchar)")
        _forget_examples(connection)
        places = _attach(connection, home)
        connection.execute("create temp table numbers (place varchar, number double)")
        columns = sum(_collect_columns(connection, name, shown) for name, shown in places)
        columns += _collect_parquet(connection, home)
        files = [file for folder in (home.published, home.reports, *folders) for file in _files(folder)]
        _collect_files(connection, files)
        values = connection.execute("select count(distinct value) from sought").fetchone()[0]
        return Scan(values, columns, len(files), tuple(_leaks(connection)))


def _collect_values(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `sought`: of which contract column, how it is compared, and the value in the form for that."""
    connection.execute(
        r"""
        create temp macro words(text) as regexp_extract_all(upper(text), '[\p{L}\p{N}]+');
        create temp macro joined(text, most) as array_to_string(list_slice(words(text), 1, most), '');
        create temp table sought (kind varchar, manner varchar, value varchar);
        create temp table sought_numbers (kind varchar, number double);
        """
    )
    for contract in _landed(connection):
        table = f"vault.raw.{quoted(contract.name)}"
        for column in contract.columns:
            if column.sensitivity in ("identifier", "free_text"):
                kind = f"{contract.name}.{column.name}"
                if column.type in ("number", "date"):
                    _seek_numbers(connection, table, column.name, kind, column.type, column.formats)
                else:
                    _seek_texts(connection, f"select {quoted(column.name)} as text from {table}", kind)
        _seek_texts(
            connection,
            f"select unnest(map_values(_extra)) as text from {table}",
            f"{contract.name}, an unexpected column",
        )
        for given, family in _full_names(contract):
            _seek_texts(
                connection,
                f"""
                select concat({quoted(given)}, ' ', {quoted(family)}) as text from {table}
                where trim({quoted(given)}) <> '' and trim({quoted(family)}) <> ''
                """,
                f"{contract.name}.{given} and {family}",
                anywhere=True,
            )


def _forget_examples(connection: duckdb.DuckDBPyConnection) -> None:
    """What the project's own files hold, a code list or a unit test, did not come out of the vault."""
    _collect_files(connection, [*(PROJECT / "models").rglob("*.yml"), *(PROJECT / "seeds").glob("*.csv")])
    connection.execute(f"delete from sought where value in (select gram from ({_GRAMS}))")
    connection.execute("delete from texts")


def _landed(connection: duckdb.DuckDBPyConnection) -> list[Contract]:
    """The contracts of which rows have landed."""
    rows = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'vault' and schema_name = 'raw' and estimated_size > 0 order by table_name"
    ).fetchall()
    contracts = load_contracts()
    return [contracts[name] for (name,) in rows if name in contracts]


def _full_names(contract: Contract) -> list[tuple[str, str]]:
    names = [column.name for column in contract.columns if column.name.endswith("given_name")]
    return [(name, name.replace("given_name", "family_name")) for name in names]


def _seek_texts(
    connection: duckdb.DuckDBPyConnection, query: str, kind: str, *, anywhere: bool = False
) -> None:
    connection.execute(
        f"""
        insert into sought
        with delivered as (
            select distinct text from ({query}) where text is not null
        ),
        split as (
            select words(text) as words from delivered
        ),
        joined as (
            select array_to_string(list_slice(words, 1, {WORDS}), '') as value, len(words) as words from split
        )
        select
            ? as kind,
            case
                when length(value) >= {SIGNS} and (? or words >= 4 or regexp_matches(value, '[0-9]'))
                    then 'anywhere'
                else 'whole'
            end as manner,
            value
        from joined
        -- A sign or two, or a short number, tells nothing.
        where length(value) > 2 and not regexp_full_match(value, '[0-9]{{1,7}}')
        """,
        [kind, anywhere],
    )


def _seek_numbers(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    name: str,
    kind: str,
    type_: str,
    formats: tuple[str, ...],
) -> None:
    column = quoted(name)
    if type_ == "number":
        number = f"try_cast({column} as double)"
    else:
        tried = [f"try_strptime({column}, {literal(form)})" for form in formats or ("%Y-%m-%d", "%d/%m/%Y")]
        number = f"epoch(coalesce({', '.join(tried)}, try_cast(null as timestamp)))"
    connection.execute(
        f"insert into sought_numbers select distinct ?, {number} from {table} where {number} is not null",
        [kind],
    )


def _attach(connection: duckdb.DuckDBPyConnection, home: Home) -> list[tuple[str, str]]:
    """Attach the warehouse and every published database; (catalog, what to call it)."""
    files = [(home.warehouse, "warehouse.duckdb")] if home.warehouse.exists() else []
    files += [
        (path, f"published/{path.relative_to(home.published)}")
        for path in sorted(home.published.glob("2*/*/*.duckdb"))
    ]
    attached = []
    for number, (path, shown) in enumerate(files):
        name = "warehouse" if path == home.warehouse else f"published_{number}"
        try:
            connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
        except duckdb.Error:
            raise SwpError(
                f"{path} cannot be read now: is it being built? Repeat when that has ended."
            ) from None
        attached.append((name, shown))
    return attached


def _collect_columns(connection: duckdb.DuckDBPyConnection, catalog: str, shown: str) -> int:
    """Every column of an attached database, its distinct values as text or number; how many columns."""
    columns = connection.execute(
        """
        select columns.schema_name, columns.table_name, column_name, data_type
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
        where database_name = ? order by all
        """,
        [catalog],
    ).fetchall()
    for schema, table, column, kind in columns:
        source = f"{catalog}.{quoted(schema)}.{quoted(table)}"
        _collect_column(connection, source, column, kind, f"{shown}: {schema}.{table}.{column}")
    return len(columns)


def _collect_column(
    connection: duckdb.DuckDBPyConnection, source: str, column: str, kind: str, place: str
) -> None:
    name = quoted(column)
    if kind.startswith(NUMBERS) and not kind.endswith("]"):
        target, value = "numbers", f"try_cast({name} as double)"
    elif kind == "DATE" or kind.startswith("TIMESTAMP"):
        target, value = "numbers", f"epoch({name})"
    elif kind in ("BOOLEAN", "TINYINT", "UTINYINT", "SMALLINT") or kind.startswith(
        ("GEOMETRY", "TIME", "BLOB")
    ):
        return
    else:
        target, value = "texts", f"try_cast({name} as varchar)"
    # What a keyed hash is made of cannot be read from it.
    kept = "and not regexp_full_match(value, '[0-9a-f]{32,}')" if target == "texts" else ""
    connection.execute(
        f"""
        insert into {target}
        select ?, value from (select distinct {value} as value from {source}) where value is not null {kept}
        """,
        [place],
    )


def _collect_parquet(connection: duckdb.DuckDBPyConnection, home: Home) -> int:
    found = 0
    for path in sorted(home.published.glob("2*/**/*.parquet")):
        source = f"read_parquet({literal(str(path))})"
        shown = f"published/{path.relative_to(home.published)}"
        for column, kind, *_ in connection.execute(f"describe select * from {source}").fetchall():
            _collect_column(connection, source, column, kind, f"{shown}: {column}")
            found += 1
    return found


def _files(folder: Path) -> Iterator[Path]:
    """The files below `folder` that hold text of their own.

    Databases and Parquet are read as tables; what dbt keeps for itself says again what the manifest says.
    """
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        inside = path.relative_to(folder).parts
        told = {"current", "compiled", "run"}.isdisjoint(inside[:1]) and path.suffix not in OTHERWISE_READ
        if path.is_file() and told:
            yield path


def _collect_files(connection: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> None:
    places, texts = [], []
    for path in paths:
        pieces = sorted(_pieces(path))
        places += [os.path.join(path.parent.name, path.name)] * len(pieces)
        texts += pieces
    connection.register(
        "_pieces", pa.table([pa.array(places, pa.string()), pa.array(texts, pa.string())], ["place", "text"])
    )
    connection.execute("insert into texts select place, text from _pieces")
    connection.unregister("_pieces")


def _pieces(path: Path) -> set[str]:
    """The lines of a text file; of a workbook or another zip, those of its parts without their tags."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            texts = [archive.read(part).decode("utf-8", "replace") for part in archive.namelist()]
        text = re.sub(r"<[^>]*>", "\n", "\n".join(texts))
    else:
        text = path.read_bytes().decode("utf-8", "replace")
    # JSON stands on one line: it is cut where a string or a line in it ends.
    pieces = {
        piece
        for line in text.split("\n")
        for piece in (re.split(r'"|\\n', line) if len(line) > LONG_LINE else (line,))
    }
    return {piece for piece in pieces if len(piece) >= SIGNS}


def _leaks(connection: duckdb.DuckDBPyConnection) -> Iterator[Leak]:
    connection.execute(_WHOLE_TEXTS)
    _excuse_common_words(connection)
    for query in (_ANYWHERE, _WHOLE, _NUMBERS):
        for row in connection.execute(query).fetchall():
            yield Leak(*row)
    for kind, form in FORMS.items():
        found = connection.execute(
            """
            with found as (
                select text from (select distinct text from texts) where regexp_matches(text, ?)
            )
            select place, count(*) from texts semi join found using (text) group by place order by place
            """,
            [form],
        ).fetchall()
        yield from (Leak(place, kind, count) for place, count in found)


def _excuse_common_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Take from `whole_texts` what is also a word of the seeds, or delivered where it identifies nobody."""
    if not connection.execute("select count(*) from whole_texts").fetchone()[0]:
        return
    connection.execute(
        f"""
        create temp table common_words as
        select joined(text, {WORDS}) as value from texts where place like 'warehouse.duckdb: reference.%'
        """
    )
    for contract in _landed(connection):
        for column in contract.columns:
            if column.sensitivity == "none" and column.type in ("text", "code"):
                connection.execute(
                    f"""
                    insert into common_words
                    select distinct joined({quoted(column.name)}, {WORDS})
                    from vault.raw.{quoted(contract.name)}
                    """
                )
    connection.execute("delete from whole_texts where value in (select value from common_words)")


# One to six words from each word on, put together, of each distinct text.
_GRAMS = """
    with split as (
        select text_number, unnest(words(text)) as word, generate_subscripts(words(text), 1) as place
        from (select distinct text, hash(text) as text_number from texts)
    ),
    following as (
        select
            text_number, word as word_1,
            lead(word, 1, '') over sequence as word_2, lead(word, 2, '') over sequence as word_3,
            lead(word, 3, '') over sequence as word_4, lead(word, 4, '') over sequence as word_5,
            lead(word, 5, '') over sequence as word_6
        from split
        window sequence as (partition by text_number order by place)
    )

    select
        text_number,
        unnest([
            word_1, word_1 || word_2, word_1 || word_2 || word_3, word_1 || word_2 || word_3 || word_4,
            word_1 || word_2 || word_3 || word_4 || word_5,
            word_1 || word_2 || word_3 || word_4 || word_5 || word_6
        ]) as gram
    from following
"""
_ANYWHERE = f"""
with grams as ({_GRAMS}),
found as (
    select distinct grams.text_number, sought.kind
    from grams
    inner join sought on grams.gram = sought.value
    where sought.manner = 'anywhere'
)
select texts.place, string_agg(distinct found.kind, ', ' order by found.kind), count(distinct texts.text)
from texts
inner join found on hash(texts.text) = found.text_number
group by texts.place
order by texts.place
"""
_WHOLE_TEXTS = f"""
create temp table whole_texts as
select distinct texts.place, texts.text, sought.kind, sought.value
from texts
inner join sought on joined(texts.text, {WORDS} + 1) = sought.value
where sought.manner = 'whole'
"""
_WHOLE = """
select place, string_agg(distinct kind, ', ' order by kind), count(distinct text)
from whole_texts
group by place
order by place
"""
_NUMBERS = f"""
with shares as (
    select
        place, count(distinct number) as numbers,
        count(distinct number) filter (where number in (select number from sought_numbers)) as found
    from numbers
    where abs(number) > 1000 or number <> round(number, 3)
    group by place
)
select place, 'birth dates or coordinates', found
from shares
where numbers >= {FEWEST_VALUES} and found > {LARGEST_SHARE} * numbers
order by place
"""


def main(arguments: list[str] | None = None) -> int:
    """Scan the current home and dbt's folders; print what was found where; 1 when something was."""
    parser = argparse.ArgumentParser(prog="python -m swp.leak_scan", description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, help="more folders of text files to look into")
    given = parser.parse_args(arguments).folders
    home = Home.current()
    try:
        done = scan(home, (PROJECT / "target", PROJECT / "logs", *given))
    except SwpError as error:
        print(f"leak_scan: {error}", file=sys.stderr)
        return error.status
    print(f"Looked for {done.values:,} values in {done.columns:,} columns and {done.files:,} files.")
    for leak in done.leaks:
        print(f"  {leak.place}: {leak.count:,} texts hold a value of {leak.kind}")
    print("Nothing was found." if not done.leaks else f"{len(done.leaks)} places hold something identifying.")
    return 1 if done.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
