"""Grids in the database: all or none, found by point, one grid per point."""

import random
from datetime import date

import pytest
from django.db import connection

from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.areas import actions, queries
from nuanxin.registry.areas.models import Area, Outline

from .shapes import COMMUNITY, OUTLINE, document, feature, squares, whole

DAY = date(2026, 9, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    street = COMMUNITY // 10**6 * 10**6
    Area.objects.create(code=street, name="星沙街道", full_name="湖南省长沙市长沙县星沙街道")
    return Area.objects.create(
        code=COMMUNITY, name="望仙桥社区", full_name="湖南省长沙市长沙县星沙街道望仙桥社区"
    )


def bring(data, **more):
    return actions.import_grids(data=data, target=COMMUNITY, on=DAY, by=7, **more)


def test_import_and_find(community):
    bring(whole())
    cells = squares()
    for i, cell in enumerate(cells, 1):
        found = queries.grid_at(cell.centroid.x, cell.centroid.y)
        assert found.code == COMMUNITY + i
    assert found.full_name.endswith("望仙桥社区第9网格")
    assert queries.grid_at(116.4, 39.9) is None
    fact = Fact.objects.get(kind="areas.grids.imported")
    assert (fact.quantity, fact.area, fact.actor) == (9, COMMUNITY, 7)


def test_again_changes_nothing(community):
    bring(
        document(
            *(feature(s, name=f"第{i}网格", code=str(COMMUNITY + i)) for i, s in enumerate(squares(), 1))
        )
    )
    before = list(Outline.objects.order_by("area_id").values_list("area_id", "rings"))
    plan = bring(
        document(
            *(feature(s, name=f"第{i}网格", code=str(COMMUNITY + i)) for i, s in enumerate(squares(), 1))
        )
    )
    assert len(plan.replaced) == 9
    assert list(Outline.objects.order_by("area_id").values_list("area_id", "rings")) == before
    assert Area.objects.filter(level=6).count() == 9


def test_errors_write_nothing(community):
    a = squares()[0]
    with pytest.raises(actions.GridsRefused) as refused:
        bring(
            document(feature(a, name="甲"), feature(a, name="乙"), feature(squares()[5], name="丙")),
            confirmed=True,
        )
    assert [p.code for p in refused.value.plan.errors] == ["same_outline"]
    assert not Area.objects.filter(level=6).exists()


def test_warnings_want_a_word(community):
    cells = squares()
    del cells[4]
    data = document(*(feature(s, name=f"第{i}网格") for i, s in enumerate(cells)))
    with pytest.raises(actions.GridsRefused):
        bring(data)
    assert not Outline.objects.exists()
    bring(data, confirmed=True)
    assert Outline.objects.count() == 8


def test_shared_borders_belong_to_the_lowest_code(community):
    bring(whole())
    cells = squares()
    east, south = cells[0].bounds[2], cells[0].bounds[1]
    for _again in range(3):
        assert queries.grid_at(east, south).code == COMMUNITY + 1
        assert queries.grid_at(east, cells[3].centroid.y).code == COMMUNITY + 4


def test_every_point_inside_has_exactly_one_grid(community):
    bring(whole(16))
    chance = random.Random(7)
    west, south, east, north = OUTLINE.bounds
    for _point in range(100):
        assert queries.grid_at(chance.uniform(west, east), chance.uniform(south, north)) is not None


def test_the_community_where_no_grid_is(community):
    bring(
        document(feature(squares()[0], name="甲"), feature(OUTLINE, name="望仙桥社区", code="430121001013")),
        confirmed=True,
    )
    last = squares()[-1].centroid
    assert queries.grid_at(last.x, last.y).code == COMMUNITY
    assert [a.name for a in queries.whereabouts(last.x, last.y)] == ["星沙街道", "望仙桥社区"]


def test_ended_grids_hold_no_point(community):
    bring(whole())
    Area.objects.filter(level=6).update(valid_to=DAY)
    point = squares()[0].centroid
    assert queries.grid_at(point.x, point.y) is None


def test_the_index_answers(community):
    bring(whole())
    from nuanxin.registry.areas.queries.locate import _near

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = _near(113.08, 28.25).explain()
    assert "outline_box" in plan
