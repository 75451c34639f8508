"""The screens of rounds, queue, list and differences: who sees them, what they say, how many queries they take."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey import jobs
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.actions.rounds import close_round
from nuanxin.organisation.survey.models import Check, Round, Task
from nuanxin.registry.people.models import Worker
from nuanxin.web.console.views.rounds import tasks_due
from tests.cast import COUNTY, STREET, area, cast_for, client, person, scope
from tests.organisation.survey.roster import LI, TODAY, WANG, canvass, roster

pytestmark = pytest.mark.django_db
SUN = {"name": "孙梅", "phone": "13873100004", "idno": "430121199203041226"}


@pytest.fixture
def cast():
    return cast_for(
        Permission.SURVEY_RUN, Permission.SURVEY_VERIFY, Permission.SURVEY_MATCH, Permission.WORKERS_VIEW,
        Permission.IMPORT, Permission.EXPORT,
    )  # fmt: skip


@pytest.fixture
def winter():
    autumn = canvass(date(2026, 8, 20))
    roster(WANG, LI, of=autumn, as_of=date(2026, 8, 20))
    close_round(round_id=autumn.pk, by=None)
    found = canvass(TODAY)
    roster(WANG, SUN, of=found)
    consolidate(area=COUNTY, by=None)
    return found


def text(answer) -> str:
    return answer.content.decode()


def test_from_opening_to_closing(cast):
    area(COUNTY)
    browser = client(cast.owner)
    assert "开始第一轮" in text(browser.get(reverse("console:rounds")))
    page = text(browser.get(reverse("console:round_new")))
    assert "第四季度" in page or "第一季度" in page or "季度" in page
    answer = browser.post(
        reverse("console:round_new"), {"area": COUNTY, "starts_on": "2026-10-01", "ends_on": "2026-12-31", "name": "冬季摸排"}
    )
    opened = Round.objects.get()
    assert answer.headers["Location"] == reverse("console:round", args=[opened.pk]) and opened.name == "冬季摸排"
    assert "还在进行中" in text(browser.get(reverse("console:round_new")))
    again = browser.post(reverse("console:round_new"), {"area": COUNTY})
    assert again.status_code == 422 and "还没有结束" in text(again)
    close = reverse("console:round_close", args=[opened.pk])
    assert browser.post(close).status_code == 422, "without the tick nothing closes"
    assert browser.post(close, {"sure": "1"}).status_code == 302
    assert Round.objects.get().state == "closed"
    assert browser.get(close).status_code == 302


def test_the_page_of_a_round_says_what_has_changed(cast, winter):
    browser = client(cast.owner)
    page = text(browser.get(reverse("console:round", args=[winter.pk])))
    assert "上一轮有，本轮没有" in page and "结束本轮" in page
    people = reverse("console:round_people", args=[winter.pk])
    left = text(browser.get(people, {"change": "left"}))
    assert "李红梅" in left and "王志强" not in left
    assert WANG["phone"] not in text(browser.get(people))
    preview = text(browser.get(reverse("console:round_close", args=[winter.pk])))
    assert "将记为“已离开”" in preview and "镇街、社区任务没有完成" in preview


def test_a_large_round_is_closed_behind_the_page(cast, winter, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 0)
    browser = client(cast.owner)
    browser.post(reverse("console:round_close", args=[winter.pk]), {"sure": "1"})
    page = text(browser.get(reverse("console:round", args=[winter.pk])))
    assert "正在结束本轮" in page and "结束本轮…" not in page
    progress = reverse("console:round_progress", args=[winter.pk])
    assert "正在结束本轮" in text(browser.get(progress))
    jobs.close_later(round_id=winter.pk, by=cast.owner.pk)
    monkeypatch.setattr("nuanxin.organisation.survey.queries.rounds.ProcrastinateJob.objects", _NoJobs())
    assert browser.get(progress).headers["HX-Refresh"] == "true"


class _NoJobs:
    def filter(self, **more):
        return self

    def order_by(self, *fields):
        return []


ROUTES = ["round", "round_people", "round_assign", "round_close", "round_progress", "round_differences", "round_differences_done"]


@pytest.mark.parametrize("route", ROUTES)
def test_another_district_finds_nothing(cast, winter, route):
    address = reverse(f"console:{route}", args=[winter.pk])
    assert client(cast.team_mate).get(address).status_code == 200
    answer = client(cast.outsider).get(address)
    assert answer.status_code == 404 and winter.name not in text(answer)
    assert client(cast.outsider).post(address, {"sure": "1", "reasons": "new"}).status_code in (404, 405)
    winter.refresh_from_db()
    assert winter.state == "open" and not Check.objects.exists()


def test_a_street_sees_its_part_and_does_not_run_the_round(winter):
    area(STREET)
    street = person("street", STREET)
    browser = client(street)
    page = text(browser.get(reverse("console:round", args=[winter.pk])))
    assert "结束本轮" not in page and "派发核实" not in page
    assert browser.get(reverse("console:round_close", args=[winter.pk])).status_code == 404
    assert browser.post(reverse("console:round_new"), {"area": COUNTY}).status_code == 404
    assert "王志强" not in text(browser.get(reverse("console:round_people", args=[winter.pk]))), "the county's, not the street's"


def test_a_task_is_finished_and_opened_again(cast, winter):
    browser = client(cast.owner)
    task = Task.objects.get(round=winter)
    address = reverse("console:round_task", args=[winter.pk, task.pk])
    assert [i.count for i in tasks_due(scope(cast.owner), cast.owner)] == [None]
    assert client(cast.outsider).post(address).status_code == 404
    browser.post(address)
    assert Task.objects.get(pk=task.pk).state == "done" and tasks_due(scope(cast.owner), cast.owner) == []
    browser.post(address, {"reopen": "1"})
    assert Task.objects.get(pk=task.pk).state == "doing"


def test_checks_are_assigned_by_reason(cast, winter):
    browser = client(cast.owner)
    address = reverse("console:round_assign", args=[winter.pk])
    assert "本轮未再出现（1 人）" in text(browser.get(address))
    assert browser.post(address, {"kind": "phone"}).status_code == 422
    browser.post(address, {"reasons": ["left"], "kind": "visit", "assignee": cast.team_mate.pk})
    check = Check.objects.get()
    assert (check.reason, check.kind, check.assignee) == ("left", "visit", cast.team_mate.pk)


def test_the_list_leaves_the_house_with_a_fact(cast, winter):
    answer = client(cast.owner).post(reverse("console:round_people", args=[winter.pk]), {"_export": "xlsx"})
    assert answer.headers["Content-Type"].endswith("sheet")
    assert sum(Fact.objects.filter(kind="people.roster.exported").values_list("quantity", flat=True)) == 3


PAGES = ["rounds", "round", "round_people", "round_close", "round_assign", "round_differences", "pairs", "checks"]


@pytest.mark.parametrize("route", PAGES)
def test_queries_do_not_grow_with_the_rows(cast, winter, route):
    args = [winter.pk] if route.startswith("round_") or route == "round" else []
    browser, address = client(cast.owner), reverse(f"console:{route}", args=args)
    browser.get(address)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    few = count()
    roster(*({"name": f"王{chr(0x4E00 + n)}", "phone": f"1387320{n:04}", "area": STREET} for n in range(12)), of=winter)
    roster(*({"name": f"李{chr(0x4E00 + n)}", "phone": f"1387330{n:04}"} for n in range(12)), of=winter, kind="platform")
    area(STREET)
    consolidate(area=COUNTY, by=None)
    Check.objects.bulk_create(
        Check(round=winter, worker=w, area_id=w.area_id, sector=w.sector) for w in Worker.objects.all()
    )
    many = count()
    assert many <= few + 5, f"{few} → {many}: lists that were empty may ask for what belongs to their rows"
    assert many <= 24
