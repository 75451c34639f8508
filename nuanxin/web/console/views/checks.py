"""核实: the list that a community's worker carries on the phone, and what the phone sends back.

The page works while there is no network: what is recorded waits in the browser and comes by `checks/sync/`, each
result in a transaction of its own, under a key that makes sending it again harmless.
"""

import json
import logging
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.actions import UnmaskRefused
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.organisation.survey.actions.checks import Report, call_number, record_check
from nuanxin.organisation.survey.actions.refusal import SurveyRefused
from nuanxin.organisation.survey.enums import CheckKind, CheckResult
from nuanxin.organisation.survey.queries import checks as queries
from nuanxin.registry.people.actions import WorkerRefused
from nuanxin.web.shared.routes import StaffRequest, actor, needs

from ..today import WorkItem, todo

VERIFY = Permission.SURVEY_VERIFY
AT_A_TIME = 200
"""Persons on one list, and results in one sending."""
SKEW = timedelta(minutes=2)
"""A phone's clock may differ by so much; beyond, the times it gives are moved to the server's."""
RESULTS = ("confirmed", "corrected", "unreachable", "left", "moved", "refused")

log = logging.getLogger(__name__)


@needs(VERIFY)
@require_GET
def checks(request: StaffRequest) -> HttpResponse:
    me = actor(request)
    done = request.GET.get("show") == "done"
    waiting = queries.todo(request.scope, me)
    found = queries.finished(request.scope, me) if done else waiting
    lines = queries.lines(found[:AT_A_TIME])
    total = waiting.count()
    here = reverse("console:checks")
    context = {
        "groups": [(place, list(members)) for place, members in groupby(lines, key=lambda line: line.place)],
        "shown": len(lines),
        "total": total,
        "done": done,
        "done_today": queries.done_today(request.scope, me, request.today),
        "sectors": dict(Sector.choices),
        "reasons": {code: _(text) for code, text in queries.REASONS.items()},
        "results": [(r, CheckResult(r).label) for r in RESULTS],
        "labels": dict(CheckResult.choices),
        "kinds": CheckKind.choices,
        "me": me,
        "tabs": [(_("待核实"), here, not done, total), (_("我做过的"), f"{here}?show=done", done, None)],
    }
    return render(request, "console/checks/list.html", context)


@needs(VERIFY)
@require_GET
def checks_token(request: StaffRequest) -> JsonResponse:
    """A fresh token for a page that has been open for long, and who is signed in now."""
    return JsonResponse({"token": get_token(request), "user": actor(request)})


@needs(VERIFY)
@require_POST
def check_call(request: StaffRequest, check: UUID) -> JsonResponse:
    """The number to call, when it is called and not before: an opening, counted as any other."""
    try:
        return JsonResponse({"number": call_number(scope=request.scope, check_id=check, by=actor(request))})
    except ObjectDoesNotExist:
        return JsonResponse({"message": _("这一条不在您的名单里，可能已改派或已有结果。")}, status=404)
    except (UnmaskRefused, SurveyRefused) as refused:
        return JsonResponse({"message": str(refused)}, status=409)


@needs(VERIFY)
@require_POST
def checks_sync(request: StaffRequest) -> JsonResponse:
    """Takes results in. Each gets an answer: ok (the phone forgets it), refused (a person must look), retry."""
    try:
        # a form of one field carries it as well
        is_json = request.content_type == "application/json"
        sent = json.loads(request.body if is_json else request.POST["sent"])
        reports, phone = sent["reports"], _moment(sent["now"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"message": _("系统看不懂发来的内容，请刷新页面。")}, status=400)
    if not isinstance(reports, list) or len(reports) > AT_A_TIME:
        return JsonResponse({"message": _("一次最多上传 %(n)d 条。") % {"n": AT_A_TIME}}, status=400)
    ahead = phone - timezone.now()
    shift = ahead if abs(ahead) > SKEW else timedelta(0)
    answer: dict[str, Any] = {"results": [_take(request, item, shift) for item in reports], "notice": ""}
    if shift:
        minutes = abs(round(shift.total_seconds() / 60))
        words = _("手机时间快了 %(n)d 分钟，已按服务器时间更正。") if shift > timedelta(0) else _("手机时间慢了 %(n)d 分钟，已按服务器时间更正。")
        answer["notice"] = words % {"n": minutes}
    answer["left"] = queries.todo(request.scope, actor(request)).count()
    return JsonResponse(answer)


def _take(request: StaffRequest, item: Any, shift: timedelta) -> dict[str, str]:
    key = str(item.get("client_key", "")) if isinstance(item, dict) else ""

    def said(status: str, code: str = "", message: object = "") -> dict[str, str]:
        return {"client_key": key, "status": status, "code": code, "message": str(message)}

    try:
        report = _report(item, shift)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return said("refused", "bad", _("这一条的内容不完整，请删除后重新记录。"))
    try:
        record_check(scope=request.scope, report=report, by=actor(request))
    except ObjectDoesNotExist:
        return said("refused", "gone", _("这一条不在您的名单里，可能已改派或撤销。"))
    except SurveyRefused as refused:
        return said("retry" if refused.code == "busy" else "refused", refused.code, refused)
    except WorkerRefused as refused:
        return said("refused", refused.field or refused.code, refused)
    except Exception:  # one bad result must not hold up the others of a day's work
        log.exception("a check could not be recorded")
        return said("retry", "error", _("系统出错，稍后会自动再试。"))
    return said("ok")


def _moment(text: Any) -> datetime:
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        raise ValueError(text)
    return moment


def _report(item: dict[str, Any], shift: timedelta) -> Report:
    corrections = {str(k): str(v)[:60] for k, v in (item.get("corrections") or {}).items()}
    return Report(
        check=UUID(item["check"]), client_key=UUID(item["client_key"]), kind=CheckKind(item["kind"]),
        result=CheckResult(item["result"]), at=min(_moment(item["at"]) - shift, timezone.now()),
        remark=str(item.get("remark") or "")[:500], corrections=corrections,
    )  # fmt: skip


@todo
def checks_waiting(scope: Any, user: Any) -> list[WorkItem]:
    """The own list, with the day on which its round ends."""
    if not scope.may(VERIFY):
        return []
    n, due = queries.waiting(scope, user.pk)
    if not n:
        return []
    return [WorkItem(title=_("电话核实和走访"), url=reverse("console:checks"), icon="phone-call", due=due, count=n, detail=_("手机上就能做，没有网络时也能记录"))]


urlpatterns = [
    path("checks/", checks, name="checks"),
    path("checks/token/", checks_token, name="checks_token"),
    path("checks/sync/", checks_sync, name="checks_sync"),
    path("checks/<uuid:check>/call/", check_call, name="check_call"),
]
