"""Building a resolver: two queries for a place, kept until its areas change."""

from collections import defaultdict
from datetime import date
from threading import Lock

from django.db.models import Count, Max, Q

from nuanxin.foundation.access.queries import inside

from ..models import Area, AreaChange
from ..rules import area_parent
from ..rules.changes import Step, successors
from ..rules.resolver import AreaResolver, Place

KEPT = 32
_kept: dict[int, tuple[tuple[object, ...], AreaResolver]] = {}
_lock = Lock()


def resolver(within: int = 0) -> AreaResolver:
    """The resolver of a place, for many texts: the importer asks once and then works in memory.

    Kept in the process; one small query finds out whether areas came or went since. The whole country
    (`within=0`) reads down to county only, since below that names repeat without end.
    """
    state = _state(within)
    with _lock:
        if within in _kept and _kept[within][0] == state:
            return _kept[within][1]
    built = AreaResolver(within, _places(within))
    with _lock:
        if len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[within] = (state, built)
    return built


def _areas(within: int) -> Q:
    above = []
    code = within
    while code:
        above.append(code)
        code = area_parent(code) if area_parent(code) != code else 0
    if not within:
        return Q(valid_to=None, level__lte=3)
    return Q(valid_to=None) & (inside(within, area="code") | Q(code__in=above))


def _state(within: int) -> tuple[object, ...]:
    found = Area.objects.filter(_areas(within)).aggregate(n=Count("code"), last=Max("code"))
    return (found["n"], found["last"], AreaChange.objects.count())


def _places(within: int) -> list[Place]:
    former: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for now, old, name in _former():
        former[now].add((old, name))
    return [
        Place(
            code,
            name,
            tuple(sorted({n for _old, n in former[code] if n != name})),
            tuple(sorted({old for old, _n in former[code] if old != code})),
        )
        for code, name in Area.objects.filter(_areas(within)).values_list("code", "name")
    ]


def _former() -> list[tuple[int, int, str]]:
    """Today's code, an old code and the name it had then, over all steps between: 亳县 342126 is 谯城区
    now.
    """
    rows = list(AreaChange.objects.values_list("old", "new", "on", "old_name"))
    steps: dict[int, list[Step]] = defaultdict(list)
    for old, new, day, _name in rows:
        steps[old].append((day, new))
    return [(now, old, name) for old, _new, _day, name in rows for now in successors(old, date.max, steps)]
