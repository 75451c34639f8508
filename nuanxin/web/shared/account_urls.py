"""Signing in and one's own account: only the flows of allauth that staff use, under the names allauth
expects.

Nobody registers, confirms an address or resets a password by mail: the administrators open accounts.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from . import account_adapter  # noqa: F401  (connects its receivers)
from .account_views import (
    ActivateSecondFactor,
    DeactivateSecondFactor,
    PasswordChange,
    end_sessions,
    overview,
    to_overview,
)
from .routes import any_staff, public

urlpatterns = [
    path("", overview, name="account_overview"),
    path("login/", public(account.login), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    path("password/change/", any_staff(PasswordChange.as_view()), name="account_change_password"),
    path("reauthenticate/", any_staff(account.reauthenticate), name="account_reauthenticate"),
    path("sessions/end/", end_sessions, name="account_end_sessions"),
    path("2fa/", to_overview, name="mfa_index"),
    path("2fa/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", any_staff(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", any_staff(ActivateSecondFactor.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", any_staff(DeactivateSecondFactor.as_view()), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", any_staff(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        any_staff(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
