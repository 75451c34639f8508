"""Which area a messy text means, inside one place: exactly one, or candidates, never a guess."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz, process

from . import area_level, area_range
from .names import full_forms, short_forms, tidy

REMEMBERED = 100_000
"""Texts of one resolver that are remembered: 200,000 rows of a roster repeat few hundred."""

FILLERS = ("中国", "中华人民共和国", "市辖区")


class Outcome(StrEnum):
    FOUND = "found"
    EMPTY = "empty"  # nothing written
    UNKNOWN = "unknown"  # no such place here; candidates look alike
    AMBIGUOUS = "ambiguous"  # several places fit equally
    OUTSIDE = "outside"  # a place around ours is named, not one inside


@dataclass(frozen=True)
class Resolution:
    """`code` only when found. `rest` is the part of an address behind the place: "3栋201"."""

    outcome: Outcome
    code: int | None = None
    candidates: tuple[int, ...] = ()
    rest: str = ""


@dataclass(frozen=True)
class Place:
    """A place as the resolver needs it."""

    code: int
    name: str
    former: tuple[str, ...] = ()  # earlier names: 望城县 of 望城区
    former_codes: tuple[int, ...] = ()


@dataclass
class AreaResolver:
    """Resolves texts inside `root`; the places above it may be written in front.

    A whole name beats a short form, however deep: "星沙街道" is the street even where a 星沙街 社区 exists.
    What then still fits several places is ambiguous. Former names come last: 亳州 is the city, not 谯城区.
    """

    root: int
    places: Iterable[Place]
    _memory: dict[tuple[str, bool], Resolution] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._forms: dict[str, list[tuple[int, int]]] = defaultdict(list)  # form → (code, cost)
        self._names: dict[int, str] = {}
        self._former: dict[int, set[int]] = defaultdict(set)
        lower, upper = area_range(self.root)
        self._inside = range(lower, upper)
        for place in self.places:
            self._names[place.code] = place.name
            whole = full_forms(place.name)
            short = set(short_forms(place.name))
            old = {f for former in place.former for f in full_forms(former) | short_forms(former)}
            for cost, forms in enumerate((whole, short - whole, old - short - whole)):
                for form in forms:
                    self._forms[form].append((place.code, cost))
            for code in place.former_codes:
                self._former[code].add(place.code)
        self._longest = max(map(len, self._forms), default=0)

    def resolve(self, text: str, *, address: bool = False) -> Resolution:
        """The place a text names. With `address` what follows the place may be anything (road, house, room).

        Digits are read as a code of 2 to 15 digits.
        """
        key = (text, address)
        if key not in self._memory:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            self._memory[key] = self._resolve(tidy(text), address)
        return self._memory[key]

    def _resolve(self, text: str, address: bool) -> Resolution:
        if not text:
            return Resolution(Outcome.EMPTY)
        if text.isascii() and text.isdigit():
            return self._by_code(text)
        best: dict[int, tuple[int, int]] = {}  # code → (cost, characters used)
        self._walk(text, 0, 0, 0, address, best)
        if not best:
            return Resolution(Outcome.UNKNOWN, candidates=self.alike(text))
        # in an address the reading that uses most of the text, then whole names before short forms
        top = min((-used, cost) for cost, used in best.values())
        codes = sorted(c for c, (cost, used) in best.items() if (-used, cost) == top)
        found = [c for c in codes if c in self._inside]
        rest = text[-top[0] :]
        if not found:
            return Resolution(Outcome.OUTSIDE, candidates=tuple(codes), rest=rest)
        # 长沙 within 长沙市: the city itself and the county fit; both stay, the writer must say which
        if len(found) == 1:
            return Resolution(Outcome.FOUND, found[0], (found[0],), rest)
        return Resolution(Outcome.AMBIGUOUS, None, tuple(found), rest)

    def _walk(
        self, text: str, at: int, within: int, cost: int, address: bool, best: dict[int, tuple[int, int]]
    ) -> None:
        """Reads one more name at `at`; each name lies strictly inside the one before."""
        for filler in FILLERS:
            if text.startswith(filler, at):
                self._walk(text, at + len(filler), within, cost, address, best)
        lower, upper = area_range(within)
        for end in range(min(len(text), at + self._longest), at, -1):
            for code, extra in self._forms.get(text[at:end], ()):
                if within and not (lower < code < upper):
                    continue
                total = cost + extra
                if (address or end == len(text)) and (-end, total) < (
                    (-best[code][1], best[code][0]) if code in best else (1, 0)
                ):
                    best[code] = (total, end)
                if end < len(text) and area_level(code) < 6:
                    self._walk(text, end, code, total, address, best)

    def _by_code(self, digits: str) -> Resolution:
        code = int(digits) * 10 ** (15 - len(digits)) if len(digits) in (2, 4, 6, 9, 12, 15) else -1
        if code not in self._names:
            # a code of former days stands for what became of it, when that is one place
            became = tuple(sorted(self._former.get(code, ())))
            if len(became) != 1:
                return Resolution(Outcome.AMBIGUOUS if became else Outcome.UNKNOWN, None, became)
            code = became[0]
        if code not in self._inside:
            return Resolution(Outcome.OUTSIDE, candidates=(code,))
        return Resolution(Outcome.FOUND, code, (code,))

    @cached_property
    def _choices(self) -> dict[int, str]:
        return {c: n for c, n in self._names.items() if c in self._inside}

    def alike(self, text: str, limit: int = 5) -> tuple[int, ...]:
        """Places whose name looks like the text: to show to a person, never to take."""
        hits = process.extract(text, self._choices, scorer=fuzz.ratio, score_cutoff=60, limit=limit)
        return tuple(code for _name, _score, code in hits)
