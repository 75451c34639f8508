"""What stands in the frame of every console page: area, search, bell, account links. See `web.shared.context`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.notices.queries import unread_count
from nuanxin.registry.areas import queries as areas
from nuanxin.web.shared.areas import inside_of, tops

AREA = "nuanxin.area"
"""The session's key for the area a person works in for now."""


def narrowed(scope: Scope, area: int) -> Scope:
    """The part of a scope that lies inside an area: postings inside stay, wider ones shrink to it."""
    grants = []
    for grant in scope.grants:
        if inside_of(grant.area, area):
            grants.append(grant)
        elif inside_of(area, grant.area):
            grants.append(replace(grant, area=area))
    return Scope(scope.user_id, tuple(grants))


class WorkAreaMiddleware:
    """Narrows `request.scope` to the area chosen in the top bar: every list, figure and export follows.

    It only ever takes away. A choice outside the postings in force (one was revoked) is dropped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.whole_scope = request.scope  # type: ignore[attr-defined]
        if request.user.is_authenticated and (chosen := request.session.get(AREA)):
            scope = narrowed(request.scope, chosen)  # type: ignore[attr-defined]
            if scope.grants:
                request.scope = scope  # type: ignore[attr-defined]
            else:
                del request.session[AREA]
        return self.get_response(request)


def area_name(request: HttpRequest) -> str:
    scope: Scope = getattr(request, "scope", Scope())
    above = tops(scope)
    if not above:
        return ""
    name = areas.labels(above[:1]).get(above[0], "")
    return name if len(above) == 1 else _("%(name)s 等 %(n)s 个区域") % {"name": name, "n": len(above)}


def area_choices(request: HttpRequest) -> list[tuple[int, str, bool]]:
    """(code, name, chosen): the person's areas and what is directly inside them. Empty: nothing to choose."""
    scope: Scope = getattr(request, "whole_scope", Scope())
    chosen = request.session.get(AREA, 0) if hasattr(request, "session") else 0
    above = tops(scope)
    names = areas.labels(above)
    choices = [(0, _("全部区域"), not chosen)]
    for top in above:
        choices += [(top, names.get(top, str(top)), chosen == top)] if len(above) > 1 else []
        if len(above) <= 3:
            choices += [(a.code, a.name, chosen == a.code) for a in areas.children(top)]
    return choices if len(choices) > 1 else []


def unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread_count(user.pk) if user is not None and user.is_authenticated else 0


def links(request: HttpRequest) -> dict[str, Any]:
    """Addresses of screens that others bring; "" while they are not there."""
    scope: Scope = getattr(request, "scope", Scope())
    own = [(_("我的账号"), _address("account_overview"), "user-circle")]
    return {
        "search": _address("console:workers") if scope.may(Permission.WORKERS_VIEW) else "",
        "notices": _address("console:notices"),
        "sign_out": _address("account_logout"),
        "account": [link for link in own if link[1]],
    }


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
