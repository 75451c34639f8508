"""Which six-digit division codes may begin a resident ID or stand inside a credit code.

GB/T 2260; the two digits of the province never changed their meaning, the other four do (亳州 342102 → 341281
→ 3416xx). So the table here is of provinces, and a caller who has the historical list passes it as a set.
"""

from __future__ import annotations

from collections.abc import Container

_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71"
PROVINCES = frozenset(_PROVINCES.split())

# 港澳台居民居住证 (2018): the first six digits are the territory itself, never a county. Dossier 3.
PERMITS = frozenset({"810000", "820000", "830000"})

# 企业 registered with the State's own registration office carry 100000.
STATE_REGISTER = "100000"


def division_known(division: str, historical: Container[str] | None = None) -> bool:
    """Whether the six digits were ever a division: by the caller's set, or by the province alone."""
    if division in PERMITS:
        return True
    if historical is not None:
        return division in historical
    return division[:2] in PROVINCES
