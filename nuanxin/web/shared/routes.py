"""Who may open a view. Every route carries one of these marks; a test walks the resolver and checks it.

    @needs(Permission.WORKERS_VIEW)  signed in, holds the permission somewhere; the query decides on rows
    @any_staff                           signed in
    @public                              everybody

They fit functions and `View` classes. The mark is readable as `callback.permission` (None for the last two)
and `callback.access` ("permission", "staff", "public"). Annotate the request of a marked view as `StaffRequest`
(it has `scope` and `today`), and take `actor(request)` for the `by` of an action.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from inspect import isclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django_htmx.middleware import HtmxDetails

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope


class StaffRequest(HttpRequest):
    """What the middlewares make of a request; for annotations only."""

    scope: Scope
    whole_scope: Scope
    """Before the working area narrows it."""
    today: dt.date
    htmx: HtmxDetails


def actor(request: HttpRequest) -> int:
    """The user's id, for the `by` of an action. Only in views that demand sign-in."""
    if request.user.pk is None:
        raise Http404
    return int(request.user.pk)


def needs(permission: Permission) -> Callable[[Any], Any]:
    """Opens only for those who hold `permission` somewhere: 404 for other staff, sign-in for the rest."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if not request.scope.may(permission):  # type: ignore[attr-defined]
            raise Http404
        return None

    return _marker("permission", permission, check)


def any_staff(view: Any) -> Any:
    """Opens for everybody who is signed in."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        return None if request.user.is_authenticated else to_sign_in(request)

    return _marker("staff", None, check)(view)


def public(view: Any) -> Any:
    """Opens for everybody, signed in or not."""
    return _marker("public", None, lambda request: None)(view)


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The way to the sign-in page and back; htmx goes by a header: a redirect would land inside the page."""
    if getattr(request, "htmx", False):
        back = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
        return HttpResponse(status=200, headers={"HX-Redirect": target})
    back = request.get_full_path() if request.method == "GET" else request.path
    return redirect_to_login(back, resolve_url(settings.LOGIN_URL))


def _marker(
    access: str, permission: Permission | None, check: Callable[[HttpRequest], HttpResponseBase | None]
) -> Callable[[Any], Any]:
    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return check(request) or view(request, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined]
        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    def mark(view: Any) -> Any:
        if not isclass(view):
            return guard(view)
        if not issubclass(view, View):
            raise TypeError(f"{view} is neither a function nor a View")
        # `as_view` copies the attributes of `dispatch` to the callback, so both kinds read alike
        marked: Any = method_decorator(guard, name="dispatch")(view)
        marked.access, marked.permission = access, permission
        marked.dispatch.access, marked.dispatch.permission = access, permission
        return marked

    return mark
