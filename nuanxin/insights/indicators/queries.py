"""The figures, computed from the records at the moment they are asked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Grant, Scope, area_level, area_range
from nuanxin.organisation.survey.enums import Change, TaskState
from nuanxin.organisation.survey.models import ChecklistMark, Round, Standing, Task
from nuanxin.organisation.survey.queries import checklist
from nuanxin.registry.areas.queries import children, labels
from nuanxin.registry.enterprises.queries import ledger
from nuanxin.registry.people.queries import rosters

from .rules import BOOKS, INDICATORS, MEASURES, SMALL, Figure, Indicator, closed_cells, say

VIEW = Permission.INDICATORS_VIEW
CHANGES = {"new": Change.NEW, "left": Change.LEFT, "moved": Change.MOVED}


def figure(scope: Scope, code: str, area: int, on: date | None = None) -> Figure:
    """One figure for an area as of a day (default: today), within the scope. KeyError for an unknown code."""
    indicator, today = INDICATORS[code], timezone.localdate()
    day = min(on or today, today)
    numerator, denominator = _parts(scope, code, area, day)
    rate = bool(indicator.denominator)
    value: float | int | None = numerator
    if rate:
        value = round(100 * numerator / denominator, 1) if numerator is not None and denominator else None
    closed = (
        indicator.people
        and not rate
        and value is not None
        and 0 < value < SMALL
        and not _handles(scope, indicator, area)
    )
    unit = str(indicator.unit)
    text = "—" if value is None else f"{value:g}{unit}" if rate else say(int(value), unit)
    return Figure(
        indicator=indicator,
        area=area,
        value=None if closed else value,
        unit=unit,
        text=f"<{SMALL}{unit}" if closed else text,
        definition=str(indicator.definition),
        as_of=day,
        cutoff=timezone.now()
        if day == today
        else timezone.make_aware(datetime.combine(day, time(23, 59, 59))),
        numerator=None if closed else numerator,
        denominator=denominator,
        closed=closed,
    )


def _parts(scope: Scope, code: str, area: int, day: date) -> tuple[int | None, int | None]:
    """Numerator and denominator."""
    if code in MEASURES:
        return records(scope, code, day).filter(inside(area, area=_place(code))).order_by().count(), None
    if code in BOOKS:
        return len(BOOKS[code]), None
    if code == "six_clear":
        return _six_clear(scope, area, day)
    canvasses = rounds_of(area, day)
    if not canvasses:
        return None, None
    if code == "coverage":
        tasks = Task.objects.filter(within(scope, VIEW, sector=None), inside(area), round__in=canvasses)
        done = Q(state=TaskState.DONE) & Q(done_at__date__lte=day)
        found = tasks.aggregate(done=Count("pk", filter=done), all=Count("pk"))
        return found["done"], found["all"]
    standings = standings_of(scope, canvasses).filter(inside(area))
    if code == "seen":
        seen = standings.exclude(change=Change.LEFT).filter(worker__status="active").count()
        return seen, rosters.workers(scope, permission=VIEW).filter(
            inside(area, area="place_id")
        ).order_by().count()
    return standings.filter(change=CHANGES[code]).count(), None


def records(scope: Scope, code: str, day: date, *, permission: str = VIEW) -> QuerySet[Any]:
    """The records behind a measure: what the list shows that the figure opens."""
    if code == "enterprises":
        return ledger.active(ledger.enterprises(scope, on=day, permission=permission))
    people = rosters.workers(scope, on=day, permission=permission)
    if code == "verified":
        return people.filter(verified_on__lte=day)
    return rosters.doubtful(people) if code == "doubtful" else people


def _place(code: str) -> str:
    return "area_id" if code == "enterprises" else "place_id"


def _sector(code: str) -> str:
    return "sector" if code == "enterprises" else "line"


def rounds_of(area: int, day: date) -> list[int]:
    """The round of each district in (or around) the area that was the last to begin by the day."""
    above = {area // 10**n * 10**n for n in (13, 11, 9, 6, 3, 0)}
    found = (
        Round.objects.filter(Q(area_id__in=above) | inside(area), starts_on__lte=day)
        .order_by("area_id", "-starts_on")
        .distinct("area_id")
        .values_list("pk", "area_id")
    )
    around = [(pk, at) for pk, at in found if at in above]
    if around:  # the innermost district around the place; a city's own round counts where no district has one
        return [max(around, key=lambda r: area_level(r[1]))[0]]
    return [pk for pk, _at in found]


def standings_of(scope: Scope, canvasses: Sequence[int]) -> QuerySet[Standing]:
    """How persons stand in rounds, within the scope."""
    return Standing.objects.filter(within(scope, VIEW), round__in=canvasses)


def changed(scope: Scope, change: str, day: date) -> QuerySet[Standing]:
    """How those stand who are new, left or moved in the rounds of the scope's areas; KeyError for another change."""
    canvasses = {pk for grant in scope.grants for pk in rounds_of(grant.area, day)}
    return Standing.objects.filter(round__in=canvasses, change=CHANGES[change])


def _six_clear(scope: Scope, area: int, day: date) -> tuple[int, int]:
    firms = dict(
        records(scope, "enterprises", day)
        .filter(inside(area))
        .order_by()
        .values_list("enterprise_id", "area_id")
    )
    by_county: dict[int, list[Any]] = defaultdict(list)
    for firm, at in firms.items():
        by_county[checklist.county_of(at)].append(firm)
    complete = 0
    for county, ids in by_county.items():
        wanted = {item.pk for item in checklist.items_for(county)}
        if not wanted:
            continue
        marks = ChecklistMark.objects.filter(
            enterprise_id__in=ids, item_id__in=wanted, marked_on__lte=day
        ).values("enterprise_id")
        complete += marks.annotate(n=Count("pk")).filter(n=len(wanted)).order_by().count()
    return complete, len(firms)


