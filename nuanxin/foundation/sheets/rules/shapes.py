"""What the values of a column look like, to find its meaning where the header does not say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from .cells import Destroyed, exact_text
from .dates import CellError, parse_date

SAMPLE = 200

# The hundred surnames that most people in China have; enough to tell a column of names from one of platforms.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇欧阿买艾"
)
_SPACING = str.maketrans("", "", " -·.()（）'")
_ID = re.compile(r"[0-9*]{17}[0-9Xx*]|[0-9]{15}")
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{18}")
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?1[3-9][0-9*]{9}")
_LANDLINE = re.compile(r"0[0-9]{9,11}|[2-8][0-9]{6,7}|400[0-9]{7}")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-HJ-NP-Z][0-9A-Z挂学警港澳*]{5,6}")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff*]{2,4}|[\u3400-\u9fff]+·[\u3400-\u9fff·]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%?")


def _compact(text: str) -> str:
    return text.translate(_SPACING)


def _is_date(value: Any) -> bool:
    try:
        return bool(parse_date(value))
    except CellError:
        return False


def _is_id(text: str) -> bool:
    text = _compact(text)
    if not _ID.fullmatch(text):
        return False
    # A credit code of digits only begins with 9 and has no birth date in the middle.
    return len(text) == 15 or text[6:8] in {"19", "20", "**"}


_TESTS: dict[str, Callable[[str], bool]] = {
    "resident_id": _is_id,
    "credit_code": lambda text: bool(_CREDIT.fullmatch(_compact(text))) and not _is_id(text),
    "mobile": lambda text: bool(_MOBILE.fullmatch(_compact(text))),
    "phone": lambda text: bool(_MOBILE.fullmatch(_compact(text)) or _LANDLINE.fullmatch(_compact(text))),
    "plate": lambda text: bool(_PLATE.fullmatch(_compact(text).upper())),
    "name": lambda text: text[:1] in _SURNAMES and bool(_NAME.fullmatch(_compact(text))),
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "integer": lambda text: bool(_NUMBER.fullmatch(text)),
}
# Kinds whose values show what they are even under a header that says nothing.
TELLING = ("resident_id", "credit_code", "mobile", "phone", "plate", "name")


def share_of_kind(values: Sequence[Any], kind: str) -> float | None:
    """The share of the filled cells among the first 200 that look like the kind; None when that says nothing."""
    filled = [value for value in values[:SAMPLE] if value != ""]
    if len(filled) < 3:
        return None
    if kind in ("date", "month"):
        return sum(map(_is_date, filled)) / len(filled)
    test = _TESTS.get(kind)
    if test is None:
        return None
    hits = 0
    for value in filled:
        text = exact_text(value)
        # A destroyed number of 18 digits was an ID, whatever is left of it.
        hits += kind == "resident_id" if isinstance(text, Destroyed) else test(text)
    if kind == "name" and len(set(map(str, filled))) < len(filled) / 3:
        return 0.0
    return hits / len(filled)
