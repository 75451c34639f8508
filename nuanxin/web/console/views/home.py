"""我的今日工作: the page staff begin the day with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from nuanxin.web.shared.routes import StaffRequest, any_staff

from ..today import work_of


def greeting(hour: int) -> str:
    if hour < 6:
        return _("夜深了")
    if hour < 11:
        return _("早上好")
    if hour < 14:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")


def weekday(number: int) -> str:
    return (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))[number]


@any_staff
def home(request: StaffRequest) -> HttpResponse:
    now = timezone.localtime()
    items = work_of(request.scope, request.user)
    groups: dict[str, list] = {"overdue": [], "today": [], "soon": [], "later": []}
    for item in items:
        groups[item.urgency(now.date())].append(item)
    titles = {"overdue": _("已超期"), "today": _("今天到期"), "soon": _("一周内到期"), "later": _("待办")}
    return render(
        request,
        "console/home.html",
        {
            "greeting": greeting(now.hour),
            "today": now.date(),
            "weekday": weekday(now.weekday()),
            "groups": [(code, titles[code], rows) for code, rows in groups.items() if rows],
            "counts": {code: len(rows) for code, rows in groups.items()},
        },
    )


urlpatterns = [path("", home, name="home")]
