"""A message is recorded once, sent after the commit, tried again, and given up in the open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.notices import actions, jobs, queries
from nuanxin.foundation.notices.models import Delivery, OutboxMessage
from nuanxin.foundation.notices.providers import CannotSend
from nuanxin.foundation.notices.rules import MOST_ATTEMPTS, PersonalData, checked_text, next_try

PHONE = "13812345678"
ADMIN = Scope(1, (Grant(0, frozenset({Permission.SYSTEM_ADMIN}), 1),))
pytestmark = pytest.mark.django_db


class Broken:
    lasting = False

    def send(self, **message):
        raise CannotSend("流控", lasting=self.lasting)


class WrongNumber(Broken):
    lasting = True


class Crashing:
    def send(self, *, phone, **rest):
        raise RuntimeError(f"no route to {phone}")


@pytest.fixture
def deferred(monkeypatch):
    got = []
    monkeypatch.setattr(actions, "_defer", got.append)
    return got


def use(settings, provider):
    settings.NUANXIN_SMS_PROVIDER = f"{__name__}.{provider.__name__}"


def send(key="k1", **more):
    return actions.send_sms(
        **{"phone": PHONE, "text": "您有新的核实任务", "template": "task", "key": key, "by": 1} | more
    )


def soon():
    return datetime.now(UTC) + timedelta(seconds=5)


def test_the_outbox_takes_it(deferred):
    row = send()
    assert actions.attempt(row.pk, now=soon()) == "sent"
    message = OutboxMessage.objects.get()
    assert PHONE.encode() not in bytes(message.phone)
    row.refresh_from_db()
    assert row.sent_at
    assert row.provider_id == f"outbox:{message.pk}"
    assert actions.attempt(row.pk, now=soon()) is None  # once


def test_one_key_one_message(deferred, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = send(), send(text="另一种说法")
    assert first.pk == second.pk
    assert deferred == [first.pk]
    assert Fact.objects.filter(kind="notices.sms.queued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_when_the_change_is_rolled_back(deferred):
    with pytest.raises(RuntimeError), transaction.atomic():
        send()
        raise RuntimeError
    assert deferred == []
    assert not Delivery.objects.exists()
    send()
    assert len(deferred) == 1


def test_failures_wait_longer_each_time_then_give_up(settings, deferred):
    use(settings, Broken)
    row = send()
    now, waits = soon(), []
    while True:
        state = actions.attempt(row.pk, now=now)
        row.refresh_from_db()
        if state == "given_up":
            break
        assert state == "failed"
        assert actions.attempt(row.pk, now=now) is None  # not before its time
        waits.append(row.next_try - now)
        now = row.next_try
    assert waits[:3] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert waits == sorted(waits)
    assert row.attempts == MOST_ATTEMPTS
    assert row.error == "流控"
    assert Fact.objects.filter(kind="notices.sms.given_up").count() == 1
    settings.NUANXIN_SMS_PROVIDER = ""
    assert actions.retry(delivery=row.pk, now=now, by=1)
    assert actions.attempt(row.pk, now=now) == "sent"
    assert not actions.retry(delivery=row.pk, now=now, by=1)


def test_a_lasting_refusal_is_not_tried_again(settings, deferred):
    use(settings, WrongNumber)
    assert actions.attempt(send().pk, now=soon()) == "given_up"


def test_a_crash_of_the_provider_loses_nothing_and_tells_nothing(settings, deferred):
    use(settings, Crashing)
    row = send()
    assert actions.attempt(row.pk, now=soon()) == "failed"
    row.refresh_from_db()
    assert row.error == "RuntimeError"


def test_a_worker_that_died_is_made_up_for(deferred):
    row = send()
    now = soon()
    Delivery.objects.update(attempts=1, next_try=now + actions.LEASE)  # leased, never settled
    assert actions.due(now) == []
    later = now + actions.LEASE
    assert actions.due(later) == [row.pk]
    assert actions.attempt(row.pk, now=later) == "sent"


@pytest.mark.parametrize("text", ["请联系13812345678", "证件11010519491231002X", "编号 110105491231002"])
def test_no_numbers_of_persons(text):
    with pytest.raises(PersonalData):
        checked_text(text)
    assert checked_text("第3轮摸排还有120人待核实")


def test_back_off_is_capped():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert next_try(1, now) == now + timedelta(minutes=1)
    assert next_try(MOST_ATTEMPTS, now) is None


def test_the_outbox_screen_is_the_system_administrators(deferred):
    send()
    assert list(queries.deliveries(Scope(2))) == []
    (row,) = queries.outbox_rows(list(queries.deliveries(ADMIN)))
    assert row.phone == "138****5678"
    assert queries.by_state(ADMIN) == {"queued": 1}


@pytest.mark.django_db(transaction=True)
def test_the_worker_gets_a_real_job():
    from procrastinate.contrib.django.models import ProcrastinateJob

    row = send()
    job = ProcrastinateJob.objects.get(task_name="notices.deliver")
    assert job.args == {"delivery": row.pk}
    jobs.deliver(**job.args)
    row.refresh_from_db()
    assert row.state == "sent"
    Delivery.objects.update(state="failed", next_try=datetime.now(UTC))
    jobs.retry_due(0)
    row.refresh_from_db()
    assert row.state == "sent"
