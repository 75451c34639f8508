"""摸排轮次: opened, watched, worked street by street, and closed after a look at what closing means."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.organisation.survey import jobs
from nuanxin.organisation.survey.actions import rounds as actions
from nuanxin.organisation.survey.actions.checks import assign_checks
from nuanxin.organisation.survey.enums import Change, CheckKind, CheckResult
from nuanxin.organisation.survey.queries import checks as check_queries
from nuanxin.organisation.survey.queries import rounds as queries
from nuanxin.registry.people.actions.exporting import note_export
from nuanxin.registry.people.enums import PeopleFact
from nuanxin.web.shared.areas import area_tree
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import StaffRequest, actor, needs
from nuanxin.web.shared.tables import AreaFilter, Column, MultiChoiceFilter, Table

from ..layout_table import parse_day
from ..today import WorkItem, todo

RUN, VERIFY = Permission.SURVEY_RUN, Permission.SURVEY_VERIFY
SECTORS = dict(Sector.choices)
RESULTS = dict(CheckResult.choices)
CHANGES = {
    Change.NEW.value: ("green", Change.NEW.label),
    Change.STAYED.value: ("", Change.STAYED.label),
    Change.MOVED.value: ("blue", Change.MOVED.label),
    Change.LEFT.value: ("amber", Change.LEFT.label),
}


def round_of(request: StaffRequest, canvass: int, *, run: bool = False) -> Any:
    """The round, or 404; `run`: only where the person runs the survey."""
    try:
        found = queries.get_round(request.scope, canvass)
    except ObjectDoesNotExist:
        raise Http404 from None
    if run and not request.scope.allows(RUN, found.area_id):
        raise Http404
    return found


@needs(VERIFY)
@require_GET
def rounds(request: StaffRequest) -> HttpResponse:
    found = list(queries.with_progress(queries.rounds(request.scope))[:100])
    context = {"rounds": found, "may_open": request.scope.may(RUN), "today": request.today}
    return render(request, "console/rounds/list.html", context)


@needs(RUN)
@require_http_methods(["GET", "POST"])
def round_new(request: StaffRequest) -> HttpResponse:
    """The next quarter is proposed; dates and name may be others."""
    areas = queries.runnable(request.scope)
    asked = request.POST.get("area", "") or request.GET.get("area", "")
    chosen = next((a for a in areas if str(a.code) == asked), areas[0] if areas else None)
    if chosen is None:
        raise Http404
    proposed = queries.proposal(chosen.code, request.today)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            opened = actions.open_round(
                scope=request.scope, area=chosen.code, by=actor(request), today=request.today,
                starts_on=parse_day(request.POST.get("starts_on", "")), ends_on=parse_day(request.POST.get("ends_on", "")),
                name=request.POST.get("name", "").strip()[:60],
            )  # fmt: skip
        except actions.SurveyRefused as refused:
            problems = form_errors(request, refused)
        else:
            messages.success(request, _("“%(name)s”已经开始，各镇街的任务已经建好。") % {"name": opened.name})
            return redirect("console:round", opened.pk)
    context = {"areas": areas, "chosen": chosen, "proposed": proposed, "problems": problems, "values": request.POST}
    return render(request, "console/rounds/new.html", context, status=422 if problems else 200)


@needs(VERIFY)
@require_GET
def round_page(request: StaffRequest, canvass: int) -> HttpResponse:
    found = round_of(request, canvass)
    scope = request.scope
    lines = queries.task_lines(scope, found.pk)
    context = {
        "round": found,
        "figures": queries.summary(scope, found),
        "lines": lines,
        "doing": queries.background(found),
        "may_run": scope.allows(RUN, found.area_id),
        "may_work": {line.task.pk for line in lines if scope.allows(VERIFY, line.task.area_id)},
        "may_import": scope.may(Permission.IMPORT),
        "may_match": scope.may(Permission.SURVEY_MATCH),
        "today": request.today,
    }
    return render(request, "console/rounds/round.html", context)


@needs(VERIFY)
@require_GET
def round_progress(request: StaffRequest, canvass: int) -> HttpResponse:
    """What the worker does just now; when it is through, the whole page comes anew."""
    found = round_of(request, canvass)
    doing = queries.background(found)
    if not (doing.closing or doing.matching):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "console/rounds/doing.html", {"round": found, "doing": doing})


class PeopleTable(Table):
    """Who stands in a round, with what is different from the round before."""

    name = "round-people"
    title = gettext_lazy("摸排人员")
    private = True
    search_hint = gettext_lazy("姓名、拼音、首字母")
    noun = gettext_lazy("人")
    empty_title = gettext_lazy("没有这样的人员")
    empty_text = gettext_lazy("导入名册、比对归集之后，人员会列在这里。")
    columns = (
        Column("name", gettext_lazy("姓名"), value="worker.name", sort="worker__pinyin", nowrap=True),
        Column("change", gettext_lazy("与上轮相比"), badges=CHANGES, sort="change", nowrap=True),
        Column("sector", gettext_lazy("行业"), value=lambda r: SECTORS.get(r.sector, ""), sort="sector", nowrap=True),
        Column("employer", gettext_lazy("平台或企业"), value=lambda r: queries.employer_of(r.worker)),
        Column("area", gettext_lazy("本轮所在地"), value="area.name", sort="area_id", nowrap=True),
        Column(
            "former", gettext_lazy("上轮所在地"), nowrap=True,
            value=lambda r: r.former if r.former_area not in (None, r.area_id) else "",
        ),
        Column("checked", gettext_lazy("核实结果"), value=lambda r: RESULTS.get(r.checked or "", ""), nowrap=True),
        Column("seen", gettext_lazy("最近出现"), value="worker.last_seen", kind="date", hidden=True),
    )  # fmt: skip
    filters = (
        MultiChoiceFilter("change", gettext_lazy("与上轮相比"), choices=Change.choices),
        AreaFilter("area", gettext_lazy("区域"), tree=area_tree),
        MultiChoiceFilter("sector", gettext_lazy("行业"), choices=Sector.choices),
    )

    def row_url(self, row: Any) -> str:
        return reverse("console:worker", args=[row.worker_id]) if self.scope.may(Permission.WORKERS_VIEW) else ""

    def before_export(self, columns: Any) -> None:
        note_rows(self)


def note_rows(table: Table) -> None:
    """The fact that a list of persons leaves the house; numbers are not in it."""
    from django.db.models import Count

    counts = table.matching.order_by().values_list("area_id", "sector").annotate(n=Count("pk", distinct=True))
    note_export(
        by=actor(table.request), kind=PeopleFact.ROSTER_EXPORTED, list_name=table.name,
        places=counts.order_by("area_id", "sector"),
    )  # fmt: skip


@needs(VERIFY)
@require_http_methods(["GET", "POST"])
def round_people(request: StaffRequest, canvass: int) -> HttpResponseBase:
    found = round_of(request, canvass)
    table = PeopleTable(request, queries.found_in(request.scope, found), search=queries.search_people)
    chosen = table.state.filters.get("change", ())
    tabs: list[tuple[Any, ...]] = [(_("全部"), reverse("console:round_people", args=[found.pk]), not chosen, None)]
    tabs += [
        (label, f"{reverse('console:round_people', args=[found.pk])}?change={value}", chosen == (value,), None)
        for value, label in Change.choices
    ]
    return table.respond("console/rounds/people.html", {"round": found, "tabs": tabs})


@needs(VERIFY)
@require_POST
def round_task(request: StaffRequest, canvass: int, task: int) -> HttpResponse:
    """The street or community says that it is through, or takes that back."""
    round_of(request, canvass)
    try:
        if request.POST.get("reopen") == "1":
            done = actions.reopen_task(scope=request.scope, task_id=task, by=actor(request))
            messages.success(request, _("%(area)s的任务已重新打开。") % {"area": done.area.name})
        else:
            done = actions.finish_task(
                scope=request.scope, task_id=task, by=actor(request), note=request.POST.get("note", "")
            )
            messages.success(request, _("%(area)s的任务已完成。") % {"area": done.area.name})
    except ObjectDoesNotExist:
        raise Http404 from None
    except actions.SurveyRefused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('console:round', args=[canvass])}#tasks")


@needs(RUN)
@require_http_methods(["GET", "POST"])
def round_close(request: StaffRequest, canvass: int) -> HttpResponse:
    """First what it means, then, confirmed, the closing; a large round is closed by the worker."""
    found = round_of(request, canvass, run=True)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            if request.POST.get("sure") != "1":
                raise actions.SurveyRefused("sure", _("请先勾选“我已核对”。"))
            if jobs.close(scope=request.scope, round_id=found.pk, by=actor(request)):
                messages.success(request, _("“%(name)s”已经结束。") % {"name": found.name})
            else:
                messages.info(request, _("人数较多，正在后台结束，可以离开本页。"))
            return redirect("console:round", found.pk)
        except ObjectDoesNotExist:
            raise Http404 from None
        except actions.SurveyRefused as refused:
            problems = form_errors(request, refused)
    if found.state != "open":
        return redirect("console:round", found.pk)
    context = {"round": found, "closing": queries.closing(request.scope, found), "problems": problems, "today": request.today}
    return render(request, "console/rounds/close.html", context, status=422 if problems else 200)


@needs(RUN)
@require_http_methods(["GET", "POST"])
def round_assign(request: StaffRequest, canvass: int) -> HttpResponse:
    """Makes the communities' list: whom to verify, by whom, how."""
    found = round_of(request, canvass, run=True)
    waiting = queries.reasons_waiting(request.scope, found)
    staff = check_queries.assignees(request.scope, found.area_id, request.today)
    problems: list[Problem] = []
    if request.method == "POST":
        chosen = [r for r in request.POST.getlist("reasons") if r in waiting]
        who = request.POST.get("assignee", "")
        kind = request.POST.get("kind", "")
        try:
            if not chosen:
                raise actions.SurveyRefused("reasons", _("请至少选择一类人员。"))
            made = assign_checks(
                scope=request.scope, round_id=found.pk, by=actor(request), reasons=chosen,
                assignee=next((u for u, _n in staff if str(u) == who), None),
                kind=CheckKind(kind) if kind in CheckKind.values else CheckKind.PHONE,
            )  # fmt: skip
        except actions.SurveyRefused as refused:
            problems = form_errors(request, refused)
        else:
            text = ngettext("已派发 %(n)d 条核实任务。", "已派发 %(n)d 条核实任务。", made) % {"n": made}
            messages.success(request, text)
            return redirect("console:round", found.pk)
    context = {
        "round": found,
        "reasons": [(code, _(check_queries.REASONS[code]), n) for code, n in waiting.items() if n],
        "staff": staff,
        "kinds": CheckKind.choices,
        "problems": problems,
        "values": request.POST,
    }
    return render(request, "console/rounds/assign.html", context, status=422 if problems else 200)


