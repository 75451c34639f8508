"""Loading the country, and the streets and villages of some counties, from packages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.facts.actions import record

from ..enums import AreaFact, Source
from ..models import Area, AreaChange
from ..rules import area_level, area_range
from ..rules.names import sounds
from . import packages
from .packages import UNIT, Change, Division

BATCH = 2000
FIRST_DAY = date(1980, 1, 1)
"""Where the table of changes begins: an area without a recorded beginning was there by then."""

DEMO_PLACES = (430511, 210603, 3416, 500113, 430121, 430304)
"""北塔区, 振兴区, 亳州市 with all its counties, 巴南区, 长沙县, 岳塘区."""


class SourceConflict(Exception):
    """The streets of a county already stand by another source's codes; both at once would contradict."""

    code = "area_source_conflict"

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.params = params


@dataclass(frozen=True)
class Loaded:
    """How many rows of each kind were written or found unchanged, and how many were ended."""

    country: int = 0
    streets: int = 0
    villages: int = 0
    changes: int = 0
    ended: int = 0


@transaction.atomic
def load_areas(
    *, places: Sequence[int] = (), villages: bool = True, on: date, by: int | None = None
) -> Loaded:
    """All of China down to county, and the streets (and villages) of some places; again it changes nothing.

    `places`: 6-digit counties or 4-digit cities (all their counties), also as 15-digit codes. `on`: the day
    on which areas end that a newer package no longer has. With `villages` streets and villages come by the
    statistical codes, without by the civil affairs' ones; a county stays with the source it began with.
    Raises PackageMissing, SourceConflict, and ValueError for a place that does not exist.
    """
    divisions = packages.country()
    known = {d.code: d for d in divisions}
    changes = packages.changes()
    began = {c.new: c.on for c in changes}
    ended = _write(divisions, began, on, Area.objects.filter(level__lte=3).exclude(source=Source.LOCAL))
    AreaChange.objects.bulk_create(
        [AreaChange(old=c.old, new=c.new, on=c.on, old_name=c.old_name, note=c.note) for c in changes],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    streets = inner = 0
    for county in counties_of(places, known):
        rows = list(packages.statistical(county) if villages else packages.townships(county))
        _same_source(known[county], rows)
        named = [Division(d.code, d.name, known[county].full_name + d.full_name, d.source) for d in rows]
        since = {d.code: began.get(county, FIRST_DAY) for d in named}
        standing = Area.objects.filter(inside(county, area="code"), level__in=(4, 5)).exclude(
            source=Source.LOCAL
        )
        ended += _write(named, since, on, standing)
        streets += sum(area_level(d.code) == 4 for d in named)
        inner += sum(area_level(d.code) == 5 for d in named)
    record(
        AreaFact.AREAS_LOADED,
        subject="areas:country",
        by=by,
        quantity=len(divisions) + streets + inner,
        streets=streets,
        villages=inner,
        ended=ended,
    )
    return Loaded(len(divisions), streets, inner, len(changes), ended)


def counties_of(places: Iterable[int], known: dict[int, Division]) -> list[int]:
    """The counties (15-digit) that some places mean. Raises ValueError for a place that is not known."""
    counties: list[int] = []
    for place in places:
        code = place * 10 ** (15 - len(str(place)))
        if code not in known:
            raise ValueError(_("没有这个区划代码：%(code)s") % {"code": place})
        lower, upper = area_range(code)
        counties += [c for c in known if lower <= c < upper and area_level(c) == 3 and c not in counties]
    return counties


def _same_source(county: Division, rows: list[Division]) -> None:
    other = (
        Area.objects.filter(inside(county.code, area="code"), level__in=(4, 5), valid_to=None)
        .exclude(source__in=[Source.LOCAL, *{d.source for d in rows}])
        .values_list("source", flat=True)
        .first()
    )
    if rows and other:
        raise SourceConflict(
            _("%(county)s的镇街已按“%(source)s”载入，不能再混入另一套代码；请先停用原有镇街。")
            % {"county": county.full_name, "source": Source(other).label},
            county=county.code // UNIT[6],
            source=other,
        )


def _write(rows: list[Division], began: dict[int, date], on: date, standing: Any) -> int:
    """Upserts rows and ends what stood before and is no longer there; how many ended."""
    point = packages.points()
    areas = []
    for row in rows:
        pinyin, initials = sounds(row.name)
        lon, lat = point.get(row.code, (None, None))
        areas.append(
            Area(
                code=row.code,
                name=row.name,
                full_name=row.full_name,
                pinyin=pinyin,
                initials=initials,
                source=row.source,
                valid_from=began.get(row.code, FIRST_DAY),
                valid_to=None,
                lon=lon,
                lat=lat,
            )
        )
    gone = standing.filter(valid_to=None).exclude(code__in=[row.code for row in rows]).update(valid_to=on)
    Area.objects.bulk_create(
        areas,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "full_name", "pinyin", "initials", "source", "valid_from", "valid_to"]
        + (["lon", "lat"] if any(a.lon for a in areas) else []),
    )
    return int(gone)


__all__ = ["DEMO_PLACES", "Change", "Loaded", "SourceConflict", "counties_of", "load_areas"]
