"""Verification: assigned, recorded once, what it means for the ledger, the number to call."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet
from django.utils import timezone

from nuanxin.foundation.access.actions import UnmaskRefused
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions.checks import Report, assign_checks, call_number, record_check
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.actions.pairs import decide_pair
from nuanxin.organisation.survey.actions.refusal import SurveyRefused
from nuanxin.organisation.survey.actions.rounds import close_round
from nuanxin.organisation.survey.enums import CheckKind, CheckResult
from nuanxin.organisation.survey.models import Attempt, Check
from nuanxin.organisation.survey.queries.checks import lines, my_checks, todo
from nuanxin.registry.people.actions import WorkerRefused
from nuanxin.registry.people.models import Engagement, Worker
from tests.cast import COUNTY, cast_for, scope
from tests.organisation.survey.questions import asked
from tests.organisation.survey.roster import LI, WANG, canvass, roster, worker_of

pytestmark = pytest.mark.django_db
R = CheckResult


@pytest.fixture
def cast():
    return cast_for(Permission.SURVEY_VERIFY, Permission.SURVEY_RUN, Permission.SURVEY_MATCH)


@pytest.fixture
def check(cast):
    roster(WANG)
    consolidate(area=COUNTY, by=None)
    assert assign_checks(scope=scope(cast.owner), round_id=canvass().pk, by=cast.owner.pk) == 1
    return Check.objects.get()


def report(check, result=R.CONFIRMED, **more):
    values = {"client_key": uuid4(), "kind": CheckKind.PHONE, "at": timezone.now() - timedelta(hours=1), **more}
    return Report(check=check.pk, result=result, **values)


def tell(who, sent):
    return record_check(scope=scope(who), report=sent, by=who.pk)


def facts(kind="survey.check.recorded"):
    return Fact.objects.filter(kind=kind).count()


def test_confirmed_verifies_the_person(cast, check):
    tell(cast.owner, report(check, remark="本人接听"))
    worker = Worker.objects.get()
    assert worker.verified_on == timezone.localdate(timezone.now() - timedelta(hours=1))
    assert b"\xe6" not in bytes(Check.objects.get().remark)[:3], "the remark is sealed"


def test_the_same_key_again_changes_nothing(cast, check):
    sent = report(check)
    tell(cast.owner, sent)
    tell(cast.owner, sent)
    assert facts() == 1 and Attempt.objects.count() == 1


def test_a_resent_first_try_does_not_undo_the_second(cast, check):
    first, second = report(check, R.UNREACHABLE), report(check)
    for sent in (first, second, first, second):
        tell(cast.owner, sent)
    check.refresh_from_db()
    assert check.result == "confirmed" and facts() == 2 and check.attempts.count() == 2


def test_another_result_does_not_cover_the_one_that_stands(cast, check):
    tell(cast.owner, report(check))
    with pytest.raises(SurveyRefused, match="没有覆盖"):
        tell(cast.team_mate, report(check, R.LEFT))
    assert Worker.objects.get().status == "active"


def test_the_outsider_finds_nothing(cast, check):
    with pytest.raises(Check.DoesNotExist):
        tell(cast.outsider, report(check))
    with pytest.raises(Check.DoesNotExist):
        call_number(scope=scope(cast.outsider), check_id=check.pk, by=cast.outsider.pk)
    assert assign_checks(scope=scope(cast.outsider), round_id=canvass().pk, by=cast.outsider.pk) == 0
    assert not my_checks(scope(cast.outsider), cast.outsider.pk).exists()


def test_a_result_from_the_future_is_refused(cast, check):
    with pytest.raises(SurveyRefused, match="手机时间"):
        tell(cast.owner, report(check, at=timezone.now() + timedelta(hours=1)))


def test_left_ends_the_engagement_and_a_later_roster_brings_the_person_back(cast):
    # relative to the real clock: the day of the result decides
    today = timezone.localdate()
    first = roster({**WANG, "employer": "长沙云帆快递有限公司"}, as_of=today - timedelta(days=9))
    consolidate(area=COUNTY, by=None)
    assign_checks(scope=scope(cast.owner), round_id=canvass().pk, by=cast.owner.pk)
    tell(cast.owner, report(Check.objects.get(), R.LEFT, at=timezone.now() - timedelta(days=3)))
    worker = worker_of(first)
    assert worker.status == "left"
    assert Engagement.objects.get().valid_to == timezone.localdate(timezone.now() - timedelta(days=3))
    consolidate(area=COUNTY, by=None)
    assert worker_of(first).status == "left", "the old roster does not bring anybody back"
    roster({**WANG, "employer": "长沙云帆快递有限公司"}, as_of=today)
    consolidate(area=COUNTY, by=None)
    assert worker_of(first).status == "active" and Engagement.objects.get().valid_to is None


def test_corrected_changes_the_person_and_a_wrong_number_is_refused_whole(cast, check):
    with pytest.raises(WorkerRefused):
        tell(cast.owner, report(check, R.CORRECTED, corrections={"phone": "1387310"}))
    assert facts() == 0 and Check.objects.get().result == ""
    tell(cast.owner, report(check, R.CORRECTED, corrections={"phone": "13873100099", "idno": "1"}))
    assert "phone" in Worker.objects.get().held
    consolidate(area=COUNTY, by=None)
    worker = Worker.objects.get()
    assert "phone" in worker.held and worker.verified_on


def test_refused_is_respected_in_this_round(cast, check):
    tell(cast.owner, report(check, R.REFUSED))
    assert not todo(scope(cast.owner), cast.owner.pk).exists()
    assert assign_checks(scope=scope(cast.owner), round_id=canvass().pk, by=cast.owner.pk) == 0
    with pytest.raises(Check.DoesNotExist):
        call_number(scope=scope(cast.owner), check_id=check.pk, by=cast.owner.pk)
    with pytest.raises(SurveyRefused):
        tell(cast.owner, report(check))


def test_a_check_of_a_person_merged_meanwhile_counts_for_the_survivor(cast):
    pair = asked()
    assign_checks(scope=scope(cast.owner), round_id=canvass().pk, by=cast.owner.pk)
    both = list(Check.objects.order_by("pk"))
    decide_pair(scope=scope(cast.owner), pair_id=pair.pk, same=True, by=cast.owner.pk)
    for check in both:
        tell(cast.owner, report(check))
    assert Worker.objects.exclude(status="merged").get().verified_on
    assert facts() == 2


def test_somebody_met_in_a_visit_does_not_leave_with_the_round(cast):
    autumn = canvass()
    roster(WANG, LI)
    consolidate(area=COUNTY, by=None)
    close_round(round_id=autumn.pk, by=None)
    winter = canvass()
    assert winter != autumn
    consolidate(area=COUNTY, by=None)
    assign_checks(scope=scope(cast.owner), round_id=winter.pk, by=cast.owner.pk)
    met = Check.objects.get(worker__name="王志强")
    tell(cast.owner, report(met))
    close_round(round_id=winter.pk, by=None)
    assert dict(Worker.objects.values_list("name", "status")) == {"王志强": "active", "李红梅": "left"}


def test_the_number_to_call_is_an_opening_like_any_other(cast, check, settings):
    settings.UNMASK_ALERT_PER_HOUR, settings.UNMASK_STOP_PER_HOUR = 2, 3
    assert "13873100001" not in str(lines(todo(scope(cast.owner), cast.owner.pk)))
    for _time in range(3):
        assert call_number(scope=scope(cast.owner), check_id=check.pk, by=cast.owner.pk) == "13873100001"
    assert facts("access.unmasked") == 3 and facts("access.alert.raised") >= 1
    with pytest.raises(UnmaskRefused):
        call_number(scope=scope(cast.owner), check_id=check.pk, by=cast.owner.pk)


def test_a_check_of_somebody_else_is_not_mine_to_call(cast, check):
    Check.objects.update(assignee=cast.team_mate.pk)
    with pytest.raises(Check.DoesNotExist):
        call_number(scope=scope(cast.owner), check_id=check.pk, by=cast.owner.pk)
    assert call_number(scope=scope(cast.team_mate), check_id=check.pk, by=cast.team_mate.pk)


def test_assigning_twice_makes_no_second_list(cast, check):
    assert assign_checks(scope=scope(cast.owner), round_id=canvass().pk, by=cast.owner.pk) == 0
    assert facts("survey.check.assigned") == 1


# --- the network sends twice ----------------------------------------------------------------------------------


def _send_twice(who, sent) -> list[str]:
    barrier = Barrier(2)

    def go(_n):
        try:
            mine = scope(who)
            barrier.wait(20)
            return tell_with(mine, who, sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(go, range(2)))


def tell_with(mine, who, sent) -> str:
    try:
        return str(record_check(scope=mine, report=sent, by=who.pk).result)
    except IntegrityError:
        return "duplicate key"


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_are_one_result(cast, check):
    assert _send_twice(cast.owner, report(check)) == ["confirmed", "confirmed"]
    assert facts() == 1 and Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_key_it_counts_twice(cast, check, monkeypatch):
    meet, looked = Barrier(2), QuerySet.exists

    def slow(self):
        found = looked(self)
        if self.model is Attempt:
            meet.wait(20)
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **more: self)
    monkeypatch.setattr(QuerySet, "exists", slow)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE survey_attempt DROP CONSTRAINT survey_attempt_pkey")
        try:
            assert _send_twice(cast.owner, report(check)) == ["confirmed", "confirmed"]
            assert facts() == 2
        finally:
            cursor.execute("TRUNCATE survey_attempt")
            cursor.execute("ALTER TABLE survey_attempt ADD PRIMARY KEY (client_key)")


def test_a_result_that_arrives_after_the_round_has_ended_is_not_lost(cast, check):
    close_round(round_id=canvass().pk, by=None)
    tell(cast.owner, report(check))
    assert Worker.objects.get().verified_on and facts() == 1
    with pytest.raises(Check.DoesNotExist):
        call_number(scope=scope(cast.owner), check_id=check.pk, by=cast.owner.pk)
