"""Coordinates: the published points, round trips, and what is no coordinate."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.registry.areas.enums import Datum
from nuanxin.registry.areas.rules.datum import NotACoordinate, convert, convert_all, in_china, metres

# The points that eviltransform publishes with its implementations (googollee/eviltransform, test values)
PUBLISHED = [  # wgs lat, lon → gcj lat, lon
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),  # Shanghai
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),  # Shenzhen
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),  # Beijing
]
# Baidu's own example of GCJ-02 → BD-09: 天安门
BD_PUBLISHED = ((116.404, 39.915), (116.41036949371029, 39.92133699351021))


@pytest.mark.parametrize(("lat", "lon", "gcj_lat", "gcj_lon"), PUBLISHED)
def test_published_points(lat, lon, gcj_lat, gcj_lon):
    there = convert(lon, lat, Datum.WGS84, Datum.GCJ02)
    assert metres(there, (gcj_lon, gcj_lat)) < 0.01
    back = convert(gcj_lon, gcj_lat, Datum.GCJ02, Datum.WGS84)
    assert metres(back, (lon, lat)) < 0.01


def test_baidu_point():
    gcj, bd = BD_PUBLISHED
    assert metres(convert(*gcj, Datum.GCJ02, Datum.BD09), bd) < 0.05
    assert metres(convert(*bd, Datum.BD09, Datum.GCJ02), gcj) < 0.05


china = st.tuples(st.floats(74, 134), st.floats(4, 53))


@given(china, st.sampled_from(list(Datum)), st.sampled_from(list(Datum)))
def test_there_and_back_is_the_same_place(point, a, b):
    there = convert(*point, a, b)
    assert metres(convert(*there, b, a), point) < 0.5


@given(china)
def test_gcj_is_off_by_some_hundred_metres_never_more(point):
    assert metres(convert(*point, Datum.WGS84, Datum.GCJ02), point) < 1500


@given(st.tuples(st.floats(-180, 70), st.floats(-60, 80)).filter(lambda p: not in_china(*p) and p != (0, 0)))
def test_outside_china_nothing_moves(point):
    assert convert(*point, Datum.WGS84, Datum.BD09) == point


def test_cgcs2000_is_taken_as_wgs84():
    assert convert(112.9, 28.2, Datum.CGCS2000, Datum.WGS84) == (112.9, 28.2)


@pytest.mark.parametrize(
    "point", [(0, 0), (math.nan, 28), (112, math.nan), (math.inf, 28), (181, 28), (112, 91), (-0.0, 0.0)]
)
def test_what_is_no_coordinate_is_refused(point):
    with pytest.raises(NotACoordinate):
        convert(*point, Datum.WGS84, Datum.GCJ02)


def test_many_at_once():
    points = convert_all([(112.9, 28.2), (113.0, 28.3)], Datum.GCJ02, Datum.WGS84)
    assert points.shape == (2, 2)
    assert convert_all([], Datum.GCJ02, Datum.WGS84).shape == (0, 2)
