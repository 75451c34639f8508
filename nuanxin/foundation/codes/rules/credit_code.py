"""Unified social credit codes, GB 32100-2015; characters 9–17 are a GB 11714 code (dossier 3)."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from operator import mul

from .divisions import STATE_REGISTER, division_known
from .refusal import CodeRefused
from .text import clean_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# GB 11714 counts A as 10 up to Z as 35, with no letters left out.
ORGANISATION_VALUES = {character: int(character, 36) for character in ALPHABET}
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# 登记管理部门: 1 机构编制 2 外交 3 司法 4 文化 5 民政 6 旅游 7 宗教 8 工会 9 市场监管 A 军委 N 农业 Y 其他.
DEPARTMENTS = frozenset("123456789ANY")


def organisation_check(first8: str) -> str:
    """The ninth character of a GB 11714 organisation code."""
    total = sum(map(mul, map(ORGANISATION_VALUES.__getitem__, first8), ORGANISATION_WEIGHTS))
    return "0123456789X0"[11 - total % 11] if total % 11 else "0"


def check_character(first17: str) -> str:
    """The 18th character of a credit code."""
    return ALPHABET[-sum(map(mul, map(VALUES.__getitem__, first17), WEIGHTS)) % 31]


def parse_credit_code(text: str, *, divisions: Container[str] | None = None) -> str:
    """The 18 characters in upper case. Look-alikes (O for 0) are refused with their place, never replaced."""
    code = _checked(text)
    if divisions is not None and code[2:8] != STATE_REGISTER and code[2:8] not in divisions:
        raise CodeRefused("credit.division")
    return code


@lru_cache(maxsize=65536)
def _checked(text: str) -> str:
    code = clean_code(text)
    if not code:
        raise CodeRefused("empty")
    if len(code) != 18:
        if len(code) == 15 and code.isdigit():
            raise CodeRefused("credit.old_number")
        if len(code.replace("-", "")) == 9:
            raise CodeRefused("credit.organisation")
        raise CodeRefused("credit.length", length=len(code))
    for place, character in enumerate(code):
        if character not in VALUES:
            raise CodeRefused("credit.characters", position=place + 1, character=character)
    if code[0] not in DEPARTMENTS:
        raise CodeRefused("credit.department", character=code[0])
    if code[2:8] != STATE_REGISTER and not (code[2:8].isdigit() and division_known(code[2:8])):
        raise CodeRefused("credit.division")
    # The inner check first: it covers eight characters only, so its failure says better where to look.
    if code[16] != (expected := organisation_check(code[8:16])):
        raise CodeRefused("credit.organisation_check", expected=expected)
    if code[17] != (expected := check_character(code[:17])):
        raise CodeRefused("credit.check", expected=expected)
    return code
