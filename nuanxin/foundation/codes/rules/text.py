"""Cleaning of typed text: what an input method or another system added without anyone meaning it."""

from __future__ import annotations

import re
import unicodedata

from .refusal import CodeRefused, Masked

NAME_LIMIT = 40

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_INVISIBLE = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
    + "".join(map(chr, [*range(0x09), *range(0x0E, 0x1C), 0x7F, *range(0x80, 0x85), *range(0x86, 0xA0)]))
    + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC)]))
)

# Full-width letters, digits and the signs that codes use. Chinese punctuation （），：； stays as it is:
# in an address or a company's name it is meant.
_HALF = {chr(c + 0xFEE0): chr(c) for c in range(0x21, 0x7F) if chr(c).isalnum() or chr(c) in "@.-_+*/%=#&'"}

# Kangxi radicals look like the characters they stand for and come out of PDF files.
_RADICALS = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}

_CLEAN = str.maketrans({**dict.fromkeys(_SPACES, " "), **dict.fromkeys(_INVISIBLE, ""), **_HALF, **_RADICALS})

_CODE = str.maketrans(
    {
        **dict.fromkeys(_SPACES + " ", ""),
        **dict.fromkeys(_INVISIBLE, ""),
        **{chr(c + 0xFEE0): chr(c) for c in range(0x21, 0x7F)},
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("●•∗✱﹡×", "*"),
    }
)

_DOTS = str.maketrans(dict.fromkeys("•‧∙・●˙․⋅▪･", "·"))
_DOT_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\xff])\s*[.．]\s*(?=[^\x00-\xff])")
_SPACE_BY_HAN = re.compile(r"(?<=[^\x00-\u024f]) | (?=[^\x00-\u024f])")
_NOT_IN_NAME = re.compile(r"[^\w·\-.' （）()*]|_")
_PLACEHOLDERS = frozenset({"无", "不详", "未知", "暂无", "空", "没有", "NA", "N/A", "NULL", "测试"})


def clean_text(text: str) -> str:
    """Free text: half-width letters and digits, no invisible characters, single spaces, none at the ends."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if " " in text else text
    return " ".join(unicodedata.normalize("NFC", text.translate(_CLEAN)).split())


def clean_code(text: str) -> str:
    """A code: as `clean_text`, and without any space, all half-width, upper case, hidden digits as `*`.

    The apostrophe that spreadsheets put before a number to keep it as text goes too.
    """
    if text.isalnum() and text.isascii():
        return text.upper()
    return text.translate(_CODE).upper().lstrip("'`’")


def clean_name(name: str) -> str:
    """A person's name: 张 三 → 张三, 买买提.艾力 → 买买提·艾力, JOHN  SMITH keeps one space.

    Characters outside the BMP (𬭎) and rare ones (㛃) are left alone.
    """
    text = clean_text(name)
    if text.isascii():
        return text
    text = _DOT_BETWEEN_HAN.sub("·", text.translate(_DOTS))
    return _SPACE_BY_HAN.sub("", text).strip("·")


def parse_name(text: str) -> str:
    """A person's name cleaned, `Masked` when characters are hidden (张*)."""
    # Nearly every name: only Chinese characters of the BMP, which need no cleaning.
    if text.isalpha() and min(text) >= "\u3400" and max(text) < "\uac00" and len(text) <= NAME_LIMIT:
        if text in _PLACEHOLDERS:
            raise CodeRefused("name.placeholder", text=text)
        return text
    name = clean_name(text)
    if not name:
        raise CodeRefused("empty")
    if name.upper() in _PLACEHOLDERS:
        raise CodeRefused("name.placeholder", text=name)
    if len(name) > NAME_LIMIT:
        raise CodeRefused("name.long", limit=NAME_LIMIT)
    if name.isalpha():
        return name
    if any(map(str.isdigit, name)):
        raise CodeRefused("name.digits")
    if bad := _NOT_IN_NAME.search(name):
        raise CodeRefused("name.characters", character=bad.group())
    if not any(map(str.isalpha, name)):
        raise CodeRefused("name.placeholder", text=name)
    return Masked(name) if "*" in name else name
