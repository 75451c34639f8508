"""One column: where its value comes from, how it looks on screen and in a spreadsheet."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from markupsafe import Markup

from .. import formats

Text = str | Promise
Kind = Literal["text", "number", "date", "datetime", "yesno"]
TONES = ("", "green", "amber", "red", "blue", "purple")


@dataclass(frozen=True)
class Column:
    """`value` is a path ("employer.name"; methods are called) or a function of the row; default: `code`.

    `cell` draws it: a function of the row, or "template.html:macro" with `macro(row, value)`.
    `badges` maps values to (tone, label); tones are green, amber, red, blue, purple or "".
    `export` is the value for the spreadsheet, default the value; `on_screen=False` only exports,
    `exported=False` only shows.
    """

    code: str
    label: Text
    value: Callable[[Any], Any] | str = ""
    cell: Callable[[Any], Any] | str = ""
    sort: str | Sequence[str] = ()
    kind: Kind = "text"
    hidden: bool = False
    export: Callable[[Any], Any] | None = None
    badges: Mapping[Any, tuple[str, Text]] = field(default_factory=dict)
    on_screen: bool = True
    exported: bool = True
    nowrap: bool = False
    help: Text = ""

    @cached_property
    def sort_fields(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    @property
    def sortable(self) -> bool:
        return bool(self.sort)

    @property
    def css(self) -> str:
        return "num" if self.kind == "number" else "nowrap" if self.nowrap or self.kind != "text" else ""

    def value_of(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        value: Any = row
        for step in (self.value or self.code).split("."):
            value = value.get(step) if isinstance(value, Mapping) else getattr(value, step)
            if callable(value):
                value = value()
            if value is None:
                return None
        return value

    def render(self, row: Any) -> Any:
        """What stands in the cell; nothing for nothing, as in a spreadsheet."""
        if callable(self.cell):
            return self.cell(row)
        value = self.value_of(row)
        if self.cell:
            path, _colon, macro = self.cell.partition(":")
            return getattr(_module(path), macro)(row, value)
        if self.badges and value in self.badges:
            tone, label = self.badges[value]
            return Markup('<span class="nx-badge {}">{}</span>').format(tone, label)
        return self.plain(value)

    def plain(self, value: Any) -> str:
        if value is None or value == "":
            return ""
        if self.kind == "number" and isinstance(value, int | float):
            return formats.number(value) if isinstance(value, int) else f"{value:,}"
        if self.kind == "yesno" or isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, dt.datetime):
            return formats.datetime(value, "short")
        if isinstance(value, dt.date):
            return formats.date(value, "short")
        return str(value)

    def for_sheet(self, row: Any) -> Any:
        """The value in a spreadsheet: dates and numbers stay dates and numbers, labels are written out."""
        value = self.export(row) if self.export else self.value_of(row)
        if not self.export and self.badges and value in self.badges:
            return str(self.badges[value][1])
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if value is None or isinstance(value, int | float | dt.date):
            return value
        return str(value)


def _module(path: str) -> Any:
    return get_template(path).template.module  # type: ignore[attr-defined]
