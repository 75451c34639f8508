"""账号: the system administrator opens accounts and staffs the daily work."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access.actions import AccessError
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.accounts import queries as account_queries
from nuanxin.registry.units import queries as units
from nuanxin.web.shared.errors import form_errors
from nuanxin.web.shared.routes import needs
from nuanxin.web.shared.tables import Column, Table, YesNoFilter

from .admin_postings import number, posting_form, revoke

SYSTEM = Permission.SYSTEM_ADMIN


class AccountsTable(Table):
    name = "accounts"
    title = gettext_lazy("账号")
    columns = (
        Column("name", gettext_lazy("姓名"), sort="name"),
        Column("username", gettext_lazy("用户名"), sort="username"),
        Column("roles", gettext_lazy("现任岗位"), value=lambda u: "、".join(u.roles)),
        Column("second_factor", gettext_lazy("动态口令"), kind="yesno"),
        Column(
            "is_active",
            gettext_lazy("状态"),
            badges={True: ("green", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))},
        ),
        Column("last_login", gettext_lazy("上次登录"), kind="datetime", sort="last_login"),
    )
    filters = (
        YesNoFilter("is_active", gettext_lazy("启用")),
        YesNoFilter("second_factor", gettext_lazy("已设动态口令")),
    )
    search_hint = gettext_lazy("姓名、用户名")
    export_permission = SYSTEM
    noun = gettext_lazy("个账号")

    def row_url(self, row: Any) -> str:
        return reverse("console:account", args=[row.pk])

    def row_class(self, row: Any) -> str:
        return "" if row.is_active else "muted"


@needs(SYSTEM)
def accounts_list(request: HttpRequest) -> HttpResponseBase:
    rows = units.staff(request.scope, SYSTEM)  # type: ignore[attr-defined]
    return AccountsTable(request, rows, search=account_queries.search).respond("console/admin/accounts.html")


def member(request: HttpRequest, user: int, permission: Permission = SYSTEM) -> Any:
    """The account, when it is one that this administrator keeps."""
    found = account_queries.staff_member(request.scope, permission, user)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@needs(SYSTEM)
@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    """The first password is shown once, to be handed over; it is stored nowhere in clear."""
    areas = units.areas_for(request.scope, SYSTEM)  # type: ignore[attr-defined]
    problems: list = []
    if request.method == "POST":
        area = number(request.POST.get("area"))
        try:
            if area is None or not request.scope.allows(SYSTEM, area):  # type: ignore[attr-defined]
                raise AccessError("area", _("请选择您管理范围内的区域"), field="area")
            user, password = accounts.open_user(
                by=request.user.pk,
                username=request.POST.get("username", ""),
                name=request.POST.get("name", ""),
                area=area,
            )
        except AccessError as error:
            problems = form_errors(request, error)
        else:
            return render(
                request, "console/admin/password.html", {"member": user, "password": password, "new": True}
            )
    context = {"areas": areas, "problems": problems, "values": request.POST}
    return render(request, "console/admin/account_new.html", context, status=422 if problems else 200)


@needs(SYSTEM)
@require_GET
def account(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user)
    context = {"member": found, "postings": units.postings_of(user), "today": request.today}  # type: ignore[attr-defined]
    return render(request, "console/admin/account.html", context)


@needs(SYSTEM)
@require_POST
def account_change(request: HttpRequest, user: int) -> HttpResponse:
    """The name only: user name, area and rights have ways of their own, whatever else the form carries."""
    found = member(request, user)
    return attempt(
        request,
        lambda: accounts.change_user(
            by=request.user.pk,  # type: ignore[arg-type]
            user=found.pk,
            name=request.POST.get("name", ""),
        ),
        _("已保存"),
        redirect("console:account", user),
    )


@needs(SYSTEM)
@require_POST
def account_close(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user)
    return attempt(
        request,
        lambda: accounts.close_user(by=request.user.pk, user=found.pk),
        _("账号已停用，正在使用的登录已退出"),
        redirect("console:account", user),
    )


@needs(SYSTEM)
@require_POST
def account_reopen(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user)
    return attempt(
        request,
        lambda: accounts.reopen_user(by=request.user.pk, user=found.pk),
        _("账号已恢复"),
        redirect("console:account", user),
    )


@needs(SYSTEM)
@require_POST
def account_reset_password(request: HttpRequest, user: int) -> HttpResponse:
    found = member(request, user)
    try:
        password = accounts.reset_password(by=request.user.pk, user=found.pk)  # type: ignore[arg-type]
    except AccessError as error:
        messages.error(request, str(error))
        return redirect("console:account", user)
    context = {"member": found, "password": password, "new": False}
    return render(request, "console/admin/password.html", context)


@needs(SYSTEM)
@require_http_methods(["GET", "POST"])
def posting_new(request: HttpRequest, user: int) -> HttpResponse:
    return posting_form(request, member(request, user), SYSTEM, reverse("console:account", args=[user]))


@needs(SYSTEM)
@require_POST
def posting_revoke(request: HttpRequest, posting: int) -> HttpResponse:
    return revoke(request, posting, SYSTEM, "console:account")


def attempt(request: HttpRequest, do: Any, done: str, back: HttpResponse) -> HttpResponse:
    """Runs an action of one button: what it refuses is said in a toast, on the page one came from."""
    try:
        do()
    except AccessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back


urlpatterns = [
    path("accounts/", accounts_list, name="accounts"),
    path("accounts/new/", account_new, name="account_new"),
    path("accounts/<int:user>/", account, name="account"),
    path("accounts/<int:user>/change/", account_change, name="account_change"),
    path("accounts/<int:user>/close/", account_close, name="account_close"),
    path("accounts/<int:user>/reopen/", account_reopen, name="account_reopen"),
    path("accounts/<int:user>/reset-password/", account_reset_password, name="account_reset_password"),
    path("accounts/<int:user>/postings/new/", posting_new, name="posting_new"),
    path("postings/<int:posting>/revoke/", posting_revoke, name="posting_revoke"),
]
