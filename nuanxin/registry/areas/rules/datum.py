"""Coordinates from one system to another: WGS-84, CGCS2000, GCJ-02, BD-09.

GCJ-02 goes by the formulas of `fast_geocn.coord` (the published ones). BD-09 does not: that library leaves
out the factor 3000/180 in its waves and lands some 27 m beside Baidu's own example, so these four lines
stand here (measured with fast-geocn 1.1.3; the tests hold the published points). Inverses are found step by
step.

Degrees, (lon, lat) in this order everywhere. CGCS2000 differs from WGS-84 by centimetres and is taken as
equal.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
from fast_geocn import coord

from ..enums import Datum

Point = tuple[float, float]
Step = Callable[[float, float], Point]

CLOSE = 1e-9
"""Degrees (0.1 mm) at which an inverse stops."""

WAVE = math.pi * 3000 / 180

CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north, outside of which GCJ-02 and WGS-84 are the same (published with the formulas)."""


class NotACoordinate(ValueError):
    """NaN, infinite, out of range, or 0,0: what broken devices send instead of a place."""

    code = "not_a_coordinate"


def checked(lon: float, lat: float) -> Point:
    """The point itself when it can be one. Raises NotACoordinate."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise NotACoordinate(f"{lon}, {lat}")
    if lon == 0 and lat == 0:
        raise NotACoordinate("0, 0")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise NotACoordinate(f"{lon}, {lat}")
    return lon, lat


def in_china(lon: float, lat: float) -> bool:
    """Inside the frame in which the published formulas shift a point; it holds more than the country."""
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def convert(lon: float, lat: float, source: Datum, target: Datum) -> Point:
    """A point in another system; outside China it stays what it was. Raises NotACoordinate."""
    checked(lon, lat)
    if not in_china(lon, lat):
        return lon, lat
    return _from_wgs84(_to_wgs84((lon, lat), source), target)


def to_wgs84(lon: float, lat: float, source: Datum) -> Point:
    """A point as the database keeps it. Raises NotACoordinate."""
    return convert(lon, lat, source, Datum.WGS84)


def convert_all(points: Iterable[Point], source: Datum, target: Datum) -> "np.ndarray":
    """Many points, as an array of shape (n, 2). Raises NotACoordinate at the first bad one."""
    done = [convert(lon, lat, source, target) for lon, lat in points]
    return np.asarray(done, dtype=float).reshape(-1, 2)


def metres(a: Point, b: Point) -> float:
    """The distance of two near points on the ellipsoid's mean sphere, in metres."""
    north = math.radians(b[1] - a[1])
    east = math.radians(b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return 6_371_008.8 * math.hypot(north, east)


def _gcj02_to_bd09(lon: float, lat: float) -> Point:
    """The published formula of Baidu's second shift."""
    far = math.hypot(lon, lat) + 0.00002 * math.sin(lat * WAVE)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * WAVE)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def _inverse(forward: Step, point: Point) -> Point:
    """The point that `forward` takes to `point`: the error is taken back until nothing is left of it."""
    lon, lat = point
    for _round in range(30):
        there = forward(lon, lat)
        east, north = point[0] - there[0], point[1] - there[1]
        lon, lat = lon + east, lat + north
        if abs(east) < CLOSE and abs(north) < CLOSE:
            break
    return lon, lat


def _to_wgs84(point: Point, source: Datum) -> Point:
    match source:
        case Datum.WGS84 | Datum.CGCS2000:
            return point
        case Datum.GCJ02:
            return _inverse(coord.wgs84_to_gcj02, point)
        case Datum.BD09:
            return _inverse(coord.wgs84_to_gcj02, _inverse(_gcj02_to_bd09, point))
    raise ValueError(source)


def _from_wgs84(point: Point, target: Datum) -> Point:
    match target:
        case Datum.WGS84 | Datum.CGCS2000:
            return point
        case Datum.GCJ02:
            return coord.wgs84_to_gcj02(*point)
        case Datum.BD09:
            return _gcj02_to_bd09(*coord.wgs84_to_gcj02(*point))
    raise ValueError(target)
