"""Areas as menus show them: the way down from the top of a person's scope."""

from nuanxin.foundation.access.rules import Scope, area_range
from nuanxin.registry.areas import queries

from .tables.filters import AreaLevel


def inside_of(code: int, outer: int) -> bool:
    lower, upper = area_range(outer)
    return lower <= code < upper


def tops(scope: Scope) -> list[int]:
    """The areas of the postings, without those that lie inside another one."""
    areas = {g.area for g in scope.grants}
    return sorted(a for a in areas if not any(b != a and inside_of(a, b) for b in areas))


def area_tree(scope: Scope, code: int | None) -> AreaLevel:
    """For `AreaFilter(tree=area_tree)`: the path from the top of the scope to `code`, and what is inside it.

    A code outside the scope shows its name only; its rows do not come, whatever is asked.
    """
    above = tops(scope)
    if code is None and len(above) != 1:
        names = queries.labels(above)
        return AreaLevel((), [(a, names.get(a, str(a))) for a in above])
    here = above[0] if code is None else code
    try:
        way = [a for a in queries.path(here) if any(inside_of(a.code, t) for t in above)]
    except ValueError:
        way = []
    if not way and here:
        return AreaLevel([(here, queries.labels([here]).get(here, str(here)))], ())
    return AreaLevel([(a.code, a.name) for a in way], [(a.code, a.name) for a in queries.children(here)])
