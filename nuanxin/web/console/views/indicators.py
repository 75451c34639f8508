"""指标总览: tiles, a table of area × sector, the rounds; every figure opens its definition and its records."""

import datetime as dt
import tempfile
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.sheets.rules import ColumnSpec, SheetSpec, write_xlsx
from nuanxin.insights.indicators import actions, queries
from nuanxin.insights.indicators.rules import INDICATORS, MEASURES, TILES, Figure
from nuanxin.registry.areas.queries import path as area_path
from nuanxin.web.shared.areas import inside_of, tops
from nuanxin.web.shared.routes import StaffRequest, needs
from nuanxin.web.shared.tables.export import XLSX

from ..layout_table import parse_day

VIEW = Permission.INDICATORS_VIEW


def asked(request: StaffRequest) -> tuple[int, dt.date, str]:
    """Area, day and measure of the page; 404 for an area outside the scope."""
    scope: Scope = request.scope
    today: dt.date = request.today
    text = request.GET.get("area") or str(scope.home_area)
    if not text.isdecimal() or int(text) >= 10**15:
        raise Http404
    area = int(text)
    try:
        if not any(inside_of(area, top) for top in tops(scope)):
            raise Http404
    except ValueError:
        raise Http404 from None
    day = parse_day(request.GET.get("on", "")) or today
    code = request.GET.get("measure", MEASURES[0])
    return area, min(day, today), code if code in MEASURES else MEASURES[0]


def records_url(scope: Scope, code: str, area: int, day: dt.date, today: dt.date, sector: str = "") -> str:
    """The list of exactly the records behind a figure; "" where the reader may not open it, or there is none."""
    query: dict[str, Any] = {"area": area} if area else {}
    if sector:
        query["sector"] = sector
    if day < today:
        query["on"] = day.isoformat()
    if code == "enterprises":
        name, query["status"], needed = "console:enterprises", "active", Permission.ENTERPRISES_VIEW
    elif code in ("workers", "verified", "doubtful"):
        name, needed = "console:workers", Permission.WORKERS_VIEW
        if code != "workers":
            query[code] = "1"
    elif code == "six_clear":
        return f"{reverse('console:checklist')}?area={area}" if scope.may(Permission.ENTERPRISES_VIEW) else ""
    elif code in ("new", "left", "moved"):
        name, needed, query = "console:workers", Permission.WORKERS_VIEW, query | {"change": code}
    else:
        return ""
    return f"{reverse(name)}?{urlencode(query)}" if scope.may(needed) else ""


def tile(figure: Figure, scope: Scope, today: dt.date) -> dict[str, Any]:
    rate = bool(figure.indicator.denominator)
    foot = f"{figure.numerator:,} / {figure.denominator:,}" if rate and figure.denominator else ""
    return {
        "label": figure.indicator.name,
        "figure": figure.exact,
        "unit": figure.unit if figure.value is not None else "",
        "url": ""
        if figure.closed
        else records_url(scope, figure.indicator.code, figure.area, figure.as_of, today),
        "definition_url": f"#d-{figure.indicator.code}",
        "foot": foot or (_("简报写法 %(text)s") % {"text": figure.text} if figure.value else ""),
    }


@needs(VIEW)
@require_http_methods(["GET", "POST"])
def indicators(request: StaffRequest) -> HttpResponseBase:
    area, day, code = asked(request)
    scope: Scope = request.scope
    today: dt.date = request.today
    table = queries.area_table(scope, code, area, day)
    if request.method == "POST":
        return export(request, table)
    figures = [queries.figure(scope, tile_code, area, day) for tile_code in TILES]
    above = tops(scope)
    context = {
        "area": area,
        "area_name": table.name,
        "way": [a for a in area_path(area) if any(inside_of(a.code, top) for top in above)],
        "day": day,
        "today": today,
        "code": code,
        "figures": figures,
        "tiles": [tile(f, scope, today) for f in figures],
        "cutoff": figures[0].cutoff,
        "table": table,
        "measures": [(c, INDICATORS[c].name) for c in MEASURES],
        "page_url": lambda **changes: page_url({"area": area, "on": day, "measure": code} | changes, today),
        "cell_url": lambda at, sector="": records_url(scope, code, at, day, today, sector),
        "trend": bars(queries.trend(scope, area)),
        "may_export": scope.may(Permission.EXPORT),
    }
    return render(request, "console/indicators/page.html", context)


def page_url(values: dict[str, Any], today: dt.date) -> str:
    kept = {k: v for k, v in values.items() if v and not (k == "on" and v == today)}
    if kept.get("measure") == MEASURES[0]:
        del kept["measure"]
    return f"{reverse('console:indicators')}?{urlencode(kept)}"


def bars(lines: list[queries.RoundLine]) -> list[tuple[queries.RoundLine, int]]:
    """Each round with the height of its bar, of 100."""
    most = max((line.people for line in lines), default=0)
    return [(line, round(100 * line.people / most) if most else 0) for line in lines]


def export(request: StaffRequest, table: queries.AreaTable) -> HttpResponse | FileResponse:
    """The table as it stands on the screen, closed cells closed."""
    if not request.scope.may(Permission.EXPORT):
        raise Http404
    by = request.user.pk
    assert by is not None
    actions.note_table_export(by=by, code=table.indicator.code, area=table.area, lines=len(table.lines))

    def cells(line: queries.Line) -> list[Any]:
        return [line.name, *(c.text if c.closed else c.number for c in (*line.cells, line.total))]

    name = f"{table.indicator.name}（{table.indicator.unit}）"
    sheet = SheetSpec(
        name=str(table.indicator.name),
        columns=[
            ColumnSpec(_("区域"), width=24),
            *(ColumnSpec(label, "integer", 11) for _code, label in table.sectors),
            ColumnSpec(_("合计"), "integer", 11),
        ],
        rows=[*(cells(line) for line in table.lines), cells(table.total)],
        titles=[
            f"{table.name} · {name}",
            _("截至 %(day)s · 口径：%(text)s")
            % {"day": table.as_of.isoformat(), "text": table.indicator.definition},
        ],
    )
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
    try:
        write_xlsx(file, [sheet])
    except BaseException:
        file.close()
        raise
    file.seek(0)
    filename = f"{table.indicator.name}-{table.name}-{table.as_of:%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


urlpatterns = [path("indicators/", indicators, name="indicators")]
