"""六清: a district's list, the marks on firms, completion by area."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import area_level, area_parent
from nuanxin.organisation.survey.actions import checklist as actions
from nuanxin.organisation.survey.queries import checklist
from nuanxin.registry.areas.queries import labels
from nuanxin.registry.enterprises.queries import ledger
from nuanxin.web.shared.areas import inside_of, tops
from nuanxin.web.shared.routes import StaffRequest, needs

from .enterprises import found
from .enterprises import table_of as enterprises_table

RUN, VERIFY = Permission.SURVEY_RUN, Permission.SURVEY_VERIFY


@needs(Permission.ENTERPRISES_VIEW)
@require_GET
def checklist_page(request: StaffRequest) -> HttpResponse:
    """Completion of the areas below; each opens, and each figure leads to its firms."""
    scope = request.scope
    above = tops(scope)
    here = wanted_area(request, default=scope.home_area)
    if here is None or not any(inside_of(here, top) for top in above):
        raise Http404
    county = checklist.county_of(here)
    table = checklist.completion(scope, here)
    parent = area_parent(here) if not any(here == top for top in above) else 0
    context = {
        "table": table,
        "area": here,
        "parent": parent,
        "parent_name": labels([parent]).get(parent, "") if parent else "",
        "may_open": area_level(here) < 5,
        "county": county,
        "county_name": labels([county]).get(county, ""),
        "may_edit": scope.allows(RUN, county),
        "own": checklist.items(scope, county) if scope.allows(RUN, county) else [],
    }
    return render(request, "console/checklist/page.html", context)


def wanted_area(request: StaffRequest, *, default: int) -> int | None:
    text = request.GET.get("area") or request.POST.get("area") or str(default)
    return int(text) if text.isdecimal() and int(text) < 10**15 else None


def county_to_edit(request: StaffRequest) -> int:
    """The district whose list the form speaks of; 404 outside the scope."""
    text = request.POST.get("county", "")
    county = int(text) if text.isdecimal() and int(text) < 10**15 else 0
    if not county or checklist.county_of(county) != county or not request.scope.allows(RUN, county):
        raise Http404
    return county


def back(request: StaffRequest, county: int) -> HttpResponse:
    return redirect(f"{reverse('console:checklist')}?area={county}#items")


@needs(RUN)
@require_POST
def checklist_item(request: StaffRequest) -> HttpResponse:
    """Adopts the six, adds an item, rewords, retires, brings back or moves one."""
    county = county_to_edit(request)
    by, post = request.user.pk, request.POST
    item = int(post["item"]) if post.get("item", "").isdecimal() else None
    known = {i.pk for i in checklist.items(request.scope, county)}
    if item is not None and item not in known:
        raise Http404
    what = post.get("what", "save")
    try:
        if what == "adopt":
            actions.adopt_default(by=by, area=county)
        elif what in ("retire", "back") and item is not None:
            actions.retire_item(by=by, area=county, item=item, on=request.today, back=what == "back")
        elif what == "up" and item is not None:
            order = [i.pk for i in checklist.items(request.scope, county)]
            at = order.index(item)
            order.insert(max(0, at - 1), order.pop(at))
            actions.reorder_items(by=by, area=county, order=order)
        else:
            actions.save_item(
                by=by, area=county, name=post.get("name", ""), hint=post.get("hint", ""), item=item
            )
        messages.success(request, _("清单已更新"))
    except actions.ChecklistRefused as refused:
        messages.error(request, str(refused))
    return back(request, county)


@needs(VERIFY)
@require_POST
def checklist_mark(request: StaffRequest, enterprise: UUID) -> HttpResponse:
    """One item at one firm, from its dossier."""
    version = found(lambda: ledger.enterprise(request.scope, enterprise, permission=VERIFY))
    item = request.POST.get("item", "")
    if item not in {str(i.pk) for i in checklist.items_for(version.area_id)}:
        raise Http404
    actions.mark(
        by=request.user.pk,
        enterprises=[enterprise],
        items=[int(item)],
        on=request.today,
        clear=request.POST.get("clear") != "0",
        note=request.POST.get("note", ""),
    )
    return redirect("console:enterprise", enterprise)


@needs(VERIFY)
@require_POST
def checklist_bulk(request: StaffRequest) -> HttpResponse:
    """The firms chosen on the ledger: first which items, then the marks."""
    scope = request.scope
    table = enterprises_table(request)
    chosen = table.selection()
    allowed = ledger.enterprises(scope, permission=VERIFY).values("enterprise_id")
    firms = list(chosen.filter(enterprise_id__in=allowed).values_list("enterprise_id", "area_id"))
    counties = {checklist.county_of(area) for _firm, area in firms}
    if not firms or len(counties) != 1:
        messages.error(
            request, _("请选择同一区县、您可以核实的企业") if firms else _("没有选中可以打勾的企业")
        )
        return table.back()
    items = checklist.items_for(counties.pop())
    picked: Any = {int(i) for i in request.POST.getlist("item") if i.isdecimal()} & {i.pk for i in items}
    if not picked:
        context = {
            "items": items,
            "count": len(firms),
            "rows": request.POST.getlist("row"),
            "everything": request.POST.get("everything", ""),
            "action": request.get_full_path(),
            "back": table.url(),
        }
        return render(request, "console/checklist/bulk.html", context)
    marked = actions.mark(
        by=request.user.pk,
        enterprises=[firm for firm, _area in firms],
        items=sorted(picked),
        on=request.today,
    )
    messages.success(request, _("%(n)d 家企业，新打勾 %(m)d 项") % {"n": len(firms), "m": marked})
    return table.back()


urlpatterns = [
    path("checklist/", checklist_page, name="checklist"),
    path("checklist/items/", checklist_item, name="checklist_item"),
    path("checklist/bulk/", checklist_bulk, name="checklist_bulk"),
    path("checklist/mark/<uuid:enterprise>/", checklist_mark, name="checklist_mark"),
]
