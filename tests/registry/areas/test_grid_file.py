"""Everything wrong with a file of grids is said by name, with its size, and how to mend it."""

import json

import pytest
from shapely.affinity import translate
from shapely.geometry import mapping
from shapely.ops import unary_union

from nuanxin.registry.areas.enums import Datum
from nuanxin.registry.areas.rules.gridcheck import check
from nuanxin.registry.areas.rules.gridfile import Surroundings, read
from nuanxin.registry.areas.rules.outlines import holder, plot, square_grids, square_metres

from .shapes import COMMUNITY, OUTLINE, document, feature, ring, squares, whole


def plan(data, *, target=COMMUNITY, names=None, standing=None, outlines=None, datum=Datum.WGS84):
    around = Surroundings(target, names or {}, {"望仙桥社区": COMMUNITY}.get)
    result = read(data, around, datum)
    check(result, standing or {}, outlines or {})
    return result


def codes(result):
    return [p.code for p in result.problems]


def test_a_clean_file():
    result = plan(whole())
    assert result.problems == []
    assert [g.code for g in result.grids] == [COMMUNITY + i for i in range(1, 10)]


def test_squares_tile_the_outline():
    cells = square_grids(OUTLINE, 12)
    assert 9 <= len(cells) <= 16
    assert square_metres(unary_union(cells)) == pytest.approx(square_metres(OUTLINE), rel=1e-6)
    assert sum(map(square_metres, cells)) == pytest.approx(360_000, rel=1e-3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"{}", "no_features"),
        (b'{"features": []}', "no_features"),
        (whole(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}), "crs"),
        (document(ring("甲", (28.25, 113.08), (28.25, 113.09), (28.26, 113.09), (28.25, 113.08))), "swapped"),
        (
            document(
                ring("甲", (12588000, 3282000), (12588100, 3282000), (12588100, 3282100), (12588000, 3282000))
            ),
            "projected",
        ),
        (document(ring("甲", (2.3, 48.8), (2.4, 48.8), (2.4, 48.9), (2.3, 48.8))), "abroad"),
        (document(ring("甲", (113.08, 28.25), (113.09, 28.25), (113.08, 28.25))), "short_ring"),
        (
            document(ring("甲", (113.08, 28.25), (113.09, 28.25), (113.09, 28.26), (113.08, 28.26))),
            "open_ring",
        ),
        (
            document(
                ring(
                    "甲", (113.08, 28.25), (113.09, 28.26), (113.09, 28.25), (113.08, 28.26), (113.08, 28.25)
                )
            ),
            "invalid",
        ),
        (document({"type": "Feature", "properties": {"name": "甲"}, "geometry": None}), "not_a_polygon"),
        (
            document(
                {"properties": {"name": "甲"}, "geometry": {"type": "Polygon", "coordinates": [[["x", 1]]]}}
            ),
            "broken_coordinates",
        ),
        (document(feature(squares()[0])), "no_name"),
        (document(feature(squares()[0], name="甲", code="430304006004001")), "other_place"),
        (document(feature(squares()[0], name="甲", code="12")), "bad_code"),
    ],
)
def test_one_error(data, code):
    result = plan(data)
    assert codes(result) == [code]
    assert result.errors
    assert result.problems[0].mend


def test_the_error_names_the_grid():
    bow = ring(
        "东一网格", (113.08, 28.25), (113.09, 28.26), (113.09, 28.25), (113.08, 28.26), (113.08, 28.25)
    )
    (problem,) = plan(document(bow)).problems
    assert "东一网格" in problem.message
    assert "自相交" in problem.message


def test_overlap_in_square_metres():
    a = plot(113.08, 28.25, 100)
    b = translate(a, xoff=(a.bounds[2] - a.bounds[0]) / 2)
    (problem,) = plan(document(feature(a, name="甲"), feature(b, name="乙"))).problems
    assert problem.code == "overlap"
    assert problem.error
    assert problem.grids == ("甲", "乙")
    assert problem.square_metres == pytest.approx(5000, rel=0.01)
    assert "5,0" in problem.message


def test_the_same_outline_twice():
    a = plot(113.08, 28.25, 100)
    assert codes(plan(document(feature(a, name="甲"), feature(a, name="乙")))) == ["same_outline"]


def test_neighbours_that_share_a_border_do_not_overlap():
    assert plan(whole(16)).problems == []


