"""What lies over what: overlaps between grids (errors), gaps and overhang (warnings), in square metres."""

from collections import defaultdict
from collections.abc import Mapping

from django.utils.translation import gettext as _
from shapely import STRtree, union_all
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from . import area_parent
from .gridfile import Draft, GridPlan, Problem
from .outlines import square_metres

SPECK = 1.0
"""Square metres of overlap that rounding of coordinates (about 0.1 m) makes along a border: not worth a
word.
"""

SLIVER = 10.0
"""Square metres below which a gap is only the width of a line drawn twice."""


def check(
    plan: GridPlan,
    standing: Mapping[int, tuple[str, BaseGeometry]],
    outlines: Mapping[int, tuple[str, BaseGeometry]],
) -> None:
    """Adds to the plan's problems what the shapes say.

    `standing`: grids in force by code, those that the plan replaces included; `outlines`: communities'
    outlines in force, which those of the plan override.
    """
    coming = {d.code: (d.name, d.geometry) for d in plan.grids}
    all_grids = {**{c: g for c, g in standing.items() if c not in coming}, **coming}
    _overlaps(plan, all_grids, set(coming))
    drawn = {**outlines, **{d.code: (d.name, d.geometry) for d in plan.outlines}}
    by_community: dict[int, dict[int, tuple[str, BaseGeometry]]] = defaultdict(dict)
    for code, grid in all_grids.items():
        by_community[area_parent(code)][code] = grid
    touched = {area_parent(code) for code in coming} | {d.code for d in plan.outlines}
    for community in sorted(touched):
        grids = by_community.get(community, {})
        if not grids:
            continue
        _gaps(plan, grids, drawn.get(community))


def _overlaps(plan: GridPlan, grids: dict[int, tuple[str, BaseGeometry]], coming: set[int]) -> None:
    codes = sorted(grids)
    if len(codes) < 2:
        return
    shapes = [grids[c][1] for c in codes]
    tree = STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    for i, j in sorted(
        {(min(a, b), max(a, b)) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a != b}
    ):
        if not {codes[i], codes[j]} & coming:
            continue
        size = square_metres(shapes[i].intersection(shapes[j]))
        if size <= SPECK:
            continue
        names = (grids[codes[i]][0], grids[codes[j]][0])
        same = size > 0.99 * max(square_metres(shapes[i]), square_metres(shapes[j]))
        plan.problems.append(
            Problem(
                "same_outline" if same else "overlap",
                (_("“%(a)s”与“%(b)s”画在同一处。") if same else _("“%(a)s”与“%(b)s”重叠 %(size)s 平方米。"))
                % {"a": names[0], "b": names[1], "size": f"{size:,.0f}"},
                _("请让两个网格共用同一条边界，一处只归一个网格。"),
                names,
                square_metres=size,
            )
        )


def _gaps(
    plan: GridPlan, grids: dict[int, tuple[str, BaseGeometry]], outline: tuple[str, BaseGeometry] | None
) -> None:
    covered = union_all([g for _name, g in grids.values()])
    if outline is None:
        holes = [
            Polygon(ring)
            for part in getattr(covered, "geoms", [covered])
            for ring in getattr(part, "interiors", ())
        ]
    else:
        holes = _parts(outline[1].difference(covered))
    for hole in holes:
        size = square_metres(hole)
        if size <= SLIVER:
            continue
        beside = tuple(name for name, g in grids.values() if g.distance(hole) < 1e-6)[:4]
        spot = hole.representative_point()
        plan.problems.append(
            Problem(
                "gap",
                _("%(beside)s之间或旁边有 %(size)s 平方米不属于任何网格（%(lon).5f，%(lat).5f 附近）。")
                % {
                    "beside": "、".join(f"“{n}”" for n in beside) or _("网格"),
                    "size": f"{size:,.0f}",
                    "lon": spot.x,
                    "lat": spot.y,
                },
                _("若该处确实无人居住可以保留；否则请把边界画到相邻网格为止。"),
                beside,
                error=False,
                square_metres=size,
            )
        )
    if outline is not None:
        for name, grid in grids.values():
            size = square_metres(grid.difference(outline[1]))
            if size > SLIVER:
                plan.problems.append(
                    Problem(
                        "overhang",
                        _("“%(grid)s”有 %(size)s 平方米超出“%(outline)s”的边界。")
                        % {"grid": name, "size": f"{size:,.0f}", "outline": outline[0]},
                        _("请核对网格与社区的边界以哪一个为准。"),
                        (name,),
                        error=False,
                        square_metres=size,
                    )
                )


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [g for g in getattr(geometry, "geoms", [geometry]) if isinstance(g, Polygon) and not g.is_empty]


__all__ = ["SLIVER", "SPECK", "Draft", "check"]
