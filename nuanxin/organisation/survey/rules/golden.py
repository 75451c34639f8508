"""One person out of many source rows: which value of each field holds, and for whom the person works.

Pure. A row's values are the normalised ones of the import (`worker_fields`); a value with `*` is masked. Where rows
disagree the order is: a whole value before a masked one, what more rows say (name and id only), the later row,
the community before the department before the platform (who met the person knows best), the smaller row number.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nuanxin.foundation.access.rules import area_level

from ..enums import Party

_TRUST = {Party.COMMUNITY: 0, Party.DEPARTMENT: 1, Party.PLATFORM: 2}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of a committed roster: where it came from, for which day it speaks, what it says."""

    id: int
    round_id: int
    round_start: date
    as_of: date
    party: Party
    area: int
    sector: str
    values: dict[str, Any]

    @property
    def order(self) -> tuple[int, int, int]:
        """Smaller is better: later first, then the more trusted source, then the earlier row."""
        return (-self.as_of.toordinal(), _TRUST[self.party], self.id)


@dataclass(frozen=True, slots=True)
class Work:
    """For whom: a firm (by its name as written), a platform code, or nobody known; a sector; a kind."""

    employer: str
    platform: str
    sector: str


@dataclass(slots=True)
class EngagementFound:
    """A work with the days on which the rosters speak of it; `last_round` is the latest that does."""

    work: Work
    kind: str
    area: int
    site: str
    valid_from: date
    last_round: int


@dataclass(slots=True)
class Golden:
    """What the ledger shows of a person, and what it rests on."""

    values: dict[str, Any]
    area: int
    sector: str
    first_seen: date
    last_seen: date
    engagements: list[EngagementFound]
    parties: dict[int, int] = field(default_factory=dict)  # round → bits of Party
    places: dict[int, tuple[int, frozenset[Work]]] = field(default_factory=dict)  # round → area, works


PLAIN = ("sex", "birth", "education", "union", "injury", "hardship", "note", "address")
NUMBERS = ("idno", "phone", "plate")


def whole(text: str) -> bool:
    """Nothing of the value is masked."""
    return bool(text) and "*" not in text


def golden(rows: Sequence[SourceRow]) -> Golden:
    """The person behind `rows` (at least one). Deterministic and independent of the order of the rows."""
    rows = sorted(rows, key=lambda r: r.order) if len(rows) > 1 else rows
    values: dict[str, Any] = {"name": _name(rows)}
    for code in NUMBERS:
        if found := _number(rows, code):
            values[code] = found
    for code in PLAIN:
        if (found := _first(rows, code)) is not None:
            values[code] = found
    engagements = _engagements(rows)
    area = _place(rows)
    sectors = Counter(r.sector for r in rows if r.sector)
    sector = min(sectors, key=lambda s: (-sectors[s], s)) if sectors else "other"
    result = Golden(
        values, area, sector, min(r.as_of for r in rows), max(r.as_of for r in rows), engagements
    )
    for round_id, members in _by(rows, lambda r: r.round_id).items():
        mask = 0
        for row in members:
            mask |= row.party
        result.parties[round_id] = mask
        result.places[round_id] = (_place(members), frozenset(work_of(r) for r in members))
    return result


def work_of(row: SourceRow) -> Work:
    """The work that a row speaks of; 网点名称 is a firm's name where a roster has no other column for it."""
    v = row.values
    return Work(v.get("employer") or v.get("site") or "", v.get("platform", ""), row.sector or "other")


def born(values: Mapping[str, Any]) -> str:
    """The month of birth that a row knows (1990-01), from the birth column or a whole id; empty when it does not."""
    if birth := str(values.get("birth", ""))[:7]:
        return birth if len(birth) == 7 else ""
    idno = str(values.get("idno", ""))
    return f"{idno[6:10]}-{idno[10:12]}" if len(idno) == 18 and whole(idno) else ""


def _by(rows: Iterable[SourceRow], key: Callable[[SourceRow], Any]) -> dict[Any, list[SourceRow]]:
    groups: dict[Any, list[SourceRow]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _first(rows: Sequence[SourceRow], code: str) -> Any:
    return next((r.values[code] for r in rows if r.values.get(code) not in (None, "")), None)


def _name(rows: Sequence[SourceRow]) -> str:
    """What most rows say; the better row where they are even. Masked names (王*) only when there is no other."""
    names = [r.values.get("name", "") for r in rows]
    names = [n for n in names if whole(n)] or [n for n in names if n]
    count = Counter(names)
    return min(names, key=lambda n: (-count[n], names.index(n))) if names else ""


def _number(rows: Sequence[SourceRow], code: str) -> str:
    """An id is decided by majority (it does not change), a phone and a plate by the better row (they do)."""
    found = [str(r.values[code]) for r in rows if r.values.get(code)]
    found = [n for n in found if whole(n)] or found
    if not found:
        return ""
    if code != "idno":
        return found[0]
    count = Counter(found)
    return min(found, key=lambda n: (-count[n], found.index(n)))


def _place(rows: Sequence[SourceRow]) -> int:
    """The finest place that the best row knows: a community's row names the community, a platform's the district."""
    if len(rows) == 1:
        return rows[0].area
    best: dict[Party, int] = {}
    for row in rows:
        best.setdefault(row.party, row.area)
    return min(best.items(), key=lambda item: (-area_level(item[1]), _TRUST[item[0]]))[1]


def _engagements(rows: Sequence[SourceRow]) -> list[EngagementFound]:
    """One engagement for each work. A row that names no employer adds nothing where another names one in its sector."""
    groups = _by(rows, work_of)
    named = {w.sector for w in groups if w.employer or w.platform}
    firms: dict[tuple[str, str], Work] = {
        (w.platform, w.sector): w for w in sorted(groups, key=repr) if w.platform and w.employer
    }
    joined: dict[Work, list[SourceRow]] = defaultdict(list)
    for work, members in groups.items():
        if not (work.employer or work.platform) and (named and (work.sector in named or work.sector == "other")):
            continue  # "a courier", beside a row that says of whom
        if not work.employer and (firm := firms.get((work.platform, work.sector))):
            work = firm  # "for Meituan", beside a row that names the station's firm
        joined[work] += members
    found = []
    for work in sorted(joined, key=repr):
        members = sorted(joined[work], key=lambda r: r.order)
        since = [_since(r) for r in members]
        found.append(
            EngagementFound(
                work,
                str(_first(members, "kind") or ""),
                _place(members),
                str(_first(members, "site") or ""),
                min(since),
                max(members, key=lambda r: (r.round_start, r.round_id)).round_id,
            )
        )
    return found


def _since(row: SourceRow) -> date:
    """入职日期 where the roster gives a full one that is not after its own day, else the roster's day."""
    text = str(row.values.get("since", ""))
    try:
        return min(date.fromisoformat(text), row.as_of)
    except ValueError:
        return row.as_of
