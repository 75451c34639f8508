"""The working calendar of a year, and the import of the next notice."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.worktime import actions, queries
from nuanxin.web.shared.errors import Problem
from nuanxin.web.shared.routes import any_staff, needs

FIRST, LAST = 2004, 2099
"""The years that can be shown; the package begins with 2004."""
LARGEST = 100_000
"""Bytes of an uploaded table; a year's notice has some forty lines."""


@any_staff
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localdate().year
    if not FIRST <= year <= LAST:
        raise Http404
    months = queries.year_sheet(year)
    cells = [cell for month in months for cell in month]
    makeup = [cell for cell in cells if cell.kind == "makeup"]
    context = {
        "year": year,
        "years": [y for y in (year - 1, year + 1) if FIRST <= y <= LAST],
        "months": months,
        "today": timezone.localdate(),
        "working": sum(cell.kind in ("work", "makeup") for cell in cells),
        "holidays": sum(cell.kind == "holiday" for cell in cells),
        "makeup": makeup,
        "makeup_days": "、".join(
            _("%(m)s月%(d)s日") % {"m": cell.day.month, "d": cell.day.day} for cell in makeup
        ),
        "provisional": cells[-1].provisional,
        "sources": queries.sources(),
        "can_import": request.scope.may(Permission.SYSTEM_ADMIN),  # type: ignore[attr-defined]
    }
    return render(request, "console/calendar/calendar.html", context)


@needs(Permission.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def calendar_import(request: HttpRequest) -> HttpResponse:
    problems: list[Any] = []
    lines: list[Any] = []
    text, source = request.POST.get("text", ""), request.POST.get("source", "")
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is not None:
            text = _decoded(upload.read(LARGEST + 1)) or text
        try:
            number = actions.import_calendar(text=text[:LARGEST], source=source, by=request.user.pk)
        except actions.CalendarRefused as refused:
            lines = refused.problems
            problems = [Problem(str(refused), "text")]
        else:
            messages.success(request, _("已导入 %(n)s 天，期限随即按新安排计算。") % {"n": number})
            return HttpResponseRedirect(reverse("console:calendar"), status=303)
    context = {
        "text": text,
        "source": source,
        "problems": problems,
        "lines": lines,
        "crumbs": [(_("工作日历"), reverse("console:calendar")), (_("导入放假安排"), "")],
    }
    return render(request, "console/calendar/import.html", context, status=422 if problems else 200)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


urlpatterns = [
    path("calendar/", calendar, name="calendar"),
    path("calendar/import/", calendar_import, name="calendar_import"),
]
