"""Tables: declare one, give it a query, get everything an Excel person expects.

    # nuanxin/web/console/views/people.py
    class WorkersTable(Table):
        name = "workers"                      # key of saved views and of element ids
        title = _("从业人员台账")              # also the export's file name
        columns = [
            Column("name", _("姓名"), sort="name_pinyin"),           # the first column carries the row's link
            Column("sector", _("行业"), value="get_sector_display", sort="sector"),
            Column("phone", _("电话"), value=lambda w: mask_phone(w.phone), export=lambda w: …),
            Column("status", _("状态"), badges={"active": ("green", _("在岗"))}),
            Column("units", _("站点数"), kind="number", sort="units", hidden=True),
            Column("seen_on", _("最近核实"), kind="date", sort="seen_on"),
            Column("notes", _("备注"), cell="console/people/cells.html:notes"),   # macro notes(row, value)
        ]
        filters = [
            MultiChoiceFilter("sector", _("行业"), Sector.choices),
            AreaFilter("area", _("区域"), tree=area_tree),       # from nuanxin.web.shared.areas
            DateFilter("seen_on", _("核实日期")),
            TextFilter("employer", _("用工单位"), lookup="employer__name__icontains", pinned=False),
        ]
        bulk = [BulkAction("assign", _("分派核实"), "console:assign", Permission.SURVEY_RUN)]
        search_hint = _("姓名、拼音、电话")
        private = True                        # what is searched for is sealed before it stands in an address
        def row_url(self, row): return reverse("console:worker", args=[row.pk])

    @needs(Permission.WORKERS_VIEW)
    def workers(request):
        table = WorkersTable(request, queries.workers(request.scope), search=queries.search)  # (rows, text)
        return table.respond("console/people/workers.html", {"more": 1})

    {# console/people/workers.html #}
    {% extends "console/base.html" %}{% import "shared/ui.html" as ui with context %}
    {% import "shared/table.html" as tables with context %}
    {% block page %}{{ ui.header(_("从业人员"), crumbs=[…]) }}{{ tables.table(table) }}{% endblock %}

The queryset must have an order (otherwise `UnorderedRows`); the primary key is appended, so pages
never overlap.
Several tables on one page: give the later ones `prefix = "b"`.

State is in the address: `?q=&sector=a,b&area=430121000000000&seen_on=2025-01-01..2025-03-31&sort=-name&page=2
&size=100&cols=name,phone`. `table.url(page=3)` writes it; unknown values are dropped. Saved views keep it.

Counting stops at 10,000 ("10,000+"), and so does paging; export has no such limit.

A bulk action's view gets the chosen rows back through the same table and scope, with all filters:

    @needs(Permission.SURVEY_RUN)
    @require_POST
    def assign(request):
        table = WorkersTable(request, queries.workers(request.scope), search=queries.search)
        actions.assign(rows=table.selection(), by=request.user.pk)      # a queryset
        return table.back()

Export (POST, permission `export_permission`, default EXPORT) writes what the screen shows: filters, columns,
order, scope. `before_export(columns)` is the place to record the fact; `row_allowed()` is asked every 1,000
rows, so that a posting that ends meanwhile ends the export too.
"""

from .columns import Column
from .filters import (
    AreaFilter,
    AreaLevel,
    ChoiceFilter,
    DateFilter,
    Filter,
    MultiChoiceFilter,
    TextFilter,
    YesNoFilter,
)
from .table import BulkAction, Page, Table, Total, UnorderedRows

__all__ = [
    "AreaFilter",
    "AreaLevel",
    "BulkAction",
    "ChoiceFilter",
    "Column",
    "DateFilter",
    "Filter",
    "MultiChoiceFilter",
    "Page",
    "Table",
    "TextFilter",
    "Total",
    "UnorderedRows",
    "YesNoFilter",
]
