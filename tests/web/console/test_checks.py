"""What the phone sends: each result by itself, once, answered in words; the number to call."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions import checks as actions
from nuanxin.organisation.survey.actions.checks import assign_checks
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.models import Attempt, Check
from nuanxin.registry.people.models import Worker
from nuanxin.web.console.views import checks as views
from nuanxin.web.console.views.checks import checks_waiting
from tests.cast import COUNTY, STREET, area, cast_for, client, person, scope
from tests.organisation.survey.roster import LI, WANG, canvass, roster

pytestmark = pytest.mark.django_db
SYNC = reverse("console:checks_sync")


@pytest.fixture
def cast():
    return cast_for(Permission.SURVEY_VERIFY, Permission.SURVEY_RUN)


@pytest.fixture
def made(cast):
    roster(WANG, LI)
    consolidate(area=COUNTY, by=None)
    assign_checks(scope=scope(cast.owner), round_id=canvass().pk, by=cast.owner.pk)
    return list(Check.objects.order_by("pk"))


def item(check, result="confirmed", **more):
    return {"client_key": str(uuid4()), "check": str(check.pk), "kind": "phone", "result": result,
            "at": timezone.now().isoformat(), "remark": "", "corrections": {}, **more}  # fmt: skip


def send(who, *items, now=None, raw=None):
    body = raw if raw is not None else json.dumps({"now": (now or timezone.now()).isoformat(), "reports": list(items)})
    return client(who).post(SYNC, body, content_type="application/json")


def statuses(answer):
    return [(r["status"], r["code"]) for r in answer.json()["results"]]


def facts():
    return Fact.objects.filter(kind="survey.check.recorded").count()


def test_good_and_bad_ones_are_answered_one_by_one(cast, made):
    bad = item(made[1], "corrected", corrections={"phone": "1387310"})
    answer = send(cast.owner, item(made[0]), bad, {"client_key": "x"}, "nonsense", item(made[0], result="wonderful"))
    assert statuses(answer) == [("ok", ""), ("refused", "phone"), ("refused", "bad"), ("refused", "bad"), ("refused", "bad")]
    assert "手机号" in answer.json()["results"][1]["message"]
    assert facts() == 1 and answer.json()["left"] == 1


def test_the_same_sending_again_is_ok_and_counts_once(cast, made):
    sent = [item(c) for c in made]
    assert statuses(send(cast.owner, *sent)) == statuses(send(cast.owner, *sent)) == [("ok", "")] * 2
    assert facts() == 2 and Attempt.objects.count() == 2


def test_an_outsider_changes_nothing_and_learns_nothing(cast, made):
    answer = send(cast.outsider, item(made[0]))
    assert statuses(answer) == [("refused", "gone")] and "王志强" not in answer.content.decode()
    assert facts() == 0
    assert "王志强" not in client(cast.outsider).get(reverse("console:checks")).content.decode()
    call = reverse("console:check_call", args=[made[0].pk])
    assert client(cast.outsider).post(call).status_code == 404
    assert not Fact.objects.filter(kind="access.unmasked").exists()


def test_one_result_that_breaks_does_not_hold_up_the_others(cast, made, monkeypatch):
    record = actions.record_check

    def broken(*, scope, report, by):
        if report.check == made[0].pk:
            raise RuntimeError("a fault of ours")
        return record(scope=scope, report=report, by=by)

    monkeypatch.setattr(views, "record_check", broken)
    answer = send(cast.owner, item(made[0]), item(made[1]))
    assert statuses(answer) == [("retry", "error"), ("ok", "")] and facts() == 1


@pytest.mark.parametrize("minutes", [95, -180])
def test_a_wrong_clock_is_put_right_and_told(cast, made, minutes):
    wrong = timedelta(minutes=minutes)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    answer = send(cast.owner, item(made[0], at=(an_hour_ago + wrong).isoformat()), now=timezone.now() + wrong)
    assert statuses(answer) == [("ok", "")]
    assert f"{abs(minutes)} 分钟" in answer.json()["notice"]
    assert abs(Check.objects.get(pk=made[0].pk).recorded_at - an_hour_ago) < timedelta(minutes=1)


@pytest.mark.parametrize("raw", ["", "[]", "{}", '{"now": "yesterday", "reports": []}', '{"reports": [], "now": 5}', "\x00", "[" * 100_000])
def test_nonsense_is_answered_in_words(cast, raw):
    answer = send(cast.owner, raw=raw)
    assert answer.status_code == 400 and "刷新" in answer.json()["message"]


def test_a_day_before_all_days_is_a_bad_result_and_not_the_end_of_the_others(cast, made):
    first_of_all = item(made[0], at="0001-01-01T00:00:00+00:00")
    answer = send(cast.owner, first_of_all, item(made[1]), now=timezone.now() + timedelta(hours=1))
    assert statuses(answer) == [("refused", "bad"), ("ok", "")]


def test_more_than_two_hundred_are_refused_whole(cast, made):
    answer = send(cast.owner, *[item(made[0]) for _n in range(201)])
    assert answer.status_code == 400 and facts() == 0


def test_without_a_session_the_phone_is_sent_to_the_sign_in(cast, made):
    assert client().post(SYNC, "{}", content_type="application/json").status_code == 302
    assert client().get(reverse("console:checks_token")).status_code == 302
    token = client(cast.owner).get(reverse("console:checks_token")).json()
    assert token["user"] == cast.owner.pk and len(token["token"]) > 30


def test_a_sending_without_a_token_is_refused(cast, made):
    strict = client(cast.owner, enforce_csrf_checks=True)
    assert strict.post(SYNC, json.dumps({"now": "", "reports": []}), content_type="application/json").status_code == 403


def test_the_list_shows_no_whole_number_and_the_call_does(cast, made):
    browser = client(cast.owner)
    page = browser.get(reverse("console:checks")).content.decode()
    assert "138****0001" in page and WANG["phone"] not in page
    check = Check.objects.get(worker__name="王志强")
    answer = browser.post(reverse("console:check_call", args=[check.pk]))
    assert answer.json() == {"number": WANG["phone"]} and answer.headers["Cache-Control"] == "no-store"
    assert Fact.objects.get(kind="access.unmasked").actor == cast.owner.pk
    Worker.objects.update(phone=b"")
    answer = browser.post(reverse("console:check_call", args=[check.pk]))
    assert answer.status_code == 409 and "上门" in answer.json()["message"]


def test_a_community_needs_no_permission_to_unmask(made):
    area(STREET)
    Check.objects.filter(pk=made[0].pk).update(area_id=STREET)
    visitor = person("community", STREET)
    browser = client(visitor)
    page = browser.get(reverse("console:checks")).content.decode()
    assert page.count("data-check=") == 1
    assert browser.post(reverse("console:check_call", args=[made[0].pk])).status_code == 200
    assert browser.post(reverse("console:check_call", args=[made[1].pk])).status_code == 404
    assert [i.count for i in checks_waiting(scope(visitor), visitor)] == [1]


def test_what_i_did_is_shown_apart(cast, made):
    send(cast.owner, item(made[0], "left"))
    browser = client(cast.owner)
    done = browser.get(reverse("console:checks"), {"show": "done"}).content.decode()
    assert done.count("data-check=") == 1 and "已离开" in done
    assert "今天已核实 1 人" in done
