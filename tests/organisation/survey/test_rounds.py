"""Rounds: opened, worked, closed; what closing means is said before; who may."""

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey import jobs
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.actions.refusal import SurveyRefused
from nuanxin.organisation.survey.actions.rounds import (
    close_round,
    finish_task,
    open_round,
    reopen_task,
    settle_many,
)
from nuanxin.organisation.survey.enums import Party
from nuanxin.organisation.survey.models import Round, Standing, Task
from nuanxin.organisation.survey.queries.rounds import (
    background,
    closing,
    differences,
    found_in,
    proposal,
    reasons_waiting,
    runnable,
    summary,
)
from nuanxin.registry.areas.models import Area
from nuanxin.registry.people.models import Worker
from tests.cast import COUNTY, STREET, area, cast_for, person, scope
from tests.organisation.survey.roster import LI, TODAY, WANG, canvass, roster

pytestmark = pytest.mark.django_db
SUN = {"name": "孙梅", "phone": "13873100004", "idno": "430121199203041226"}


@pytest.fixture
def cast():
    return cast_for(Permission.SURVEY_RUN, Permission.SURVEY_VERIFY)


@pytest.fixture
def winter():
    """The second round: 王志强 is found again, 李红梅 is not, 孙梅 is new."""
    autumn = canvass(date(2026, 8, 20))
    roster(WANG, LI, of=autumn, as_of=date(2026, 8, 20))
    close_round(round_id=autumn.pk, by=None)
    found = canvass(TODAY)
    roster(WANG, SUN, of=found)
    consolidate(area=COUNTY, by=None)
    return found


def test_the_next_quarter_is_proposed(cast):
    area(COUNTY)
    assert proposal(COUNTY, TODAY).name == "2026年第四季度"
    open_round(area=COUNTY, by=cast.owner.pk, today=TODAY, scope=scope(cast.owner))
    assert proposal(COUNTY, TODAY).name == "2027年第一季度"
    assert [a.code for a in runnable(scope(cast.owner))] == [COUNTY]


def test_only_who_runs_the_survey_there_opens_and_closes(cast):
    area(STREET)
    street = person("street", STREET)
    for who in (cast.outsider, street):
        with pytest.raises(Area.DoesNotExist):
            open_round(area=COUNTY, by=who.pk, today=TODAY, scope=scope(who))
    canvass_ = open_round(area=COUNTY, by=cast.owner.pk, today=TODAY, scope=scope(cast.owner))
    for who in (cast.outsider, street):
        with pytest.raises(Round.DoesNotExist):
            close_round(round_id=canvass_.pk, by=who.pk, scope=scope(who))
    close_round(round_id=canvass_.pk, by=cast.team_mate.pk, scope=scope(cast.team_mate))
    with pytest.raises(SurveyRefused, match="已经结束"):
        close_round(round_id=canvass_.pk, by=cast.owner.pk)


def test_a_second_open_round_is_refused(cast):
    open_round(area=area(COUNTY).pk, by=None, today=TODAY)
    with pytest.raises(SurveyRefused, match="还没有结束"):
        open_round(area=COUNTY, by=None, today=TODAY)


def test_a_street_finishes_its_own_task_only(cast):
    area(STREET)
    street = person("street", STREET)
    canvass_ = open_round(area=COUNTY, by=None, today=TODAY)
    task = Task.objects.get(round=canvass_, area_id=STREET)
    assert finish_task(scope=scope(street), task_id=task.pk, by=street.pk).state == "done"
    assert reopen_task(scope=scope(cast.owner), task_id=task.pk, by=cast.owner.pk).state == "doing"
    with pytest.raises(Task.DoesNotExist):
        finish_task(scope=scope(cast.outsider), task_id=task.pk, by=cast.outsider.pk)


