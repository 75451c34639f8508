"""A scope as a condition of the database."""

from django.db.models import Q

from .rules import Scope, area_range


def within(scope: Scope, permission: str, *, area: str = "area_id", sector: str | None = "sector") -> Q:
    """The rows for which `scope` holds `permission`; name the columns that carry area and sector.

    `sector=None` is for rows without one; a posting limited to sectors then sees the rows of its area.
    """
    condition = Q(pk__in=[])
    for grant in scope.grants_for(permission):
        lower, upper = area_range(grant.area)
        part = Q(**{f"{area}__gte": lower, f"{area}__lt": upper})
        if sector is not None and grant.sectors is not None:
            part &= Q(**{f"{sector}__in": sorted(grant.sectors)})
        condition |= part
    return condition


def inside(area_code: int, *, area: str = "area_id") -> Q:
    """The rows that stand inside an area."""
    lower, upper = area_range(area_code)
    return Q(**{f"{area}__gte": lower, f"{area}__lt": upper})