@todo
def tasks_due(scope: Any, user: Any) -> list[WorkItem]:
    """Unfinished tasks of the own places; whoever has many gets one line."""
    if not scope.may(VERIFY):
        return []
    open_tasks = list(queries.due_tasks(scope, None)[:200])
    if not open_tasks:
        return []
    first = open_tasks[0]
    url = reverse("console:round", args=[first.round_id])
    if len(open_tasks) == 1:
        title, detail = _("完成%(area)s的摸排任务") % {"area": first.area.name}, first.round.name
        return [WorkItem(title=title, url=url, icon="clipboard-check", due=first.due_on, detail=detail)]
    detail = "、".join(t.area.name for t in open_tasks[:3]) + ("…" if len(open_tasks) > 3 else "")
    return [
        WorkItem(
            title=_("摸排任务还没有全部完成"), url=f"{url}#tasks", icon="clipboard-check", due=first.due_on,
            detail=detail, count=len(open_tasks),
        )
    ]  # fmt: skip


def latest(request: HttpRequest) -> Any:
    """The round that screens open on: an open one first."""
    found = list(queries.rounds(request.scope)[:50])  # type: ignore[attr-defined]
    return next((r for r in found if r.state == "open"), found[0] if found else None)


urlpatterns = [
    path("rounds/", rounds, name="rounds"),
    path("rounds/new/", round_new, name="round_new"),
    path("rounds/<int:canvass>/", round_page, name="round"),
    path("rounds/<int:canvass>/progress/", round_progress, name="round_progress"),
    path("rounds/<int:canvass>/people/", round_people, name="round_people"),
    path("rounds/<int:canvass>/assign/", round_assign, name="round_assign"),
    path("rounds/<int:canvass>/close/", round_close, name="round_close"),
    path("rounds/<int:canvass>/tasks/<int:task>/", round_task, name="round_task"),
]