def _handles(scope: Scope, indicator: Indicator, area: int) -> bool:
    """Whether whatever the reader sees of the area is what they handle: then nothing is closed to them."""
    held = scope.grants_for(Permission.WORKERS_VIEW)
    for grant in scope.grants_for(VIEW):
        if grant.bounds[0] <= area < grant.bounds[1]:
            part = area
        elif area_range(area)[0] <= grant.area < area_range(area)[1]:
            part = grant.area
        else:
            continue
        if not any(_covers(h, part, grant) for h in held):
            return False
    return True


def _covers(held: Grant, part: int, grant: Grant) -> bool:
    lower, upper = held.bounds
    return lower <= part < upper and (
        held.sectors is None or (grant.sectors is not None and grant.sectors <= held.sectors)
    )


# --- area × sector --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A count; `closed` ones are shown as "<5" or "…" and lead nowhere."""

    number: int
    closed: bool = False

    @property
    def text(self) -> str:
        if not self.closed:
            return f"{self.number:,}"
        return f"<{SMALL}" if self.number < SMALL else "…"


@dataclass(frozen=True)
class Line:
    """An area below; `here` is the line of what stands in the area itself, in none of those below."""

    area: int
    name: str
    cells: Sequence[Cell]
    total: Cell
    below: bool
    here: bool = False


@dataclass(frozen=True)
class AreaTable:
    indicator: Indicator
    area: int
    name: str
    as_of: date
    sectors: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    total: Line


def area_table(scope: Scope, code: str, area: int, on: date | None = None) -> AreaTable:
    """A measure by the areas directly below × sectors. The lines add up to the total, the total is `figure`."""
    if code not in MEASURES:
        raise KeyError(code)
    indicator, today = INDICATORS[code], timezone.localdate()
    day = min(on or today, today)
    place, sector = _place(code), _sector(code)
    found = (
        records(scope, code, day)
        .filter(inside(area, area=place))
        .order_by()
        .values_list(place, sector)
        .annotate(n=Count("pk"))
    )
    counts = [(at, line, n) for at, line, n in found]
    sectors = [(value, str(label)) for value, label in Sector.choices]
    column = {value: i for i, (value, _label) in enumerate(sectors)}
    below = [(a.code, a.name) for a in children(area)]
    rows = [[0] * len(sectors) for _area in below]
    own = [0] * len(sectors)
    bounds = [area_range(code) for code, _name in below]
    for at, line, n in counts:
        at_row = next((r for r, (lower, upper) in enumerate(bounds) if lower <= at < upper), None)
        (own if at_row is None else rows[at_row])[column.get(line, column[Sector.OTHER])] += n
    names = [*below, (area, _("未落到下级区域"))] if any(own) else below
    rows = [*rows, own] if any(own) else rows
    handled = [not indicator.people or _handles(scope, indicator, at) for at, _name in names]
    shut = closed_cells([[*row, sum(row)] for row in rows], handled)
    lines = [
        Line(
            at,
            name,
            [Cell(n, (r, c) in shut) for c, n in enumerate(rows[r])],
            Cell(sum(rows[r]), (r, len(sectors)) in shut),
            below=area_level(at) < 6 and at != area,
            here=at == area,
        )
        for r, (at, name) in enumerate(names)
    ]
    sums = [sum(row[c] for row in rows) for c in range(len(sectors))]
    whole = not indicator.people or _handles(scope, indicator, area)
    small = closed_cells([[*sums, sum(sums)]], [whole])
    total = Line(
        area,
        _("合计"),
        [Cell(n, (0, c) in small) for c, n in enumerate(sums)],
        Cell(sum(sums), (0, len(sums)) in small),
        below=False,
    )
    return AreaTable(indicator, area, labels([area]).get(area, str(area)), day, sectors, lines, total)


# --- by round -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoundLine:
    """A round in an area: how many were found, and what changed."""

    name: str
    starts_on: date
    people: int
    new: int
    left: int
    moved: int


def trend(scope: Scope, area: int, *, last: int = 8) -> list[RoundLine]:
    """The last rounds of the district, the oldest first."""
    above = {area // 10**n * 10**n for n in (13, 11, 9, 6, 3, 0)}
    canvasses = list(
        Round.objects.filter(Q(area_id__in=above) | inside(area)).order_by("-starts_on", "area_id")[
            : last * 8
        ]
    )
    counts = (
        standings_of(scope, [c.pk for c in canvasses])
        .filter(inside(area))
        .order_by()
        .values("round_id", "change")
        .annotate(n=Count("pk"))
    )
    by_start: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    starts = {c.pk: c.starts_on for c in canvasses}
    names = {c.starts_on: c.name for c in canvasses}
    for row in counts:
        by_start[starts[row["round_id"]]][row["change"]] += row["n"]
    lines = [
        RoundLine(
            names[day],
            day,
            sum(n for change, n in found.items() if change != Change.LEFT),
            found[Change.NEW],
            found[Change.LEFT],
            found[Change.MOVED],
        )
        for day, found in sorted(by_start.items())
    ]
    return lines[-last:]
