"""Where the keys of an installation come from.

`NUANXIN_VAULT_KEYS` (a JSON object as written to the key file) when a key service provides them; otherwise
a file in the installation's home that only its owner may read, made at the first start.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from .rules import Keyring


def load_keyring(home: Path, environ: Mapping[str, str]) -> Keyring:
    """The keys in force. Raises ValueError when the key text cannot be read: a wrong key must stop the start."""
    if text := environ.get("NUANXIN_VAULT_KEYS"):
        return Keyring.from_json(text)
    return Keyring.from_json(_once(home / "vault.json", lambda: Keyring.new().to_json()))


def add_key(home: Path) -> Keyring:
    """A new sealing key becomes the current one; the older stay, so that what they sealed can be opened."""
    ring = Keyring.from_json((home / "vault.json").read_text()).with_new_key()
    fresh = home / "vault.json.new"
    fresh.touch(0o600)
    fresh.write_text(ring.to_json())
    fresh.replace(home / "vault.json")
    return ring


def installation_secret(home: Path) -> str:
    """The secret that signs sessions and links, made once per installation."""
    return json.loads(_once(home / "secret.json", lambda: json.dumps({"secret": secrets.token_urlsafe(50)})))[
        "secret"
    ]


def _once(path: Path, make) -> str:
    """Two starts at once must agree: the file is linked into place complete, and the first one wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
            f.write(make())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
