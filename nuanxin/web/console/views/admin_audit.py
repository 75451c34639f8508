"""审计记录: the trail of facts. The audit administrator reads and exports, and changes nothing."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.accounts import queries as account_queries
from nuanxin.foundation.facts import actions, queries
from nuanxin.foundation.facts.enums import kind_label, kinds
from nuanxin.registry.areas.queries import labels
from nuanxin.web.shared.routes import needs
from nuanxin.web.shared.tables import Column, DateFilter, MultiChoiceFilter, Table

AUDIT = Permission.AUDIT_ADMIN


class TrailTable(Table):
    name = "audit"
    title = gettext_lazy("审计记录")
    filters = (
        MultiChoiceFilter("kind", gettext_lazy("事项"), choices=lambda table: kinds()),
        DateFilter("at", gettext_lazy("日期"), is_datetime=True),
    )
    search_hint = gettext_lazy("人员姓名、用户名，或对象编号如 worker:12")
    export_permission = AUDIT
    landscape = True
    noun = gettext_lazy("条记录")

    def __init__(self, request: HttpRequest, rows: Any, **more: Any) -> None:
        super().__init__(request, rows, **more)
        people = account_queries.names()
        places: dict[int, str] = {}

        def person(fact: Any) -> str:
            return people.get(fact.actor, str(fact.actor)) if fact.actor is not None else _("系统")

        def place(fact: Any) -> str:
            if fact.area and fact.area not in places:
                places.update(labels([fact.area]))
            return places.get(fact.area, "") if fact.area else ""

        self.columns = (
            Column("at", gettext_lazy("时间"), kind="datetime"),
            Column("kind", gettext_lazy("事项"), value=lambda f: kind_label(f.kind)),
            Column("actor", gettext_lazy("操作人"), value=person),
            Column("subject", gettext_lazy("对象"), value=lambda f: subject(f, people)),
            Column("area", gettext_lazy("区域"), value=place),
            Column("quantity", gettext_lazy("数量"), kind="number"),
            Column("detail", gettext_lazy("详情"), value=detail),
            Column("id", gettext_lazy("编号"), kind="number", hidden=True),
        )

    def before_export(self, columns: Sequence[Column]) -> None:
        actions.note_export(
            by=self.request.user.pk,  # type: ignore[arg-type]
            area=self.scope.home_area,
            columns=[c.code for c in columns],
        )


def subject(fact: Any, people: dict[int, str]) -> str:
    """ "user:12" with the person's name beside it; other subjects stay codes, they carry no personal data."""
    kind, _colon, key = fact.subject.partition(":")
    if kind == "user" and key.isdecimal() and int(key) in people:
        return f"{people[int(key)]}（{fact.subject}）"
    return str(fact.subject)


def detail(fact: Any) -> str:
    return "；".join(
        f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in fact.detail.items()
        if value not in (None, "", [])
    )


@needs(AUDIT)
def audit(request: HttpRequest) -> HttpResponseBase:
    def search(rows: Any, text: str) -> Any:
        return queries.search(rows, text, account_queries.ids_of(text))

    table = TrailTable(request, queries.trail(request.scope), search=search)  # type: ignore[attr-defined]
    return table.respond("console/admin/audit.html", {"head": queries.head().hex()})


@needs(AUDIT)
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Computes the chain anew; on a large installation this takes a while."""
    area = request.scope.home_area  # type: ignore[attr-defined]
    state = actions.check_chain(by=request.user.pk, area=area)  # type: ignore[arg-type]
    if state.whole:
        messages.success(
            request,
            _("审计链完整：%(sealed)s 条已封存，%(waiting)s 条等待封存")
            % {"sealed": f"{state.sealed:,}", "waiting": f"{state.unsealed:,}"},
        )
    else:
        messages.error(
            request,
            _("审计链在第 %(id)s 号记录处断开：有记录被改动或删除，请立即报告") % {"id": state.broken_at},
        )
    return redirect("console:audit")


urlpatterns = [
    path("audit/", audit, name="audit"),
    path("audit/verify/", audit_verify, name="audit_verify"),
]
