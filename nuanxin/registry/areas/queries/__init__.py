"""Reading areas. Divisions are public reference data: only what a person may edit asks for a scope."""

from .gridplan import plan_grids
from .locate import grid_at, outlines_inside, picture, whereabouts
from .places import (
    as_of,
    by_code,
    children,
    counts_inside,
    current_code,
    current_codes,
    editable,
    former_codes,
    labels,
    path,
    search,
    source_labels,
)
from .resolving import resolver

__all__ = [
    "as_of",
    "by_code",
    "children",
    "counts_inside",
    "current_code",
    "current_codes",
    "editable",
    "former_codes",
    "grid_at",
    "labels",
    "outlines_inside",
    "path",
    "picture",
    "plan_grids",
    "resolver",
    "search",
    "source_labels",
    "whereabouts",
]
