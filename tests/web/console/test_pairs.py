"""The review queue, bulk decisions, and the rows behind a person, by their addresses."""

import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions import pairs as actions
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.models import Pair, Source
from nuanxin.registry.people.models import Worker
from nuanxin.web.console.views.pairs import pairs_waiting
from tests.cast import COUNTY, cast_for, client, holder, scope
from tests.organisation.survey.questions import ONE, OTHER, asked
from tests.organisation.survey.roster import WANG, people, roster, worker_of

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def cast():
    return cast_for(Permission.SURVEY_MATCH, Permission.SURVEY_RUN, Permission.WORKERS_VIEW)


@pytest.fixture
def pair():
    found = asked()
    Pair.objects.filter(pk=found.pk).update(confidence=0.96, reasons=["same_name", "same_phone"])
    return Pair.objects.get(pk=found.pk)


def text(answer) -> str:
    return answer.content.decode()


def test_the_card_shows_both_sides_in_words_and_masked(cast, pair):
    page = text(client(cast.owner).get(reverse("console:pairs")))
    assert "姓名相同" in page and "<mark>35</mark>" in page and "第 2 行" in page
    assert ONE["idno"] not in page and OTHER["phone"] not in page
    assert [i.count for i in pairs_waiting(scope(cast.owner), cast.owner)] == [1]


def test_without_a_script_a_decision_leads_to_the_next(cast, pair):
    browser = client(cast.owner)
    answer = browser.post(reverse("console:pair_decide", args=[pair.pk]), {"same": "1"})
    assert answer.headers["Location"] == f"{reverse('console:pairs')}?after={pair.pk}"
    assert people() == 1
    assert "没有等待判断的了" in text(browser.get(answer.headers["Location"]))
    decided = text(browser.get(reverse("console:pairs_decided")))
    assert cast.owner.name in decided and "同一人" in decided
    answer = browser.post(reverse("console:pair_undo", args=[pair.pk]))
    assert answer.headers["Location"].endswith(f"?pair={pair.pk}") and people() == 2


def test_the_script_is_answered_in_words_when_somebody_was_quicker(cast, pair):
    address = reverse("console:pair_decide", args=[pair.pk])
    assert client(cast.owner).post(address, {"same": "0"}, headers=SCRIPT).status_code == 204
    late = client(cast.team_mate).post(address, {"same": "1"}, headers=SCRIPT)
    assert late.status_code == 409 and late.headers["X-Code"] == "decided" and "不是同一人" in text(late)
    back = client(cast.team_mate).post(reverse("console:pair_undo", args=[pair.pk]), headers=SCRIPT)
    assert f'data-pair="{pair.pk}"' in text(back)


@pytest.mark.parametrize(("route", "data"), [("pair_decide", {"same": "1"}), ("pair_undo", {})])
def test_another_district_decides_nothing(cast, pair, route, data):
    assert client(cast.outsider).post(reverse(f"console:{route}", args=[pair.pk]), data).status_code == 404
    assert "刘建国" not in text(client(cast.outsider).get(reverse("console:pairs"), {"pair": pair.pk}))
    assert client(cast.outsider).get(reverse("console:pair_next")).status_code == 204
    assert Pair.objects.get().state == "open"


def test_a_word_that_is_neither_is_no_decision(cast, pair):
    assert client(cast.owner).post(reverse("console:pair_decide", args=[pair.pk])).status_code == 404
    assert Pair.objects.get().state == "open"


def test_many_at_once_are_counted_shown_and_confirmed(cast, pair):
    browser, address = client(cast.owner), reverse("console:pairs_bulk")
    page = text(browser.get(address, {"least": "0.95"}))
    assert "1 对，全部判为同一人" in page and "刘建国" in page
    assert browser.post(address, {"least": "0.95", "expected": "1"}).status_code == 422, "not confirmed"
    stale = browser.post(address, {"least": "0.95", "expected": "7", "sure": "1"})
    assert stale.status_code == 422 and "数量已有变化" in text(stale)
    assert browser.post(address, {"least": "0.95", "expected": "1", "sure": "1"}).status_code == 302
    assert people() == 1 and Pair.objects.get().decided_by == cast.owner.pk


def test_doubtful_kinds_are_never_decided_in_bulk(cast, pair):
    Pair.objects.update(reasons=["same_name", "shared_phone_of_many"])
    assert actions.likely(scope(cast.owner), 0.5).count() == 0


def test_only_the_lead_unit_decides_in_bulk(cast, pair):
    reviewer = client(holder({Permission.SURVEY_MATCH}, COUNTY))
    assert reviewer.get(reverse("console:pairs_bulk")).status_code == 404
    assert "成批判断" not in text(reviewer.get(reverse("console:pairs")))
    outside = client(cast.outsider).get(reverse("console:pairs_bulk"), {"least": "0.9"})
    assert "刘建国" not in text(outside)


def test_the_rows_behind_a_person_and_the_way_apart(cast):
    first, second = roster(WANG), roster(WANG, kind="platform")
    consolidate(area=COUNTY, by=None)
    worker = worker_of(first)
    browser, address = client(cast.owner), reverse("console:worker_sources", args=[worker.pk])
    page = text(browser.get(address))
    assert page.count("nx-source") == 2 and "138****0001" in page and WANG["phone"] not in page
    assert Fact.objects.filter(kind="people.worker.opened", subject=f"worker:{worker.pk}").exists()
    assert browser.post(address).status_code == 422
    answer = browser.post(address, {"row": second.rows.get().pk})
    fresh = worker_of(second)
    assert answer.headers["Location"] == reverse("console:worker_sources", args=[fresh.pk]) and fresh != worker
    assert Source.objects.count() == 2 and people() == 2


def test_the_rows_of_another_district_are_not_there(cast):
    first = roster(WANG)
    consolidate(area=COUNTY, by=None)
    address = reverse("console:worker_sources", args=[worker_of(first).pk])
    assert client(cast.outsider).get(address).status_code == 404
    assert client(cast.outsider).post(address, {"row": first.rows.get().pk}).status_code == 404
    viewer = client(holder({Permission.WORKERS_VIEW}, COUNTY))
    assert "拆成另一个人" not in text(viewer.get(address))
    assert viewer.post(address, {"row": first.rows.get().pk}).status_code == 404
    assert Worker.objects.count() == 1
