"""The keyed hash of persons, as SQL: for dbt, and for commands that look a person up or keep one out."""

import hashlib

from duckdb import DuckDBPyConnection


def register_person_hmac(connection: DuckDBPyConnection, key: str) -> None:
    """Make the SQL macro `person_hmac(text)`: HMAC-SHA256 (RFC 2104) under `key`, cut to 128 bits, in hex.

    In SQL, because a Python function takes three times as long a row. The key stays in variables of the
    session: neither the macro nor any compiled statement holds it.
    """
    secret = key.encode()
    block = (secret if len(secret) <= 64 else hashlib.sha256(secret).digest()).ljust(64, b"\0")
    for name, pad in (("person_key_inner", 0x36), ("person_key_outer", 0x5C)):
        connection.execute(f"set variable {name} = unhex('{bytes(byte ^ pad for byte in block).hex()}')")
    connection.execute(
        """
        create or replace temp macro person_hmac(message) as left(
            sha256(
                getvariable('person_key_outer')::blob
                || unhex(sha256(getvariable('person_key_inner')::blob || encode(message)))
            ),
            32
        )
        """
    )
