"""How Chinese characters sound: toneless pinyin, and a coarser form for what southern speakers mix up."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

# Characters that sound differently as a surname than in a word.
_SURNAME_SOUNDS = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "查": "zha", "任": "ren", "区": "ou", "朴": "piao",
    "翟": "zhai", "盖": "ge", "乐": "yue", "冼": "xian", "缪": "miao", "覃": "qin", "种": "chong", "折": "she",
    "召": "shao", "尉": "yu", "万": "wan", "牟": "mou", "燕": "yan", "纪": "ji", "宁": "ning", "褚": "chu",
    "朝": "chao", "员": "yun", "贲": "ben", "繁": "po", "逄": "pang", "晟": "cheng", "卜": "bu", "令": "ling",
}  # fmt: skip


@cache
def _sound(character: str, surname: bool) -> str:
    if surname and character in _SURNAME_SOUNDS:
        return _SURNAME_SOUNDS[character]
    return lazy_pinyin(character)[0]


@cache
def _coarse(sound: str) -> str:
    """zh, ch, sh as z, c, s; -ng as -n; l as n; hu- as f-: the pairs that are mixed up when a name is dictated."""
    flat = re.sub(r"^([zcs])h", r"\1", sound)
    flat = re.sub(r"ng$", "n", flat)
    return re.sub(r"^l", "n", flat)


def sound_codes(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Exact and coarse sound of each code point of a name matrix (rows × places); the first place is a
    surname.

    Codes are made from the letters of the sound alone, so they do not depend on what else is in the matrix.
    """
    exact = np.zeros(points.shape, dtype=np.uint64)
    coarse = np.zeros(points.shape, dtype=np.uint64)
    for surname, at in ((True, slice(0, 1)), (False, slice(1, None))):
        part = points[:, at]
        present = np.zeros(0x110000, dtype=bool)
        present[part.ravel()] = True
        present[0] = False
        codes = np.zeros((2, len(present)), dtype=np.uint64)
        for point in np.flatnonzero(present).tolist():
            sound = _sound(chr(point), surname)
            codes[:, point] = _number(sound), _number(_coarse(sound))
        exact[:, at], coarse[:, at] = codes[0][part], codes[1][part]
    return exact, coarse


def _number(sound: str) -> int:
    return int.from_bytes(sound.encode("utf-8")[:7], "little")
