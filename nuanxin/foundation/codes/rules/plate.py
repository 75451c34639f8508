"""Number plates of motor vehicles, GA 36 (dossier 3), and of e-bikes, which every city makes as it likes."""

from __future__ import annotations

import re

from .refusal import CodeRefused, Masked
from .text import clean_code

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"

_SERIAL = "[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    f"[{PROVINCES}][A-HJ-NP-Z](?:{_SERIAL}{{4}}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJK]{_SERIAL}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
)
_MASKED = re.compile(rf"[{PROVINCES}*][A-HJ-NP-Z*][A-HJ-NP-Z0-9*挂学警港澳]{{5,6}}")
_SIGNS = str.maketrans("", "", "·•.-_—・‧∙ ()")


def parse_plate(text: str) -> str:
    """`湘A12345` (7) or, for new energy, `湘AD12345` / `湘A12345D` (8); `Masked` when digits are hidden."""
    if _PLATE.fullmatch(text):
        return text
    plate = clean_code(text.translate(_SIGNS)).translate(_SIGNS)
    if _PLATE.fullmatch(plate):
        return plate
    if not plate:
        raise CodeRefused("empty")
    if "*" in plate and _MASKED.fullmatch(plate):
        return Masked(plate)
    if plate[0] not in PROVINCES:
        raise CodeRefused("plate.province", character=plate[0])
    if len(plate) not in (7, 8):
        raise CodeRefused("plate.length", length=len(plate))
    if _PLATE.fullmatch(plate.replace("I", "1").replace("O", "0")):
        raise CodeRefused("plate.letters")
    raise CodeRefused("plate.format")


def parse_ebike_plate(text: str, *, pattern: re.Pattern[str] | None = None, example: str = "") -> str:
    """An e-bike's plate by the city's own pattern; without a pattern it is free text.

    `example` shows the pattern in the refusal. Never a condition for anything: empty gives empty.
    """
    plate = clean_code(text.translate(_SIGNS)).translate(_SIGNS)
    if not plate or pattern is None or pattern.fullmatch(plate):
        return plate
    raise CodeRefused("ebike.format", example=example)
