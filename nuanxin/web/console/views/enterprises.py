"""企业台账, and the page of one enterprise: 一企一档."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.actions import UnmaskRefused
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.organisation.survey.queries import checklist
from nuanxin.registry.enterprises import actions
from nuanxin.registry.enterprises.actions import EnterpriseRefused
from nuanxin.registry.enterprises.enums import (
    BusinessModel,
    EnterpriseFact,
    EnterpriseStatus,
    Formation,
    LinkKind,
)
from nuanxin.registry.enterprises.queries import ledger, sheet
from nuanxin.registry.enterprises.queries.dossier import Dossier, dossier
from nuanxin.registry.enterprises.rules import record_key
from nuanxin.web.shared.areas import area_tree
from nuanxin.web.shared.routes import StaffRequest, actor, needs
from nuanxin.web.shared.tables import (
    AreaFilter,
    BulkAction,
    Column,
    DateFilter,
    MultiChoiceFilter,
    TextFilter,
)

from ..layout_table import AsOfFilter, LayoutTable, as_of, parse_day

VIEW, EDIT = Permission.ENTERPRISES_VIEW, Permission.ENTERPRISES_EDIT
STATUS_TONES = {
    EnterpriseStatus.ACTIVE.value: ("green", EnterpriseStatus.ACTIVE.label),
    EnterpriseStatus.CLOSED.value: ("", EnterpriseStatus.CLOSED.label),
    EnterpriseStatus.MOVED.value: ("amber", EnterpriseStatus.MOVED.label),
}


def _staff(row: Any) -> int | None:
    known = [n for n in (row.staff_full, row.staff_part, row.staff_crowd) if n is not None]
    return sum(known) if known else None


class EnterprisesTable(LayoutTable):
    name = "enterprises"
    title = gettext_lazy("企业台账")
    layout_title = sheet.TITLE
    export_fact = EnterpriseFact.EXPORTED
    noun = gettext_lazy("家企业")
    search_hint = gettext_lazy("企业名称、拼音、首字母、信用代码")
    empty_title = gettext_lazy("台账里还没有企业")
    empty_text = gettext_lazy("导入部门的摸排表，或者手工登记一家。")
    filters = (
        AreaFilter("area", gettext_lazy("区域"), tree=area_tree),
        MultiChoiceFilter("sector", gettext_lazy("行业"), Sector.choices),
        MultiChoiceFilter("status", gettext_lazy("状态"), EnterpriseStatus.choices),
        MultiChoiceFilter(
            "platform",
            gettext_lazy("平台"),
            lambda table: [(p.code, p.name) for p in ledger.platforms()],
            lookup="platform__code",
            pinned=False,
        ),
        MultiChoiceFilter(
            "model", gettext_lazy("经营模式"), BusinessModel.choices, lookup="business_model", pinned=False
        ),
        MultiChoiceFilter("formation", gettext_lazy("组建方式"), Formation.choices, pinned=False),
        TextFilter("principal", gettext_lazy("负责人"), lookup="principal__icontains", pinned=False),
        DateFilter("surveyed", gettext_lazy("摸排日期"), lookup="surveyed_on", pinned=False),
        AsOfFilter("on", gettext_lazy("截至日期")),
    )
    bulk = (
        BulkAction(
            "mark",
            gettext_lazy("六清打勾"),
            "console:checklist_bulk",
            Permission.SURVEY_VERIFY,
            icon="checks",
        ),
    )

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        offices = ledger.Offices()
        scope = self.context()

        def responsible(row: Any) -> str:
            found = offices.of(row)
            if found.responsible is None:
                return ""
            return found.responsible.name + (_("（兜底）") if found.fallback else "")

        return [
            Column("name", gettext_lazy("企业名称"), sort=("pinyin",)),
            Column("sector", gettext_lazy("行业"), value="get_sector_display", sort="sector", nowrap=True),
            Column("area", gettext_lazy("所在区域"), value=lambda r: self.place(r.area), sort="area_id", nowrap=True),
            Column("platform", gettext_lazy("平台/品牌"), value="platform.name", sort="platform__name"),
            Column("staff", gettext_lazy("从业人员"), value=_staff, kind="number", help=gettext_lazy("企业自报：全职、兼职、众包之和")),
            Column("responsible", gettext_lazy("责任单位"), value=responsible),
            Column("clear", gettext_lazy("六清"), value="clear_items", kind="number", sort="clear_items", help=gettext_lazy("已清项目数")),
            Column("status", gettext_lazy("状态"), badges=STATUS_TONES, sort="status", nowrap=True),
            Column("credit_code", gettext_lazy("统一社会信用代码"), value="enterprise.credit_code", sort="enterprise__credit_code", hidden=True),
            Column("model", gettext_lazy("经营模式"), value=lambda r: r.get_business_model_display() if r.business_model else "", hidden=True),
            Column("principal", gettext_lazy("负责人"), hidden=True),
            Column("phone", gettext_lazy("电话"), value=sheet.phone, hidden=True, nowrap=True),
            Column("address", gettext_lazy("经营地址"), hidden=True),
            Column("members", gettext_lazy("正式党员"), value=lambda r: sheet.members(r, "members_full", scope), hidden=True),
            Column("formation", gettext_lazy("组建方式"), value=lambda r: r.get_formation_display() if r.formation else "", hidden=True),
            Column("party_org", gettext_lazy("党组织名称"), hidden=True),
            Column("surveyed_on", gettext_lazy("摸排日期"), kind="date", sort="surveyed_on", hidden=True),
            Column("valid_from", gettext_lazy("现状始于"), kind="date", sort="valid_from", hidden=True),
        ]  # fmt: skip

    def layout(self, context: sheet.SheetContext) -> Any:
        return sheet.columns(context)

    def row_url(self, row: Any) -> str:
        day = self.state.filters.get("on")
        address = reverse("console:enterprise", args=[row.enterprise_id])
        return f"{address}?on={day[0]}" if day else address

    def row_class(self, row: Any) -> str:
        return "" if row.status == EnterpriseStatus.ACTIVE else "muted"


def table_of(request: StaffRequest, *, url: str = "") -> EnterprisesTable:
    """The ledger as this request asks for it, whichever view answers."""
    rows = checklist.with_marks(ledger.enterprises(request.scope, on=as_of(request)))
    return EnterprisesTable(request, rows, search=ledger.search, url=url or reverse("console:enterprises"))


@needs(VIEW)
def enterprises(request: StaffRequest) -> HttpResponseBase:
    table = table_of(request)
    return table.respond("console/enterprises/list.html", {"may_edit": request.scope.may(EDIT)})


@needs(VIEW)
@require_GET
def enterprise(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    """一企一档, one page for the screen and for A4; `?on=` shows it as of a day."""
    page = found(lambda: dossier(request.scope, enterprise, on=parse_day(request.GET.get("on", ""))))
    scope = request.scope
    at = (page.current.area_id, page.current.sector)
    context = {
        "page": page,
        "marks": checklist.of_enterprise(scope, enterprise, on=page.on),
        "sector_labels": dict(Sector.choices),
        "may_edit": scope.allows(EDIT, *at),
        "may_mark": scope.allows(Permission.SURVEY_VERIFY, *at),
        "may_unmask": scope.allows(Permission.WORKERS_UNMASK, *at) and bool(page.phone),
        "counted": lambda column: sheet.members(page.version, column, sheet.SheetContext(scope)),
        "workers_url": workers_url(scope, page),
        "key": record_key("E", enterprise),
        "link_kinds": LinkKind.choices,
    }
    return render(request, "console/enterprises/dossier.html", context)


def workers_url(scope: Any, page: Dossier) -> str:
    """The persons of the firm on the roster; "" for those who may not open it."""
    if not scope.may(Permission.WORKERS_VIEW):
        return ""
    day = "" if page.on == page.today else f"&on={page.on.isoformat()}"
    return f"{reverse('console:workers')}?firm={record_key('E', page.current.enterprise_id)}{day}"


def found(query: Any) -> Any:
    """What the query gives; 404 where it finds nothing inside the scope."""
    try:
        return query()
    except Exception as error:
        if type(error).__name__ == "DoesNotExist":
            raise Http404 from None
        raise


@needs(EDIT)
@require_POST
def enterprise_close(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    found(lambda: ledger.enterprise(request.scope, enterprise, permission=EDIT))
    moved = request.POST.get("status") == EnterpriseStatus.MOVED
    return attempt(
        request,
        enterprise,
        lambda: actions.close_enterprise(
            by=request.user.pk,
            enterprise=enterprise,
            on=parse_day(request.POST.get("on", "")) or request.today,
            status=EnterpriseStatus.MOVED if moved else EnterpriseStatus.CLOSED,
            note=request.POST.get("note", "")[:400],
        ),
    )


@needs(EDIT)
@require_POST
def enterprise_site(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    version = found(lambda: ledger.enterprise(request.scope, enterprise, permission=EDIT))
    return attempt(
        request,
        enterprise,
        lambda: actions.add_site(
            by=request.user.pk,
            enterprise=enterprise,
            name=request.POST.get("name", "")[:120],
            area=version.area_id,
            on=request.today,
            address=request.POST.get("address", "")[:200],
        ),
    )


@needs(EDIT)
@require_POST
def enterprise_link(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    """Puts the firm under the head of its chain; both must be within the scope."""
    scope = request.scope
    found(lambda: ledger.enterprise(scope, enterprise, permission=EDIT))
    kind = request.POST.get("kind", "")
    head = ledger.one_named(scope, request.POST.get("head", ""))
    if head is None or kind not in LinkKind.values:
        messages.error(request, _("请从台账中选择一家上级企业（填全称或编号）"))
        return redirect("console:enterprise", enterprise)
    return attempt(
        request,
        enterprise,
        lambda: actions.link_enterprises(
            by=request.user.pk,
            head=head.enterprise_id,
            member=enterprise,
            kind=LinkKind(kind),
            on=request.today,
        ),
    )


@needs(EDIT)
@require_POST
def enterprise_merge(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    """Another entry goes into this one; both must be within the scope."""
    scope = request.scope
    found(lambda: ledger.enterprise(scope, enterprise, permission=EDIT))
    gone = ledger.one_named(scope, request.POST.get("gone", ""), permission=EDIT)
    if gone is None:
        messages.error(request, _("请从台账中选择要并入的企业（填全称或编号）"))
        return redirect("console:enterprise", enterprise)
    return attempt(
        request,
        enterprise,
        lambda: actions.merge_enterprises(
            by=request.user.pk,
            keep=enterprise,
            gone=gone.enterprise_id,
            on=request.today,
        ),
    )


def attempt(request: StaffRequest, enterprise: UUID, action: Any) -> HttpResponse:
    try:
        action()
        messages.success(request, _("已保存"))
    except EnterpriseRefused as refused:
        messages.error(request, str(refused))
    return redirect("console:enterprise", enterprise)


@needs(Permission.WORKERS_UNMASK)
@require_POST
def enterprise_phone(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    """The full number, for a reason; the answer is the bare text for the place where it stands."""
    try:
        number = found(
            lambda: actions.unmask_phone(
                scope=request.scope,
                enterprise=enterprise,
                reason=request.POST.get("reason", ""),
                by=actor(request),
            )
        )
    except UnmaskRefused as refused:
        return render(
            request, "console/workers/number.html", {"number": "", "refused": str(refused)}, status=422
        )
    return render(request, "console/workers/number.html", {"number": number, "refused": ""})


@needs(VIEW)
@require_GET
def enterprise_names(request: StaffRequest) -> HttpResponse:
    """Names for the datalists of forms, while typing."""
    text = request.GET.get("q", "").strip()
    rows = ledger.by_name(request.scope, text) if len(text) > 1 else []
    return JsonResponse({"names": [{"name": r.name, "key": record_key("E", r.enterprise_id)} for r in rows]})


urlpatterns = [
    path("enterprises/", enterprises, name="enterprises"),
    path("enterprises/names/", enterprise_names, name="enterprise_names"),
    path("enterprises/<uuid:enterprise>/", enterprise, name="enterprise"),
    path("enterprises/<uuid:enterprise>/close/", enterprise_close, name="enterprise_close"),
    path("enterprises/<uuid:enterprise>/sites/", enterprise_site, name="enterprise_site"),
    path("enterprises/<uuid:enterprise>/links/", enterprise_link, name="enterprise_link"),
    path("enterprises/<uuid:enterprise>/merge/", enterprise_merge, name="enterprise_merge"),
    path("enterprises/<uuid:enterprise>/phone/", enterprise_phone, name="enterprise_phone"),
]
