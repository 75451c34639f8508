"""Telephone numbers: mobile `^1[3-9]\\d{9}$` (dossier 3), kept as 11 digits; landlines apart."""

from __future__ import annotations

import re

from .refusal import CodeRefused, Masked
from .text import clean_code

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PREFIX = re.compile(r"^(?:\(?(?:\+|00)86\)?-?|86(?=1[3-9][0-9]{9}$))")
_MASKED = re.compile(r"1[3-9*][0-9*]{9}")
_HIDDEN = re.compile(r"X{3,}")
_SEVERAL = re.compile(r"[/;,、；，|]|或")
_BARE = str.maketrans("", "", "-()._")
# Area codes: 010, 02x with eight digits, 03xx–09xx with seven or eight; then an extension.
_LANDLINE = re.compile(
    r"(?:\(?(0(?:10|2[0-9]|[3-9][0-9]{2}))\)?-?)?([2-8][0-9]{6,7})(?:(?:-|转|#|EXT\.?)([0-9]{1,6}))?"
)
_HOTLINE = re.compile(r"[48]00[0-9]{7}|9[56][0-9]{3,6}|1[0-2][0-9](?:[0-9]{2})?")


def parse_mobile(text: str) -> str:
    """Eleven digits of a mainland mobile number, or `Masked` (138****1234).

    Accepts +86, 0086, 86, spaces, dashes, dots, brackets and full-width digits.
    """
    if len(text) == 11 and _MOBILE.fullmatch(text):
        return text
    code = clean_code(text)
    if not code:
        raise CodeRefused("empty")
    number = _PREFIX.sub("", code).translate(_BARE)
    if _MOBILE.fullmatch(number):
        return number
    if len(number) == 11:
        hidden = _HIDDEN.sub(lambda m: "*" * len(m.group()), number)
        if "*" in hidden and _MASKED.fullmatch(hidden):
            return Masked(hidden)
    if len(split_phones(code)) > 1:
        raise CodeRefused("mobile.several")
    if _landline(code):
        raise CodeRefused("mobile.landline")
    if not (number.isascii() and number.isdigit()):
        raise CodeRefused("mobile.characters")
    if len(number) != 11:
        raise CodeRefused("mobile.length", length=len(number))
    raise CodeRefused("mobile.prefix")


def _landline(code: str) -> str | None:
    number = re.sub(r"^\(?(?:\+|00)86\)?-?(?=[1-9])", "0", code)
    if match := _LANDLINE.fullmatch(number):
        area, local, extension = match.groups()
        return "-".join(part for part in (area, local, extension) if part)
    bare = number.replace("-", "")
    return bare if _HOTLINE.fullmatch(bare) else None


def parse_landline(text: str) -> str:
    """`0731-84012345`, `0731-84012345-801`, a local number without area code, or a short or 400 number."""
    code = clean_code(text)
    if not code:
        raise CodeRefused("empty")
    if number := _landline(code):
        return number
    raise CodeRefused("landline.format")


def parse_phone(text: str) -> str:
    """A mobile number where it is one, else a landline; the refusal is that of the mobile number."""
    try:
        return parse_mobile(text)
    except CodeRefused as refused:
        if refused.code == "mobile.landline":
            return parse_landline(text)
        raise


def is_mobile(number: str) -> bool:
    """Whether a normalised number is a full mobile number."""
    return len(number) == 11 and _MOBILE.fullmatch(number) is not None


def split_phones(text: str) -> list[str]:
    """The numbers of a cell that holds several (`13800001234/13900001234`), unchecked, in order."""
    return [part for part in _SEVERAL.split(clean_code(text)) if part]


def to_e164(mobile: str) -> str:
    """`+8613800001234` for providers and links; the ledger keeps the eleven digits."""
    return "+86" + mobile
