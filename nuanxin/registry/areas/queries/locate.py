"""Which grid a point lies in."""

from django.db.models import BooleanField, Func, QuerySet, TextField, Value

from nuanxin.foundation.access.queries import inside

from ..models import Area, Outline, box_of
from ..rules.drawing import Drawing, draw
from ..rules.outlines import holder, shape_of


class _Overlap(Func):
    """`a && b` of two boxes: what the GiST index answers."""

    template = "(%(expressions)s)"
    arg_joiner = " && "
    output_field = BooleanField()


TOLERANCE = 5e-6
"""Degrees (about half a metre) around the point: a border drawn twice with other corners leaves slivers."""


def _near(lon: float, lat: float) -> QuerySet[Outline]:
    def corner(x: float, y: float) -> Func:
        return Func(Value(x), Value(y), function="point", output_field=TextField())

    around = Func(
        corner(lon - TOLERANCE, lat - TOLERANCE),
        corner(lon + TOLERANCE, lat + TOLERANCE),
        function="box",
        output_field=TextField(),
    )
    return Outline.objects.filter(_Overlap(box_of("west", "south", "east", "north"), around))


def grid_at(lon: float, lat: float, *, within: int = 0) -> Area | None:
    """The grid a point (WGS-84) lies in; where no grid holds it the community whose outline does; else None.

    A point on a border that grids share belongs to the one with the lowest code, always.
    """
    near = _near(lon, lat).filter(area__valid_to=None)
    if within:
        near = near.filter(inside(within))
    rows = list(near.select_related("area").order_by("area_id"))
    for level in (6, 5, 4):
        shapes = {row.area_id: shape_of(row.rings) for row in rows if row.area.level == level}
        if (code := holder(lon, lat, shapes, TOLERANCE)) is not None:
            return next(row.area for row in rows if row.area_id == code)
    return None


def whereabouts(lon: float, lat: float) -> list[Area]:
    """The grid or community of a point and everything above it, the province first; empty where nothing is
    known.
    """
    from .places import path

    area = grid_at(lon, lat)
    return path(area.code) if area else []


def outlines_inside(code: int) -> QuerySet[Outline]:
    """The outlines in a place, with their areas: for maps."""
    return (
        Outline.objects.filter(inside(code), area__valid_to=None).select_related("area").order_by("area_id")
    )


def picture(code: int) -> Drawing:
    """The grids of a place, and its outline where one is kept, as a drawing."""
    rows = sorted(outlines_inside(code), key=lambda row: (row.area.level, row.area_id))
    return draw((row.area_id, row.area.name, shape_of(row.rings)) for row in rows)
