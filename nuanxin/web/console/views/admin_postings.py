"""Granting and revoking postings: the same form for the system and the security administrator, who grant
different roles."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nuanxin.foundation.access import queries as access
from nuanxin.foundation.access.actions import AccessError
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.access.rules import granting_permission, needs_second_factor
from nuanxin.registry.units import actions, queries
from nuanxin.web.shared.errors import form_errors


def number(text: str | None) -> int | None:
    """A code or id from a form; None for anything that is none."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AccessError("date", _("日期请写成 2026-07-01 的样子")) from error


def posting_form(request: HttpRequest, member: Any, permission: Permission, back: str) -> HttpResponse:
    """Grants one posting. The action itself checks who may grant which role over which area."""
    scope = request.scope  # type: ignore[attr-defined]
    roles = [r for r in access.roles() if granting_permission(r.permissions) == permission]
    problems: list = []
    if request.method == "POST":
        try:
            _grant(request, member)
        except AccessError as error:
            problems = form_errors(request, error)
        else:
            messages.success(request, _("岗位已授予，从下一次点击起生效"))
            return redirect(back)
    context = {
        "member": member,
        "back": back,
        "roles": roles,
        "second_factor_roles": [r.name for r in roles if needs_second_factor(r.permissions)],
        "units": queries.units_in(scope, permission),
        "areas": queries.areas_for(scope, permission),
        "sectors": Sector.choices,
        "today": request.today,  # type: ignore[attr-defined]
        "problems": problems,
        "values": request.POST,
        "chosen_sectors": request.POST.getlist("sectors"),
    }
    return render(request, "console/admin/posting_new.html", context, status=422 if problems else 200)


def _grant(request: HttpRequest, member: Any) -> None:
    data = request.POST
    unit, area = number(data.get("unit")), number(data.get("area"))
    if unit is None:
        raise AccessError("unit", _("请选择单位"), field="unit")
    if area is None:
        raise AccessError("area", _("请选择区域"), field="area")
    last = day(data.get("last_day"))
    actions.grant_posting(
        by=request.user.pk,
        user=member.pk,
        unit=unit,
        role=data.get("role", ""),
        area=area,
        sectors=data.getlist("sectors"),
        valid_from=day(data.get("first_day")),
        valid_to=last + dt.timedelta(days=1) if last else None,
    )


def revoke(request: HttpRequest, posting: int, permission: Permission, back: str) -> HttpResponse:
    found = queries.postings(request.scope, permission).filter(pk=posting).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    try:
        actions.revoke_posting(by=request.user.pk, posting=posting)
    except AccessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("岗位已撤销，立即生效"))
    return redirect(back, found.user_id)
