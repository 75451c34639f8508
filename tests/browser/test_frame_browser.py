"""The frame of the console and the public pages."""

import re

import pytest

from nuanxin.foundation.access.enums import Permission
from tests.cast import COUNTY, SISTER_STREET, STREET, area, holder


@pytest.fixture
def staff():
    area(STREET)
    area(SISTER_STREET)
    return holder(
        set(Permission) - {Permission.SYSTEM_ADMIN, Permission.SECURITY_ADMIN, Permission.AUDIT_ADMIN}, COUNTY
    )


@pytest.mark.parametrize("width", ["desk_page", "phone_page"])
@pytest.mark.parametrize("address", ["/", "/nowhere/", "/console/", "/console/views/"])
def test_axe(request, width, address, staff, signed_in, live_server, axe):
    page = request.getfixturevalue(width)
    if address.startswith("/console"):
        signed_in(page, staff)
    page.goto(live_server.url + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    axe(page)


def test_the_working_area_is_switched(staff, signed_in, live_server, desk_page):
    signed_in(desk_page, staff)
    desk_page.goto(f"{live_server.url}/console/")
    desk_page.get_by_label(re.compile("^工作区域")).click()
    desk_page.get_by_role("button", name="湘龙街道").click()
    desk_page.wait_for_load_state()
    assert "湘龙街道" in desk_page.locator(".nx-top").inner_text()


def test_large_text_and_language(staff, signed_in, live_server, desk_page, axe):
    signed_in(desk_page, staff)
    desk_page.goto(f"{live_server.url}/console/")
    desk_page.get_by_label(re.compile("^我的账号")).click()
    desk_page.get_by_text("大字模式").click()
    desk_page.reload()
    assert desk_page.evaluate("getComputedStyle(document.documentElement).fontSize") == "19px"
    axe(desk_page)
    desk_page.locator(".nx-tools summary").last.click()
    desk_page.get_by_role("button", name="English").click()
    desk_page.wait_for_load_state()
    assert desk_page.evaluate("document.documentElement.lang") == "en"


def test_help_on_keys(staff, signed_in, live_server, desk_page):
    signed_in(desk_page, staff)
    desk_page.goto(f"{live_server.url}/console/")
    desk_page.keyboard.press("?")
    assert desk_page.get_by_role("heading", name="键盘快捷键").is_visible()


def test_print_leaves_the_frame_away(staff, signed_in, live_server, desk_page):
    signed_in(desk_page, staff)
    desk_page.goto(f"{live_server.url}/console/")
    desk_page.emulate_media(media="print")
    assert not desk_page.locator(".nx-side").is_visible()
    assert not desk_page.locator(".nx-top").is_visible()
    assert desk_page.get_by_role("heading", level=1).is_visible()
