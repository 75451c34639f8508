"""Two spellings of one thing side by side: which characters differ, and what of a number may be seen.

Pure. Numbers stay masked; where two whole numbers differ in a digit or two, just those digits are shown, because
they are what has to be judged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

FEW = 2
"""Differing digits that are shown of a masked number; two numbers that differ in more are simply two numbers."""


@dataclass(frozen=True)
class Piece:
    """Some characters of a value, alike or different from the other side."""

    text: str
    differs: bool = False


Pieces = tuple[Piece, ...]


def side_by_side(left: str, right: str) -> tuple[Pieces, Pieces]:
    """Two texts in pieces; where they have little in common, each is one piece."""
    if not left or not right or left == right:
        return _whole(left), _whole(right)
    one, two = _differing(left, right)
    if not one and not two:
        return _whole(left), _whole(right)
    if len(one) == len(left) or len(two) == len(right):
        return (Piece(left, True),), (Piece(right, True),)
    return _cut(left, one), _cut(right, two)


def numbers_side_by_side(left: str, right: str, mask: Callable[[str], str]) -> tuple[Pieces, Pieces]:
    """Two numbers in pieces, masked but for one or two differing digits; what came masked stays as it came."""
    shown = [text if not text or "*" in text else mask(text) for text in (left, right)]
    if not left or not right or left == right:
        return _whole(shown[0]), _whole(shown[1])
    one, two = _differing(left, right)
    if "*" in left or "*" in right:
        one, two = _visible(one, left, right), _visible(two, right, left)
    if max(len(one), len(two)) > FEW or len(left) != len(shown[0]) or len(right) != len(shown[1]):
        return (Piece(shown[0], True),), (Piece(shown[1], True),)
    opened = ["".join(raw[i] if i in at else s[i] for i in range(len(raw)))
              for raw, s, at in ((left, shown[0], one), (right, shown[1], two))]  # fmt: skip
    return _cut(opened[0], one), _cut(opened[1], two)


def _whole(text: str) -> Pieces:
    return (Piece(text),) if text else ()


def _visible(at: set[int], own: str, other: str) -> set[int]:
    """A star says nothing about the digit below it."""
    return {i for i in at if own[i] != "*" and not (i < len(other) and other[i] == "*")}


def _differing(left: str, right: str) -> tuple[set[int], set[int]]:
    """Positions on each side; of equal lengths position by position where that explains it with few."""
    if len(left) == len(right):
        at = {i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b}
        if len(at) <= max(FEW, len(left) // 3) or "*" in left + right:
            return at, set(at)
    one, two = set[int](), set[int]()
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            one |= set(range(a, b))
            two |= set(range(c, d))
    return one, two


def _cut(text: str, at: set[int]) -> Pieces:
    pieces: list[Piece] = []
    for i, character in enumerate(text):
        if pieces and pieces[-1].differs == (i in at):
            pieces[-1] = Piece(pieces[-1].text + character, i in at)
        else:
            pieces.append(Piece(character, i in at))
    return tuple(pieces)
