"""What is shown of a number or a name to someone who has no reason to see the whole."""

from __future__ import annotations

from .pinyin import COMPOUND_SURNAMES


def _middle(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_phone(number: str) -> str:
    """13800001234 → 138****1234; 0731-84012345 → 0731-****2345."""
    area, dash, local = number.partition("-")
    if dash and area.startswith("0"):
        return f"{area}-{_middle(local, 0, min(4, len(local) // 2))}"
    return _middle(number, 3, 4)


def mask_id(number: str) -> str:
    """430511199001010014 → 4305**********0014: neither county nor birth date is left."""
    return _middle(number, 4, 4)


def mask_plate(plate: str) -> str:
    """湘A12345 → 湘A***45."""
    return _middle(plate, 2, 2)


def mask_name(name: str) -> str:
    """张三丰 → 张**, 欧阳锋 → 欧阳*, 买买提·艾力 → 买***** : the surname stays, the length stays."""
    if len(name) < 2:
        return "*" * len(name)
    return _middle(name, 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1, 0)
