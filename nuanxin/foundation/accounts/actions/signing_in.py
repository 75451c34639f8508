"""What happens around signing in, and the facts of it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.actions import AccessError, raise_alert
from nuanxin.foundation.access.enums import AlertKind
from nuanxin.foundation.facts import actions as facts

from ..enums import AccountFact
from ..models import SignInGuard, User
from ..queries import name_index
from ..rules import FAILURES, LOCK, Attempts, minutes_left

LOCKED = _("登录失败次数过多，账号已锁定，请 %(minutes)d 分钟后再试，或联系安全管理员解锁")
FORGET = timedelta(days=1)
"""Counts of names that nobody has tried for so long are dropped."""


class Locked(AccessError):
    """Signing in under this name is refused for a while, whether the name exists or not."""


@transaction.atomic
def claim_attempt(*, username: str, now: datetime) -> None:
    """Call before the password is looked at. Raises Locked with the minutes to wait.

    The row is held until the count is written, in whatever process; so five attempts are five.
    """
    index = name_index(username)
    SignInGuard.objects.get_or_create(pk=index, defaults={"last_failure_at": now})
    row = SignInGuard.objects.select_for_update().get(pk=index)
    state = Attempts(row.failures, row.last_failure_at, row.locked_until)
    if state.locked(now):
        assert state.locked_until is not None
        raise Locked("locked", LOCKED, minutes=minutes_left(state.locked_until, now))
    state = state.claim(now)
    row.failures, row.last_failure_at, row.locked_until = state.failures, now, state.locked_until
    row.save()


@transaction.atomic
def note_failure(*, username: str, now: datetime) -> None:
    """The password was wrong. The fact names the account, never what was typed. Raises Locked at the last
    failure."""
    user = User.objects.filter(username=username.strip().lower()).only("id", "area").first()
    subject, area = (f"user:{user.pk}", user.area) if user else ("sign-in:unknown", 0)
    row = SignInGuard.objects.filter(pk=name_index(username)).first()
    failures = row.failures if row else 1
    facts.record(AccountFact.SIGN_IN_FAILED, subject=subject, by=None, area=area, failures=failures)
    if row and failures >= FAILURES:
        minutes = int(LOCK.total_seconds() // 60)
        facts.record(AccountFact.LOCKED, subject=subject, by=None, area=area, minutes=minutes)
        if user:
            raise_alert(kind=AlertKind.SIGN_IN_LOCKED, about=user.pk, area=area, quantity=failures)
    SignInGuard.objects.filter(last_failure_at__lt=now - FORGET).delete()


@transaction.atomic
def note_password_right(*, username: str) -> None:
    """Wipes the count; the second factor may still be asked."""
    SignInGuard.objects.filter(pk=name_index(username)).delete()


@transaction.atomic
def note_signed_in(*, user: int, now: datetime) -> None:
    row = User.objects.get(pk=user)
    row.last_login = now
    row.save(update_fields=["last_login"])
    facts.record(AccountFact.SIGNED_IN, subject=f"user:{user}", by=user, area=row.area)


@transaction.atomic
def note(kind: AccountFact, *, by: int, area: int) -> None:
    """A fact of a person's own account: signed out, timed out, second factor on, off or wrong."""
    facts.record(kind, subject=f"user:{by}", by=by, area=area)


@transaction.atomic
def unlock(*, by: int | None, user: int) -> bool:
    """A security administrator lets the person try again at once; whether there was a lock."""
    row = User.objects.get(pk=user)
    deleted, _rows = SignInGuard.objects.filter(pk=name_index(row.username)).delete()
    if deleted:
        facts.record(AccountFact.UNLOCKED, subject=f"user:{user}", by=by, area=row.area)
    return bool(deleted)
