"""The keys: of the encrypted vault, and of the person keys. From the environment, else generated files.

A key file lies under `SWP_KEYS` (default `~/.config/swp`), never inside `SWP_HOME`, mode 0600, in a folder
per home: its name is in the home's `home.id`, so that a home can be moved. No command prints a key.
"""

import hashlib
import os
import secrets
from pathlib import Path

from swp.errors import SwpError
from swp.paths import Home

ENVIRONMENT = {"vault": "DBT_ENV_SECRET_SWP_VAULT_KEY", "person": "DBT_ENV_SECRET_SWP_PERSON_KEY"}


def key_folder(home: Home) -> Path:
    """Where this home's key files lie."""
    base = Path(os.environ.get("SWP_KEYS") or Path.home() / ".config" / "swp").expanduser().absolute()
    if base.is_relative_to(home.root):
        raise SwpError(
            f"SWP_KEYS ({base}) lies inside SWP_HOME: whoever copies the data would copy its key. "
            "Set SWP_KEYS to a folder elsewhere."
        )
    identity = home.root / "home.id"
    if not identity.exists():
        home.ensure()
        identity.write_text(secrets.token_hex(8) + "\n", encoding="ascii")
    return base / identity.read_text(encoding="ascii").strip()


def key(home: Home, kind: str) -> str:
    """The key `kind` ('vault' or 'person') of `home`; made on first use.

    The first use of the vault's key is the making of the vault, that of the person key the first build, which
    may be long after. Raises SwpError when the key was used and is gone, and when the person key is another
    than it was: a new one would not open the vault, or would name every person anew.
    """
    variable = ENVIRONMENT[kind]
    value = os.environ.get(variable)
    if value is None or value == "":
        value = _from_file(home, kind, variable)
    if kind == "person":
        _remember(home, value, variable)
    return value


def check_person_key(home: Home) -> None:
    """Raise SwpError when persons of `home` were keyed and their key is lost or another; makes no key."""
    if _mark(home).exists():
        key(home, "person")


def fingerprint(value: str) -> str:
    """What tells one key from another and does not give it away."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def _from_file(home: Home, kind: str, variable: str) -> str:
    path = key_folder(home) / f"{kind}.key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    used = home.vault.exists() if kind == "vault" else _mark(home).exists()
    if used:
        holds = "the vault is" if kind == "vault" else "persons were keyed with it"
        raise SwpError(
            f"The {kind} key of {home.root} is lost: neither {variable} nor {path} is there, but {holds}. "
            "Put the key back from your backup; nothing was changed."
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path.read_text(encoding="ascii").strip()


def _mark(home: Home) -> Path:
    """The file of the home that holds the fingerprint of its person key."""
    return home.root / "person_key.id"


def _remember(home: Home, value: str, variable: str) -> None:
    mark = _mark(home)
    if not mark.exists():
        home.ensure()
        mark.write_text(fingerprint(value) + "\n", encoding="ascii")
    elif mark.read_text(encoding="ascii").strip() != fingerprint(value):
        raise SwpError(
            f"The person key of {home.root} is another than the one that its persons were keyed with: all "
            f"would get new keys. Put back the key ({variable}, or its key file); to begin anew on purpose, "
            f"remove {mark} first."
        )
