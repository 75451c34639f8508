"""Tables whose export is a sheet in the local layout, which can come back without a single change."""

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from nuanxin.foundation.access.actions import UnmaskRefused
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.enums import FactKind
from nuanxin.foundation.sheets.rules import ColumnSpec, SheetSpec, write_xlsx
from nuanxin.registry.areas.queries import labels
from nuanxin.registry.enterprises.queries.sheet import SheetContext
from nuanxin.registry.enterprises.rules.sheet import SheetColumn
from nuanxin.registry.people.actions.exporting import note_export
from nuanxin.registry.units.queries import still_in_force
from nuanxin.web.shared import formats
from nuanxin.web.shared.routes import StaffRequest
from nuanxin.web.shared.tables import Filter, Table
from nuanxin.web.shared.tables.export import XLSX

LAYOUT_LANGUAGE = "zh-hans"
"""Sheets in the local layout are Chinese, whatever language the screen speaks: they go to others, and come back."""


@dataclass(frozen=True)
class AsOfFilter(Filter):
    """The day the whole list speaks of. The view takes it with `as_of`; here it only stays in the address."""

    kind = "day"

    def valid(self, value: str, table: Any) -> bool:
        return parse_day(value) is not None

    def apply(self, rows: QuerySet, values: tuple[str, ...]) -> QuerySet:
        return rows

    def words(self, values: tuple[str, ...], table: Any) -> str:
        return formats.date(parse_day(values[0]))


def parse_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def as_of(request: StaffRequest) -> dt.date | None:
    """The day asked for; None for today and for days to come, which nobody knows yet."""
    source = request.POST if "_table" in request.POST else request.GET
    day = parse_day(source.get("on", ""))
    return day if day is not None and day < request.today else None


class LayoutTable(Table):
    """A table with `layout_title`, `layout(context)` and the kind of the fact of its export."""

    layout_title: ClassVar[Any] = ""
    export_fact: ClassVar[FactKind]
    unmask_permission = Permission.WORKERS_UNMASK
    place_fields = ("area_id", "sector")  # of the rows, for the facts
    landscape = True

    def layout(self, context: SheetContext) -> Sequence[SheetColumn]:
        raise NotImplementedError

    def for_layout(self, rows: QuerySet) -> QuerySet:
        """The rows with what the layout shows of them."""
        return rows

    @property
    def may_unmask(self) -> bool:
        return self.may_export and self.scope.may(self.unmask_permission)

    def context(self, *, full: bool = False) -> SheetContext:
        return SheetContext(self.scope, full=full, county=self.scope.home_area)

    @cached_property
    def _above(self) -> str:
        home = self.scope.home_area
        return labels([home], full=True).get(home, "") if home else ""

    def place(self, area: Any) -> str:
        """A place below the reader's own: 星沙街道望仙桥社区 for the county, 望仙桥社区 for the street."""
        return area.full_name.removeprefix(self._above) or area.name

    def row_allowed(self) -> bool:
        """Asked of the database, with the postings as they were given (the work area only narrows them)."""
        return still_in_force(getattr(self.request, "whole_scope", self.scope))

    def places(self) -> list[tuple[int, str, int]]:
        area, sector = self.place_fields
        counts = self.matching.order_by().values(area, sector).annotate(n=Count("pk")).order_by(area, sector)
        return [(row[area], row[sector], row["n"]) for row in counts]

    def export(self) -> HttpResponseBase:
        """The rows on the screen, all pages of them, in the local layout.

        Numbers are masked unless a reason is given by somebody who may see them.
        """
        if not self.may_export:
            raise Http404
        reason = self.request.POST.get("reason", "").strip()
        if "reason" in self.request.POST and not self.may_unmask:
            raise Http404
        by = self.request.user.pk
        assert by is not None
        try:
            note_export(
                by=by,
                kind=self.export_fact,
                list_name=self.name,
                places=self.places(),
                reason=reason or ("-" if "reason" in self.request.POST else ""),
            )
        except UnmaskRefused as refused:
            messages.error(self.request, str(refused))
            return HttpResponseRedirect(self.url(), status=303)
        with translation.override(LAYOUT_LANGUAGE):
            return self._sheet(self.context(full=bool(reason)))

    def _sheet(self, context: SheetContext) -> FileResponse:
        columns = self.layout(context)
        title = str(self.layout_title)
        day = self.state.filters.get("on", (timezone.localdate().isoformat(),))[0]
        file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
        sheet = SheetSpec(
            name=title,
            columns=[
                ColumnSpec(
                    c.header,
                    "text" if c.kind == "integer" and c.code != "number" else c.kind,
                    c.width,
                    c.group,
                )
                for c in columns
            ],
            rows=self._lines(columns, context),
            titles=[
                title,
                _("截至 %(day)s · “编号”一列请原样保留，改好后可在“导回核对”中核对") % {"day": day},
            ],
        )
        try:
            write_xlsx(file, [sheet])
        except BaseException:
            file.close()  # the temporary file goes with it: half an export does not exist
            raise
        file.seek(0)
        name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)

    def _lines(self, columns: Sequence[SheetColumn], context: SheetContext) -> Iterator[list[Any]]:
        for n, row in enumerate(self.for_layout(self.ordered).iterator(chunk_size=1000)):
            if n % 1000 == 999 and not self.row_allowed():
                raise Http404
            yield [n + 1 if c.code == "number" else c.show(row, context) for c in columns]
