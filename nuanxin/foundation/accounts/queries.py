"""Accounts as the sign-in and the administrators see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.vault.queries import keyring

from .models import SignInGuard, User
from .rules import PASSWORDS_KEPT, password_expired


class NotUsedBefore:
    """Django password validator: none of the last passwords again."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        used = [p.encoded for p in user.past_passwords.order_by("-at", "-id")[:PASSWORDS_KEPT]]
        if any(check_password(password, encoded) for encoded in {user.password, *used}):
            raise ValidationError(self.get_help_text(), code="password_used")

    def get_help_text(self) -> str:
        return str(_("不能使用最近 5 次用过的密码"))


def staff(scope: Scope, permission: str) -> QuerySet[User]:
    """The accounts that an administrator of these areas keeps, by user name, with `second_factor`."""
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = User.objects.filter(within(scope, permission, area="area", sector=None))
    return found.annotate(second_factor=Exists(totp)).order_by("username")


def search(users: QuerySet[User], text: str) -> QuerySet[User]:
    return users.filter(Q(username__icontains=text) | Q(name__icontains=text))


def staff_member(scope: Scope, permission: str, user: int) -> User | None:
    return staff(scope, permission).filter(pk=user).first()


def names(users: Iterable[int | None] | None = None) -> dict[int, str]:
    """The names of staff behind the ids in facts and alerts; of all staff when no ids are given."""
    found = User.objects.all()
    if users is not None:
        found = found.filter(pk__in={u for u in users if u is not None})
    return dict(found.values_list("pk", "name"))


def ids_of(text: str) -> list[int]:
    """The staff whose name or user name contains a text, for searching the trail."""
    found = User.objects.filter(Q(username__icontains=text) | Q(name__icontains=text))
    return list(found.order_by("pk").values_list("pk", flat=True)[:200])


def user_id(username: str) -> int | None:
    return User.objects.filter(username=username.strip().lower()).values_list("pk", flat=True).first()


def name_index(username: str) -> bytes:
    """Under which key the failures of a user name are counted."""
    return keyring().index("accounts.sign_in", username.strip().lower()) or b"-"


def locked_until(username: str, now: datetime) -> datetime | None:
    """Until when signing in under this name is refused; None when it is not."""
    return (
        SignInGuard.objects.filter(pk=name_index(username), locked_until__gt=now)
        .values_list("locked_until", flat=True)
        .first()
    )


def has_second_factor(user: int) -> bool:
    return Authenticator.objects.filter(user_id=user, type=Authenticator.Type.TOTP).exists()


def second_factor_settled(user: int, since: datetime) -> bool:
    """Whether the second factor was set up before a moment: from then on a change of it asks who is there."""
    return Authenticator.objects.filter(
        user_id=user, type=Authenticator.Type.TOTP, created_at__lt=since
    ).exists()


def must_change_password(user: User, now: datetime) -> bool:
    return user.must_change_password or password_expired(user.password_changed_at, now)
