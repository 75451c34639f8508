"""Reading areas. Divisions are public reference data: only what a person may edit asks for a scope."""

from .gridplan import plan_grids
from .locate import grid_at, outlines_inside, whereabouts
from .places import (
    as_of,
    by_code,
    children,
    current_code,
    current_codes,
    editable,
    labels,
    path,
    search,
)
from .resolving import resolver

__all__ = [
    "as_of",
    "by_code",
    "children",
    "current_code",
    "current_codes",
    "editable",
    "grid_at",
    "labels",
    "outlines_inside",
    "path",
    "plan_grids",
    "resolver",
    "search",
    "whereabouts",
]
