"""Areas and grids: looking around, loading streets and communities, importing grids."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.media import actions as media
from nuanxin.foundation.media import queries as files
from nuanxin.foundation.media.rules import Refused
from nuanxin.registry.areas import actions, queries
from nuanxin.registry.areas.enums import GRID_FILE, Datum, Level
from nuanxin.registry.areas.rules import area_range
from nuanxin.registry.areas.rules.drawing import draw
from nuanxin.web.shared.errors import form_errors
from nuanxin.web.shared.routes import needs

SHOWN = 200
"""Lines of a page; a county has some thirty streets, a street some thirty communities."""


def scope_of(request: HttpRequest) -> Scope:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return scope


def _tops(scope: Scope) -> list[int]:
    """Where the person's areas begin: nested ones stand inside the wider."""
    own = sorted({g.area for g in scope.grants_for(Permission.AREAS_EDIT)})

    def within(code: int, outer: int) -> bool:
        lower, upper = area_range(outer)
        return lower <= code < upper

    return [a for a in own if not any(b != a and within(a, b) for b in own)]


def _crumbs(scope: Scope, code: int) -> list[tuple[str, str]]:
    """The way from the top of the person's scope; what lies above it is not for opening."""
    way = [a for a in queries.path(code) if scope.allows(Permission.AREAS_EDIT, a.code)]
    crumbs = [(_("区域和网格"), reverse("console:areas"))]
    crumbs += [(a.name, reverse("console:area", args=[a.code]) if a.code != code else "") for a in way]
    return crumbs


@needs(Permission.AREAS_EDIT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The person's areas; a single one opens at once."""
    scope = scope_of(request)
    tops = _tops(scope)
    found = _search(request, tops)
    if found is None and len(tops) == 1 and tops[0]:
        return HttpResponseRedirect(reverse("console:area", args=tops))
    rows: Iterable[Any] = queries.children(0) if tops == [0] else filter(None, map(queries.by_code, tops))
    context = {
        "rows": list(rows),
        "found": found,
        "q": request.GET.get("q", ""),
        "levels": dict(Level.choices),
    }
    return render(request, "console/areas/index.html", context)


def _search(request: HttpRequest, tops: list[int]) -> list[Any] | None:
    text = request.GET.get("q", "").strip()
    if not text:
        return None
    return [a for top in tops for a in queries.search(text, within=top, limit=50)][:50]


@needs(Permission.AREAS_EDIT)
@require_GET
def area(request: HttpRequest, code: int) -> HttpResponse:
    scope = scope_of(request)
    here = _here(scope, code)
    below = list(queries.children(code)[: SHOWN + 1])
    drawing = queries.picture(code) if here.level >= Level.STREET else None
    context = {
        "area": here,
        "crumbs": _crumbs(scope, code),
        "below": below[:SHOWN],
        "more": len(below) > SHOWN,
        "drawing": drawing,
        "levels": dict(Level.choices),
        "sources": queries.source_labels(),
        "former": queries.former_codes(code),
        "holds": _holds(queries.counts_inside(code)),
        "can_load": here.level == Level.COUNTY and not below,
        "can_import": here.level in (Level.STREET, Level.VILLAGE),
    }
    return render(request, "console/areas/area.html", context)


def _holds(counts: dict[int, int]) -> str:
    """What lies inside, in words: "18 个镇街、225 个社区（村）"; "" when nothing does."""
    words = {
        Level.CITY: _("%(n)s 个地级区划"),
        Level.COUNTY: _("%(n)s 个县级区划"),
        Level.STREET: _("%(n)s 个镇街"),
        Level.VILLAGE: _("%(n)s 个社区（村）"),
        Level.GRID: _("%(n)s 个网格"),
    }
    return "、".join(text % {"n": f"{counts[level]:,}"} for level, text in words.items() if counts.get(level))


def _here(scope: Scope, code: int) -> Any:
    try:
        here = queries.editable(scope, code)
    except ValueError:
        here = None
    if here is None:
        raise Http404
    return here


@needs(Permission.AREAS_EDIT)
@require_POST
def load(request: HttpRequest, code: int) -> HttpResponse:
    """Streets and communities of a county from the package."""
    here = _here(scope_of(request), code)
    if here.level != Level.COUNTY:
        raise Http404
    try:
        done = actions.load_areas(places=[code], on=timezone.localdate(), by=request.user.pk)
    except (actions.PackageMissing, actions.SourceConflict) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("已载入 %(streets)s 个镇街、%(villages)s 个社区（村）。")
            % {"streets": done.streets, "villages": done.villages},
        )
    return HttpResponseRedirect(reverse("console:area", args=[code]), status=303)


