"""The keys: of the encrypted vault, and of the person keys. From the environment, else generated files.

A key file lies under `SWP_KEYS` (default `~/.config/swp`), never inside `SWP_HOME`, mode 0600, in a folder
per home: its name is in the home's `home.id`, so that a home can be moved. No command prints a key.
"""

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

    Raises SwpError when a vault exists but its key is gone: making a new one would not open it.
    """
    variable = ENVIRONMENT[kind]
    if value := os.environ.get(variable):
        return value
    path = key_folder(home) / f"{kind}.key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if home.vault.exists():
        raise SwpError(
            f"The {kind} key of {home.root} is lost: neither {variable} nor {path} is there, but the vault "
            "is. Put the key back from your backup; nothing was changed."
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path.read_text(encoding="ascii").strip()
