"""A sheet in the local layout: written, and when it comes back compared with what would be written now.

Comparing texts with texts is what makes an untouched file come back without any change: whatever stands in a
cell (a label, a masked number, "<5"), the same text means that nobody has touched it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

Kind = Literal["text", "integer", "date"]


class CellRefused(ValueError):
    """A cell that came back changed and cannot be what its column is; `str()` says how to mend it."""


@dataclass(frozen=True)
class SheetColumn:
    """`show(row, context)` writes the cell. `parse(text)` reads a changed one for the column `change`; without
    it the cell is only shown, and changes in it are reported but not taken."""

    code: str
    header: str
    show: Callable[[Any, Any], Any]
    group: str = ""
    kind: Kind = "text"
    width: float = 12
    change: str = ""
    parse: Callable[[str], Any] | None = None
    aliases: Sequence[str] = ()

    def text(self, row: Any, context: Any) -> str:
        value = self.show(row, context)
        if value is None:
            return ""
        return value.isoformat() if isinstance(value, date) else str(value)


KEY = "编号"
"""The header of the column that names the record; nobody needs to understand it, only to leave it alone."""


@dataclass(frozen=True)
class Line:
    """A row of the file: its number, its 编号, its cells by the codes of the columns."""

    number: int
    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class CellChange:
    """A cell that says something else now. `value` is what the column would become; `refused` why it cannot."""

    column: SheetColumn
    before: str
    after: str
    value: Any = None
    refused: str = ""

    @property
    def applicable(self) -> bool:
        return not self.refused


@dataclass(frozen=True)
class RowChange:
    line: Line
    record: Any
    cells: Sequence[CellChange]


@dataclass
class Comparison:
    """What a file says against the ledger. `gone`: records of the list that the file does not name any more."""

    unchanged: int = 0
    changed: list[RowChange] = field(default_factory=list)
    new: list[Line] = field(default_factory=list)
    unknown: list[Line] = field(default_factory=list)
    twice: list[Line] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)

    @property
    def untouched(self) -> bool:
        return not (self.changed or self.new or self.unknown or self.twice or self.gone)


def lines_of(
    columns: Sequence[SheetColumn],
    heads: Sequence[tuple[Sequence[str], Sequence[str]]],
    numbers: Sequence[int],
) -> list[Line]:
    """The lines of a file; `heads` gives each column's header (top row first) and texts. KeyError without 编号."""
    by_head: dict[tuple[str, ...], str] = {}
    for column in columns:
        for name in (column.header, *column.aliases):
            by_head[(squash(column.group), squash(name)) if column.group else (squash(name),)] = column.code
    key: Sequence[str] | None = None
    cells: dict[str, Sequence[str]] = {}
    for parts, texts in heads:
        head = tuple(squash(p) for p in parts if p)
        if head == (KEY,):
            key = texts
        elif code := by_head.get(head):
            cells.setdefault(code, texts)
    if key is None:
        raise KeyError(KEY)
    return [
        Line(number, key[i].strip(), {code: str(texts[i]) for code, texts in cells.items()})
        for i, number in enumerate(numbers)
    ]


def compare(
    columns: Sequence[SheetColumn], lines: Iterable[Line], records: Mapping[str, Any], context: Any
) -> Comparison:
    """`records` holds, by 编号, those records that the reader may see; the others are `unknown`, whatever they are."""
    result, seen = Comparison(), set()
    for line in lines:
        if not line.key:
            if any(squash(text) for code, text in line.cells.items() if code != "number"):
                result.new.append(line)
            continue
        record = records.get(line.key)
        if record is None:
            result.unknown.append(line)
        elif line.key in seen:
            result.twice.append(line)
        elif cells := _changes(columns, line, record, context):
            result.changed.append(RowChange(line, record, cells))
        else:
            result.unchanged += 1
        seen.add(line.key)
    return result


def _changes(columns: Sequence[SheetColumn], line: Line, record: Any, context: Any) -> list[CellChange]:
    found = []
    for column in columns:
        if column.code not in line.cells or column.code == "number":
            continue
        before, after = column.text(record, context), line.cells[column.code]
        if squash(before) == squash(after):
            continue
        found.append(_change(column, before, after))
    return found


def _change(column: SheetColumn, before: str, after: str) -> CellChange:
    if column.parse is None:
        return CellChange(column, before, after, refused=_("这一列由系统算出或另有登记办法，不从表格修改"))
    if "*" in after:
        return CellChange(column, before, after, refused=_("带 * 的号码不完整，不会覆盖系统里的完整号码"))
    try:
        return CellChange(column, before, after, value=column.parse(after.strip()))
    except CellRefused as refusal:
        return CellChange(column, before, after, refused=str(refusal))


def squash(text: Any) -> str:
    """A cell's text without what a spreadsheet or a reader may add or take: spaces, width, a leading apostrophe."""
    plain = unicodedata.normalize("NFKC", str(text))
    return "".join(plain.split()).lstrip("'")
