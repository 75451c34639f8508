"""Looking areas up by code, by name, by what lies above and below."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.access.rules import Scope

from ..enums import Source
from ..models import Area, AreaChange
from ..rules import area_level, area_parent
from ..rules.changes import Step, successors
from ..rules.names import tidy


def as_of(day: date | None = None) -> QuerySet[Area]:
    """The areas in force on a day; without a day those not ended."""
    if day is None:
        return Area.objects.filter(valid_to=None)
    return Area.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
    )


def by_code(code: int) -> Area | None:
    """The area of a code, ended or not; None for an unknown one."""
    return Area.objects.filter(code=code).first()


def children(code: int, on: date | None = None) -> QuerySet[Area]:
    """The areas directly below: of 0 the provinces; of a city without counties (东莞市) its towns."""
    level = area_level(code)
    below = as_of(on).exclude(code=code)
    if code:
        below = below.filter(inside(code, area="code"))
    nearest = below.order_by("level").values_list("level", flat=True).first()
    return below.filter(level=level + 1 if nearest is None else nearest)


def path(code: int) -> list[Area]:
    """The area and those above it, the province first: for breadcrumbs."""
    codes = [code]
    while (parent := area_parent(codes[-1])) not in (0, codes[-1]):
        codes.append(parent)
    return list(Area.objects.filter(code__in=codes).order_by("level"))


def labels(codes: Iterable[int], *, full: bool = False) -> dict[int, str]:
    """Names by code, in one query, for lists; 0 is the whole country."""
    wanted = set(codes)
    found: dict[int, str] = dict(
        Area.objects.filter(code__in=wanted).values_list("code", "full_name" if full else "name")
    )
    if 0 in wanted:
        found[0] = _("全国")
    return found


def search(text: str, *, within: int = 0, levels: Iterable[int] | None = None, limit: int = 20) -> list[Area]:
    """Areas by 汉字, pinyin, initials or code, names that begin with the text first."""
    wanted = tidy(text).lower()
    if not wanted:
        return []
    areas = as_of()
    if within:
        areas = areas.filter(inside(within, area="code"))
    if levels is not None:
        areas = areas.filter(level__in=list(levels))
    if wanted.isascii() and wanted.isdigit():
        if len(wanted) > 15:
            return []
        zeros = 15 - len(wanted)
        return list(
            areas.filter(code__gte=int(wanted) * 10**zeros, code__lt=(int(wanted) + 1) * 10**zeros)[:limit]
        )
    if wanted.isascii():
        hit = Q(pinyin__startswith=wanted) | Q(initials__startswith=wanted)
        first = Q(initials=wanted) | Q(pinyin=wanted)
    else:
        hit = Q(name__contains=wanted) | Q(full_name__endswith=wanted)
        first = Q(name__startswith=wanted)
    rank = Case(When(first, then=Value(0)), default=Value(1))
    return list(areas.filter(hit).order_by(rank, "level", "code")[:limit])


def current_codes(old: int, on: date) -> frozenset[int]:
    """What an old code became by a day: itself when it stands, several when the place was divided.

    The table holds provinces, cities and counties; for a code below them the county's change is followed
    only as far as the county is known: the answer is then the county, because streets were numbered anew.
    """
    level = area_level(old)
    if level > 3:
        if Area.objects.filter(code=old).exists():
            return frozenset({old})
        unit = 10**9
        return current_codes(old // unit * unit, on)
    steps: dict[int, list[Step]] = defaultdict(list)
    for code, new, day in AreaChange.objects.filter(on__lte=on).values_list("old", "new", "on"):
        steps[code].append((day, new))
    return successors(old, on, steps)


def current_code(old: int, on: date) -> int | None:
    """The one code that stands for an old one on a day; None when the place was divided: then ask a
    person.
    """
    codes = current_codes(old, on)
    return next(iter(codes)) if len(codes) == 1 else None


def editable(scope: Scope, code: int) -> Area | None:
    """The area when the person may edit what lies in it, else None: to outsiders it does not exist (404)."""
    return by_code(code) if scope.allows(Permission.AREAS_EDIT, code) else None


def former_codes(code: int) -> list[tuple[int, str, date]]:
    """What the place was before, directly: old code, old name, the day of the change; the latest first."""
    return list(
        AreaChange.objects.filter(new=code).order_by("-on", "old").values_list("old", "old_name", "on")[:20]
    )


def counts_inside(code: int) -> dict[int, int]:
    """How many areas in force lie inside, by level."""
    rows = as_of().filter(inside(code, area="code")).exclude(code=code).order_by()
    return dict(rows.values_list("level").annotate(n=Count("code")))


def source_labels() -> dict[str, str]:
    return {value: str(label) for value, label in Source.choices}
