"""Cell text without what nobody typed on purpose: odd spaces, invisible signs, full-width letters and digits.

Works on whole columns: most columns are clean, and one search through the joined column proves it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb"
)
_HALF = "".join(chr(c + 0xFEE0) for c in range(0x21, 0x7F) if chr(c).isalnum() or chr(c) in "@.-_+*/%=#&'")
_COMBINING = "\u0300-\u036f\u2f00-\u2fd5\uf900-\ufaff"

_ANY_SPACE = re.compile(f"[{_SPACES} ]+")
_GONE = re.compile(f"[{_INVISIBLE}]")
_TO_HALF = str.maketrans({c: chr(ord(c) - 0xFEE0) for c in _HALF})
_RADICALS = re.compile("[\u2f00-\u2fd5]")
# The line feed joins the column for the search, so it is missing here and counted instead.
_SUSPECT = re.compile(f"[{_SPACES.replace(chr(10), '')}{_INVISIBLE}{re.escape(_HALF)}{_COMBINING} ]")


def tidy(text: str) -> str:
    """Half-width letters and digits, single spaces, none at the ends; Chinese punctuation stays."""
    if text.isascii():
        if text.isprintable() and " " not in text:
            return text
    else:
        text = _RADICALS.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text.translate(_TO_HALF))
        text = unicodedata.normalize("NFC", text)
    return _ANY_SPACE.sub(" ", _GONE.sub("", text)).strip(" ")


class _Tidied(dict[str, str]):
    def __missing__(self, text: str) -> str:
        self[text] = clean = tidy(text)
        return clean


def tidy_column(values: Sequence[Any]) -> list[Any]:
    """`tidy` for every string of a column; other values stay as they are."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = "\n".join(values)
        if joined.count("\n") == len(values) - 1 and not _SUSPECT.search(joined):
            return list(values)
        return list(map(_Tidied().__getitem__, values))
    if str not in kinds:
        return list(values)
    known = _Tidied()
    return [known[value] if type(value) is str else value for value in values]


def squeeze(text: str) -> str:
    """A label without any space at all: `联系\\n电话` → 联系电话; spaces between Latin words stay."""
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", tidy(text))
