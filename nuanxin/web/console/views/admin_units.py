"""单位: the offices that act."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access.actions import AccessError
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.registry.units import actions, queries
from nuanxin.registry.units.enums import UnitKind
from nuanxin.web.shared.errors import form_errors
from nuanxin.web.shared.routes import needs
from nuanxin.web.shared.tables import Column, MultiChoiceFilter, Table

from .admin_postings import number

EDIT = Permission.UNITS_EDIT


class UnitsTable(Table):
    name = "units"
    title = gettext_lazy("单位")
    columns = (
        Column("name", gettext_lazy("名称"), sort="name"),
        Column("code", gettext_lazy("代码"), sort="code"),
        Column("kind", gettext_lazy("类型"), value="get_kind_display", sort="kind"),
        Column("area", gettext_lazy("区域"), value="area.full_name", sort="area_id"),
        Column("staff", gettext_lazy("在岗人数"), kind="number", sort="staff"),
        Column("leads", gettext_lazy("牵头"), kind="yesno"),
        Column("closed_on", gettext_lazy("撤销日期"), kind="date", hidden=True),
    )
    filters = (MultiChoiceFilter("kind", gettext_lazy("类型"), choices=UnitKind.choices),)
    search_hint = gettext_lazy("名称、代码")
    export_permission = EDIT
    noun = gettext_lazy("个单位")
    empty_title = gettext_lazy("还没有单位")
    empty_text = gettext_lazy("先设立牵头部门、镇街和社区，再给人员授予岗位。")

    def row_url(self, row: Any) -> str:
        return reverse("console:unit", args=[row.pk])


@needs(EDIT)
def units_list(request: HttpRequest) -> HttpResponseBase:
    rows = queries.units_in(request.scope, EDIT, closed=True)  # type: ignore[attr-defined]
    return UnitsTable(request, rows, search=queries.search_units).respond("console/admin/units.html")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    data, problems = request.POST, []
    if request.method == "POST":
        area = number(data.get("area"))
        try:
            if area is None:
                raise AccessError("area", _("请选择区域"), field="area")
            opened = actions.open_unit(
                by=request.user.pk,
                code=data.get("code", "").strip(),
                name=data.get("name", ""),
                kind=data.get("kind", ""),
                area=area,
                sectors=data.getlist("sectors"),
                leads=data.get("leads") == "1",
            )
        except AccessError as error:
            problems = form_errors(request, error)
        else:
            messages.success(request, _("单位“%(name)s”已设立") % {"name": opened.name})
            return redirect("console:unit", opened.pk)
    context = {
        "areas": queries.areas_for(request.scope, EDIT),  # type: ignore[attr-defined]
        "kinds": UnitKind.choices,
        "sectors": Sector.choices,
        "values": data,
        "chosen_sectors": data.getlist("sectors"),
        "problems": problems,
    }
    return render(request, "console/admin/unit_new.html", context, status=422 if problems else 200)


@needs(EDIT)
@require_GET
def unit(request: HttpRequest, unit: int) -> HttpResponse:
    found = queries.unit(request.scope, unit)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    context = {
        "unit": found,
        "sectors": [str(Sector(s).label) for s in found.sectors],
        "postings": queries.postings_at(found),
        "today": request.today,  # type: ignore[attr-defined]
    }
    return render(request, "console/admin/unit.html", context)


@needs(EDIT)
@require_POST
def unit_close(request: HttpRequest, unit: int) -> HttpResponse:
    if queries.unit(request.scope, unit) is None:  # type: ignore[attr-defined]
        raise Http404
    try:
        actions.close_unit(by=request.user.pk, unit=unit)
    except AccessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("单位已撤销"))
    return redirect("console:unit", unit)


urlpatterns = [
    path("units/", units_list, name="units"),
    path("units/new/", unit_new, name="unit_new"),
    path("units/<int:unit>/", unit, name="unit"),
    path("units/<int:unit>/close/", unit_close, name="unit_close"),
]
