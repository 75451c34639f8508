"""Outlines on the ground: sizes in square metres, which one holds a point, squares for trying things out."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

Rings = list[Any]
"""The coordinates of a GeoJSON MultiPolygon, [lon, lat] in WGS-84."""


def shape_of(rings: Rings) -> BaseGeometry:
    return shape({"type": "MultiPolygon", "coordinates": rings})


def rings_of(geometry: BaseGeometry) -> Rings:
    """The coordinates of a polygon as they are stored: outer rings counter-clockwise (RFC 7946)."""
    parts = [geometry] if isinstance(geometry, Polygon) else list(getattr(geometry, "geoms", ()))
    whole = MultiPolygon([orient(p) for p in parts if isinstance(p, Polygon) and not p.is_empty])
    rings: Rings = [
        [[list(corner) for corner in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in whole.geoms
    ]
    return rings


def metres_per_degree(lat: float) -> tuple[float, float]:
    """The length of a degree of longitude and of latitude on the WGS-84 ellipsoid at a latitude."""
    phi = math.radians(lat)
    east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    north = 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    return east, north


def square_metres(geometry: BaseGeometry) -> float:
    """The area on the ground, right to a thousandth for anything up to the size of a county."""
    if geometry.is_empty:
        return 0.0
    east, north = metres_per_degree((geometry.bounds[1] + geometry.bounds[3]) / 2)
    return float(geometry.area * east * north)


def holder(lon: float, lat: float, shapes: Mapping[int, BaseGeometry], tolerance: float) -> int | None:
    """The code of the one outline that a point belongs to: on a shared border the lowest code.

    A point in none, but nearer than `tolerance` (degrees) to some, falls in a sliver between two borders that
    should be one, and belongs to the nearest, again the lowest code when equally near.
    """
    point = Point(lon, lat)
    for code in sorted(shapes):
        if shapely.prepared.prep(shapes[code]).covers(point):
            return code
    near = [(round(shapes[code].distance(point), 9), code) for code in shapes]
    distance, code = min(near, default=(math.inf, 0))
    return code if distance <= tolerance else None


def square_grids(outline: BaseGeometry, n: int) -> list[Polygon]:
    """About `n` square grids that cover an outline without overlap or gap, from north-west to south-east.

    Squares are counted out on the ground; cut-off corners smaller than a third of one join their neighbour.
    """
    if n < 1 or outline.is_empty:
        raise ValueError("an outline and at least one grid")
    east, north = metres_per_degree(outline.centroid.y)
    side = math.sqrt(square_metres(outline) / n)
    west, south, east_end, north_end = outline.bounds
    columns = max(1, round((east_end - west) * east / side))
    rows = max(1, round((north_end - south) * north / side))
    xs = np.linspace(west, east_end, columns + 1)
    ys = np.linspace(north_end, south, rows + 1)
    cells = [
        box(xs[i], ys[j + 1], xs[i + 1], ys[j]).intersection(outline)
        for j in range(rows)
        for i in range(columns)
    ]
    cells = [c for c in cells if c.area > 0]
    whole = max(c.area for c in cells)
    large = [c for c in cells if c.area >= whole / 3]
    for small in sorted((c for c in cells if c.area < whole / 3), key=lambda c: -c.area):
        beside = max(range(len(large)), key=lambda k: large[k].intersection(small).length)
        large[beside] = large[beside].union(small)
    return [c for cell in large for c in (cell.geoms if isinstance(cell, MultiPolygon) else [cell])]


def plot(lon: float, lat: float, metres: float) -> Polygon:
    """A square around a point with sides of `metres`: an outline for the demo and for tests."""
    east, north = metres_per_degree(lat)
    half_e, half_n = metres / 2 / east, metres / 2 / north
    return box(lon - half_e, lat - half_n, lon + half_e, lat + half_n)
