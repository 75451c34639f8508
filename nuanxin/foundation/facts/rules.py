"""The chain of seals: SM3 (GB/T 32905) over the seal before and the fact, so that no fact can be changed,
removed or slipped in afterwards without every later seal being wrong."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes

GENESIS = b"\0" * 32
"""What stands before the first seal."""


def canonical(fact: Mapping[str, Any]) -> bytes:
    """One spelling of a fact's columns, whatever the zone and the order in which they were read."""
    at: datetime = fact["at"]
    return json.dumps(
        [
            fact["id"],
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            fact["kind"],
            fact["area"],
            fact["sector"],
            fact["subject"],
            fact["actor"],
            fact["quantity"],
            fact["detail"],
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def seal_of(before: bytes, fact: Mapping[str, Any]) -> bytes:
    """The seal of a fact that follows the seal `before`."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(before)
    digest.update(canonical(fact))
    return digest.finalize()