def test_overlap_with_a_grid_that_stands():
    a = plot(113.08, 28.25, 100)
    other = {COMMUNITY + 5: ("旧网格", a)}
    result = plan(document(feature(a, name="甲")), names={COMMUNITY + 5: "旧网格"}, standing=other)
    assert codes(result) == ["same_outline"]
    # the same code replaces it
    result = plan(
        document(feature(a, name="甲", code=str(COMMUNITY + 5))),
        names={COMMUNITY + 5: "旧网格"},
        standing=other,
    )
    assert result.problems == []
    assert result.replaced == [COMMUNITY + 5]


def test_a_gap_between_grids_is_a_warning():
    cells = squares()
    del cells[4]  # the middle one
    data = document(*(feature(s, name=f"第{i}网格") for i, s in enumerate(cells)))
    (problem,) = plan(data).problems
    assert (problem.code, problem.error) == ("gap", False)
    assert problem.square_metres == pytest.approx(40_000, rel=0.01)
    assert len(problem.grids) == 4


def test_a_gap_inside_the_communitys_outline():
    cells = squares()[1:]  # a corner is missing: no hole, only the outline tells
    features = [feature(s, name=f"第{i}网格") for i, s in enumerate(cells)]
    assert plan(document(*features)).problems == []
    with_outline = document(*features, feature(OUTLINE, name="望仙桥社区", code="430121001013"))
    result = plan(with_outline)
    assert codes(result) == ["gap"]
    assert [o.code for o in result.outlines] == [COMMUNITY]


def test_a_grid_beyond_the_outline():
    wide = plot(113.08, 28.25, 700)
    result = plan(document(feature(wide, name="甲")), outlines={COMMUNITY: ("望仙桥社区", OUTLINE)})
    (problem,) = result.problems
    assert problem.code == "overhang"
    assert problem.square_metres == pytest.approx(130_000, rel=0.01)


def test_duplicate_codes_and_names():
    a, b = squares()[:2]
    code = str(COMMUNITY + 1)
    assert codes(plan(document(feature(a, name="甲", code=code), feature(b, name="乙", code=code)))) == [
        "duplicate_code"
    ]
    assert codes(plan(document(feature(a, name="甲"), feature(b, name="甲")))) == ["duplicate_name"]


def test_grids_of_a_street_name_their_community():
    street = COMMUNITY // 10**6 * 10**6
    a, b = squares()[:2]
    result = plan(document(feature(a, name="甲", 社区="望仙桥社区"), feature(b, name="乙")), target=street)
    assert [g.code for g in result.grids] == [COMMUNITY + 1]
    assert codes(result) == ["no_community"]


def test_free_numbers_are_given_past_those_taken():
    a, b = squares()[:2]
    data = document(feature(a, name="甲"), feature(b, name="乙", code=str(COMMUNITY + 2)))
    result = plan(data, names={COMMUNITY + 1: "旧"})
    assert [g.code for g in result.grids] == [COMMUNITY + 3, COMMUNITY + 2]


def test_gcj02_is_moved_to_wgs84():
    (grid,) = plan(document(feature(OUTLINE, name="甲")), datum=Datum.GCJ02).grids
    assert grid.geometry.centroid.x != pytest.approx(OUTLINE.centroid.x, abs=1e-3)


def test_nan_in_json_is_refused():
    raw = json.loads(document(feature(OUTLINE, name="甲")))
    raw["features"][0]["geometry"]["coordinates"][0][0][0] = float("nan")
    assert plan(json.dumps(raw).encode()).errors


def test_a_shared_border_belongs_to_one():
    shapes = dict(enumerate(squares(9), 1))
    first = shapes[1]
    east, south = first.bounds[2], first.bounds[1]
    for point in ((east, first.centroid.y), (first.centroid.x, south), (east, south)):
        assert holder(*point, shapes, 5e-6) == 1
    assert holder(0.5, 0.5, shapes, 5e-6) is None
    assert mapping(first)["type"] == "Polygon"


def test_a_sliver_belongs_to_the_nearest():
    a = plot(113.08, 28.25, 100)
    b = translate(a, xoff=a.bounds[2] - a.bounds[0] + 2e-6)
    point = (a.bounds[2] + 1.5e-6, 28.25)
    assert holder(*point, {1: a, 2: b}, 5e-6) == 2
