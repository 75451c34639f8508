"""Second-factor forms that let a code be used once in all the time it is valid."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from django.core.cache import cache


class _Once:
    """allauth remembers a used code for one period only, but with a tolerance of one it is valid for
    three."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"nuanxin.second_factor.{self.user.pk}.{code}", 1, timeout=seconds):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Once, forms.AuthenticateForm):
    pass


class ReauthenticateForm(_Once, forms.ReauthenticateForm):
    pass
