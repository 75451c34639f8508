"""从业人员: the roster, and the page of one person. Opening a person's page is a fact."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access.actions import UnmaskRefused
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.insights.indicators import queries as indicators
from nuanxin.registry.enterprises.queries import ledger
from nuanxin.registry.enterprises.queries.sheet import SheetContext, said, yes_no
from nuanxin.registry.enterprises.rules import record_key
from nuanxin.registry.enterprises.rules.sheet import CellRefused
from nuanxin.registry.people import actions
from nuanxin.registry.people.actions import WorkerRefused
from nuanxin.registry.people.enums import ConsentPurpose, EngagementKind, Membership, PeopleFact, Sex
from nuanxin.registry.people.queries import page as pages
from nuanxin.registry.people.queries import rosters, sheet
from nuanxin.web.shared.areas import area_tree
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import StaffRequest, actor, needs
from nuanxin.web.shared.tables import AreaFilter, Column, MultiChoiceFilter, TextFilter, YesNoFilter

from ..layout_table import AsOfFilter, LayoutTable, as_of, parse_day
from .enterprises import found

VIEW, EDIT = Permission.WORKERS_VIEW, Permission.WORKERS_EDIT
SECTORS = dict(Sector.choices)
CHANGES = (
    ("new", gettext_lazy("新增")),
    ("left", gettext_lazy("未再出现")),
    ("moved", gettext_lazy("变动")),
)
STATES = (("active", gettext_lazy("在册")), ("left", gettext_lazy("已离开")))


class WorkersTable(LayoutTable):
    name = "workers"
    title = gettext_lazy("从业人员名册")
    layout_title = sheet.WORKERS_TITLE
    export_fact = PeopleFact.ROSTER_EXPORTED
    place_fields = ("place_id", "line")
    noun = gettext_lazy("人")
    private = True
    search_hint = gettext_lazy("姓名、拼音、首字母、完整号码")
    empty_title = gettext_lazy("名册里还没有人")
    empty_text = gettext_lazy("导入部门或平台的花名册，比对归集后会列在这里。")

    def __init__(self, request: StaffRequest, rows: Any, **more: Any) -> None:
        self.day = as_of(request)
        super().__init__(request, rows, **more)

    @cached_property
    def filters(self) -> tuple:  # type: ignore[override]
        """They look at the engagements of the day that the list speaks of."""
        day = self.day
        return (
            AreaFilter("area", gettext_lazy("区域"), tree=area_tree, lookup="place_id"),
            MultiChoiceFilter("sector", gettext_lazy("行业"), Sector.choices, lookup="line"),
            MultiChoiceFilter(
                "platform", gettext_lazy("平台"), lambda table: [(p.code, p.name) for p in ledger.platforms()],
                lookup=lambda rows, codes: rosters.working_for(rows, codes, on=day),
            ),
            MultiChoiceFilter(
                "kind", gettext_lazy("用工形式"), EngagementKind.choices, pinned=False,
                lookup=lambda rows, kinds: rosters.engaged_as(rows, kinds, on=day),
            ),
            YesNoFilter("verified", gettext_lazy("已核实"), lookup=rosters.verified),
            YesNoFilter("doubtful", gettext_lazy("疑似重复"), lookup=rosters.doubtful, pinned=False),
            YesNoFilter("union", gettext_lazy("已入会"), lookup="union_member", pinned=False),
            YesNoFilter("injury", gettext_lazy("职业伤害保障"), lookup="injury_cover", pinned=False),
            TextFilter(
                "firm", gettext_lazy("所在企业"), pinned=False,
                lookup=lambda rows, text: rosters.engaged_at(rows, text, on=day),
            ),
            BaseFilter("state", gettext_lazy("状态"), STATES, pinned=False),
            BaseFilter("change", gettext_lazy("本轮变化"), CHANGES, pinned=False),
            AsOfFilter("on", gettext_lazy("截至日期")),
        )  # fmt: skip

    @cached_property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return (
            Column("name", gettext_lazy("姓名"), sort=("pinyin",), nowrap=True),
            Column("sex", gettext_lazy("性别"), value=lambda r: r.get_sex_display() if r.sex else "", hidden=True),
            Column("sector", gettext_lazy("行业"), value=lambda r: SECTORS.get(r.line, ""), sort="line", nowrap=True),
            Column("platform", gettext_lazy("平台"), value=sheet.platforms),
            Column("employer", gettext_lazy("所在企业"), value=sheet.employers),
            Column("kind", gettext_lazy("用工形式"), value=sheet.kinds, nowrap=True),
            Column("area", gettext_lazy("常驻"), value=lambda r: self.place(r.area), sort="place_id", nowrap=True),
            Column("phone", gettext_lazy("电话"), value=lambda r: pages.number(r, "phone"), nowrap=True),
            Column(
                "verified",
                gettext_lazy("核实"),
                value=lambda r: "doubtful" if r.doubtful else "yes" if r.verified_on else "no",
                badges={
                    "yes": ("green", gettext_lazy("已核实")),
                    "no": ("", gettext_lazy("未核实")),
                    "doubtful": ("amber", gettext_lazy("疑似重复")),
                },
                sort="verified_on",
                nowrap=True,
            ),
            Column("id_number", gettext_lazy("身份证号"), value=lambda r: pages.number(r, "id_number"), hidden=True, nowrap=True),
            Column("plate", gettext_lazy("车牌号"), value=lambda r: pages.number(r, "plate"), hidden=True, nowrap=True),
            Column("birth_month", gettext_lazy("出生年月"), sort="birth_month", hidden=True, nowrap=True),
            Column("education", gettext_lazy("文化程度"), hidden=True),
            Column("union", gettext_lazy("入会"), value=lambda r: said(r.union_member), hidden=True),
            Column("injury", gettext_lazy("职业伤害保障"), value=lambda r: said(r.injury_cover), hidden=True),
            Column("first_seen", gettext_lazy("首次入册"), kind="date", sort="first_seen", hidden=True),
            Column("last_seen", gettext_lazy("最近出现"), kind="date", sort="last_seen", hidden=True),
        )  # fmt: skip

    def layout(self, context: SheetContext) -> Any:
        return sheet.worker_columns(context)

    def row_url(self, row: Any) -> str:
        return reverse("console:worker", args=[row.pk])

    def row_class(self, row: Any) -> str:
        return "muted" if row.status != "active" else ""


class BaseFilter(MultiChoiceFilter):
    """Decides which roster the view reads at all (`table_of`); here it only stays in the address."""

    many = False

    def apply(self, rows: Any, values: tuple[str, ...]) -> Any:
        return rows


def table_of(request: StaffRequest, *, url: str = "") -> WorkersTable:
    """The roster as this request asks for it, whichever view answers."""
    scope = request.scope
    source = request.POST if request.POST.get("_table") == "workers" else request.GET
    day = as_of(request)
    if (change := source.get("change")) in dict(CHANGES):
        rows = rosters.named_by(scope, indicators.changed(scope, change, day or request.today))
    elif source.get("state") == "left":
        rows = rosters.gone(scope)
    else:
        rows = rosters.workers(scope, on=day)
    rows = rosters.with_work(rows, on=day)
    return WorkersTable(request, rows, search=rosters.search, url=url or reverse("console:workers"))


@needs(VIEW)
def workers(request: StaffRequest) -> HttpResponseBase:
    return table_of(request).respond("console/workers/list.html")


@needs(VIEW)
@require_GET
def worker(request: StaffRequest, worker: UUID) -> HttpResponse:
    """Whoever opens the page is written down, before anything is shown."""
    scope = request.scope
    row = found(lambda: actions.open_worker(scope=scope, worker_id=worker, by=request.user.pk))
    return _page(request, row)


def _page(request: StaffRequest, row: Any) -> HttpResponse:
    scope = request.scope
    declaration = pages.declaration(scope, row)
    detail = pages.declared(declaration) if declaration else {}
    context = {
        "page": pages.worker_page(scope, row),
        "sector_labels": SECTORS,
        "kind_labels": dict(EngagementKind.choices),
        "said": said,
        "key": record_key("W", row.pk),
        "purposes": [c for c in ConsentPurpose.choices if c[0] != ConsentPurpose.PARTY],
        "may_declare": scope.allows(Permission.PARTY_VIEW, row.area_id, row.sector),
        "declaration": declaration,
        "detail": [
            (label, Membership(detail[code]).label if code == "political" else detail[code])
            for code, label in DETAIL_LABELS
            if detail.get(code)
        ],
        "detail_fields": DETAIL_LABELS[1:],
        "memberships": Membership.choices[:2],
        "today": request.today,
    }
    return render(request, "console/workers/worker.html", context)


DETAIL_LABELS = (
    ("political", gettext_lazy("类别")),
    ("ethnicity", gettext_lazy("民族")),
    ("education", gettext_lazy("学历")),
    ("joined_on", gettext_lazy("入党日期")),
    ("confirmed_on", gettext_lazy("转正日期")),
    ("organisation", gettext_lazy("组织关系所在党组织")),
    ("origin", gettext_lazy("流出地")),
    ("destination", gettext_lazy("流入地")),
    ("reported_on", gettext_lazy("报到日期")),
    ("contact", gettext_lazy("联系人")),
)


@needs(Permission.WORKERS_UNMASK)
@require_POST
def worker_number(request: StaffRequest, worker: UUID) -> HttpResponse:
    """One full number for a reason; the answer is the bare text for the place where it stands."""
    try:
        number = found(
            lambda: actions.unmask(
                scope=request.scope,
                worker_id=worker,
                field=request.POST.get("field", ""),
                reason=request.POST.get("reason", ""),
                by=actor(request),
            )
        )
    except (UnmaskRefused, WorkerRefused) as refused:
        context = {"number": "", "refused": str(refused)}
        return render(request, "console/workers/number.html", context, status=422)
    return render(request, "console/workers/number.html", {"number": number, "refused": ""})


PLAIN_FIELDS = ("name", "sex", "birth_month", "education", "sector", "note")
SEALED_FIELDS = ("phone", "id_number", "plate")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def worker_change(request: StaffRequest, worker: UUID) -> HttpResponse:
    """Numbers left empty stay as they are; the form never shows them in full."""
    scope = request.scope
    row = found(lambda: pages.worker(scope, worker, permission=EDIT))
    problems: list[Problem] = []
    if request.method == "POST":
        changes: dict[str, Any] = {f: request.POST.get(f, "") for f in PLAIN_FIELDS}
        changes |= {f: text for f in SEALED_FIELDS if (text := request.POST.get(f, "").strip())}
        area = request.POST.get("area", "")
        changes["area"] = int(area) if area.isdecimal() else None
        try:
            changes |= {f: yes_no(request.POST.get(f, "")) for f in ("union_member", "injury_cover")}
            if changes["area"] is None or not scope.allows(EDIT, changes["area"], changes["sector"]):
                raise WorkerRefused("area", field="area")
            day = parse_day(request.POST.get("on", "")) or request.today
            changed = actions.change_worker(worker_id=worker, by=request.user.pk, on=day, **changes)
            messages.success(request, _("已保存") if changed else _("没有变化"))
            return redirect("console:worker", worker)
        except (WorkerRefused, CellRefused) as refused:
            problems = form_errors(request, refused) if hasattr(refused, "code") else [Problem(str(refused))]
    else:
        found(lambda: actions.open_worker(scope=scope, worker_id=worker, by=request.user.pk))
    values = {f: getattr(row, f) for f in PLAIN_FIELDS} | {"area": row.area_id}
    values |= {f: said(getattr(row, f)) for f in ("union_member", "injury_cover")}
    context = {
        "worker": row,
        "values": {k: request.POST.get(k, v) for k, v in values.items()},
        "masked": {f: pages.number(row, f) for f in SEALED_FIELDS},
        "areas": ledger.places(scope, EDIT),
        "sectors": Sector.choices,
        "sexes": [c for c in Sex.choices if c[0]],
        "on": request.POST.get("on") or request.today.isoformat(),
        "problems": problems,
    }
    return render(request, "console/workers/form.html", context, status=422 if problems else 200)


@needs(EDIT)
@require_POST
def worker_status(request: StaffRequest, worker: UUID) -> HttpResponse:
    """The person has left, or is back."""
    found(lambda: pages.worker(request.scope, worker, permission=EDIT))
    day = parse_day(request.POST.get("on", "")) or request.today
    back = request.POST.get("back") == "1"

    def act() -> None:
        if back:
            actions.return_worker(worker_id=worker, by=request.user.pk, on=day)
        else:
            actions.leave(worker_id=worker, by=request.user.pk, on=day)

    return attempt(request, worker, act)


@needs(EDIT)
@require_POST
def worker_consent(request: StaffRequest, worker: UUID) -> HttpResponse:
    """Consent given or withdrawn, as the person says."""
    found(lambda: pages.worker(request.scope, worker, permission=EDIT))
    purpose = request.POST.get("purpose", "")
    if purpose not in ConsentPurpose.values or purpose == ConsentPurpose.PARTY:
        return attempt(request, worker, _refuse)
    values: dict[str, Any] = {"worker_id": worker, "by": request.user.pk, "purpose": ConsentPurpose(purpose)}
    values["on"] = request.today
    if request.POST.get("withdraw") == "1":
        return attempt(request, worker, lambda: actions.withdraw_consent(**values))
    evidence = request.POST.get("evidence", "")[:120]
    return attempt(request, worker, lambda: actions.give_consent(evidence=evidence, **values))


def _refuse() -> None:
    raise WorkerRefused("field")


@needs(Permission.PARTY_VIEW)
@require_POST
def worker_declaration(request: StaffRequest, worker: UUID) -> HttpResponse:
    """The member's own declaration is written down, or taken back."""
    scope = request.scope
    found(lambda: pages.worker(scope, worker, permission=Permission.PARTY_VIEW))
    today = request.today
    if request.POST.get("withdraw") == "1":
        return attempt(
            request,
            worker,
            lambda: actions.withdraw_declaration(worker_id=worker, by=request.user.pk, on=today),
        )
    if request.POST.get("own") != "1" or request.POST.get("political") not in Membership.values:
        messages.error(request, _("请确认这是本人自愿登记，并选择类别"))
        return redirect("console:worker", worker)
    detail = {code: request.POST.get(code, "").strip()[:120] for code, _label in DETAIL_LABELS}
    floating = request.POST.get("floating") == "1"
    return attempt(
        request,
        worker,
        lambda: actions.declare_membership(
            worker_id=worker, by=request.user.pk, on=today, detail=detail, floating=floating
        ),
    )


def attempt(request: StaffRequest, worker: UUID, action: Any) -> HttpResponse:
    try:
        action()
        messages.success(request, _("已保存"))
    except WorkerRefused as refused:
        messages.error(request, str(refused))
    return redirect("console:worker", worker)


urlpatterns = [
    path("workers/", workers, name="workers"),
    path("workers/<uuid:worker>/", worker, name="worker"),
    path("workers/<uuid:worker>/change/", worker_change, name="worker_change"),
    path("workers/<uuid:worker>/number/", worker_number, name="worker_number"),
    path("workers/<uuid:worker>/status/", worker_status, name="worker_status"),
    path("workers/<uuid:worker>/consent/", worker_consent, name="worker_consent"),
    path("workers/<uuid:worker>/declaration/", worker_declaration, name="worker_declaration"),
]
