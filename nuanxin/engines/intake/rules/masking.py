"""What a screen shows of a cell before anybody has given a reason to see the whole."""

from __future__ import annotations

from collections.abc import Callable

from nuanxin.foundation.codes.rules import mask_id, mask_name, mask_phone, mask_plate
from nuanxin.foundation.sheets.rules import value_hint

LONGEST = 24
HAN = range(0x3400, 0xA000)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _address(text: str) -> str:
    """The first six characters (a street, as a rule), never the house."""
    return text[:6] + "***" if len(text) > 6 else text


def _unknown(text: str) -> str:
    """A column that nobody has explained: digits hidden, and what may be a name."""
    if 2 <= len(text) <= 4 and all(ord(c) in HAN for c in text):
        return mask_name(text)
    return value_hint(text)


MASKS: dict[str, Callable[[str], str]] = {
    "": _shortened,
    "name": mask_name,
    "id": mask_id,
    "phone": mask_phone,
    "plate": mask_plate,
    "address": _address,
    "year": lambda text: text[:4] + "…" if len(text) > 4 else text,
    "hide": lambda text: "＊＊＊",
    "unknown": _unknown,
}


def masked(text: str, mask: str) -> str:
    """The text as `mask` (a key of MASKS) lets it be seen."""
    return MASKS[mask](text) if text else ""
