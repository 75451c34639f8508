"""Outlines as an SVG picture: for looking at a file before it is written, without any map service."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from .outlines import metres_per_degree

WIDTH = 1000
"""Units across; the height follows from the shape of the land."""


@dataclass(frozen=True)
class Drawn:
    """One outline: `d` for a <path>, and where its name stands."""

    code: int
    name: str
    d: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: tuple[Drawn, ...] = ()
    metres: float = 0  # how much land the width shows


def draw(outlines: Iterable[tuple[int, str, BaseGeometry]]) -> Drawing:
    """All outlines in one picture, north up, metres true to each other."""
    items = list(outlines)
    if not items:
        return Drawing(WIDTH, 0)
    bounds = [g.bounds for _code, _name, g in items]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    per_lon, per_lat = metres_per_degree((south + north) / 2)
    across = max((east - west) * per_lon, (north - south) * per_lat / 2, 1.0)
    scale = (WIDTH - 20) / across

    def at(lon: float, lat: float) -> tuple[float, float]:
        return 10 + (lon - west) * per_lon * scale, 10 + (north - lat) * per_lat * scale

    height = math.ceil(20 + (north - south) * per_lat * scale)
    return Drawing(WIDTH, height, tuple(_shape(c, n, g, at) for c, n, g in items), across)


def _shape(code: int, name: str, geometry: BaseGeometry, at) -> Drawn:  # type: ignore[no-untyped-def]
    parts = getattr(geometry, "geoms", [geometry])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    d = "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*at(x, y)) for x, y, *_z in ring.coords[:-1]) + "Z"
        for ring in rings
    )
    spot = geometry.representative_point()
    x, y = at(spot.x, spot.y)
    return Drawn(code, name, d, round(x, 1), round(y, 1))
