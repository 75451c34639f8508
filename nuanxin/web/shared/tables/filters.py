"""Filters of a table. Each reads its value from the address, narrows the rows, and says so in words."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from nuanxin.foundation.access.queries import inside

Text = str | Promise
Lookup = str | Callable[[QuerySet, Any], QuerySet]
Choices = Iterable[tuple[Any, Text]]


@dataclass(frozen=True)
class Filter:
    """`lookup` is a field path (default `code`) or a function `(rows, value) -> rows` from the queries layer.

    `pinned=False` puts the filter into the menu 更多筛选.
    """

    code: str
    label: Text
    lookup: Lookup = field(default="", kw_only=True)
    pinned: bool = field(default=True, kw_only=True)
    kind = "text"

    @property
    def path(self) -> str:
        return self.lookup if isinstance(self.lookup, str) and self.lookup else self.code

    def read(self, data: Mapping[str, Any], table: Any) -> tuple[str, ...]:
        """The valid values in a request; () when the filter is off."""
        return tuple(v for v in _values(data, self.code) if self.valid(v, table))

    def valid(self, value: str, table: Any) -> bool:
        return True

    def apply(self, rows: QuerySet, values: tuple[str, ...]) -> QuerySet:
        if callable(self.lookup):
            return self.lookup(rows, self.parsed(values))
        return rows.filter(self.condition(values))

    def parsed(self, values: tuple[str, ...]) -> Any:
        return values[0]

    def condition(self, values: tuple[str, ...]) -> Q:
        return Q(**{self.path: values[0]})

    def words(self, values: tuple[str, ...], table: Any) -> str:
        return "、".join(values)


def _values(data: Mapping[str, Any], code: str) -> list[str]:
    """The values of a key, whether repeated (`a=1&a=2`) or joined (`a=1,2`)."""
    raw = data.getlist(code) if hasattr(data, "getlist") else [data.get(code, "")]
    return list(dict.fromkeys(v.strip() for part in raw for v in part.split(",") if v.strip()))


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One of several. `choices` is a sequence or a function of the table (when the scope decides)."""

    choices: Choices | Callable[[Any], Choices] = ()
    kind = "choice"
    many = False

    def options(self, table: Any) -> list[tuple[str, Text]]:
        choices = self.choices(table) if callable(self.choices) else self.choices
        return [(str(value), label) for value, label in choices if value not in ("", None)]

    def read(self, data: Mapping[str, Any], table: Any) -> tuple[str, ...]:
        known = {value for value, _label in self.options(table)}
        values = tuple(v for v in _values(data, self.code) if v in known)
        return values if self.many else values[:1]

    def words(self, values: tuple[str, ...], table: Any) -> str:
        labels = dict(self.options(table))
        return "、".join(str(labels[v]) for v in values)


class MultiChoiceFilter(ChoiceFilter):
    """Any of several. A function `lookup` receives the tuple of values."""

    many = True

    def parsed(self, values: tuple[str, ...]) -> Any:
        return values

    def condition(self, values: tuple[str, ...]) -> Q:
        return Q(**{f"{self.path}__in": values})


class YesNoFilter(ChoiceFilter):
    """Yes or no on a boolean field; a function `lookup` receives True or False."""

    def options(self, table: Any) -> list[tuple[str, Text]]:
        return [("1", _("是")), ("0", _("否"))]

    def parsed(self, values: tuple[str, ...]) -> bool:
        return values[0] == "1"

    def condition(self, values: tuple[str, ...]) -> Q:
        return Q(**{self.path: values[0] == "1"})


@dataclass(frozen=True)
class AreaLevel:
    """Where the area menu stands: the way from the top of the scope down to `code`, and what is inside it."""

    path: Sequence[tuple[int, str]] = ()
    children: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class AreaFilter(Filter):
    """Everything inside an area. `tree(scope, code)` gives the path to `code` (None: the top) and what
    is inside it.

    `lookup` is the column that carries the area code (default `area_id`).
    """

    tree: Callable[[Any, int | None], AreaLevel] = field(kw_only=True)
    kind = "area"

    @property
    def path(self) -> str:
        return self.lookup if isinstance(self.lookup, str) and self.lookup else "area_id"

    def read(self, data: Mapping[str, Any], table: Any) -> tuple[str, ...]:
        values = _values(data, self.code)[:1]
        return (values[0],) if values and values[0].isdecimal() and 0 < int(values[0]) < 10**15 else ()

    def parsed(self, values: tuple[str, ...]) -> int:
        return int(values[0])

    def condition(self, values: tuple[str, ...]) -> Q:
        try:
            return inside(int(values[0]), area=self.path)
        except ValueError:
            return Q(pk__in=[])

    def level(self, table: Any, values: tuple[str, ...]) -> AreaLevel:
        known: dict[Any, AreaLevel] = table.__dict__.setdefault("_levels", {})
        key = (self.code, values)
        if key not in known:  # asked for the menu and for the chip
            known[key] = self.tree(table.scope, int(values[0]) if values else None)
        return known[key]

    def words(self, values: tuple[str, ...], table: Any) -> str:
        path = self.level(table, values).path
        return path[-1][1] if path else values[0]


@dataclass(frozen=True)
class DateFilter(Filter):
    """From … to, both included. In the address `2025-01-01..2025-03-31`, either side may be empty.

    A function `lookup` receives `(from, to)`, None where open.
    """

    kind = "date"
    is_datetime: bool = field(default=False, kw_only=True)

    def read(self, data: Mapping[str, Any], table: Any) -> tuple[str, ...]:
        first, _dots, last = (data.get(self.code) or "").partition("..")
        first = data.get(f"{self.code}_from", first)
        last = data.get(f"{self.code}_to", last)
        ends = [d.isoformat() if (d := _day(v)) else "" for v in (first, last)]
        return ("..".join(ends),) if any(ends) else ()

    def parsed(self, values: tuple[str, ...]) -> tuple[dt.date | None, dt.date | None]:
        first, _dots, last = values[0].partition("..")
        return _day(first), _day(last)

    def condition(self, values: tuple[str, ...]) -> Q:
        first, last = self.parsed(values)
        path = f"{self.path}__date" if self.is_datetime else self.path
        condition = Q(**{f"{path}__gte": first}) if first else Q()
        return condition & Q(**{f"{path}__lte": last}) if last else condition

    def ends(self, values: tuple[str, ...]) -> tuple[str, str]:
        first, last = self.parsed(values) if values else (None, None)
        return (first.isoformat() if first else "", last.isoformat() if last else "")

    def words(self, values: tuple[str, ...], table: Any) -> str:
        first, last = self.parsed(values)
        if first and last:
            return _("%(first)s 至 %(last)s") % {"first": first, "last": last}
        return _("%(day)s 起") % {"day": first} if first else _("至 %(day)s") % {"day": last}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


@dataclass(frozen=True)
class TextFilter(Filter):
    """Contains a text; name the lookup for anything else (`lookup="employer__name__startswith"`)."""

    kind = "text"

    def read(self, data: Mapping[str, Any], table: Any) -> tuple[str, ...]:
        value = (data.get(self.code) or "").strip()[:100]
        return (value,) if value else ()

    def condition(self, values: tuple[str, ...]) -> Q:
        lookup = self.path if isinstance(self.lookup, str) and self.lookup else f"{self.path}__icontains"
        return Q(**{lookup: values[0]})
