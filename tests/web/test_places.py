"""Areas, calendar, notices, outbox and files on screen: who sees what, and the way through."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.storage import InMemoryStorage
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.media import actions as media
from nuanxin.foundation.media import queries as files
from nuanxin.foundation.notices import actions as notices
from nuanxin.foundation.notices.models import Delivery, Notice
from nuanxin.foundation.worktime.models import CalendarDay
from nuanxin.registry.areas.models import Area
from tests.cast import COMMUNITY, COUNTY, OTHER_COUNTY, STREET, area, client, holder
from tests.foundation.worktime.test_notice import NOTICE
from tests.registry.areas.shapes import document, feature, squares

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(monkeypatch):
    kept = InMemoryStorage()
    monkeypatch.setattr(media, "default_storage", kept)
    monkeypatch.setattr(files, "default_storage", kept)


@pytest.fixture
def editor():
    area(COMMUNITY)
    return client(holder({Permission.AREAS_EDIT}, COUNTY))


def upload(name="网格.geojson", data=None):
    shapes = [feature(s, name=f"第{i}网格") for i, s in enumerate(squares(), 1)]
    file = BytesIO(document(*shapes) if data is None else data)
    file.name = name
    return file


def test_a_single_area_opens_at_once(editor):
    answer = editor.get(reverse("console:areas"))
    assert answer["Location"] == reverse("console:area", args=[COUNTY])
    page = editor.get(answer["Location"]).content.decode()
    assert "星沙街道" in page
    assert "湖南省" not in page.partition("<main")[2].partition("<h1")[0]  # nothing above may be opened


def test_search(editor):
    assert "望仙桥社区" in editor.get(reverse("console:areas"), {"q": "望仙"}).content.decode()
    area(OTHER_COUNTY)
    assert "没有找到" in editor.get(reverse("console:areas"), {"q": "岳塘"}).content.decode()


@pytest.mark.parametrize("code", [OTHER_COUNTY, 430000000000000, 430121099000000, 10**15])
def test_elsewhere_is_404(editor, code):
    if code == OTHER_COUNTY:
        area(code)
    for name in ("console:area", "console:grids"):
        assert editor.get(reverse(name, args=[code])).status_code == 404
    assert editor.post(reverse("console:area_load", args=[code])).status_code == 404


def test_from_file_to_grids(editor):
    answer = editor.post(reverse("console:grids", args=[COMMUNITY]), {"file": upload(), "datum": "wgs84"})
    assert answer.status_code == 303
    page = editor.get(answer["Location"]).content.decode()
    assert "检查通过" in page
    assert "第9网格" in page
    assert not Area.objects.filter(level=6).exists()
    done = editor.post(answer["Location"].partition("?")[0], {"datum": "wgs84"})
    assert done["Location"] == reverse("console:area", args=[COMMUNITY])
    assert Area.objects.filter(level=6).count() == 9
    assert "第9网格" in editor.get(done["Location"]).content.decode()


def test_errors_are_shown_and_nothing_can_be_written(editor):
    one = squares()[0]
    data = document(feature(one, name="甲"), feature(one, name="乙"))
    answer = editor.post(
        reverse("console:grids", args=[COMMUNITY]), {"file": upload(data=data), "datum": "wgs84"}
    )
    page = editor.get(answer["Location"]).content.decode()
    assert "“甲”与“乙”画在同一处" in page
    assert "写入 " not in page
    refused = editor.post(answer["Location"].partition("?")[0], {"datum": "wgs84", "confirmed": "1"})
    assert refused.status_code == 422
    assert not Area.objects.filter(level=6).exists()


def test_another_districts_file_does_not_exist(editor):
    answer = editor.post(reverse("console:grids", args=[COMMUNITY]), {"file": upload(), "datum": "wgs84"})
    outsider = client(holder({Permission.AREAS_EDIT}, OTHER_COUNTY))
    assert outsider.get(answer["Location"]).status_code == 404
    assert outsider.post(answer["Location"], {"datum": "wgs84"}).status_code == 404
    file_id = answer["Location"].partition("?")[0].rstrip("/").rpartition("/")[2]
    assert outsider.get(reverse("console:file", args=[file_id])).status_code == 404


@pytest.mark.parametrize(("data", "text"), [(b"", "空"), (b"PK\x03\x04zip", "压缩包"), (b"\0\0\0", "不支持")])
def test_wrong_files_say_why(editor, data, text):
    answer = editor.post(
        reverse("console:grids", args=[STREET]), {"file": upload(data=data), "datum": "wgs84"}
    )
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert editor.post(reverse("console:grids", args=[STREET]), {"datum": "wgs84"}).status_code == 422


def test_a_file_is_a_download_that_runs_nothing(editor):
    answer = editor.post(
        reverse("console:grids", args=[COMMUNITY]), {"file": upload("张三.geojson"), "datum": "wgs84"}
    )
    file_id = answer["Location"].partition("?")[0].rstrip("/").rpartition("/")[2]
    got = editor.get(reverse("console:file", args=[file_id]))
    assert got.status_code == 200
    assert got["Content-Disposition"].startswith('attachment; filename="nuanxin-')
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]
    assert "张三" not in str(got.headers)
    assert b"FeatureCollection" in b"".join(got.streaming_content)


def test_calendar():
    staff = client(holder({Permission.CONSOLE}, COUNTY))
    page = staff.get(reverse("console:calendar"), {"year": 2026}).content.decode()
    assert "248" in page
    assert "暂定" not in page.partition("<main")[2]
    assert "暂定" in staff.get(reverse("console:calendar"), {"year": 2027}).content.decode()
    assert staff.get(reverse("console:calendar"), {"year": 9999}).status_code == 404
    assert staff.get(reverse("console:calendar_import")).status_code == 404


def test_calendar_import():
    admin = client(holder({Permission.SYSTEM_ADMIN}, COUNTY))
    bad = admin.post(reverse("console:calendar_import"), {"text": "2027-02-30 放假", "source": "国办"})
    assert bad.status_code == 422
    assert "没有这一天" in bad.content.decode()
    done = admin.post(reverse("console:calendar_import"), {"text": NOTICE, "source": "国办"})
    assert done.status_code == 303
    assert CalendarDay.objects.count() == 20
    file = BytesIO(NOTICE.encode("gb18030"))
    file.name = "放假.csv"
    assert admin.post(reverse("console:calendar_import"), {"file": file, "source": "国办"}).status_code == 303


def test_notices_are_mine():
    me, other = holder({Permission.CONSOLE}, COUNTY), holder({Permission.CONSOLE}, COUNTY)
    notices.notify([me.pk, other.pk], kind="task", title="有新的核实任务", link="/console/calendar/")
    mine, theirs = Notice.objects.get(user=me), Notice.objects.get(user=other)
    browser = client(me)
    assert "有新的核实任务" in browser.get(reverse("console:notices")).content.decode()
    assert browser.post(reverse("console:notices_read"), {"notice": theirs.pk}).status_code == 404
    assert (
        browser.post(reverse("console:notices_read"), {"notice": mine.pk})["Location"] == "/console/calendar/"
    )
    assert "没有未读通知" in browser.get(reverse("console:notices"), {"show": "unread"}).content.decode()
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_outbox(monkeypatch):
    monkeypatch.setattr(notices, "_defer", lambda pk: None)
    row = notices.send_sms(phone="13812345678", text="有新的任务", template="task", key="k", by=None)
    Delivery.objects.update(state="given_up", attempts=8, error="流控")
    admin = client(holder({Permission.SYSTEM_ADMIN}, COUNTY))
    page = admin.get(reverse("console:outbox")).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "尚未接入短信服务" in page
    assert admin.post(reverse("console:outbox_retry", args=[row.pk])).status_code == 303
    assert admin.post(reverse("console:outbox_retry", args=[row.pk])).status_code == 404
    assert client(holder({Permission.CONSOLE}, COUNTY)).get(reverse("console:outbox")).status_code == 404
    assert datetime.now(UTC) >= row.created_at
