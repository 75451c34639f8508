"""One's own account."""

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.rules import needs_second_factor
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.accounts import queries
from nuanxin.foundation.accounts.enums import AccountFact
from nuanxin.foundation.accounts.rules import PASSWORD_AGE
from nuanxin.registry.units.queries import postings_of

from .routes import any_staff


class PasswordChange(PasswordChangeView):
    """Says when the change is due, for the person did not come by choice."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due = queries.must_change_password(self.request.user, timezone.now())  # type: ignore[arg-type]
        return super().get_context_data(**kwargs) | {"password_due": due}


class ActivateSecondFactor(ActivateTOTPView):
    """Says when the second factor is demanded by the person's postings, and records that it was set up."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():  # allauth's own signal comes after the commit, too late for a fact
            response: HttpResponse = super().form_valid(form)
            user = self.request.user
            accounts.note(AccountFact.SECOND_FACTOR_ON, by=user.pk, area=user.area)  # type: ignore[arg-type, union-attr]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = {p for g in self.request.scope.grants for p in g.permissions}  # type: ignore[attr-defined]
        due = needs_second_factor(held) and not settings.DEMO
        return super().get_context_data(**kwargs) | {"second_factor_due": due}


class DeactivateSecondFactor(DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            user = self.request.user
            accounts.note(AccountFact.SECOND_FACTOR_OFF, by=user.pk, area=user.area)  # type: ignore[arg-type, union-attr]
        return response


@any_staff
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What the person holds, how the account is protected, and where to change it."""
    user = request.user
    permissions = {p for g in request.scope.grants for p in g.permissions}  # type: ignore[attr-defined]
    return render(
        request,
        "account/overview.html",
        {
            "postings": postings_of(user.pk),  # type: ignore[arg-type]
            "today": request.today,  # type: ignore[attr-defined]
            "second_factor": queries.has_second_factor(user.pk),  # type: ignore[arg-type]
            "second_factor_required": needs_second_factor(permissions),
            "password_until": timezone.localdate(user.password_changed_at + PASSWORD_AGE),  # type: ignore[union-attr]
        },
    )


@any_staff
def to_overview(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("account_overview"))


@any_staff
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends every session of the person, this one too: what one does when a phone is lost."""
    accounts.end_sessions(by=request.user.pk, user=request.user.pk)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("account_login"))
