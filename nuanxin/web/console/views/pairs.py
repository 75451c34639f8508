"""疑似重复: two rows side by side, one key to decide; what was decided; splitting a wrong merge."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.accounts.queries import names
from nuanxin.organisation.survey import jobs
from nuanxin.organisation.survey.actions import pairs as actions
from nuanxin.organisation.survey.actions.refusal import SurveyRefused
from nuanxin.organisation.survey.actions.undo import undo_decision
from nuanxin.organisation.survey.queries import pairs as queries
from nuanxin.registry.people.actions import open_worker
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import StaffRequest, actor, needs

from ..today import WorkItem, todo

MATCH = Permission.SURVEY_MATCH
STEPS = (0.99, 0.97, 0.95, 0.9)
"""From where on pairs may be decided in bulk; below, each is looked at."""
PAGE = 30


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def _view(request: StaffRequest, pair: int) -> Any:
    try:
        return queries.pair_view(request.scope, pair)
    except ObjectDoesNotExist:
        raise Http404 from None


def _tabs(request: StaffRequest, here: str, waiting: int) -> list[tuple[Any, ...]]:
    tabs: list[tuple[Any, ...]] = [
        (_("待判断"), reverse("console:pairs"), here == "queue", waiting),
        (_("已判断"), reverse("console:pairs_decided"), here == "decided", None),
    ]
    if request.scope.may(Permission.SURVEY_RUN):
        tabs.append((_("成批判断"), reverse("console:pairs_bulk"), here == "bulk", None))
    return tabs


@needs(MATCH)
@require_GET
def pairs(request: StaffRequest) -> HttpResponse:
    """The next question. `pair` asks for a certain one, `after` for the one behind another."""
    asked, after = _number(request.GET.get("pair")), _number(request.GET.get("after"))
    waiting = queries.queue(request.scope).count()
    found = None
    if asked is not None:
        found = queries.queue(request.scope).filter(pk=asked).first()
    found = found or queries.following(request.scope, after) or queries.queue(request.scope).first()
    context = {
        "view": queries.pair_view(request.scope, found.pk) if found else None,
        "waiting": waiting,
        "tabs": _tabs(request, "queue", waiting),
    }
    return render(request, "console/pairs/queue.html", context)


@needs(MATCH)
@require_GET
def pair_next(request: StaffRequest) -> HttpResponse:
    """The card behind another one, fetched before it is needed; 204 when there is no other."""
    seen = [n for part in request.GET.get("seen", "").split(",")[:100] if (n := _number(part))]
    found = queries.following(request.scope, _number(request.GET.get("after")), seen)
    if found is None:
        return HttpResponse(status=204)
    return render(request, "console/pairs/card.html", {"view": _view(request, found.pk)})


@needs(MATCH)
@require_POST
def pair_decide(request: StaffRequest, pair: int) -> HttpResponse:
    """Same person or not. The script gets 204 or the refusal in words; a form goes on to the next pair."""
    if request.POST.get("same") not in ("0", "1"):
        raise Http404
    try:
        actions.decide_pair(scope=request.scope, pair_id=pair, same=request.POST["same"] == "1", by=actor(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except SurveyRefused as refused:
        if _by_script(request):
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8", headers={"X-Code": refused.code})
        messages.error(request, str(refused))
    if _by_script(request):
        return HttpResponse(status=204)
    return redirect(f"{reverse('console:pairs')}?after={pair}")


@needs(MATCH)
@require_POST
def pair_undo(request: StaffRequest, pair: int) -> HttpResponse:
    """The question is open again; the script gets its card."""
    try:
        undo_decision(scope=request.scope, pair_id=pair, by=actor(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except SurveyRefused as refused:
        if _by_script(request):
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8", headers={"X-Code": refused.code})
        messages.error(request, str(refused))
        return redirect("console:pairs_decided")
    if _by_script(request):
        return render(request, "console/pairs/card.html", {"view": _view(request, pair)})
    messages.success(request, _("已撤回，请重新判断这一对。"))
    return redirect(f"{reverse('console:pairs')}?pair={pair}")


def _by_script(request: StaffRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


@needs(MATCH)
@require_GET
def pairs_decided(request: StaffRequest) -> HttpResponse:
    page = Paginator(queries.decided(request.scope), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "views": queries.views(list(page.object_list)),
        "tabs": _tabs(request, "decided", queries.queue(request.scope).count()),
        "base": "?",
    }
    return render(request, "console/pairs/decided.html", context)


@needs(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def pairs_bulk(request: StaffRequest) -> HttpResponse:
    """Everything from a confidence on is the same person: counted, looked at, confirmed."""
    problems: list[Problem] = []
    if request.method == "POST":
        least, expected = _share(request.POST.get("least")), _number(request.POST.get("expected"))
        try:
            if request.POST.get("sure") != "1" or least is None or expected is None:
                raise SurveyRefused("sure", _("请先勾选“我已看过”。"))
            done = actions.decide_likely(scope=request.scope, least=least, expected=expected, by=actor(request))
        except SurveyRefused as refused:
            problems = form_errors(request, refused)
        else:
            for grant in request.scope.grants_for(Permission.SURVEY_RUN):
                jobs.consolidate_soon(grant.area, actor(request))
            text = ngettext("%(n)d 对已判为同一人。", "%(n)d 对已判为同一人。", done) % {"n": done}
            messages.success(request, text)
            return redirect("console:pairs")
    source = request.POST if request.method == "POST" else request.GET
    counts = queries.likely_counts(request.scope, STEPS)
    chosen = _share(source.get("least"))
    number = queries.likely(request.scope, chosen).count() if chosen is not None else 0
    sample = list(queries.likely(request.scope, chosen).order_by("confidence", "id")[:10]) if chosen is not None else []
    context = {
        "counts": counts,
        "chosen": chosen,
        "number": number,
        "most": actions.MOST_AT_ONCE,
        "sample": queries.views(sample),
        "problems": problems,
        "tabs": _tabs(request, "bulk", queries.queue(request.scope).count()),
    }
    return render(request, "console/pairs/bulk.html", context, status=422 if problems else 200)


def _share(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if value in STEPS else None


@needs(Permission.WORKERS_VIEW)
@require_http_methods(["GET", "POST"])
def worker_sources(request: StaffRequest, worker: UUID) -> HttpResponse:
    """Every row behind a person, and the way to take a wrong one out. Looking at it opens the person: a fact."""
    problems: list[Problem] = []
    if request.method == "POST":
        rows = {n for text in request.POST.getlist("row") if (n := _number(text))}
        try:
            fresh = actions.split_worker(scope=request.scope, worker_id=worker, rows=rows, by=actor(request))
        except ObjectDoesNotExist:
            raise Http404 from None
        except SurveyRefused as refused:
            problems = form_errors(request, refused)
        else:
            messages.success(request, _("已拆成两个人，以后的比对不会再把他们并到一起。这是拆出来的一位。"))
            return redirect("console:worker_sources", fresh)
    try:
        person = open_worker(scope=request.scope, worker_id=worker, by=actor(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    lines = queries.sources_of(request.scope, worker)
    context = {
        "worker": person,
        "lines": [(line, queries.cells(line)) for line in lines],
        "who": names(line.decided_by for line in lines),
        "may_split": len(lines) > 1 and request.scope.allows(MATCH, person.area_id, person.sector),
        "problems": problems,
    }
    return render(request, "console/pairs/sources.html", context, status=422 if problems else 200)


@todo
def pairs_waiting(scope: Any, user: Any) -> list[WorkItem]:
    """How many pairs wait for a decision."""
    if not scope.may(MATCH):
        return []
    n = queries.queue(scope).count()
    if not n:
        return []
    return [WorkItem(title=_("疑似重复等您判断"), url=reverse("console:pairs"), icon="git-merge", count=n, detail=_("一对约几秒钟，按 S 或 D 即可"))]


urlpatterns = [
    path("pairs/", pairs, name="pairs"),
    path("pairs/next/", pair_next, name="pair_next"),
    path("pairs/decided/", pairs_decided, name="pairs_decided"),
    path("pairs/bulk/", pairs_bulk, name="pairs_bulk"),
    path("pairs/<int:pair>/decide/", pair_decide, name="pair_decide"),
    path("pairs/<int:pair>/undo/", pair_undo, name="pair_undo"),
    path("workers/<uuid:worker>/sources/", worker_sources, name="worker_sources"),
]
