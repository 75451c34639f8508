"""Registering a firm by hand, and changing one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.registry.enterprises import actions
from nuanxin.registry.enterprises.actions import EnterpriseRefused
from nuanxin.registry.enterprises.enums import BusinessModel, Formation
from nuanxin.registry.enterprises.queries import ledger, sheet
from nuanxin.registry.enterprises.rules import LABELS
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import StaffRequest, needs

from ..layout_table import parse_day
from .enterprises import EDIT, found

FIELDS = (
    *("name", "credit_code", "sector", "platform", "business_model", "registered_address", "area", "address"),
    *("principal", "phone", "staff_full", "staff_part", "staff_crowd"),
    *("formation", "party_org", "party_org_since", "secretary", "instructor", "mass_orgs", "charter_clause"),
    *("not_formed_reason", "surveyor", "surveyed_on", "note"),
)
MEMBER_FIELDS = ("members_full", "members_probationary", "members_floating", "applicants", "activists")


def form_values(request: StaffRequest, version: Any | None) -> dict[str, Any]:
    if request.method == "POST":
        return {f: request.POST.get(f, "") for f in (*FIELDS, *MEMBER_FIELDS)}
    if version is None:
        return dict.fromkeys((*FIELDS, *MEMBER_FIELDS), "")
    values = {f: getattr(version, f, "") for f in (*FIELDS, *MEMBER_FIELDS)}
    values |= {
        "credit_code": version.enterprise.credit_code,
        "platform": version.platform_id,
        "area": version.area_id,
        "phone": "",
        "charter_clause": sheet.said(version.charter_clause),
        "surveyed_on": version.surveyed_on.isoformat() if version.surveyed_on else "",
    }
    return values


def parsed(request: StaffRequest, *, members: bool) -> tuple[dict[str, Any], list[Problem]]:
    """The form as columns; fields that the form does not know (`district`, `role`) are not looked at."""
    values: dict[str, Any] = {}
    problems = []
    numbers = ("staff_full", "staff_part", "staff_crowd", *(MEMBER_FIELDS if members else ()))
    for field in (*FIELDS, *(MEMBER_FIELDS if members else ())):
        text = request.POST.get(field, "").strip()
        try:
            if field in numbers:
                values[field] = sheet.whole_number(text)
            elif field == "charter_clause":
                values[field] = sheet.yes_no(text)
            elif field == "surveyed_on":
                values[field] = sheet.day(text)
            elif field == "platform":
                values["platform_id"] = int(text) if text.isdecimal() else None
            elif field == "area":
                values["area_id"] = int(text) if text.isdecimal() else None
            elif field != "phone" or text:
                values[field] = text
        except sheet.CellRefused as refused:
            problems.append(Problem(f"{LABELS[field]}：{refused}", field))
    area, sector = values.get("area_id"), values.get("sector", "")
    if area is not None and not request.scope.allows(EDIT, area, sector):
        problems.append(Problem(_("请选择您管理范围内的街道或社区"), "area"))
    return values, problems


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def enterprise_new(request: StaffRequest) -> HttpResponse:
    problems: list[Problem] = []
    if request.method == "POST":
        values, problems = parsed(request, members=True)
        try:
            if not problems:
                made = actions.register_enterprise(by=request.user.pk, on=request.today, **values)
                messages.success(request, _("“%(name)s”已登记") % {"name": values["name"]})
                return redirect("console:enterprise", made.pk)
        except EnterpriseRefused as refused:
            problems = form_errors(request, refused)
    return _form(request, None, problems)


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def enterprise_change(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    version = found(lambda: ledger.enterprise(request.scope, enterprise, permission=EDIT))
    problems: list[Problem] = []
    if request.method == "POST":
        handling = request.scope.allows(Permission.PARTY_VIEW, version.area_id, version.sector)
        values, problems = parsed(request, members=handling)
        day = parse_day(request.POST.get("valid_from", "")) or request.today
        try:
            if not problems:
                changed = actions.change_enterprise(
                    by=request.user.pk, enterprise=enterprise, valid_from=day, changes=values
                )
                messages.success(request, _("已保存") if changed else _("没有变化，未产生新的版本"))
                return redirect("console:enterprise", enterprise)
        except EnterpriseRefused as refused:
            problems = form_errors(request, refused)
    return _form(request, version, problems)


def _form(request: StaffRequest, version: Any | None, problems: list[Problem]) -> HttpResponse:
    scope = request.scope
    context = {
        "version": version,
        "values": form_values(request, version),
        "valid_from": request.POST.get("valid_from") or request.today.isoformat(),
        "handling": version is None or scope.allows(Permission.PARTY_VIEW, version.area_id, version.sector),
        "areas": ledger.places(scope, EDIT),
        "sectors": Sector.choices,
        "platforms": [(p.pk, p.name) for p in ledger.platforms()],
        "models": [c for c in BusinessModel.choices if c[0]],
        "formations": [c for c in Formation.choices if c[0]],
        "labels": LABELS,
        "problems": problems,
    }
    return render(request, "console/enterprises/form.html", context, status=422 if problems else 200)


urlpatterns = [
    path("enterprises/new/", enterprise_new, name="enterprise_new"),
    path("enterprises/<uuid:enterprise>/change/", enterprise_change, name="enterprise_change"),
]