@needs(Permission.AREAS_EDIT)
@require_http_methods(["GET", "POST"])
def grids(request: HttpRequest, code: int) -> HttpResponse:
    """Choose a file; then the preview. Nothing is written here but the file itself."""
    here = _here(scope_of(request), code)
    if here.level not in (Level.STREET, Level.VILLAGE):
        raise Http404
    datum = request.POST.get("datum", Datum.WGS84.value)
    problems: list[Any] = []
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if datum not in Datum.values:
                raise Refused("datum", _("请选择坐标系。"), field="datum")
            if upload is None:
                raise Refused("empty", _("请选择文件。"), field="file")
            stored = media.accept_document(
                upload,
                by=request.user.pk,
                now=timezone.localtime(),
                name=_geojson(upload.name or ""),
                area=code,
                kind=GRID_FILE,
            )
        except Refused as refused:
            refused.params.setdefault("field", "file")
            problems = form_errors(request, refused)
        else:
            address = reverse("console:grids_preview", args=[code, stored.pk])
            return HttpResponseRedirect(f"{address}?datum={datum}", status=303)
    context = {
        "area": here,
        "crumbs": [
            *_crumbs(scope_of(request), code)[:-1],
            (here.name, reverse("console:area", args=[code])),
            (_("导入网格"), ""),
        ],
        "datums": Datum.choices,
        "datum": datum,
        "problems": problems,
    }
    return render(request, "console/areas/grids.html", context, status=422 if problems else 200)


def _geojson(name: str) -> str:
    return name if name.lower().endswith(("json", "geojson")) else f"{name}.geojson"


@needs(Permission.AREAS_EDIT)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, code: int, file_id: UUID) -> HttpResponse:
    """What the file would change, and what is wrong with it. Posted, it is written."""
    scope = scope_of(request)
    here = _here(scope, code)
    stored = files.openable(scope, file_id)
    datum = request.POST.get("datum") or request.GET.get("datum", "")
    if stored is None or stored.kind != GRID_FILE or stored.area != code or datum not in Datum.values:
        raise Http404
    with files.contents(stored) as content:
        data = content.read()
    if request.method == "POST":
        try:
            plan = actions.import_grids(
                data=data,
                target=code,
                on=timezone.localdate(),
                by=request.user.pk,
                datum=Datum(datum),
                confirmed=request.POST.get("confirmed") == "1",
            )
        except actions.GridsRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已写入 %(n)s 个网格。") % {"n": len(plan.grids)})
            return HttpResponseRedirect(reverse("console:area", args=[code]), status=303)
    plan = queries.plan_grids(data, target=code, datum=Datum(datum))
    bad = {name for p in plan.errors for name in p.grids}
    doubtful = {name for p in plan.warnings for name in p.grids} - bad
    shapes = [(d.code, d.name, d.geometry) for d in (*plan.outlines, *plan.grids)]
    context = {
        "area": here,
        "crumbs": [
            *_crumbs(scope, code)[:-1],
            (here.name, reverse("console:area", args=[code])),
            (_("预览"), ""),
        ],
        "plan": plan,
        "bad": bad,
        "doubtful": doubtful,
        "outlines": {d.code for d in plan.outlines},
        "drawing": draw(shapes),
        "again": reverse("console:grids", args=[code]),
        "datum": datum,
        "datum_label": Datum(datum).label,
        "status_now": 422 if request.method == "POST" else 200,
    }
    return render(request, "console/areas/preview.html", context, status=context["status_now"])


urlpatterns = [
    path("areas/", index, name="areas"),
    path("areas/<int:code>/", area, name="area"),
    path("areas/<int:code>/load/", load, name="area_load"),
    path("areas/<int:code>/grids/", grids, name="grids"),
    path("areas/<int:code>/grids/<uuid:file_id>/", preview, name="grids_preview"),
]
