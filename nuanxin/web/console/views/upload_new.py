"""上传: the form with which a file comes in, and what it says while it is filled in."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nuanxin.engines.intake import actions, queries
from nuanxin.engines.intake.errors import AlreadyImported, IntakeError, NotYours
from nuanxin.engines.intake.rules import NoContext
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.sheets.rules import LIMITS, SheetRefused
from nuanxin.registry.units.queries import areas_for
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import needs

IMPORT = Permission.IMPORT
EARLIEST = 2000
"""Older than any roster; a year typed with a digit missing would date people's work before their birth."""


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def upload_new(request: HttpRequest) -> HttpResponse:
    data, problems, already = request.POST, [], None
    if request.method == "POST":
        try:
            received = _receive(request)
        except NotYours:
            raise Http404 from None
        except AlreadyImported as error:
            problems, already = [Problem(str(error), "file")], error
        except (IntakeError, SheetRefused, FormFault) as error:
            problems = form_errors(request, error)
        else:
            return redirect("console:import", received.pk)
    units = list(queries.sender_units(request.scope))  # type: ignore[attr-defined]
    areas = areas_for(request.scope, IMPORT)  # type: ignore[attr-defined]
    values = {
        "target": data.get("target") or (queries.targets()[0].code if queries.targets() else ""),
        "unit": data.get("unit") or (units[0].pk if units else ""),
        "area": data.get("area") or (_nearest(units, areas) if units else ""),
        "sector": data.get("sector", ""),
        "as_of": data.get("as_of") or request.today.isoformat(),  # type: ignore[attr-defined]
    }
    context = {
        "targets": queries.targets(),
        "target_choices": [(t.code, t.label) for t in queries.targets()],
        "sheet_choices": [(name, name) for name in already.sheets_left] if already else [],
        "units": [(u.pk, u.name) for u in units],
        "areas": [(a.code, a.full_name) for a in areas],
        "sectors": Sector.choices,
        "values": values,
        "offer": _offer_text(str(values["target"]), values["area"]),
        "problems": problems,
        "already": already,
        "limit_rows": LIMITS.rows,
        "limit_size": LIMITS.size // 1024 // 1024,
    }
    return render(request, "console/uploads/new.html", context, status=422 if problems else 200)


class FormFault(Exception):
    """A field of the form that cannot be used as it is."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.code, self.field = "form", field


def _receive(request: HttpRequest) -> Any:
    data, file = request.POST, request.FILES.get("file")
    if file is None:
        raise FormFault("file", _("请选择要上传的文件"))
    if file.size is not None and file.size > LIMITS.size:
        raise SheetRefused("file.size", size=-(-file.size // 1048576), limit=LIMITS.size // 1048576)
    unit, area, target = number(data.get("unit")), number(data.get("area")), data.get("target", "")
    if target not in {t.code for t in queries.targets()}:
        raise FormFault("target", _("请选择表格类型"))
    if unit is None:
        raise FormFault("unit", _("请选择单位"))
    if area is None:
        raise FormFault("area", _("请选择区域"))
    sector = data.get("sector", "")
    if sector and sector not in Sector.values:
        raise FormFault("sector", _("没有这个行业"))
    try:
        as_of = dt.date.fromisoformat(data.get("as_of", ""))
    except ValueError:
        raise FormFault("as_of", _("请填写数据截止日期")) from None
    if as_of > request.today:  # type: ignore[attr-defined]
        raise FormFault("as_of", _("数据截止日期不能晚于今天"))
    if as_of.year < EARLIEST:
        raise FormFault("as_of", _("请填写数据截止日期"))
    if not queries.may_send_for(request.scope, unit, area, sector):  # type: ignore[attr-defined]
        if not sector and _limited(request, unit, area):
            raise FormFault("sector", _("您的岗位只管部分行业，请选择行业"))
        raise NotYours("not_yours")
    try:
        offer = queries.target(target).context_form(area)
    except NoContext as missing:
        raise FormFault("area", str(missing)) from missing
    return actions.receive_upload(
        by=request.user.pk,
        scope=request.scope,  # type: ignore[attr-defined]
        unit=unit,
        area=area,
        target=target,
        data=file.read(),
        filename=file.name or "",
        sector=sector,
        context={**offer.context, "as_of": as_of.isoformat()},
        sheet=data.get("sheet") or None,
    )


def _limited(request: HttpRequest, unit: int, area: int) -> bool:
    """Whether the person may send for this unit and place, only not for every sector."""
    return any(queries.may_send_for(request.scope, unit, area, s) for s in Sector.values)  # type: ignore[attr-defined]


def number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= 15 else None


def _nearest(units: Sequence[Any], areas: Sequence[Any]) -> int:
    """The first unit's own area when it can be chosen, else the first one that can."""
    codes = [a.code for a in areas]
    return units[0].area_id if units[0].area_id in codes else (codes[0] if codes else 0)


def _offer_text(target: str, area: Any) -> dict[str, Any]:
    """What the file will belong to, or why it cannot come in now."""
    code = number(str(area))
    if code is None or target not in {t.code for t in queries.targets()}:
        return {"label": "", "missing": ""}
    try:
        return {"label": queries.target(target).context_form(code).label, "missing": ""}
    except NoContext as missing:
        return {"label": "", "missing": str(missing)}


@needs(IMPORT)
@require_GET
def upload_offer(request: HttpRequest) -> HttpResponse:
    """The line under the form that says which round the file will belong to."""
    offer = _offer_text(request.GET.get("target", ""), request.GET.get("area", ""))
    return render(request, "console/uploads/offer.html", {"offer": offer})


urlpatterns = [
    path("imports/new/", upload_new, name="import_new"),
    path("imports/offer/", upload_offer, name="import_offer"),
]
