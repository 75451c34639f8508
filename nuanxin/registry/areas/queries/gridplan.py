"""The preview of a file of grids: the plan and its problems, nothing written."""

from shapely.geometry.base import BaseGeometry

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.media.models import StoredFile

from ..enums import Datum
from ..models import Area, Outline
from ..rules.gridcheck import check
from ..rules.gridfile import GridPlan, Surroundings, read
from ..rules.outlines import shape_of
from .resolving import resolver


def plan_grids(data: bytes, *, target: int, datum: Datum = Datum.WGS84) -> GridPlan:
    """What a GeoJSON file would bring into `target` (a community, street or county) and what is wrong with
    it.
    """
    names = dict(Area.objects.filter(inside(target, area="code"), level=6).values_list("code", "name"))
    known = resolver(target)
    plan = read(data, Surroundings(target, names, lambda text: known.resolve(text).code), datum)
    standing: dict[int, tuple[str, BaseGeometry]] = {}
    outlines: dict[int, tuple[str, BaseGeometry]] = {}
    if plan.grids or plan.outlines:
        for row in Outline.objects.filter(inside(target), area__valid_to=None).select_related("area"):
            kept = standing if row.area.level == 6 else outlines
            kept[row.area_id] = (row.area.name, shape_of(row.rings))
        check(plan, standing, outlines)
    return plan


def may_open(scope: Scope, file: StoredFile) -> bool:
    """Who may edit the place a file of grids was uploaded for."""
    return scope.allows(Permission.AREAS_EDIT, file.area)