def test_the_preview_says_what_closing_then_does(cast, winter, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        preview = closing(scope(cast.owner), winter)
    assert (preview.leaving, preview.leaving_by_sector, preview.kept_by_visit) == (1, [("快递", 1)], 0)
    assert preview.open_tasks == 1 and preview.unfinished
    close_round(round_id=winter.pk, by=cast.owner.pk)
    assert Worker.objects.filter(status="left").count() == preview.leaving


def test_figures_of_the_round(cast, winter):
    figures = summary(scope(cast.owner), winter)
    assert (figures.people, figures.changes) == (2, {"new": 1, "stayed": 1, "moved": 0, "left": 1})
    assert summary(scope(cast.outsider), winter).people == 0
    assert reasons_waiting(scope(cast.owner), winter) == {
        "doubtful": 0, "new": 1, "moved": 0, "left": 1, "missing_phone": 0
    }  # fmt: skip
    assert found_in(scope(cast.owner), winter).count() == 3
    assert not found_in(scope(cast.outsider), winter).exists()


def test_a_large_round_is_closed_by_the_worker(cast, winter, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    owner = scope(cast.owner)
    with pytest.raises(Round.DoesNotExist):
        jobs.close(scope=scope(cast.outsider), round_id=winter.pk, by=cast.outsider.pk)
    assert jobs.close(scope=owner, round_id=winter.pk, by=cast.owner.pk) is False
    assert jobs.close(scope=owner, round_id=winter.pk, by=cast.owner.pk) is False, "pressed twice"
    assert ProcrastinateJob.objects.filter(task_name="survey.close").count() == 1
    assert background(winter).closing and not background(winter).failed
    jobs.close_later(round_id=winter.pk, by=cast.owner.pk)
    winter.refresh_from_db()
    assert winter.state == "closed" and not background(winter).closing


def test_ten_imports_are_matched_once():
    canvass()
    for _time in range(3):
        jobs.consolidate_soon(COUNTY)
    assert ProcrastinateJob.objects.filter(task_name="survey.consolidate").count() == 1


# --- 三方比对 -------------------------------------------------------------------------------------------------


@pytest.fixture
def compared():
    roster({**WANG, "platform": "sf"}, {**LI, "platform": "sf"})
    roster({**WANG, "platform": "sf"}, kind="platform")
    consolidate(area=COUNTY, by=None)
    return canvass()


def test_who_is_missing_where(cast, compared):
    assert [s.worker.name for s in differences(scope(cast.owner), compared)] == ["李红梅"]
    assert differences(scope(cast.owner), compared, missing=Party.PLATFORM).count() == 1
    assert not differences(scope(cast.owner), compared, missing=Party.DEPARTMENT).exists()
    assert not differences(scope(cast.owner), compared, missing=Party.COMMUNITY).exists(), "nobody of them has spoken"
    assert not differences(scope(cast.outsider), compared).exists()


def test_settled_in_bulk_is_one_fact_and_can_be_opened_again(cast, compared):
    ids = list(Standing.objects.values_list("pk", flat=True))
    assert settle_many(scope=scope(cast.outsider), standings=ids, how="平台已补报", by=cast.outsider.pk) == 0
    assert settle_many(scope=scope(cast.owner), standings=ids, how="平台已补报", by=cast.owner.pk) == 2
    assert Fact.objects.get(kind="survey.difference.settled").quantity == 2
    assert not differences(scope(cast.owner), compared).exists()
    assert differences(scope(cast.owner), compared, settled=True).get().settled == "平台已补报"
    settle_many(scope=scope(cast.owner), standings=ids, how="", by=cast.owner.pk)
    assert differences(scope(cast.owner), compared).count() == 1
    with pytest.raises(SurveyRefused):
        settle_many(scope=scope(cast.owner), standings=ids, how="电话 13873100001", by=cast.owner.pk)


def test_a_settled_difference_stays_settled_through_a_consolidation(cast, compared):
    settle_many(scope=scope(cast.owner), standings=list(Standing.objects.values_list("pk", flat=True)), how="已离开", by=cast.owner.pk)
    consolidate(area=COUNTY, by=None)
    assert differences(scope(cast.owner), compared, settled=True).count() == 1
