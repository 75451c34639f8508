"""What the cells of a roster of workers become."""

import pytest

from nuanxin.organisation.survey.rules.worker_fields import WORKERS
from tests.engines.intake.checks import COMMUNITY, COUNTY, STREET, check, one
from tests.engines.intake.files import idno

BASE = {"name": "张三", "phone": "13800001234"}


def value(field, cell, **more):
    values, findings = one(WORKERS, {**BASE, field: cell}, **more)
    return values.get(field), [code for f, code, _refuse in findings if f == field]


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("name", "张 三", "张三"),
        ("sex", "女性", "f"),
        ("birth", "1990年1月", "1990-01"),
        ("birth", "19900105", "1990-01-05"),
        ("idno", "430121199001010011"[:17] + idno(1)[17].lower(), idno(1)),
        ("phone", "＋86 138-0000-1234", "13800001234"),
        ("phone", "0731-84012345", "0731-84012345"),
        ("education", "大学本科", "本科"),
        ("sector", "外卖骑手", "delivery"),
        ("sector", "网约车驾驶员", "ride_hail"),
        ("sector", "4-02-07-08", "courier"),
        ("kind", "专送", "full"),
        ("kind", "众包", "crowd"),
        ("area", "星沙街道", STREET),
        ("union", "√", True),
        ("injury", "未参保", False),
        ("consent", "已签字", True),
        ("since", "2024.3.5", "2024-03-05"),
    ],
)
def test_values(field, cell, expected):
    assert value(field, cell) == (expected, [])


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("idno", 4.30121199001010e17, "cell.destroyed"),
        ("idno", "4.30121E+17", "cell.destroyed"),
        ("idno", "430121199001010012", "id.check"),
        ("phone", "1380000123", "mobile.length"),
        ("phone", "13800001234/13900001234", "mobile.several"),
        ("name", "张三3", "name.digits"),
        ("area", "南山区", "area.outside"),
    ],
)
def test_what_decides_who_and_where_refuses_the_row(field, cell, code):
    values, findings = one(WORKERS, {**BASE, field: cell})
    assert (field, code, True) in findings
    assert field not in values


@pytest.mark.parametrize(
    ("field", "cell", "code", "kept"),
    [
        ("phone", "138****1234", "cell.masked", "138****1234"),
        ("idno", "4301**********0014", "cell.masked", "4301**********0014"),
        ("sex", "不详", "value.unknown", None),
        ("birth", "去年", "date.format", None),
        ("birth", "2024-01", "birth.age", "2024-01"),
        ("since", "2024年3月", "date.month_only", None),
        ("since", "2099-01-01", "date.future", None),
        ("sector", "宇航员", "sector.unknown", None),
        ("platform", "没听过", "platform.unknown", None),
        ("area", "火星街道", "area.unknown", None),
        ("area", "东街", "area.several", None),
        ("plate", "长沙A12345", "plate.ebike", "长沙A12345"),
        ("note", "很" * 201, "text.long", "很" * 200),
    ],
)
def test_anything_else_is_noted_and_the_row_is_taken(field, cell, code, kept):
    values, findings = one(WORKERS, {**BASE, field: cell})
    assert (field, code, False) in findings
    assert values.get(field) == kept
    assert not any(refuse for _field, _code, refuse in findings)


def test_platform_site_and_employer():
    assert one(WORKERS, {**BASE, "platform": "美团"})[0]["platform"] == "meituan"
    both = one(WORKERS, {**BASE, "platform": "饿了么/星沙站"})[0]
    assert (both["platform"], both["site"]) == ("eleme", "星沙站")
    glued = one(WORKERS, {**BASE, "platform": "美团星沙站"})[0]
    assert (glued["platform"], glued["site"]) == ("meituan", "星沙站")
    firm = one(WORKERS, {**BASE, "platform": "美团科技有限公司"})[0]
    assert firm["employer"] == "美团科技有限公司" and "platform" not in firm


def test_a_place_around_ours_says_nothing_new():
    values, findings = one(WORKERS, {**BASE, "area": "长沙市"})
    assert "area" not in values and not findings


@pytest.mark.parametrize(
    ("street", "community", "place", "finding"),
    [
        ("星沙街道", "开元路社区", COMMUNITY, None),
        ("星沙街道", "星沙街道开元路社区", COMMUNITY, None),
        ("", "长街社区", COMMUNITY, None),
        ("长沙市", "长街社区", COMMUNITY, None),
        ("星沙街道", "没有的社区", STREET, ("community", "community.unknown", False)),
        ("", "开元路社区", COUNTY, ("community", "area.several", False)),
        ("南山区", "开元路社区", COUNTY, ("area", "area.outside", True)),
    ],
)
def test_street_and_community_in_two_columns(street, community, place, finding):
    done = check(WORKERS, {**BASE, "area": street, "community": community})
    assert done.areas == [place]
    assert [(f.field, f.code, f.refuse) for f in done.findings] == ([finding] if finding else [])


def test_an_address_places_a_row_without_an_area():
    done = check(WORKERS, {**BASE, "address": "星沙街道开元路1号"}, {**BASE, "address": "深圳市南山区"})
    assert done.areas == [STREET, COUNTY]
    assert not done.findings


def test_sectors_of_another_unit_are_refused():
    assert value("sector", "货车司机", sectors=frozenset({"courier", "delivery"})) == (
        None,
        ["sector.outside"],
    )


def test_drivers_plates_are_those_of_the_state():
    row = {**BASE, "sector": "网约车司机", "plate": "湘A1234"}
    assert ("plate", "plate.length", True) in one(WORKERS, row)[1]


def test_a_name_alone_is_nobody():
    assert one(WORKERS, {"name": "张三", "phone": ""})[1] == [("", "row.identity", True)]
    assert one(WORKERS, {"name": "", "phone": "13800001234"})[1] == [("name", "cell.required", True)]
    assert one(WORKERS, {"name": "张三", "employer": "某某公司"})[1] == []


def test_sex_and_birth_are_compared_with_the_number():
    row = {"name": "张三", "idno": idno(1), "sex": "女", "birth": "1991-02"}
    assert {code for _f, code, _r in one(WORKERS, row)[1]} == {"sex.mismatch", "birth.mismatch"}


MEMBER = {
    **BASE, "political": "中共预备党员", "joined_on": "2024-05", "organisation": "某某支部", "ethnicity": "苗族",
    "member_kind": "流动",
}  # fmt: skip


def test_membership_is_kept_with_consent():
    values, findings = one(WORKERS, {**MEMBER, "consent": "同意"})
    assert values["political"] == "probationary" and values["floating"] is True
    assert values["organisation"] == "某某支部" and values["joined_on"] == "2024-05"
    assert findings == []


@pytest.mark.parametrize("consent", ["", "不同意", "也许"])
def test_membership_without_consent_leaves_no_trace(consent):
    member = check(WORKERS, {**MEMBER, "consent": consent}, {**BASE, "political": "群众", "consent": consent})
    assert all(
        member.values[field][0] is None for field in ("political", "organisation", "joined_on", "ethnicity")
    )
    assert member.withheld["political"] == [0, 1], "the cells go for all, so that nothing can be told from it"
    first, second = ([f for f in member.findings if f.at == n] for n in (0, 1))
    assert [f.code for f in first] == [f.code for f in second]


def test_a_day_of_admission_makes_a_member_of_a_party_roster():
    row = {**BASE, "joined_on": "2010-07-01", "member_kind": "在册", "consent": "同意"}
    assert one(WORKERS, row)[0]["political"] == "full"
