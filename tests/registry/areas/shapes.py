"""Files of grids for the tests: a community of squares that tile a plot of 600 m."""

import json

from shapely.geometry import mapping

from nuanxin.registry.areas.rules.outlines import plot, square_grids

COMMUNITY = 430121001013000
OUTLINE = plot(113.08, 28.25, 600)


def squares(n=9):
    return square_grids(OUTLINE, n)


def feature(shape, **properties):
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}


def ring(name, *corners, **more):
    geometry = {"type": "Polygon", "coordinates": [[list(c) for c in corners]]}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": geometry}


def document(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def whole(n=9, **more):
    """All squares, named 第1网格 …"""
    return document(*(feature(s, name=f"第{i}网格") for i, s in enumerate(squares(n), 1)), **more)
