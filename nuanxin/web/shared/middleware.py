"""Who asks, and for what: set anew from the database on every request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.rules import Scope, needs_second_factor
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.accounts import queries as account_queries
from nuanxin.foundation.accounts.enums import AccountFact
from nuanxin.foundation.accounts.rules import IDLE
from nuanxin.registry.units.queries import scope_of

from .routes import to_sign_in

SEEN, SECOND_FACTOR = "nuanxin.seen", "nuanxin.second_factor"
SEEN_EVERY = 60
"""Seconds between two writes of when the person was last there: not every request needs to write its
session."""

BACKGROUND = "X-Background"
"""Header of requests that a page makes by itself (counting unread notices): they do not keep a session
awake."""


class ScopeMiddleware:
    """Sets `request.scope` and `request.today`, ends idle sessions, and demands what is due first.

    The scope is read from the database on every request: a posting revoked while a page is open counts with
    the very next click. Views take it from here and hand it to every query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.today = timezone.localdate()  # type: ignore[attr-defined]
        request.scope = Scope()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            if self._idle(request):
                accounts.note(AccountFact.TIMED_OUT, by=request.user.pk, area=request.user.area)
                logout(request)
                return self._follow(request, to_sign_in(request))
            request.scope = scope_of(request.user.pk, request.today)  # type: ignore[attr-defined]
        return self._follow(request, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """A password to change or a second factor to set up comes before everything but the account pages."""
        match = request.resolver_match
        if not request.user.is_authenticated or (match and match.route.startswith("account/")):
            return None
        if getattr(view, "access", None) == "public":
            return None
        if account_queries.must_change_password(request.user, timezone.now()):  # type: ignore[arg-type]
            return HttpResponseRedirect(reverse("account_change_password"))
        if self._second_factor_missing(request):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return None

    @staticmethod
    def _idle(request: HttpRequest) -> bool:
        """Whether nobody has touched the session for too long (GB/T 22239-2019 8.1.4.1 b)."""
        now = timezone.now().timestamp()
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > IDLE.total_seconds():
            return True
        if seen is None or (now - seen > SEEN_EVERY and BACKGROUND not in request.headers):
            request.session[SEEN] = now
        return False

    @staticmethod
    def _second_factor_missing(request: HttpRequest) -> bool:
        scope: Scope = request.scope  # type: ignore[attr-defined]
        if settings.DEMO or not needs_second_factor(p for g in scope.grants for p in g.permissions):
            return False
        if request.session.get(SECOND_FACTOR):
            return False  # an administrator who resets it ends all sessions as well
        if not account_queries.has_second_factor(request.user.pk):  # type: ignore[arg-type]
            return True
        request.session[SECOND_FACTOR] = True
        return False

    @staticmethod
    def _follow(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """htmx follows a redirect by itself and would put the sign-in page into a part of the page; to
        account pages it is sent with the whole window."""
        if not getattr(request, "htmx", False) or response.status_code not in (301, 302, 303):
            return response
        target = response.headers.get("Location", "")
        if not target.startswith(resolve_url("account_login").rsplit("/", 2)[0]):
            return response
        return HttpResponse(status=200, headers={"HX-Redirect": target})
