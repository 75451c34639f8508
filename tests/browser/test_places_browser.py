"""Areas, grids, calendar, notices and outbox in a real browser: they fit both widths and pass axe."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.media.actions import accept_document
from nuanxin.foundation.notices import actions as notices
from nuanxin.foundation.notices.models import Delivery
from nuanxin.registry.areas.actions import import_grids
from nuanxin.registry.areas.enums import GRID_FILE
from nuanxin.registry.areas.models import Area
from tests.cast import COMMUNITY, COUNTY, GRID, STREET, area, holder
from tests.registry.areas.shapes import document, feature, squares, whole

SHOTS = os.environ.get("NUANXIN_SHOTS")


@pytest.fixture
def place(monkeypatch):
    area(STREET)
    area(COMMUNITY)
    Area.objects.filter(code=GRID).delete()
    editor = holder({Permission.AREAS_EDIT}, COUNTY)
    import_grids(data=whole(), target=COMMUNITY, on=date(2026, 9, 1), by=editor.pk)
    return editor


def stored(data, by):
    return accept_document(
        data, by=by, now=timezone.localtime(), name="a.geojson", area=COMMUNITY, kind=GRID_FILE
    ).pk


def bad_file():
    cells = squares()
    shapes = [
        feature(s, name=f"第{i}网格", code=str(COMMUNITY + i)) for i, s in enumerate(cells, 1) if i != 5
    ]
    return document(*shapes, feature(cells[0].buffer(2e-4), name="重叠的网格", code=str(COMMUNITY + 20)))


def gap_file():
    cells = squares()
    return document(
        *(feature(s, name=f"第{i}网格", code=str(COMMUNITY + i)) for i, s in enumerate(cells, 1) if i != 5)
    )


@pytest.mark.parametrize("width", ["desk_page", "phone_page"])
def test_places(request, width, live_server, signed_in, axe, place):
    page = request.getfixturevalue(width)
    signed_in(page, place)
    look(page, live_server, axe, reverse("console:area", args=[COUNTY]), f"area-county-{width}")
    look(page, live_server, axe, reverse("console:area", args=[COMMUNITY]), f"area-community-{width}")
    look(page, live_server, axe, reverse("console:areas") + "?q=xsjd", f"areas-search-{width}")
    look(page, live_server, axe, reverse("console:grids", args=[COMMUNITY]), f"grids-{width}")
    Area.objects.filter(code=COMMUNITY + 5).delete()
    for name, data in (("bad", bad_file()), ("gap", gap_file()), ("good", whole())):
        Area.objects.filter(level=6).delete() if name == "good" else None
        at = reverse("console:grids_preview", args=[COMMUNITY, stored(data, place.pk)])
        look(page, live_server, axe, at + "?datum=wgs84", f"preview-{name}-{width}")


@pytest.mark.parametrize("width", ["desk_page", "phone_page"])
def test_calendar_notices_outbox(request, width, live_server, signed_in, axe, monkeypatch):
    page = request.getfixturevalue(width)
    admin = holder({Permission.SYSTEM_ADMIN}, COUNTY)
    monkeypatch.setattr(notices, "_defer", lambda pk: None)
    for i, state in enumerate(("queued", "sent", "failed", "given_up")):
        row = notices.send_sms(
            phone=f"1381234567{i}", text=f"您有 {i + 1} 条核实任务", template="task", key=f"k{i}", by=None
        )
        Delivery.objects.filter(pk=row.pk).update(state=state, attempts=i * 2, error="流控" if i > 1 else "")
    for i in range(3):
        notices.notify([admin.pk], kind="task", title=f"第 {i + 1} 轮摸排已开始", link="/console/")
    notices.mark_read(user=admin.pk, now=timezone.now(), notice=notices.Notice.objects.first().pk)
    signed_in(page, admin)
    look(page, live_server, axe, reverse("console:calendar") + "?year=2026", f"calendar-{width}")
    look(page, live_server, axe, reverse("console:calendar") + "?year=2027", f"calendar-2027-{width}")
    look(page, live_server, axe, reverse("console:calendar_import"), f"calendar-import-{width}")
    page.fill("#f-source", "国办")
    page.fill("#f-text", "2027-02-30 放假\n2027-03-01 上班")
    page.click("form.nx-form .btn-primary")
    check(page, axe, f"calendar-import-errors-{width}")
    look(page, live_server, axe, reverse("console:notices"), f"notices-{width}")
    look(page, live_server, axe, reverse("console:outbox"), f"outbox-{width}")


def look(page, live_server, axe, path, name):
    answer = page.goto(live_server.url + path)
    assert answer.status == 200, path
    check(page, axe, name)


def check(page, axe, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page=True)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
