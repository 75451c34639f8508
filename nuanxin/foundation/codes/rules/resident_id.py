"""Resident identity numbers, GB 11643-1999 (dossier 3): 6 division, 8 birth date, 3 sequence, 1 check.

The weighted sum is split into three looked-up parts, because whole rosters repeat divisions and dates.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from functools import lru_cache

from .divisions import division_known
from .refusal import CodeRefused, Masked
from .text import clean_code

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EARLIEST_YEAR = 1900

_SEQUENCE = {
    f"{n:03}": sum(int(d) * w for d, w in zip(f"{n:03}", WEIGHTS[14:], strict=True)) for n in range(1000)
}
_HIDDEN = re.compile(r"X{3,}")
_MASKED = re.compile(r"[0-9*]{17}[0-9X*]")


@lru_cache(maxsize=16384)
def _division_sum(division: str) -> int:
    return sum(int(d) * w for d, w in zip(division, WEIGHTS, strict=False))


@lru_cache(maxsize=65536)
def _birth(digits: str) -> tuple[int, int]:
    """(weighted sum, proleptic ordinal of the day) of `YYYYMMDD`; ordinal 0 when there is no such day."""
    total = sum(int(d) * w for d, w in zip(digits, WEIGHTS[6:], strict=False))
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return total, 0
    return total, day.toordinal() if day.year >= EARLIEST_YEAR else 0


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits."""
    return CHECKS[(_division_sum(first17[:6]) + _birth(first17[6:14])[0] + _SEQUENCE[first17[14:]]) % 11]


def parse_resident_id(text: str, *, today: date, divisions: Container[str] | None = None) -> str:
    """The 18 characters with a capital X; 15-digit numbers are lengthened; `Masked` for 4305**********0014.

    `divisions` is every six-digit code that was ever valid; without it only the province is checked.
    """
    number = text
    if not (len(number) == 18 and number.isascii() and number.isdigit()):
        number = clean_code(text)
        if len(number) == 15 and number.isascii() and number.isdigit():
            # The 15-digit form was last issued in 1999, so the century is certain.
            number = number[:6] + "19" + number[6:]
            number += check_digit(number)
        elif not (len(number) == 18 and number[:17].isdigit() and number.isascii()):
            return _parse_unusual(number)
    division_sum = _division_sum(number[:6])
    birth_sum, birth_day = _birth(number[6:14])
    expected = CHECKS[(division_sum + birth_sum + _SEQUENCE[number[14:17]]) % 11]
    if expected != number[17]:
        if number[17] not in CHECKS:
            raise CodeRefused("id.characters")
        raise CodeRefused("id.destroyed" if number.endswith("000") else "id.check", expected=expected)
    if not birth_day:
        raise CodeRefused("id.birth")
    if birth_day > today.toordinal():
        raise CodeRefused("id.future")
    if not division_known(number[:6], divisions):
        raise CodeRefused("id.division")
    return number


def _parse_unusual(number: str) -> str:
    if not number:
        raise CodeRefused("empty")
    hidden = _HIDDEN.sub(lambda m: "*" * len(m.group()), number) if len(number) == 18 else number
    if "*" in hidden:
        if len(hidden) == 18 and _MASKED.fullmatch(hidden):
            return Masked(hidden)
        raise CodeRefused("id.masked")
    if len(number) not in (15, 18):
        raise CodeRefused("id.length", length=len(number))
    raise CodeRefused("id.characters")


def birth_date(number: str) -> date:
    """The birth date within a number that `parse_resident_id` returned (not a masked one)."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """`M` or `F`, from the parity of the 17th digit."""
    return "M" if int(number[16]) % 2 else "F"


def division(number: str) -> str:
    """The six digits of the division in which the number was first given; not where the person lives."""
    return number[:6]
