"""Rounds and what changes from one to the next. F55: 每季度组织开展一次拉网式摸排."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nuanxin.foundation.access.rules import area_range

from ..enums import Change, Party
from .golden import Work

QUARTERS = "一二三四"
Place = tuple[int, frozenset[Work]]
"""Where a round found a person, and working for whom."""


def quarter(day: date) -> tuple[str, date, date]:
    """Name, first and last day of the quarter of a day: 2026年第四季度, 2026-10-01, 2026-12-31."""
    number = (day.month - 1) // 3
    first = date(day.year, number * 3 + 1, 1)
    following = date(day.year + number // 3, (number * 3 + 3) % 12 + 1, 1)
    return f"{day.year}年第{QUARTERS[number]}季度", first, following - timedelta(days=1)


def next_quarter_after(last: date) -> tuple[str, date, date]:
    """The quarter that begins after the last day of another."""
    return quarter(last + timedelta(days=1))




def change(now: Place | None, before: Place | None) -> Change:
    """Where a person stands against the round before; at least one of the two is given.

    Moved: another street or community than before (a coarser or finer word for the same place is no move),
    or none of the former works among the present ones.
    """
    if now is None:
        return Change.LEFT
    if before is None:
        return Change.NEW
    if not _same_place(now[0], before[0]):
        return Change.MOVED
    firms = {w.employer or w.platform for w in now[1]} - {""}
    former = {w.employer or w.platform for w in before[1]} - {""}
    return Change.MOVED if firms and former and not firms & former else Change.STAYED


def _same_place(one: int, two: int) -> bool:
    (lower, upper), (start, end) = area_range(one), area_range(two)
    return lower <= two < upper or start <= one < end


@dataclass(frozen=True)
class Spoken:
    """Of whom a round's rosters speak, so that nobody is missed by an office that never spoke of such people.

    Departments answer for the sectors in their rosters, platforms for their own people, streets and communities for
    those who stand in their area.
    """

    sectors: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    areas: frozenset[int] = frozenset()

    def missing(self, place: Place, named: int) -> int:
        """Bits of the parties that ought to name a person of this place and these works, and do not (三方比对)."""
        area, works = place
        expected = 0
        if any(w.sector in self.sectors for w in works):
            expected |= Party.DEPARTMENT
        if any(w.platform in self.platforms for w in works if w.platform):
            expected |= Party.PLATFORM
        if any(lower <= area < upper for lower, upper in map(area_range, self.areas)):
            expected |= Party.COMMUNITY
        return expected & ~named

    def to_json(self) -> dict[str, list[Any]]:
        return {"sectors": sorted(self.sectors), "platforms": sorted(self.platforms), "areas": sorted(self.areas)}

    @classmethod
    def from_json(cls, raw: Mapping[str, list[Any]]) -> "Spoken":
        return cls(*(frozenset(raw.get(k, [])) for k in ("sectors", "platforms", "areas")))


def party_of(unit_kind: str) -> Party:
    """Which of the three a unit speaks for: platform · street or community · everybody else is a department."""
    if unit_kind == "platform":
        return Party.PLATFORM
    if unit_kind in ("street", "community"):
        return Party.COMMUNITY
    return Party.DEPARTMENT
