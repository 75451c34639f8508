"""Exactly one place, or candidates; never a guess."""

import pytest

from nuanxin.registry.areas.rules.names import full_forms, short_forms, sounds, tidy, village_name
from nuanxin.registry.areas.rules.resolver import AreaResolver, Outcome, Place

HUNAN, CHANGSHA, COUNTY = 43 * 10**13, 4301 * 10**11, 430121 * 10**9
XINGSHA, QUANTANG = 430121001 * 10**6, 430121003 * 10**6
WANGXIANQIAO, JINJING_V = 430121001013 * 10**3, 430121112001 * 10**3
JINJING = 430121112 * 10**6

PLACES = [
    Place(HUNAN, "湖南省"),
    Place(CHANGSHA, "长沙市"),
    Place(COUNTY, "长沙县"),
    Place(XINGSHA, "星沙街道", former=("星沙镇",)),
    Place(QUANTANG, "泉塘街道"),
    Place(JINJING, "金井镇"),
    Place(WANGXIANQIAO, "望仙桥社区"),
    Place(JINJING_V, "金井社区"),
    Place(430121003001 * 10**3, "新安社区"),
    Place(430121112002 * 10**3, "新安村"),
]


@pytest.fixture
def county():
    return AreaResolver(COUNTY, PLACES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("星沙街道", XINGSHA),
        ("星沙", XINGSHA),
        ("长沙县星沙", XINGSHA),
        ("湖南省长沙市长沙县星沙街道望仙桥社区", WANGXIANQIAO),
        ("湖南长沙长沙县 星沙街道 望仙桥社区居委会", WANGXIANQIAO),
        (" 长沙县·星沙　街道／望仙桥 ", WANGXIANQIAO),
        ("星沙街道办事处", XINGSHA),
        ("星沙街办", XINGSHA),
        ("星沙镇", XINGSHA),  # its earlier name
        ("430121001", XINGSHA),
        ("４３０１２１００１０１３", WANGXIANQIAO),
        ("430121001013000", WANGXIANQIAO),
        ("金井镇", JINJING),
        ("金井镇金井社区", JINJING_V),
        ("长沙县", COUNTY),
    ],
)
def test_one_place(county, text, code):
    assert (county.resolve(text).outcome, county.resolve(text).code) == (Outcome.FOUND, code)


@pytest.mark.parametrize("text", ["金井", "新安"])
def test_several_fit_and_none_is_taken(county, text):
    found = county.resolve(text)
    assert found.outcome == Outcome.AMBIGUOUS
    assert found.code is None
    assert len(found.candidates) == 2


@pytest.mark.parametrize(
    "text", ["雨花区", "星沙街道火星社区", "望仙乔社区", "123456", "沙", "望仙桥社区3栋"]
)
def test_unknown_is_said(county, text):
    found = county.resolve(text)
    assert found.outcome == Outcome.UNKNOWN
    assert found.code is None


def test_what_looks_alike_is_offered(county):
    assert WANGXIANQIAO in county.resolve("望仙乔社区").candidates


def test_a_place_around_ours_is_not_inside(county):
    assert county.resolve("湖南省").outcome == Outcome.OUTSIDE
    assert county.resolve("").outcome == Outcome.EMPTY
    assert county.resolve(" 　").outcome == Outcome.EMPTY


def test_an_address_keeps_its_rest(county):
    found = county.resolve("长沙县星沙街道望仙桥社区3栋201", address=True)
    assert (found.code, found.rest) == (WANGXIANQIAO, "3栋201")


def test_a_village_of_another_street_does_not_fit(county):
    assert county.resolve("泉塘街道望仙桥社区").code is None


def test_former_codes(county):
    places = [Place(COUNTY, "长沙县", former_codes=(430122 * 10**9,)), Place(XINGSHA, "星沙街道")]
    assert AreaResolver(COUNTY, places).resolve("430122").code == COUNTY


def test_short_forms_keep_two_characters():
    assert short_forms("星沙街道") == {"星沙", "星沙办事处"}
    assert short_forms("沛县") == frozenset()
    assert "恩施" in short_forms("恩施土家族苗族自治州")
    assert "望仙桥" in short_forms("望仙桥社区")
    assert "大桥村委会" in full_forms("大桥村")


def test_village_names():
    assert village_name("建设路社区居委会") == "建设路社区"
    assert village_name("大桥村委会") == "大桥村"
    assert village_name("新建村村民委员会") == "新建村"
    assert village_name("白房村民委员会") == "白房村"
    assert village_name("桥头居民委员会") == "桥头社区"
    assert village_name("望江社区") == "望江社区"


def test_sounds_and_tidy():
    assert sounds("长沙县") == ("changshaxian", "csx")
    assert tidy("长沙县 ·　星沙，街道") == "长沙县星沙街道"
