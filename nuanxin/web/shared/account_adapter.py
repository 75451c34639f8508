"""How allauth signs staff in: by user name, with our lock, our password rules and our facts."""

from datetime import timedelta
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.rules import needs_second_factor
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.accounts import queries as account_queries
from nuanxin.foundation.accounts.enums import AccountFact
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.units.queries import scope_of

SECRET = "accounts.second_factor"  # noqa: S105  (the purpose it is sealed for)

NOTICES = {
    "account/messages/password_changed.txt": _("密码已修改，其他设备上的登录已全部退出"),
    "mfa/messages/totp_activated.txt": _("动态口令已启用，下次登录时需要输入"),
    "mfa/messages/totp_deactivated.txt": _("动态口令已停用"),
    "mfa/messages/recovery_codes_generated.txt": _("新的备用码已生成，请立即抄下，只显示这一次"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Counts attempts in the database before the password is looked at: the lock holds in every process and
    is the same, in text and time, for names that do not exist."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("用户名或密码不正确"),
        "enter_current_password": _("当前密码不正确"),
        "incorrect_password": _("密码不正确"),
        "too_many_login_attempts": _("尝试次数过多，请 15 分钟后再试"),
        "rate_limited": _("操作过于频繁，请稍后再试"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        username, now = credentials.get("username", ""), timezone.now()
        try:
            accounts.claim_attempt(username=username, now=now)
        except accounts.Locked as error:
            raise ValidationError(str(error), code=error.code) from error
        AuthenticationBackend.unstash_authenticated_user()
        user = authenticate(request, **credentials)
        # a closed account answers like a wrong password, not with a page of its own
        AuthenticationBackend.unstash_authenticated_user()
        if user is None:
            accounts.note_failure(username=username, now=now)
            return None
        accounts.note_password_right(username=username)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        accounts.note_signed_in(user=user.pk, now=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            accounts.note(AccountFact.SIGNED_OUT, by=request.user.pk, area=request.user.area)
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_overview")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever sets the second factor up right after signing in has just typed the password; later changes
        of it ask again (allauth 65 no longer counts the sign-in itself)."""
        now = timezone.now()
        since = now - timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = any(r["at"] > since.timestamp() for r in records)
        return not fresh or account_queries.second_factor_settled(request.user.pk, since)

    def set_password(self, user: Any, password: str) -> None:
        accounts.change_password(by=user.pk, user=user.pk, password=password)
        user.refresh_from_db()  # its new hash goes into this session, which is to go on

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what the person has to know; "you have signed in" is not news."""
        if text := message or NOTICES.get(message_template or ""):
            messages.add_message(request, level, str(text), extra_tags=extra_tags)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态口令不正确，请输入手机上当前显示的 6 位数字"),
        "cannot_delete_authenticator": _("您的岗位要求使用动态口令，不能停用；更换手机请联系安全管理员重置"),
    }

    def encrypt(self, text: str) -> str:
        """Secrets of the second factor lie in the vault's seal (SM4-GCM) like other secrets."""
        return keyring().seal(SECRET, text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open(SECRET, bytes.fromhex(encrypted_text))

    def build_totp_svg(self, url: str) -> str:
        drawing: str = segno.make(url, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
        return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        scope = scope_of(authenticator.user_id, timezone.localdate())
        required = needs_second_factor(p for g in scope.grants for p in g.permissions)
        return settings.DEMO or not required


@receiver(signals.authentication_failed)
def _failed(sender: Any, user: Any, **kwargs: Any) -> None:
    accounts.note(AccountFact.SECOND_FACTOR_FAILED, by=user.pk, area=user.area)
