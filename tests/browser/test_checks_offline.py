"""The verification list in a real browser: without a network, with answers that get lost, after the session has ended."""

import re

import pytest
from playwright.sync_api import expect

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions.checks import assign_checks
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.models import Attempt, Check
from nuanxin.registry.people.models import Worker
from tests.cast import COUNTY, area, holder, scope
from tests.organisation.survey.roster import LI, WANG, canvass, roster

SUN = {"name": "孙梅", "phone": "13873100004", "idno": "430121199203041226"}


@pytest.fixture
def visitor():
    area(COUNTY)
    who = holder({Permission.SURVEY_VERIFY, Permission.SURVEY_RUN}, COUNTY)
    roster(WANG, LI, SUN)
    consolidate(area=COUNTY, by=None)
    assign_checks(scope=scope(who), round_id=canvass().pk, by=who.pk)
    return who


@pytest.fixture
def at_list(signed_in, live_server, visitor, phone_page):
    signed_in(phone_page, visitor)
    phone_page.goto(f"{live_server.url}/console/checks/")
    return phone_page


def tell(page, name: str, result: str, **more: str) -> None:
    card = page.locator(f'[data-name="{name}"]')
    card.locator("summary").tap()
    card.get_by_label(result, exact=True).tap()
    for field, text in more.items():
        card.locator(f"[name={field}]").fill(text)
    card.get_by_role("button", name="保存结果").tap()


def facts() -> int:
    return Fact.objects.filter(kind="survey.check.recorded").count()


def test_three_results_without_a_network_arrive_once(at_list, axe):
    page = at_list
    page.context.set_offline(True)
    tell(page, "王志强", "属实")
    tell(page, "李红梅", "有更正", phone="138 7310 0088", remark="换号了")
    tell(page, "孙梅", "联系不上")
    expect(page.locator("#sync [data-count]")).to_have_text("待上传 3 条")
    expect(page.locator("#sync [data-text]")).to_contain_text("没有网络")
    axe(page)
    assert facts() == 0
    page.context.set_offline(False)
    expect(page.locator("#sync [data-count]")).to_have_text("已全部上传")
    assert facts() == 3 and Attempt.objects.count() == 3
    assert dict(Check.objects.values_list("worker__name", "result")) == {
        "王志强": "confirmed", "李红梅": "corrected", "孙梅": "unreachable"
    }  # fmt: skip
    assert Worker.objects.get(name="李红梅").held == ["phone"]
    left = page.evaluate(
        "() => new Promise(r => { const o = indexedDB.open('nuanxin-checks'); o.onsuccess = () => {"
        " o.result.transaction('queue').objectStore('queue').getAll().onsuccess = e => r(e.target.result) } })"
    )
    assert left == [], "nothing stays in the browser"
    expect(page.locator('[data-name="王志强"] [data-state]')).to_have_text("属实 · 已上传")


def test_an_answer_that_is_lost_makes_no_second_result(at_list):
    page = at_list
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)  # the server has committed
        return route.abort()

    page.route(re.compile("/checks/sync/"), lose)
    tell(page, "王志强", "属实")
    expect(page.locator("#sync [data-text]")).to_contain_text("没有传上去")
    assert lost == [200] and facts() == 1
    page.get_by_role("button", name="立即上传").tap()
    expect(page.locator("#sync [data-count]")).to_have_text("已全部上传")
    assert facts() == 1 and Attempt.objects.count() == 1


def test_what_waits_outlives_the_page(at_list, live_server):
    page = at_list
    page.route(re.compile("/checks/(sync|token)/"), lambda route: route.abort())
    tell(page, "王志强", "已离开")
    expect(page.locator("#sync [data-count]")).to_have_text("待上传 1 条")
    page.unroute_all(behavior="wait")
    page.goto(f"{live_server.url}/console/checks/")
    expect(page.locator("#sync [data-count]")).to_have_text("已全部上传")
    assert Check.objects.get(worker__name="王志强").result == "left"


def test_after_the_session_has_ended_the_queue_stays_and_the_person_signs_in(at_list, live_server, signed_in, visitor):
    page = at_list
    page.context.clear_cookies()
    tell(page, "王志强", "属实")
    expect(page.get_by_role("link", name="去登录")).to_be_visible()
    expect(page.locator("#sync [data-text]")).to_contain_text("登录已过期")
    assert facts() == 0
    signed_in(page, visitor)
    page.goto(f"{live_server.url}/console/checks/")
    expect(page.locator("#sync [data-count]")).to_have_text("已全部上传")
    assert facts() == 1


def test_another_account_on_the_phone_does_not_send_it(at_list, live_server, signed_in):
    page = at_list
    page.route(re.compile("/checks/sync/"), lambda route: route.abort())
    tell(page, "王志强", "属实")
    expect(page.locator("#sync [data-count]")).to_have_text("待上传 1 条")
    signed_in(page, holder({Permission.SURVEY_VERIFY}, COUNTY))
    sent = []
    page.goto(f"{live_server.url}/console/checks/")
    page.on("request", lambda request: sent.append(request.url) if "/checks/sync/" in request.url else None)
    expect(page.locator("#sync [data-text]")).to_contain_text("别的账号")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(400)
    assert not sent and facts() == 0


def test_what_somebody_else_recorded_first_is_told_in_words(at_list):
    page = at_list
    Check.objects.filter(worker__name="王志强").update(result="moved")
    tell(page, "王志强", "属实")
    expect(page.locator("#sync [data-message]")).to_contain_text("已经有核实结果")
    page.get_by_role("button", name="删除").tap()
    expect(page.locator("#sync")).to_be_hidden()
    assert facts() == 0


def test_the_number_comes_when_it_is_called_and_not_before(at_list):
    page = at_list
    assert "13873100001" not in page.content()
    page.evaluate("document.addEventListener('click', e => e.target.closest('a[href^=tel]') && e.preventDefault())")
    card = page.locator('[data-name="王志强"]')
    card.locator("summary").tap()
    card.get_by_role("button", name="拨打").tap()
    expect(card.locator("a[href='tel:13873100001']")).to_be_visible()
    assert Fact.objects.filter(kind="access.unmasked").count() == 1
    card.locator("summary").tap()
    expect(card.locator("a[href^=tel]")).to_have_count(0)
    page.context.set_offline(True)
    card.locator("summary").tap()
    card.get_by_role("button", name="拨打").tap()
    expect(card.locator("[data-callerror]")).to_have_text("没有网络，取不到号码")


def test_buttons_are_large_enough_for_a_thumb(at_list, axe):
    page = at_list
    card = page.locator('[data-name="王志强"]')
    card.locator("summary").tap()
    for label in card.locator(".results label").all():
        assert label.bounding_box()["height"] >= 48
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
