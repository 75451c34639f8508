"""安全管理: roles, alerts, locks and sessions, and the postings of administrators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access import actions as access_actions
from nuanxin.foundation.access import queries as access
from nuanxin.foundation.access.actions import AccessError
from nuanxin.foundation.access.enums import AlertKind, Permission
from nuanxin.foundation.access.rules import ADMIN_PERMISSIONS, Scope
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.accounts import queries as account_queries
from nuanxin.registry.units import queries as units
from nuanxin.web.shared.errors import form_errors
from nuanxin.web.shared.routes import needs
from nuanxin.web.shared.tables import ChoiceFilter, Column, MultiChoiceFilter, Table

from ..today import WorkItem, todo
from .admin_accounts import AccountsTable, attempt, member
from .admin_postings import posting_form, revoke

SECURITY = Permission.SECURITY_ADMIN


class GuardedTable(AccountsTable):
    name = "guarded_accounts"
    title = gettext_lazy("账号安全")
    export_permission = SECURITY

    def row_url(self, row: Any) -> str:
        return reverse("console:guarded_account", args=[row.pk])


@needs(SECURITY)
def guarded_accounts(request: HttpRequest) -> HttpResponseBase:
    rows = units.staff(request.scope, SECURITY)  # type: ignore[attr-defined]
    return GuardedTable(request, rows, search=account_queries.search).respond(
        "console/admin/guarded_accounts.html"
    )


@needs(SECURITY)
@require_GET
def guarded_account(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user, SECURITY)
    context = {
        "member": found,
        "locked_until": account_queries.locked_until(found.username, timezone.now()),
        "postings": units.postings_of(user),
        "today": request.today,  # type: ignore[attr-defined]
        "grants": ADMIN_PERMISSIONS,
    }
    return render(request, "console/admin/guarded_account.html", context)


@needs(SECURITY)
@require_POST
def account_unlock(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user, SECURITY)
    accounts.unlock(by=request.user.pk, user=found.pk)
    messages.success(request, _("已解除锁定"))
    return redirect("console:guarded_account", user)


@needs(SECURITY)
@require_POST
def account_end_sessions(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user, SECURITY)
    accounts.end_sessions(by=request.user.pk, user=found.pk)
    messages.success(request, _("这个账号在所有设备上的登录已退出"))
    return redirect("console:guarded_account", user)


@needs(SECURITY)
@require_POST
def account_reset_second_factor(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user, SECURITY)
    return attempt(
        request,
        lambda: accounts.reset_second_factor(by=request.user.pk, user=found.pk),
        _("动态口令已重置，本人下次登录时重新设置"),
        redirect("console:guarded_account", user),
    )


@needs(SECURITY)
@require_http_methods(["GET", "POST"])
def admin_posting_new(request: HttpRequest, user: int) -> HttpResponse:
    back = reverse("console:guarded_account", args=[user])
    return posting_form(request, member(request, user, SECURITY), SECURITY, back)


@needs(SECURITY)
@require_POST
def admin_posting_revoke(request: HttpRequest, posting: int) -> HttpResponse:
    return revoke(request, posting, SECURITY, "console:guarded_account")


# --- roles ----------------------------------------------------------------------------------------------------


@needs(SECURITY)
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    labels = dict(Permission.choices)
    rows = [(r, [labels[p] for p in r.permissions if p in labels]) for r in access.roles()]
    return render(request, "console/admin/roles.html", {"rows": rows})


@needs(SECURITY)
@require_http_methods(["GET", "POST"])
def role_new(request: HttpRequest) -> HttpResponse:
    return _role_form(request, None)


@needs(SECURITY)
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, code: str) -> HttpResponse:
    found = access.role(code)
    if found is None:
        raise Http404
    return _role_form(request, found)


def _role_form(request: HttpRequest, found: Any) -> HttpResponse:
    data, problems = request.POST, []
    if request.method == "POST":
        code = found.code if found else data.get("code", "").strip()
        try:
            if not found and access.role(code):
                raise AccessError("code", _("角色代码 %(value)s 已被使用"), value=code, field="code")
            saved = access_actions.change_role(
                by=request.user.pk,
                code=code,
                name=data.get("name", ""),
                permissions=data.getlist("permissions"),
            )
        except AccessError as error:
            problems = form_errors(request, error)
        else:
            messages.success(request, _("角色“%(name)s”已保存，下一次点击起生效") % {"name": saved.name})
            return redirect("console:roles")
    fixed = bool(found and ADMIN_PERMISSIONS & set(found.permissions))
    context = {
        "role": found,
        "fixed": fixed,
        "choices": [(v, t) for v, t in Permission.choices if fixed or v not in ADMIN_PERMISSIONS],
        "chosen": data.getlist("permissions") if problems else (found.permissions if found else ["console"]),
        "name": data.get("name", found.name if found else ""),
        "code": data.get("code", ""),
        "problems": problems,
    }
    return render(request, "console/admin/role.html", context, status=422 if problems else 200)


# --- alerts ---------------------------------------------------------------------------------------------------


class AlertsTable(Table):
    name = "alerts"
    title = gettext_lazy("安全告警")
    filters = (
        MultiChoiceFilter("kind", gettext_lazy("类型"), choices=AlertKind.choices),
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[("open", gettext_lazy("待处理")), ("done", gettext_lazy("已处理"))],
            lookup=access.alerts_in_state,
        ),
    )
    export_permission = SECURITY
    noun = gettext_lazy("条告警")
    empty_title = gettext_lazy("没有安全告警")
    empty_text = gettext_lazy("一小时内查看大量完整证件号、连续登录失败等情况会列在这里。")

    def __init__(self, request: HttpRequest, rows: Any, **more: Any) -> None:
        super().__init__(request, rows, **more)
        people = account_queries.names()
        self.columns = (
            Column("kind", gettext_lazy("告警"), value="get_kind_display"),
            Column("about", gettext_lazy("人员"), value=lambda a: people.get(a.about, a.about)),
            Column("quantity", gettext_lazy("次数"), kind="number", sort="quantity"),
            Column("at", gettext_lazy("时间"), kind="datetime", sort="at"),
            Column(
                "open",
                gettext_lazy("状态"),
                value=lambda a: a.handled_at is None,
                badges={True: ("red", gettext_lazy("待处理")), False: ("green", gettext_lazy("已处理"))},
            ),
            Column(
                "handled_by",
                gettext_lazy("处理人"),
                value=lambda a: people.get(a.handled_by, ""),
                hidden=True,
            ),
        )

    def row_url(self, row: Any) -> str:
        return reverse("console:alert", args=[row.pk])


@needs(SECURITY)
def alerts(request: HttpRequest) -> HttpResponseBase:
    rows = access.alerts(request.scope)  # type: ignore[attr-defined]
    return AlertsTable(request, rows).respond("console/admin/alerts.html")


@needs(SECURITY)
@require_http_methods(["GET", "POST"])
def alert(request: HttpRequest, alert: int) -> HttpResponse:
    """What happened, and the form for the outcome; handling a stop lifts it."""
    found = access.alert(request.scope, alert)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    problems: list = []
    if request.method == "POST":
        note = request.POST.get("note", "")
        try:
            access_actions.handle_alert(by=request.user.pk, alert=alert, note=note)  # type: ignore[arg-type]
        except AccessError as error:
            problems = form_errors(request, error)
        else:
            messages.success(request, _("已处理"))
            return redirect("console:alerts")
    people = account_queries.names([found.about, found.handled_by])
    context = {
        "alert": found,
        "person": people.get(found.about, str(found.about)),
        "handler": people.get(found.handled_by or 0, ""),
        "stops": found.kind == AlertKind.UNMASK_STOPPED,
        "opened": access.recent_unmasks(found.about) if found.kind != AlertKind.SIGN_IN_LOCKED else [],
        "kept": member_exists(request.scope, found.about),  # type: ignore[attr-defined]
        "note": request.POST.get("note", ""),
        "problems": problems,
    }
    return render(request, "console/admin/alert.html", context, status=422 if problems else 200)


def member_exists(scope: Scope, user: int) -> bool:
    return account_queries.staff_member(scope, SECURITY, user) is not None


@todo
def waiting_alerts(scope: Scope, user: Any) -> list[WorkItem]:
    if not scope.may(SECURITY) or not (waiting := access.open_alerts(scope)):
        return []
    return [
        WorkItem(
            title=_("处理安全告警"),
            url=f"{reverse('console:alerts')}?state=open",
            icon="alert-triangle",
            due=timezone.localdate(),
            count=waiting,
        )
    ]


urlpatterns = [
    path("security/accounts/", guarded_accounts, name="guarded_accounts"),
    path("security/accounts/<int:user>/", guarded_account, name="guarded_account"),
    path("security/accounts/<int:user>/unlock/", account_unlock, name="account_unlock"),
    path("security/accounts/<int:user>/end-sessions/", account_end_sessions, name="account_end_sessions"),
    path(
        "security/accounts/<int:user>/reset-second-factor/",
        account_reset_second_factor,
        name="account_reset_second_factor",
    ),
    path("security/accounts/<int:user>/postings/new/", admin_posting_new, name="admin_posting_new"),
    path("security/postings/<int:posting>/revoke/", admin_posting_revoke, name="admin_posting_revoke"),
    path("security/roles/", roles, name="roles"),
    path("security/roles/new/", role_new, name="role_new"),
    path("security/roles/<slug:code>/", role, name="role"),
    path("security/alerts/", alerts, name="alerts"),
    path("security/alerts/<int:alert>/", alert, name="alert"),
]
