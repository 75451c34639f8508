"""Telling people: in the system, and by short message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.vault.queries import keyring

from .enums import DeliveryState, NoticeFact
from .models import PHONE, Delivery, Notice
from .providers import CannotSend, provider, provider_path
from .rules import checked_text, next_try

LEASE = timedelta(minutes=5)
"""How long an attempt may take before another worker thinks the first one died."""


@transaction.atomic
def notify(users: Iterable[int], *, kind: str, title: str, link: str = "", key: str = "") -> int:
    """A line for each person; how many were written. With `key` a person gets it once, however often it is
    called.

    `title` carries no personal data; `link` is a path of this system. Raises PersonalData, ValueError.
    """
    if link and not (link.startswith("/") and url_has_allowed_host_and_scheme(link, allowed_hosts=None)):
        raise ValueError("a notice links into this system")
    checked_text(title)
    people = sorted(set(users))
    had = (
        set(Notice.objects.filter(user__in=people, key=key).values_list("user", flat=True)) if key else set()
    )
    Notice.objects.bulk_create(
        [
            Notice(user_id=user, kind=kind, title=title[:200], link=link, key=key)
            for user in people
            if user not in had
        ],
        ignore_conflicts=bool(key),
    )
    return len(people) - len(had)


@transaction.atomic
def mark_read(*, user: int, now: datetime, notice: int | None = None) -> int:
    """Marks one notice of the person, or all, as read; how many changed. Others' notices do not exist for
    them.
    """
    mine = Notice.objects.filter(user=user, read_at=None)
    if notice is not None:
        mine = mine.filter(pk=notice)
    return mine.update(read_at=now)


@transaction.atomic
def send_sms(*, phone: str, text: str, template: str, key: str, by: int | None, area: int = 0) -> Delivery:
    """Records a message and hands it to the worker when this transaction is committed.

    `key` is the promise that one reason makes one message: a second call with it returns the first delivery.
    Raises PersonalData when the text carries a number of a person.
    """
    delivery, made = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "phone": keyring().seal(PHONE, phone),
            "template": template,
            "text": checked_text(text),
            "area": area,
            "next_try": timezone.now(),
        },
    )
    if made:
        record(NoticeFact.SMS_QUEUED, subject=f"delivery:{delivery.pk}", by=by, area=area, template=template)
        transaction.on_commit(lambda: _defer(delivery.pk))
    return delivery


def _defer(delivery: int) -> None:
    from .jobs import deliver

    deliver.defer(delivery=delivery)


def attempt(delivery_id: int, *, now: datetime) -> str | None:
    """Tries one delivery that is due; its state afterwards, None when there was nothing to do.

    The row is leased in a transaction of its own and the provider called outside of it: a slow provider
    holds no lock, and a worker that dies leaves the lease to run out.
    """
    with transaction.atomic():
        row = Delivery.objects.select_for_update(skip_locked=True).filter(_due(now), pk=delivery_id).first()
        if row is None:
            return None
        row.attempts += 1
        row.next_try = now + LEASE
        row.provider = provider_path()
        row.save(update_fields=["attempts", "next_try", "provider"])
    lasting, error = False, ""
    try:
        row.provider_id = provider().send(
            phone=keyring().open(PHONE, bytes(row.phone)), text=row.text, template=row.template, key=row.key
        )[:120]
    except CannotSend as refused:
        lasting, error = refused.lasting, str(refused)
    except Exception as fault:
        # a provider's own fault must not lose the message; only the kind of fault is kept, since its text
        # may carry the number
        error = type(fault).__name__
    return _settle(row, now=now, error=error, lasting=lasting)


@transaction.atomic
def _settle(row: Delivery, *, now: datetime, error: str, lasting: bool) -> str:
    row.error = error[:200]
    if not error:
        row.state, row.sent_at, row.next_try = DeliveryState.SENT, now, None
    else:
        row.next_try = None if lasting else next_try(row.attempts, now)
        row.state = DeliveryState.FAILED if row.next_try else DeliveryState.GIVEN_UP
        if row.next_try is None:
            record(
                NoticeFact.SMS_GIVEN_UP,
                subject=f"delivery:{row.pk}",
                by=None,
                area=row.area,
                attempts=row.attempts,
            )
    row.save(update_fields=["state", "sent_at", "next_try", "error", "provider_id"])
    return str(row.state)


@transaction.atomic
def retry(*, delivery: int, now: datetime, by: int) -> bool:
    """Puts a delivery that was given up back in the queue; False when it is not one."""
    changed = Delivery.objects.filter(pk=delivery, state=DeliveryState.GIVEN_UP).update(
        state=DeliveryState.QUEUED, attempts=0, next_try=now, error=""
    )
    if changed:
        record(NoticeFact.SMS_QUEUED, subject=f"delivery:{delivery}", by=by, again=True)
        transaction.on_commit(lambda: _defer(delivery))
    return bool(changed)


def _due(now: datetime) -> Q:
    return Q(state__in=[DeliveryState.QUEUED, DeliveryState.FAILED], next_try__lte=now)


def due(now: datetime, limit: int = 500) -> list[int]:
    """The deliveries whose time has come: failed ones, and those whose job was lost."""
    return list(Delivery.objects.filter(_due(now)).order_by("next_try").values_list("pk", flat=True)[:limit])
