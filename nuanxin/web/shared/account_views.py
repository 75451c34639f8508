"""One's own account."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.rules import needs_second_factor
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.accounts import queries
from nuanxin.foundation.accounts.rules import PASSWORD_AGE
from nuanxin.registry.units.queries import postings_of

from .routes import any_staff


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
