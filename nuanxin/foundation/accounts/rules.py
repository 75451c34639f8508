"""Passwords, locks and time-outs of staff: GB/T 22239-2019 8.1.4.1 (unique, complex and expiring credentials,
a limit on failures, time-out of an idle connection) with the figures of the project's dossier, section 4."""

import string
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.codes.rules.pinyin import name_pinyin

PASSWORD_CLASSES = 3
PASSWORDS_KEPT = 5
PASSWORD_AGE = timedelta(days=90)
FAILURES = 5
LOCK = timedelta(minutes=15)
IDLE = timedelta(minutes=15)


def classes(password: str) -> int:
    """How many of lower case, capitals, digits and everything else a password has."""
    return sum(
        (
            any(c in string.ascii_lowercase for c in password),
            any(c in string.ascii_uppercase for c in password),
            any(c in string.digits for c in password),
            any(c not in string.ascii_letters + string.digits for c in password),
        )
    )


class CharacterClasses:
    """Django password validator: three of four classes of characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if classes(password) < PASSWORD_CLASSES:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return str(_("密码须包含大写字母、小写字母、数字、符号中的至少三类"))


class NotTheName:
    """Django password validator: neither the user name nor the person's name in pinyin (wangwei2026!)."""

    def validate(self, password: str, user: Any = None) -> None:
        lowered = password.lower()
        full = name_pinyin(user.name)[0] if user is not None and user.name else ""
        parts = (getattr(user, "username", ""), getattr(user, "name", ""), full.replace(" ", ""))
        if any(len(p) >= 2 and p.lower() in lowered for p in parts):
            raise ValidationError(self.get_help_text(), code="password_name")

    def get_help_text(self) -> str:
        return str(_("密码不能包含用户名、姓名或姓名拼音"))


def password_expired(changed_at: datetime, now: datetime) -> bool:
    return now - changed_at > PASSWORD_AGE


@dataclass(frozen=True)
class Attempts:
    """What is known of the sign-in attempts under one name."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def claim(self, now: datetime) -> "Attempts":
        """The state once one more attempt has begun; not to be called while locked.

        An attempt counts as a failure before the password is looked at, and success wipes the count: a
        hundred attempts at the same moment are then five attempts, not a hundred.
        """
        stale = self.locked_until is not None or self.last_at is None or now - self.last_at > LOCK
        failures = 1 if stale else self.failures + 1
        return Attempts(failures, now, now + LOCK if failures >= FAILURES else None)


def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes to wait, rounded up."""
    return max(1, -int((now - until).total_seconds() // 60))
