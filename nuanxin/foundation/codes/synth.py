"""Invented codes that pass every check, for the demo and the tests.

The same `random.Random` gives the same codes. They may by chance equal a real person's number:
never publish them as anything but examples.
"""

from __future__ import annotations

import random
from datetime import date

from .rules.credit_code import check_character, organisation_check
from .rules.resident_id import check_digit

_PREFIXES = (
    "130 131 132 133 134 135 136 137 138 139 147 150 151 152 153 155 156 157 158 159 166 172 173 175 176 177 "
    "178 180 181 182 183 184 185 186 187 188 189 191 193 195 196 198 199"
)
_MOBILE_PREFIXES = _PREFIXES.split()
# The alphabet of GB 32100, which leaves out I O S V Z.
_BODY = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SERIAL_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def fake_id(rng: random.Random, division: str, birth: date, sex: str) -> str:
    """A valid 18-character resident ID; `sex` is M or F, `division` six digits."""
    sequence = rng.randrange(1, 999) // 2 * 2 + (sex == "M")
    first17 = f"{division}{birth:%Y%m%d}{sequence or 2:03}"
    return first17 + check_digit(first17)


def fake_credit_code(rng: random.Random, division: str, *, kind: str = "91") -> str:
    """A valid credit code; `kind` 91 company, 92 self-employed, 52 private non-enterprise unit."""
    body = "MA" + "".join(rng.choices(_BODY, k=6))
    first17 = kind + division + body + organisation_check(body)
    return first17 + check_character(first17)


def fake_mobile(rng: random.Random) -> str:
    """Eleven digits of a mobile number."""
    return f"{rng.choice(_MOBILE_PREFIXES)}{rng.randrange(10**8):08}"


def fake_plate(rng: random.Random, prefix: str) -> str:
    """A plate with the prefix of its city (湘A): a third of them new energy (8 characters)."""
    if rng.random() < 0.35:
        return f"{prefix}{rng.choice('DF')}{rng.randrange(10**5):05}"
    digits = list(f"{rng.randrange(10**5):05}")
    digits[rng.randrange(5)] = rng.choice(_SERIAL_LETTERS)
    return prefix + "".join(digits)
