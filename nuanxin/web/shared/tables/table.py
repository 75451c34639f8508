"""The table itself: a request and a queryset in, a page of rows with all its addresses out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.preferences.queries import saved_views
from nuanxin.registry.units.queries import still_in_force

from .columns import Column
from .export import table_response
from .filters import Filter
from .state import SEALED, State, open_search

Text = str | Promise
RECHECK_EVERY = 1_000
"""Rows of an export between two looks at whether the postings still stand."""
Search = Callable[[QuerySet, str], QuerySet]


class UnorderedRows(TypeError):
    """Pages of rows without an order show some rows twice and others never."""


@dataclass(frozen=True)
class BulkAction:
    """A button for the chosen rows; it posts them to `url_name`. `confirm` asks first, `danger` is red."""

    code: str
    label: Text
    url_name: str
    permission: Permission
    icon: str = ""
    confirm: Text = ""
    danger: bool = False


@dataclass(frozen=True)
class Total:
    """How many rows match. `capped`: there are more than `number`."""

    number: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.capped else ''}"


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    number: int
    size: int
    more: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)


class _Data:
    """A request's data under a table's prefix."""

    def __init__(self, data: Any, prefix: str) -> None:
        self.data, self.prefix = data, prefix

    def get(self, key: str, default: Any = None) -> Any:
        return self.data.get(self.prefix + key, default)

    def getlist(self, key: str) -> list[str]:
        return self.data.getlist(self.prefix + key)


class Table:
    """Declare a subclass; the package's docstring shows how."""

    name: ClassVar[str]
    title: ClassVar[Text]
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    bulk: Sequence[BulkAction] = ()
    sizes = (25, 50, 100)
    default_size = 50
    count_cap = 10_000
    default_sort = ""  # "-seen_on"; without it, the queryset's own order
    search_hint: Text = _("搜索：汉字、拼音或首字母")
    private = False
    prefix = ""
    landscape = False  # on paper
    export_permission: Permission | None = Permission.EXPORT
    exportable = True
    savable = True
    noun: Text = _("条")
    empty_title: Text = _("这里还没有记录")
    empty_text: Text = ""
    empty_action: tuple[Text, str] | None = None  # (label, url)

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet,
        *,
        search: Search | None = None,
        url: str = "",
        row_url: Callable[[Any], str] | None = None,
    ) -> None:
        if not rows.ordered:
            raise UnorderedRows(f"{type(self).__name__}: the query needs an order_by")
        self.request = request
        self.rows = rows
        self.search = search
        self.path = url or self._list_path() or request.path
        if row_url is not None:
            self.row_url = row_url  # type: ignore[method-assign,assignment]

    # --- for subclasses -------------------------------------------------------------------------------

    def row_url(self, row: Any) -> str:
        """Where the row opens; "" for nowhere."""
        return ""

    def row_key(self, row: Any) -> str:
        return str(row.pk)

    def row_class(self, row: Any) -> str:
        return ""

    def row_name(self, row: Any) -> str:
        """What a screen reader calls the row's checkbox."""
        return str(self.visible[0].plain(self.visible[0].value_of(row)))

    def before_export(self, columns: Sequence[Column]) -> None:
        """Runs before the first row is written: record the fact here."""

    def row_allowed(self) -> bool:
        """Asked every 1,000 rows of an export; False ends it with 404, and nothing has left yet."""
        return still_in_force(getattr(self.request, "whole_scope", self.scope))

    # --- what stands in the address -------------------------------------------------------------------

    @property
    def scope(self) -> Scope:
        return getattr(self.request, "scope", Scope())

    @property
    def dom_id(self) -> str:
        return f"t-{self.name}"

    def field(self, code: str) -> str:
        """The name of a form field."""
        return f"{self.prefix}{code}"

    @cached_property
    def state(self) -> State:
        return self.read(_Data(self._source, self.prefix))

    @property
    def _source(self) -> Any:
        """The table's own form may come by POST (private searches); everything else reads the address."""
        posted = self.request.method == "POST" and self.request.POST.get("_table") == self.name
        return self.request.POST if posted else self.request.GET

    def read(self, data: Any) -> State:
        q = (data.get("q") or "").strip()[:100]
        sort = data.get("sort") or ""
        page, size = data.get("page") or "", data.get("size") or ""
        sortable = {c.code for c in self.columns if c.sortable}
        known = [c.code for c in self.columns if c.on_screen]
        asked = [c for part in data.getlist("cols") for c in part.split(",")]
        columns = tuple(dict.fromkeys(c for c in asked if c in known))
        filters = {f.code: values for f in self.filters if (values := f.read(data, self))}
        return State(
            q=open_search(q) if q.startswith(SEALED) else q,
            filters=filters,
            sort=sort if sort.removeprefix("-") in sortable else "",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 9 else 1,
            size=int(size) if size in {str(s) for s in self.sizes if s != self.default_size} else 0,
            columns=() if columns == self.default_columns else columns,
        )

    @property
    def default_columns(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.columns if c.on_screen and not c.hidden)

    def query(self, **changes: Any) -> str:
        """The query string of this state, changed."""
        return self.state.with_(**changes).query(sealed=self.private, prefix=self.prefix)

    def url(self, **changes: Any) -> str:
        query = self.query(**changes)
        return f"{self.path}?{query}" if query else self.path

    def sort_url(self, column: Column) -> str:
        """First click ascending, second descending, third back to the usual order."""
        turns = {column.code: f"-{column.code}", f"-{column.code}": ""}
        return self.url(sort=turns.get(self.state.sort, column.code))

    def sorted_by(self, column: Column) -> str:
        sort = self.state.sort or self.default_sort
        return {column.code: "ascending", f"-{column.code}": "descending"}.get(sort, "")

    # --- rows -----------------------------------------------------------------------------------------

    @cached_property
    def matching(self) -> QuerySet:
        """The rows that filters and search leave; always a part of the rows that the scope gave."""
        rows = self.rows
        for f in self.filters:
            if f.code in self.state.filters:
                rows = f.apply(rows, self.state.filters[f.code])
        return self.search(rows, self.state.q) if self.search and self.state.q else rows

    @cached_property
    def ordered(self) -> QuerySet:
        sort = self.state.sort or self.default_sort
        column = next((c for c in self.columns if c.code == sort.removeprefix("-") and c.sortable), None)
        if column is None:
            own = self.matching.query.order_by or self.matching.model._meta.ordering
            return self.matching.order_by(*own, "pk")
        fields = column.sort_fields
        if sort.startswith("-"):
            fields = tuple(f[1:] if f.startswith("-") else f"-{f}" for f in fields)
        return self.matching.order_by(*fields, "pk")

    @property
    def size(self) -> int:
        return self.state.size or self.default_size

    @cached_property
    def page(self) -> Page:
        """One query; it reads one row more than it shows, to know whether there is a next page."""
        number = min(self.state.page, self.last_reachable)
        start = (number - 1) * self.size
        rows = list(self.ordered[start : start + self.size + 1])
        return Page(rows[: self.size], number, self.size, len(rows) > self.size)

    @property
    def last_reachable(self) -> int:
        return max(1, self.count_cap // self.size)

    @cached_property
    def total(self) -> Total:
        """Counts to the cap and not further; not at all when the page itself tells."""
        if not self.page.more and (self.page.rows or self.page.number == 1):
            return Total(self.page.last, False)
        number = self.matching.order_by().values("pk")[: self.count_cap + 1].count()
        return Total(min(number, self.count_cap), number > self.count_cap)

    @property
    def page_numbers(self) -> list[int | None]:
        """1 … 4 [5] 6 … 20; None is a gap."""
        last = max(1, min(-(-self.total.number // self.size), self.last_reachable))
        here = self.page.number
        wanted = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
        numbers: list[int | None] = []
        for n in wanted:
            if numbers and numbers[-1] is not None and n - numbers[-1] > 1:
                numbers.append(n - 1 if n - numbers[-1] == 2 else None)
            numbers.append(n)
        return numbers

    # --- columns, filters, views ----------------------------------------------------------------------

    @cached_property
    def visible(self) -> list[Column]:
        by_code = {c.code: c for c in self.columns}
        return [by_code[c] for c in self.state.columns or self.default_columns]

    @property
    def column_menu(self) -> list[tuple[Column, bool]]:
        """The visible columns in their order, then the others."""
        shown = [(c, True) for c in self.visible]
        return shown + [(c, False) for c in self.columns if c.on_screen and c not in self.visible]

    @property
    def narrowed(self) -> bool:
        return bool(self.state.q or self.state.filters)

    @property
    def chips(self) -> list[tuple[Text, str, str]]:
        """(label, words, the address without it) of each filter in force."""
        chips: list[tuple[Text, str, str]] = []
        if self.search and self.state.q:
            chips.append((_("搜索"), self.state.q, self.url(q="")))
        for f in self.filters:
            if values := self.state.filters.get(f.code):
                chips.append((f.label, f.words(values, self), self.url(filters={f.code: ()})))
        return chips

    @cached_property
    def views(self) -> list[Any]:
        """The person's saved views and those that colleagues of the unit share."""
        user = getattr(self.request, "user", None)
        if not self.savable or user is None or not user.is_authenticated:
            return []
        return list(saved_views(self.scope, table=self.name))

    @property
    def view_query(self) -> str:
        """What a saved view keeps: no page, and no searched name or number of a private table."""
        return self.query(page=1, q="") if self.private else self.query(page=1)

    @property
    def may_export(self) -> bool:
        needed = self.export_permission
        return self.exportable and (needed is None or self.scope.may(needed))

    @property
    def bulk_allowed(self) -> list[BulkAction]:
        return [b for b in self.bulk if self.scope.may(b.permission)]

    def bulk_url(self, action: BulkAction) -> str:
        query = self.query()
        return reverse(action.url_name) + (f"?{query}" if query else "")

    def selection(self) -> QuerySet:
        """The rows a bulk action was asked for: those ticked, or all that match. Never outside the scope."""
        if self.request.POST.get("everything"):
            return self.ordered
        keys = [k for k in self.request.POST.getlist("row") if k][: max(self.sizes)]
        try:
            return self.ordered.filter(pk__in=keys)
        except (ValueError, TypeError):
            raise Http404 from None

    # --- answers --------------------------------------------------------------------------------------

    def respond(self, template: str, context: Mapping[str, Any] | None = None) -> HttpResponseBase:
        """The whole page, or for htmx the part that changes, or the export. The last line of the view."""
        if self.request.method == "POST":
            if "_export" in self.request.POST:
                return self.export()
            if not getattr(self.request, "htmx", False):
                return HttpResponseRedirect(self.url(), status=303)
        target = getattr(self.request, "htmx", None) and self.request.htmx.target  # type: ignore[attr-defined]
        parts = {f"{self.dom_id}-rows": "shared/table_rows.html", self.dom_id: "shared/table_whole.html"}
        response: HttpResponse
        if target in parts:
            response = render(self.request, parts[target], {"table": self})
            response.headers["HX-Push-Url"] = self.url()
        else:
            response = render(self.request, template, {"table": self, **(context or {})})
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response

    def _list_path(self) -> str:
        """In the view of a bulk action, the address of the list it was chosen in: the bulk form says it."""
        path = self.request.POST.get("_list", "") if self.request.method == "POST" else ""
        return path if path and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""

    def back(self) -> HttpResponse:
        """To the list in its present state: the end of a bulk action."""
        return HttpResponseRedirect(self.url(), status=303)

    def export(self) -> HttpResponseBase:
        """An .xlsx of what the screen shows, all pages of it."""
        if not self.may_export:
            raise Http404
        columns = [c for c in self.visible if c.exported]
        columns += [c for c in self.columns if not c.on_screen and c.exported]
        self.before_export(columns)

        def rows() -> Iterator[Any]:
            for n, row in enumerate(self.ordered.iterator(chunk_size=1000)):
                if n % RECHECK_EVERY == RECHECK_EVERY - 1 and not self.row_allowed():
                    raise Http404
                yield row

        return table_response(str(self.title), columns, rows())
