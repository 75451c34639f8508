"""The table under the hand: mouse, keyboard, phone, without a script, and with axe."""

import re

import pytest

from nuanxin.foundation.access.enums import Permission
from nuanxin.registry.areas.models import Area
from tests.cast import COUNTY, STREET, area, holder

pytestmark = pytest.mark.usefixtures("gallery")


@pytest.fixture
def staff():
    area(STREET)
    Area.objects.bulk_create(
        Area(code=STREET + n, name=f"第{n}网格", full_name=f"星沙街道第{n}网格", pinyin="", initials="")
        for n in range(1, 131)
    )
    return holder({Permission.CONSOLE, Permission.EXPORT, Permission.WORKERS_VIEW}, COUNTY)


@pytest.fixture
def at_table(signed_in, live_server, staff):
    def go(page, query=""):
        signed_in(page, staff)
        page.goto(f"{live_server.url}/gallery/people/{query}")
        return page

    return go


def test_filtering_changes_rows_and_address_without_a_new_page(at_table, desk_page):
    page = at_table(desk_page)
    page.evaluate("window.same = true")
    page.get_by_text("行业", exact=True).first.click()
    page.get_by_label("快递").check()
    page.wait_for_url(re.compile(r"sector=courier"))
    assert page.locator(".nx-chip").inner_text().startswith("行业")
    assert page.locator("#t-gallery-n-sector").inner_text() == "1"
    assert page.evaluate("window.same")
    page.locator(".nx-chip").click()
    page.wait_for_url(re.compile(r"/gallery/people/$"))
    assert not page.get_by_label("快递").is_checked()


def test_search_while_typing(at_table, desk_page):
    page = at_table(desk_page)
    page.keyboard.press("/")
    page.keyboard.type("第77网")
    page.wait_for_url(re.compile(r"q="))
    assert page.locator("tbody tr").count() == 1
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_private_search_is_sealed_in_the_address(at_table, desk_page, live_server):
    page = at_table(desk_page)
    page.goto(f"{live_server.url}/gallery/private/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#t-private-q").fill("第77网")
    page.wait_for_url(re.compile(r"q=~"))
    assert page.locator("tbody tr").count() == 1
    assert not [address for address in asked if "%E7%BD%91" in address or "网" in address]
    page.reload()
    assert page.locator("tbody tr").count() == 1


def test_keyboard_moves_selects_and_opens(at_table, desk_page):
    page = at_table(desk_page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("tbody tr").nth(1).locator(".nx-check").is_checked()
    assert page.locator(".nx-bulk").is_visible()
    assert "已选 1 人" in page.locator(".nx-bulk").inner_text()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/gallery/row/"))


def test_all_that_match_can_be_chosen(at_table, desk_page):
    page = at_table(desk_page)
    page.locator("thead .nx-check").check()
    assert "已选 50 人" in page.locator(".nx-bulk").inner_text()
    page.get_by_text(re.compile("选择符合条件的全部")).click()
    page.get_by_role("button", name="分派核实").click()
    page.wait_for_load_state()
    assert "已处理 134 人" in page.locator(".nx-toast").inner_text()


def test_a_dangerous_action_asks_first(at_table, desk_page):
    page = at_table(desk_page)
    page.locator("tbody .nx-check").first.check()
    page.get_by_role("button", name="移出台账").click()
    dialog = page.locator("#nx-confirm")
    assert "移出台账" in dialog.inner_text()
    dialog.get_by_role("button", name="取消").click()
    assert page.locator(".nx-toast").count() == 0
    page.get_by_role("button", name="移出台账").click()
    dialog.get_by_role("button", name="移出台账").click()
    page.locator(".nx-toast").wait_for()


def test_columns_are_chosen_and_moved(at_table, desk_page):
    page = at_table(desk_page)
    page.locator("summary", has_text="列").last.click()
    page.locator("[data-column] input[value=phone]").uncheck()
    page.wait_for_url(re.compile("cols="))
    assert "电话" not in page.locator("thead").inner_text()
    page.get_by_label("行业 上移").click()
    page.wait_for_url(re.compile("cols=sector,name"))


def test_a_view_is_saved_and_found_again(at_table, desk_page):
    page = at_table(desk_page, "?sector=truck&sort=-name")
    page.locator("summary", has_text="视图").click()
    page.get_by_text("保存当前视图…").click()
    page.get_by_label("视图名称").fill("货运")
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".nx-toast.success").wait_for()
    assert "sector=truck" in page.url
    page.locator("summary", has_text="视图").click()
    assert page.locator(".nx-item[aria-current]", has_text="货运").is_visible()


def test_back_returns_to_the_former_state(at_table, desk_page):
    page = at_table(desk_page)
    page.get_by_label("下一页").click()
    page.wait_for_url(re.compile("page=2"))
    page.go_back()
    page.locator(".nx-count", has_text="第 1–50").wait_for()


def test_export_downloads_the_screen(at_table, desk_page):
    page = at_table(desk_page, "?name=第77网")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    assert download.value.suggested_filename.startswith("从业人员台账-")


def test_it_works_without_a_script(browser, signed_in, live_server, staff):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    signed_in(page, staff)
    page.goto(f"{live_server.url}/gallery/people/")
    page.locator("#t-gallery-q").fill("第77网")
    page.locator("#t-gallery-q").press("Enter")
    page.wait_for_url(re.compile("q="))
    assert page.locator("tbody tr").count() == 1
    context.close()


def test_cards_hold_long_labels_and_large_text(at_table, phone_page):
    """English labels are longer than Chinese ones, and a phone's text may be set to twice its size."""
    page = at_table(phone_page)
    page.evaluate("document.querySelectorAll('td[data-label]').forEach(td => td.dataset.label = 'Way of engagement')")
    cell = page.locator("tbody td.nowrap[data-label]").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').whiteSpace") == "normal"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_rows_are_cards_on_a_phone(at_table, phone_page):
    page = at_table(phone_page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "grid"
    assert not page.locator("summary", has_text="核实日期").is_visible()
    page.locator(".nx-filters-on").click()
    assert page.locator("summary", has_text="核实日期").is_visible()
    page.locator(".nx-burger").click()
    page.get_by_role("link", name="我的今日工作").click()
    page.wait_for_url(re.compile("/console/$"))


@pytest.mark.parametrize(
    "address", ["people/", "people/?q=zzz", "people/?sector=truck&page=2&size=25", "parts/"]
)
@pytest.mark.parametrize("width", ["desk_page", "phone_page"])
def test_axe(request, width, at_table, axe, live_server, address):
    page = at_table(request.getfixturevalue(width))
    page.goto(f"{live_server.url}/gallery/{address}")
    axe(page)


def test_axe_with_errors_and_open_parts(at_table, desk_page, axe, live_server):
    page = at_table(desk_page)
    page.locator("tbody .nx-check").first.check()
    for summary in page.locator(".nx-bar-top summary").all():
        summary.click()
        axe(page)
    page.goto(f"{live_server.url}/gallery/parts/")
    page.get_by_role("button", name="保存").click()
    page.locator(".nx-errors").wait_for()
    assert page.evaluate("document.activeElement.className").startswith("nx-note")
    axe(page)
    page.get_by_role("link", name="手机号应为").click()
    assert page.evaluate("location.hash") == "#f-phone"
    page.get_by_role("button", name="查看完整号码").click()
    axe(page)
