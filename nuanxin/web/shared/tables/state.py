"""The state of a table as it stands in an address, and the sealing of what was searched for."""

import base64
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from nuanxin.foundation.vault.queries import keyring
from nuanxin.foundation.vault.rules import CannotOpen

SEALED = "~"
PURPOSE = "table.search"


def seal_search(text: str) -> str:
    """A searched name or number for an address: it can be opened by this installation only."""
    sealed = keyring().seal(PURPOSE, text)
    return SEALED + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_search(text: str) -> str:
    """The text behind a sealed search; "" when it was not sealed here."""
    try:
        raw = base64.urlsafe_b64decode(text[len(SEALED) :] + "===")
        return keyring().open(PURPOSE, raw)
    except (CannotOpen, ValueError, IndexError):
        return ""


@dataclass(frozen=True)
class State:
    """Everything that decides what the screen shows. Empty `columns`, `size`: the default."""

    q: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    size: int = 0
    columns: tuple[str, ...] = ()

    def with_(self, **changes: Any) -> "State":
        """Changed; whatever changes the rows goes back to page 1. `filters` are merged, () takes one off."""
        if "filters" in changes:
            merged = {**self.filters, **changes["filters"]}
            changes["filters"] = {k: v for k, v in merged.items() if v}
        if changes.keys() - {"page"}:
            changes.setdefault("page", 1)
        return replace(self, **changes)

    def query(self, *, sealed: bool, prefix: str = "") -> str:
        """The canonical query string, without "?". Commas stay readable."""
        pairs: list[tuple[str, str]] = []
        if self.q:
            pairs.append(("q", seal_search(self.q) if sealed else self.q))
        pairs += [(code, ",".join(values)) for code, values in self.filters.items()]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("cols", ",".join(self.columns))] if self.columns else []
        pairs += [("size", str(self.size))] if self.size else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return "&".join(f"{prefix}{quote(k)}={quote(v, safe=',:.~')}" for k, v in pairs)
