"""The ledger of firms and 一企一档 on screen."""

from datetime import date

import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission as P
from nuanxin.organisation.survey.actions import checklist
from nuanxin.registry.enterprises.actions import change_enterprise, register_enterprise
from nuanxin.registry.enterprises.models import EnterpriseVersion
from tests.cast import COMMUNITY, COUNTY, OTHER_COUNTY, SISTER_STREET, area, client, holder

pytestmark = pytest.mark.django_db
JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)
EVERYTHING = [
    P.ENTERPRISES_VIEW,
    P.ENTERPRISES_EDIT,
    P.SURVEY_VERIFY,
    P.EXPORT,
    P.WORKERS_VIEW,
    P.WORKERS_UNMASK,
    P.PARTY_VIEW,
]


def firm(name="长沙蜂鸟配送有限公司", at=COMMUNITY, **more):
    area(at)
    return register_enterprise(by=None, on=JULY, name=name, area=at, sector="delivery", **more)


@pytest.fixture
def browser():
    return client(holder(EVERYTHING))


def test_the_list_finds_by_initials_and_shows_the_day(browser):
    one = firm(staff_full=3)
    firm("长沙闪送科技有限公司")
    change_enterprise(
        by=None, enterprise=one.pk, valid_from=OCTOBER, changes={"name": "长沙蜂鸟新名有限公司"}
    )
    address = reverse("console:enterprises")
    assert "蜂鸟新名" in (text := browser.get(address, {"q": "csfn"}).text)
    assert "闪送" not in text
    assert "蜂鸟配送" in browser.get(address, {"on": "2026-08-01"}).text
    assert "蜂鸟" not in browser.get(address, {"on": "2026-06-01"}).text


def test_the_number_of_queries_does_not_grow_with_the_rows(browser, django_assert_max_num_queries):
    for n in range(30):
        firm(f"企业{n}")
    with django_assert_max_num_queries(18):
        assert "企业29" in browser.get(reverse("console:enterprises")).text


def test_the_dossier_shows_the_phone_masked_and_the_day_asked_for(browser, django_assert_max_num_queries):
    one = firm(phone="13800001234", staff_full=3)
    checklist.adopt_default(by=None, area=area(COUNTY).pk)
    change_enterprise(by=None, enterprise=one.pk, valid_from=OCTOBER, changes={"staff_full": 8})
    with django_assert_max_num_queries(26):
        text = browser.get(reverse("console:enterprise", args=[one.pk])).text
    assert "138****1234" in text
    assert "13800001234" not in text
    assert "党组织运行清" in text
    assert "全职 3" in browser.get(reverse("console:enterprise", args=[one.pk]), {"on": "2026-08-01"}).text
    assert (
        "还没有这家企业"
        in browser.get(reverse("console:enterprise", args=[one.pk]), {"on": "2020-08-01"}).text
    )


@pytest.mark.parametrize(
    "name",
    [
        "enterprise",
        "enterprise_change",
        "enterprise_close",
        "enterprise_site",
        "enterprise_link",
        "enterprise_merge",
        "enterprise_phone",
    ],
)
def test_another_districts_firm_does_not_exist(name):
    one = firm()
    outsider = client(holder(EVERYTHING, OTHER_COUNTY))
    ask = outsider.get if name in ("enterprise", "enterprise_change") else outsider.post
    answer = ask(reverse(f"console:{name}", args=[one.pk]))
    assert answer.status_code == 404
    assert "蜂鸟" not in answer.text


def test_registered_and_changed_by_hand(browser):
    area(COMMUNITY)
    form = {
        "name": "新企业",
        "sector": "courier",
        "area": COMMUNITY,
        "staff_full": "12",
        "phone": "13800001234",
    }
    answer = browser.post(
        reverse("console:enterprise_new"), form | {"district": OTHER_COUNTY, "role": "lead"}
    )
    version = EnterpriseVersion.objects.get()
    assert answer.status_code == 302
    assert (version.name, version.staff_full, version.area_id) == ("新企业", 12, COMMUNITY)
    change = reverse("console:enterprise_change", args=[version.enterprise_id])
    assert "13800001234" not in browser.get(change).text
    browser.post(change, form | {"phone": "", "staff_full": "13", "valid_from": "2026-11-01"})
    assert EnterpriseVersion.objects.get(valid_to=None).phone_index == version.phone_index


def test_a_wrong_form_names_the_field_and_keeps_what_was_typed(browser):
    area(COMMUNITY)
    form = {
        "name": "新企业",
        "sector": "courier",
        "area": COMMUNITY,
        "staff_full": "十二",
        "credit_code": "123",
    }
    answer = browser.post(reverse("console:enterprise_new"), form)
    assert answer.status_code == 422
    assert "请填写整数" in answer.text
    assert 'value="新企业"' in answer.text
    assert not EnterpriseVersion.objects.exists()


def test_a_firm_cannot_be_put_outside_the_scope():
    area(SISTER_STREET)
    browser = client(holder(EVERYTHING, COMMUNITY))
    form = {"name": "新企业", "sector": "courier", "area": SISTER_STREET}
    area(COMMUNITY)
    assert browser.post(reverse("console:enterprise_new"), form).status_code == 422


def test_the_full_phone_needs_a_reason(browser):
    one = firm(phone="13800001234")
    address = reverse("console:enterprise_phone", args=[one.pk])
    assert browser.post(address, {"reason": "看"}).status_code == 422
    assert "13800001234" in browser.post(address, {"reason": "电话核实情况"}).text


def test_closed_with_a_site_and_a_link(browser):
    one, head = firm(), firm("总部公司")
    for name, form in (
        ("enterprise_site", {"name": "一站"}),
        ("enterprise_link", {"head": "总部公司", "kind": "franchise"}),
        ("enterprise_close", {"status": "closed"}),
    ):
        browser.post(reverse(f"console:{name}", args=[one.pk]), form)
    text = browser.get(reverse("console:enterprise", args=[one.pk])).text
    assert all(word in text for word in ("一站", "总部公司", "停业注销"))
    assert str(head.pk) in text
