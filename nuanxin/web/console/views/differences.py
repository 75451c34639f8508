"""三方比对: persons whom not every party that sent rosters has named, settled one by one or many at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.organisation.survey.actions.refusal import SurveyRefused
from nuanxin.organisation.survey.actions.rounds import settle_many
from nuanxin.organisation.survey.enums import Party
from nuanxin.organisation.survey.queries import rounds as queries
from nuanxin.web.shared.areas import area_tree
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import StaffRequest, actor, needs
from nuanxin.web.shared.tables import AreaFilter, BulkAction, ChoiceFilter, Column, MultiChoiceFilter, Table

from ..today import WorkItem, todo
from .rounds import SECTORS, latest, note_rows, round_of

VERIFY = Permission.SURVEY_VERIFY
SAYINGS = (
    gettext_lazy("平台已补报"), gettext_lazy("部门已登记"), gettext_lazy("社区已登记"), gettext_lazy("已离开"), gettext_lazy("本地无此人"),
)  # fmt: skip
"""What is usually said of a difference; anything else can be written."""


def marks(mask: int, expected: int) -> list[tuple[str, bool]]:
    """(party, has named the person) of the parties that sent rosters."""
    return [(str(p.label), bool(mask & p)) for p in Party if expected & p]


class DifferencesTable(Table):
    name = "differences"
    title = gettext_lazy("三方差异")
    private = True
    search_hint = gettext_lazy("姓名、拼音、首字母")
    noun = gettext_lazy("人")
    empty_title: Any = gettext_lazy("没有这样的差异")
    bulk = (
        BulkAction("settle", gettext_lazy("处理…"), "console:differences_settle", VERIFY, icon="check"),
    )
    expected = 0

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return (
            Column("name", gettext_lazy("姓名"), value="worker.name", sort="worker__pinyin", nowrap=True),
            Column("sector", gettext_lazy("行业"), value=lambda r: SECTORS.get(r.sector, ""), sort="sector", nowrap=True),
            Column("employer", gettext_lazy("平台或企业"), value=lambda r: queries.employer_of(r.worker)),
            Column("area", gettext_lazy("区域"), value="area.name", sort="area_id", nowrap=True),
            Column("missing", gettext_lazy("各方"), export=self.missing, value=self.missing, cell=self.missing_cell),
            Column("settled", gettext_lazy("处理结果"), value="settled", hidden="settled" not in self.request.GET),
        )  # fmt: skip

    def missing(self, row: Any) -> str:
        return "、".join(label for label, named in marks(row.parties, row.parties | row.missing) if not named)

    def missing_cell(self, row: Any) -> Markup:
        badges = [
            Markup('<span class="nx-badge {}">{}</span>').format(
                "green" if named else "red", _("%(who)s已报") % {"who": label} if named else _("%(who)s未报") % {"who": label}
            )
            for label, named in marks(row.parties, row.parties | row.missing)
        ]  # fmt: skip
        return Markup('<span class="nx-row">{}</span>').format(Markup("").join(badges))

    @property
    def filters(self) -> tuple:  # type: ignore[override]
        return self.__dict__.setdefault("_filters", (
            ChoiceFilter(
                "missing", gettext_lazy("谁没有报"), lookup=lambda rows, party: queries.missed_by(rows, int(party)),
                choices=[(p.value, p.label) for p in Party if self.expected & p],
            ),
            AreaFilter("area", gettext_lazy("区域"), tree=area_tree),
            MultiChoiceFilter("sector", gettext_lazy("行业"), choices=Sector.choices),
        ))  # fmt: skip

    def row_url(self, row: Any) -> str:
        return reverse("console:worker", args=[row.worker_id]) if self.scope.may(Permission.WORKERS_VIEW) else ""

    def row_name(self, row: Any) -> str:
        return str(row.worker.name)

    def before_export(self, columns: Any) -> None:
        note_rows(self)


def table_of(request: StaffRequest, canvass: Any, *, settled: bool) -> DifferencesTable:
    rows = queries.differences(request.scope, canvass, settled=settled)
    table = DifferencesTable(
        request, queries.with_works(rows), search=queries.search_people,
        url=reverse("console:round_differences", args=[canvass.pk]) + ("done/" if settled else ""),
    )  # fmt: skip
    table.expected = queries.expected_parties(canvass)
    return table


@needs(VERIFY)
@require_GET
def differences(request: StaffRequest) -> HttpResponse:
    """The round at work, else the last one."""
    found = latest(request)
    if found is None:
        return render(request, "console/differences/none.html", {"may_open": request.scope.may(Permission.SURVEY_RUN)})
    return redirect("console:round_differences", found.pk)


@needs(VERIFY)
@require_http_methods(["GET", "POST"])
def round_differences(request: StaffRequest, canvass: int, settled: bool = False) -> HttpResponseBase:
    found = round_of(request, canvass)
    table = table_of(request, found, settled=settled)
    here = reverse("console:round_differences", args=[found.pk])
    parties = [(p, p.label, bool(table.expected & p)) for p in Party]
    if settled:
        table.empty_title, table.empty_text = _("还没有处理过差异"), _("在“待处理”里选中人员，点“处理…”。")
    elif not table.expected:
        table.empty_title, table.empty_text = _("这一轮还没有名册"), _("平台、部门、社区至少有两方报了名册，才能比对。")
    elif sum(sent for _p, _l, sent in parties) < 2:
        table.empty_title, table.empty_text = _("还没有可以比对的"), _("目前只有一方报了名册，另一方报来之后自动比对。")
    else:
        table.empty_text = _("报了名册的各方都点到了同样的人。") if not table.narrowed else ""
    context = {
        "round": found,
        "parties": parties,
        "tabs": [(_("待处理"), here, not settled, None), (_("已处理"), f"{here}done/", settled, None)],
    }
    return table.respond("console/differences/list.html", context)


@needs(VERIFY)
@require_POST
def differences_settle(request: StaffRequest) -> HttpResponse:
    """First asks what is to be said of the chosen ones, then writes it down. The list's own address names the round."""
    canvass, settled = _round_in(request.POST.get("_list", ""))
    found = round_of(request, canvass)
    table = table_of(request, found, settled=settled)
    chosen = table.selection()
    reopen = request.POST.get("reopen") == "1"
    how = request.POST.get("other", "").strip() or request.POST.get("how", "").strip()
    problems: list[Problem] = []
    if reopen or request.POST.get("said") == "1":
        try:
            if not how and not reopen:
                raise SurveyRefused("how", _("请选择或写明如何处理，例如“平台已补报”。"))
            n = settle_many(
                scope=request.scope, standings=list(chosen.values_list("pk", flat=True)), how="" if reopen else how,
                by=actor(request),
            )  # fmt: skip
        except SurveyRefused as refused:
            problems = form_errors(request, refused)
        else:
            words = ngettext("已重新打开 %(n)d 人。", "已重新打开 %(n)d 人。", n) if reopen else ngettext("已处理 %(n)d 人。", "已处理 %(n)d 人。", n)
            messages.success(request, words % {"n": n})
            return table.back()
    context = {
        "round": found,
        "number": chosen.count(),
        "some": [s.worker.name for s in chosen[:8]],
        "rows": request.POST.getlist("row"),
        "everything": request.POST.get("everything", ""),
        "list": request.POST.get("_list", ""),
        "back": table.url(),
        "action": f"{reverse('console:differences_settle')}?{table.query()}",
        "sayings": SAYINGS,
        "settled": settled,
        "values": request.POST,
        "problems": problems,
    }
    return render(request, "console/differences/settle.html", context, status=422 if problems else 200)


def _round_in(address: str) -> tuple[int, bool]:
    """The round's number in the address of its list; 0, which nobody has, when there is none."""
    parts = [p for p in address.split("?")[0].split("/") if p]
    number = next((int(p) for p in parts if p.isdecimal() and len(p) < 10), 0)
    return number, parts[-1:] == ["done"]


@todo
def differences_open(scope: Any, user: Any) -> list[WorkItem]:
    """How many differences of open rounds wait for a word."""
    if not scope.may(VERIFY):
        return []
    found = queries.open_differences(scope)
    return [
        WorkItem(title=_("三方差异等您处理"), url=reverse("console:round_differences", args=[pk]), icon="arrows-diff",
                 due=due, count=n, detail=name)
        for pk, name, due, n in found
    ]  # fmt: skip


urlpatterns = [
    path("differences/", differences, name="differences"),
    path("differences/settle/", differences_settle, name="differences_settle"),
    path("differences/<int:canvass>/", round_differences, name="round_differences"),
    path("differences/<int:canvass>/done/", round_differences, {"settled": True}, name="round_differences_done"),
]
