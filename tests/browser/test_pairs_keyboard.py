"""The review queue under the hand: keys, undo, the network, the phone."""

import re

import pytest
from playwright.sync_api import expect

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.models import Pair
from nuanxin.registry.people.models import Worker
from tests.cast import COUNTY, area, holder
from tests.organisation.survey.roster import roster

PEOPLE = [("刘建国", "430121198507128935", "430121198507128971"), ("陈晓明", "430121199106150018", "430121199106150034"),
          ("周海燕", "430121198801020029", "430121198801020045")]  # fmt: skip


@pytest.fixture
def reviewer():
    area(COUNTY)
    rows = []
    for n, (name, one, other) in enumerate(PEOPLE):
        rows.append((roster({"name": name, "idno": one, "phone": f"138731000{n}1"}),
                     roster({"name": name, "idno": other, "phone": f"138731000{n}1"}, kind="platform")))  # fmt: skip
    consolidate(area=COUNTY, by=None)
    Pair.objects.all().delete()
    for n, (a, b) in enumerate(rows):
        Pair.objects.create(left=a.rows.get(), right=b.rows.get(), area_id=COUNTY, sector="courier", confidence=0.9 - n / 10,
                            reasons=["same_name", "id_two_digits_off"])  # fmt: skip
    return holder({Permission.SURVEY_MATCH}, COUNTY)


@pytest.fixture
def at_queue(signed_in, live_server, reviewer):
    def go(page):
        signed_in(page, reviewer)
        page.goto(f"{live_server.url}/console/pairs/")
        page.wait_for_load_state("networkidle")  # the next one has been fetched
        return page

    return go


def states() -> list[str]:
    return sorted(Pair.objects.values_list("state", flat=True))


def soon(page, holds) -> None:
    """Waits until something holds in the database: what a key sends is answered a moment later."""
    for _turn in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    assert holds()


def name(page):
    return page.locator("#pair-stage .nx-pair-fields tbody td").first


def test_keys_decide_skip_and_undo(at_queue, desk_page, axe):
    page = at_queue(desk_page)
    axe(page)
    expect(name(page)).to_have_text("刘建国")
    page.keyboard.press("d")
    expect(name(page)).to_have_text("陈晓明")
    expect(page.locator("strong[data-left]")).to_have_text("2")
    page.keyboard.press("k")
    expect(name(page)).to_have_text("周海燕")
    page.keyboard.press("1")
    expect(name(page)).to_have_text("陈晓明")
    soon(page, lambda: states() == ["distinct", "open", "same"])
    page.keyboard.press("u")
    expect(name(page)).to_have_text("周海燕")
    expect(page.locator("strong[data-left]")).to_have_text("2")
    page.keyboard.press("u")
    expect(name(page)).to_have_text("刘建国")
    soon(page, lambda: set(states()) == {"open"})
    assert Worker.objects.exclude(status="merged").count() == 6
    assert Fact.objects.filter(kind="survey.pair.reopened").count() == 2
    page.keyboard.press("?")
    expect(page.locator("#pair-keys")).to_be_visible()
    page.keyboard.press("s")
    assert set(Pair.objects.values_list("state", flat=True)) == {"open"}, "no key decides behind a dialog"


def test_the_next_pair_shows_while_the_decision_is_still_on_its_way(at_queue, desk_page):
    page = at_queue(desk_page)
    held = []
    page.route(re.compile("/decide/"), lambda route: held.append(route))
    page.keyboard.press("s")
    expect(name(page)).to_have_text("陈晓明")
    soon(page, lambda: len(held) == 1)
    assert states() == ["open", "open", "open"]
    held[0].continue_()
    soon(page, lambda: states() == ["open", "open", "same"])


def test_to_the_end_of_the_queue(at_queue, desk_page):
    page = at_queue(desk_page)
    for left in (2, 1, 0):
        page.keyboard.press("s")
        soon(page, lambda left=left: states().count("open") == left)
    expect(page.get_by_text("没有等待判断的了")).to_be_visible()
    assert set(states()) == {"same"}
    page.keyboard.press("u")
    expect(name(page)).to_have_text("周海燕")


def test_a_decision_that_did_not_arrive_comes_back(at_queue, desk_page):
    page = at_queue(desk_page)
    page.route(re.compile("/decide/"), lambda route: route.abort())
    page.keyboard.press("s")
    expect(page.get_by_text("这一对没有保存")).to_be_visible()
    expect(name(page)).to_have_text("刘建国")
    expect(page.locator("strong[data-left]")).to_have_text("3")
    assert set(Pair.objects.values_list("state", flat=True)) == {"open"}


def test_decided_by_a_colleague_meanwhile_is_told(at_queue, desk_page):
    page = at_queue(desk_page)
    Pair.objects.filter(confidence__gte=0.85).update(state="distinct")
    page.keyboard.press("s")
    expect(page.get_by_text("已经由别人判断过了")).to_be_visible()
    expect(name(page)).to_have_text("陈晓明")


def test_with_a_thumb(at_queue, phone_page, axe):
    page = at_queue(phone_page)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.locator(".nx-verdict .btn").all():
        assert button.bounding_box()["height"] >= 44
    page.get_by_role("button", name="不是同一人").tap()
    expect(name(page)).to_have_text("陈晓明")
    page.get_by_role("button", name="撤销上一个").tap()
    expect(name(page)).to_have_text("刘建国")
