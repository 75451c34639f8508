"""Public pages, headers, languages, errors, navigation, the working area."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client, RequestFactory

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.web.console import today as today_page
from nuanxin.web.console.frame import narrowed
from nuanxin.web.shared import jinja
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.formats import date, number, percent
from tests.cast import COUNTY, OTHER_COUNTY, SISTER_STREET, STREET, client, holder, post
from tests.cast import area as make_area

pytestmark = pytest.mark.django_db


def test_landing_shows_the_way_in():
    page = Client().get("/")
    assert page.status_code == 200
    assert "工作人员登录" in page.content.decode()
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_pages_carry_no_inline_script_or_style():
    for page in (Client().get("/"), client(holder((), COUNTY)).get("/console/")):
        text = page.content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "hx-on" not in text
        assert text.count("<script") == text.count("<script src=")


def test_pages_of_staff_are_not_stored():
    assert client(holder((), COUNTY)).get("/console/").headers["Cache-Control"] == "no-store"


def test_health_answers_only_with_the_database(monkeypatch):
    assert Client().get("/healthz").json() == {"database": True}

    def gone(*args):
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", gone)
    assert Client().get("/healthz").status_code == 503


def test_language_is_switched_and_remembered():
    who = holder((), COUNTY)
    browser = client(who)
    answer = browser.post("/language/", {"language": "en", "next": "/console/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/")
    assert 'lang="en"' in browser.get("/console/").content.decode()
    who.refresh_from_db()
    assert who.language == "en"
    browser.post("/language/", {"language": "zh-hans", "next": "/console/"})
    assert 'lang="zh-CN"' in browser.get("/console/").content.decode()


def test_language_switch_never_leads_away():
    answer = Client().post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer.headers.get("Location", "")
    assert Client().get("/language/").status_code == 405


def test_large_text_is_written_into_the_page():
    browser = Client()
    browser.cookies["nx_text"] = "large"
    assert 'data-text="large"' in browser.get("/").content.decode()


def test_errors_are_friendly_and_htmx_gets_words_only():
    page = Client().get("/nowhere/")
    assert page.status_code == 404
    assert "没有找到这个页面" in page.content.decode()
    part = Client().get("/nowhere/", headers={"HX-Request": "true"})
    assert part.content.decode().startswith("地址有误")
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/language/", {"language": "en"}).status_code == 403


def test_a_fault_of_ours_gets_its_page(monkeypatch):
    monkeypatch.setattr("nuanxin.web.public.views.render", lambda *a, **k: 1 / 0)
    page = Client(raise_request_exception=False).get("/")
    assert page.status_code == 500
    assert "系统出错了" in page.content.decode()


class Refused(Exception):
    code = "phone_length"
    params = {"field": "phone"}


def test_domain_errors_become_problems_and_others_do_not():
    request = RequestFactory().get("/")
    assert form_errors(request, Refused("手机号应为 11 位")) == [Problem("手机号应为 11 位", "phone")]
    assert form_errors(request, ValidationError("不行")) == [Problem("不行", "")]
    assert form_errors(request, ValidationError({"name": ["太长"]})) == [Problem("太长", "name")]
    with pytest.raises(KeyError):
        form_errors(request, KeyError("x"))


def test_navigation_follows_permissions_and_lights_the_page():
    clerk = client(holder((), COUNTY)).get("/console/").content.decode()
    assert "我的今日工作" in clerk
    assert 'aria-current="page"' in clerk
    assert "审计记录" not in clerk


def test_today_shows_what_is_due_the_most_urgent_first(monkeypatch):
    import datetime as dt

    from django.utils import timezone

    now = timezone.localdate()
    items = [
        today_page.WorkItem("没有期限", "/c/"),
        today_page.WorkItem("今天的", "/b/", due=now),
        today_page.WorkItem("超期的", "/a/", due=now - dt.timedelta(days=2), count=12),
    ]
    monkeypatch.setattr(today_page, "providers", [lambda scope, user: items])
    page = client(holder((), COUNTY)).get("/console/").content.decode()
    assert page.index("超期的") < page.index("今天的") < page.index("没有期限")
    assert "超期 2 天" in page


def test_a_day_without_work_says_so():
    assert "今天没有到期的工作" in client(holder((), COUNTY)).get("/console/").content.decode()


def test_the_working_area_only_takes_away():
    wide = Grant(COUNTY, frozenset({"x"}), 1)
    other = Grant(OTHER_COUNTY, frozenset({"y"}), 2)
    scope = Scope(7, (wide, other))
    assert narrowed(scope, STREET) == Scope(7, (Grant(STREET, frozenset({"x"}), 1),))
    assert narrowed(scope, 430000000000000) == scope
    assert narrowed(scope, 110000000000000).grants == ()


def test_the_working_area_is_chosen_within_the_scope():
    make_area(STREET)
    make_area(SISTER_STREET)
    make_area(OTHER_COUNTY)
    who = holder({Permission.CONSOLE}, COUNTY)
    browser = client(who)
    assert browser.post("/console/area/", {"area": OTHER_COUNTY}).status_code == 404
    assert browser.post("/console/area/", {"area": "-1"}).status_code == 404
    assert (
        browser.post("/console/area/", {"area": STREET, "next": "//evil"}).headers["Location"] == "/console/"
    )
    assert browser.get("/console/").wsgi_request.scope.home_area == STREET
    post(who, "extra", OTHER_COUNTY, permissions=[Permission.CONSOLE])
    browser.post("/console/area/", {"area": OTHER_COUNTY})
    who.postings.filter(area_id=OTHER_COUNTY).delete() if hasattr(who, "postings") else None
    browser.post("/console/area/", {"area": 0})
    assert COUNTY in {g.area for g in browser.get("/console/").wsgi_request.scope.grants}


def test_pages_are_written_without_a_built_front_end(monkeypatch):
    def missing(path):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("nuanxin.web.shared.jinja.find_static", missing)
    assert "/static/console.css" in str(jinja.static("console.css"))
    assert Client().get("/").status_code == 200


def test_icons_speak_only_when_they_must():
    assert 'aria-hidden="true"' in jinja.icon("home")
    assert 'aria-label="&lt;首页&gt;"' in jinja.icon("home", "<首页>")


def test_formats():
    import datetime as dt

    assert date(dt.date(2025, 3, 1)) == "2025年3月1日"
    assert date(dt.date(2025, 3, 1), "short") == "2025-03-01"
    assert (number(43702), number(None), percent(0.256)) == ("43,702", "", "25.6%")
