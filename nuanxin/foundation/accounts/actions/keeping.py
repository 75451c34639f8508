"""Opening and keeping accounts. Whose account an administrator may touch is asked before, with
`queries.staff_member(scope, permission, id)`: outside the scope it is not found."""

import re
import secrets
import string

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.actions import AccessError, Refused
from nuanxin.foundation.facts import actions as facts

from ..enums import AccountFact
from ..models import PastPassword, User
from ..rules import PASSWORDS_KEPT, classes

NEW_PASSWORD_LENGTH = 12
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")

MESSAGES = {
    "username": _("用户名用小写字母、数字、点和横线，3 至 40 个字符，以字母或数字开头"),
    "username_taken": _("用户名 %(username)s 已被使用"),
    "name": _("请填写姓名"),
    "self": _("不能对自己的账号做这个操作，请由另一位管理员处理"),
}


@transaction.atomic
def open_user(
    *, by: int | None, username: str, name: str, area: int = 0, password: str | None = None
) -> tuple[User, str]:
    """A new account and its first password, which the person must change at the first sign-in.

    `area` says whose administrators keep it. A given `password` (demo, command line) is checked by the rules
    and stays. Raises AccessError; ValidationError when the given password is too weak.
    """
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise AccessError("username", MESSAGES["username"])
    if not name.strip():
        raise AccessError("name", MESSAGES["name"])
    if User.objects.filter(username=username).exists():
        raise AccessError("username_taken", MESSAGES["username_taken"], username=username)
    user = User(username=username, name=name.strip(), area=area, must_change_password=password is None)
    if password is not None:
        validate_password(password, user)
    first = password or new_password()
    user.set_password(first)
    user.save()
    PastPassword.objects.create(user=user, encoded=user.password)
    facts.record(AccountFact.OPENED, subject=f"user:{user.pk}", by=by, area=area)
    return user, first


@transaction.atomic
def change_user(*, by: int, user: int, name: str) -> User:
    if not name.strip():
        raise AccessError("name", MESSAGES["name"])
    row = User.objects.select_for_update().get(pk=user)
    row.name = name.strip()
    row.save(update_fields=["name"])
    facts.record(AccountFact.CHANGED, subject=f"user:{user}", by=by, area=row.area)
    return row


@transaction.atomic
def close_user(*, by: int | None, user: int) -> None:
    """Nobody signs in with the account any more, and whoever is signed in is out with the next request."""
    row = _other(by, user)
    row.is_active = False
    row.session_epoch += 1
    row.save(update_fields=["is_active", "session_epoch"])
    facts.record(AccountFact.CLOSED, subject=f"user:{user}", by=by, area=row.area)


@transaction.atomic
def reopen_user(*, by: int | None, user: int) -> None:
    row = _other(by, user)
    row.is_active = True
    row.save(update_fields=["is_active"])
    facts.record(AccountFact.REOPENED, subject=f"user:{user}", by=by, area=row.area)


@transaction.atomic
def change_password(*, by: int, user: int, password: str) -> User:
    """The person takes a new password; every other session of the person ends. Raises ValidationError."""
    row = User.objects.select_for_update().get(pk=user)
    validate_password(password, row)
    _set_password(row, password)
    row.must_change_password = False
    row.save(update_fields=["password", "password_changed_at", "must_change_password"])
    facts.record(AccountFact.PASSWORD_CHANGED, subject=f"user:{user}", by=by, area=row.area)
    return row


@transaction.atomic
def reset_password(*, by: int | None, user: int) -> str:
    """A password to hand over in person; all sessions end, and the person must change it at once.

    It alone does not open an administrator's account: the second factor stays (only the security
    administrator resets that one), so that taking somebody's account over needs two administrators.
    """
    row = _other(by, user)
    fresh = new_password()
    _set_password(row, fresh)
    row.must_change_password = True
    row.session_epoch += 1
    row.save(update_fields=["password", "password_changed_at", "must_change_password", "session_epoch"])
    facts.record(AccountFact.PASSWORD_RESET, subject=f"user:{user}", by=by, area=row.area)
    return fresh


@transaction.atomic
def reset_second_factor(*, by: int | None, user: int) -> None:
    """The person has lost the phone: the second factor is set up anew at the next sign-in."""
    row = _other(by, user)
    Authenticator.objects.filter(user_id=user).delete()
    row.session_epoch += 1
    row.save(update_fields=["session_epoch"])
    facts.record(AccountFact.SECOND_FACTOR_RESET, subject=f"user:{user}", by=by, area=row.area)


@transaction.atomic
def end_sessions(*, by: int | None, user: int) -> None:
    """Signs the person out everywhere."""
    row = User.objects.select_for_update().get(pk=user)
    row.session_epoch += 1
    row.save(update_fields=["session_epoch"])
    facts.record(AccountFact.SESSIONS_ENDED, subject=f"user:{user}", by=by, area=row.area)


@transaction.atomic
def set_language(*, by: int, language: str) -> None:
    User.objects.filter(pk=by).update(language=language)


def new_password() -> str:
    """A random password that passes the rules and has no characters that look alike."""
    letters = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI") + "-=+"
    while True:
        fresh = "".join(secrets.choice(letters) for _ in range(NEW_PASSWORD_LENGTH))
        if classes(fresh) == 4:
            return fresh


def _set_password(row: User, password: str) -> None:
    row.set_password(password)
    row.password_changed_at = timezone.now()
    PastPassword.objects.create(user=row, encoded=row.password)
    kept = row.past_passwords.order_by("-at", "-id").values("pk")[:PASSWORDS_KEPT]
    row.past_passwords.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _other(by: int | None, user: int) -> User:
    if by == user:
        raise Refused("self", MESSAGES["self"])
    return User.objects.select_for_update().get(pk=user)
