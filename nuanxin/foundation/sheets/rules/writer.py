"""Writes .xlsx and .csv files that say exactly what they were given: a text is never a formula.

Rows go straight into the row stream of XlsxWriter's constant-memory worksheet: its `write()` costs 5 µs
a cell and reads a name such as `<r>…</r>` as markup. `tests/foundation/sheets/test_writer.py` holds the seam.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .safety import column_letter

CellKind = Literal["text", "number", "integer", "percent", "date"]

_CELL_LIMIT = 32_767
_EXCEL_EPOCH = date(1899, 12, 30)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# What XML cannot hold is written the way Excel does, _x0001_; a text that looks so is protected likewise.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile("[&<>\r_\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column to be written; `group` is the merged cell above it and its neighbours; width in characters."""

    header: str
    kind: CellKind = "text"
    width: float = 14
    group: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell to be coloured, with a comment; `row` counts the data rows from 0, `column` the columns."""

    row: int
    column: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet: title rows (the first large, over all columns), the header, then `rows` in column order.

    `layout`, when given, stands above the rows instead of titles and header: rows of cells as another file
    had them, from row `layout_header` (0-based) on in the style of a header, with its merged ranges.
    """

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[Any]]
    titles: Sequence[str] = ()
    marks: Sequence[Mark] = ()
    layout: Sequence[Sequence[Any]] = ()
    layout_header: int = 0
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


class _RowSheet(Worksheet):
    """A worksheet whose data rows are written as ready XML."""

    previous_row: int

    def write_xml_row(self, row: int, cells: str, last_column: int) -> None:
        # Before the row is streamed: afterwards the size of the sheet is not raised any more.
        self._check_dimensions(row, last_column)
        # What was written by the ordinary calls must stand before it.
        self._write_single_row(row + 1)
        self.fh.write(f'<row r="{row + 1}">{cells}</row>')

    def add_comment(self, row: int, column: int, text: str) -> None:
        # Rows already streamed are refused; comments have a part of their own, so they may be.
        ahead, self.previous_row = self.previous_row, 0
        self.write_comment(row, column, text, {"x_scale": 2})
        self.previous_row = ahead


def write_xlsx(target: Path | str | IO[bytes], sheets: Sequence[SheetSpec]) -> None:
    """Writes a workbook with frozen header rows; text columns have the text format, so IDs stay whole."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        formats = _Formats(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet_name(sheet.name), _RowSheet), sheet, formats)


class _Formats:
    def __init__(self, book: Workbook) -> None:
        border = {"border": 1, "border_color": "#B0B0B0"}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.subtitle = book.add_format({"align": "left"})
        self.header = book.add_format(
            {
                **border,
                "bold": True,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#EDF2F7",
            }
        )
        patterns = {"text": "@", "number": "General", "integer": "0", "percent": "0.0%", "date": "yyyy-mm-dd"}
        self.cells = {kind: book.add_format({"num_format": pattern}) for kind, pattern in patterns.items()}
        self.marked = {
            kind: book.add_format({"num_format": pattern, "bg_color": "#FFD7D7"})
            for kind, pattern in patterns.items()
        }


def sheet_name(name: str) -> str:
    """A name that Excel allows: no `[]:*?/\\`, at most 31 characters, not empty."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", " ", name).strip()[:31].strip("' ") or "Sheet1"


def _write_sheet(worksheet: _RowSheet, sheet: SheetSpec, formats: _Formats) -> None:
    columns = sheet.columns
    grouped = any(column.group for column in columns)
    first = len(sheet.layout) or len(sheet.titles) + (2 if grouped else 1)
    for index, column in enumerate(columns):
        worksheet.set_column(
            index, index, column.width, formats.cells[column.kind], {"hidden": True} if column.hidden else {}
        )
    worksheet.freeze_panes(first, 0)
    marked = {(mark.row, mark.column) for mark in sheet.marks}
    if sheet.layout:
        _write_layout(worksheet, sheet, formats)
    else:
        _write_head(worksheet, sheet, formats, grouped)
    plain = _styles(columns, formats.cells)
    shaded = _styles(columns, formats.marked)
    marked_rows = {row for row, _column in marked}
    for place, row in enumerate(sheet.rows):
        if place in marked_rows:
            styles = [shaded[c] if (place, c) in marked else plain[c] for c in range(len(columns))]
        else:
            styles = plain
        worksheet.write_xml_row(first + place, row_xml(first + place + 1, row, styles), len(columns) - 1)
    # After the rows, or the stream would make an empty row for each comment.
    for mark in sheet.marks:
        if mark.comment:
            worksheet.add_comment(first + mark.row, mark.column, mark.comment)


def _write_head(worksheet: _RowSheet, sheet: SheetSpec, formats: _Formats, grouped: bool) -> None:
    last = len(sheet.columns) - 1
    for row, title in enumerate(sheet.titles):
        style = formats.subtitle if row else formats.title
        if last and not row:
            worksheet.merge_range(row, 0, row, last, "", style)
        worksheet.write_string(row, 0, title, style)
    top = len(sheet.titles)
    if not grouped:
        for index, column in enumerate(sheet.columns):
            worksheet.write_string(top, index, column.header, formats.header)
        return
    # Constant memory writes row by row, so both rows are written from the left and merges only noted.
    starts = _group_starts(sheet.columns)
    for start, end in starts:
        group = sheet.columns[start].group
        worksheet.write_string(top, start, group or sheet.columns[start].header, formats.header)
        for index in range(start + 1, end + 1):
            worksheet.write_blank(top, index, None, formats.header)
    for start, end in starts:
        for index in range(start, end + 1):
            if sheet.columns[start].group:
                worksheet.write_string(top + 1, index, sheet.columns[index].header, formats.header)
            else:
                worksheet.write_blank(top + 1, index, None, formats.header)
        if not sheet.columns[start].group:
            worksheet.merge.append([top, start, top + 1, start])
        elif end > start:
            worksheet.merge.append([top, start, top, end])


def _write_layout(worksheet: _RowSheet, sheet: SheetSpec, formats: _Formats) -> None:
    for row, cells in enumerate(sheet.layout):
        style = formats.header if row >= sheet.layout_header else formats.subtitle
        for column, cell in enumerate(cells):
            if isinstance(cell, bool):
                worksheet.write_boolean(row, column, cell, style)
            elif isinstance(cell, (int, float)):
                worksheet.write_number(row, column, cell, style)
            elif isinstance(cell, date):
                worksheet.write_number(row, column, float(_day_number(cell)), formats.cells["date"])
            elif cell != "":
                worksheet.write_string(row, column, str(cell), style)
            elif row >= sheet.layout_header:
                worksheet.write_blank(row, column, None, style)
    for (first_row, first), (last_row, last) in sheet.merges:
        worksheet.merge.append([first_row, first, last_row, last])


def _group_starts(columns: Sequence[ColumnSpec]) -> list[tuple[int, int]]:
    starts: list[tuple[int, int]] = []
    for index, column in enumerate(columns):
        if starts and column.group and columns[index - 1].group == column.group:
            starts[-1] = (starts[-1][0], index)
        else:
            starts.append((index, index))
    return starts


def _styles(columns: Sequence[ColumnSpec], formats: dict[str, Format]) -> list[tuple[str, str, str]]:
    """Per column: letter, style of its kind, style of dates."""
    return [
        (
            column_letter(index),
            str(formats[column.kind]._get_xf_index()),
            str(formats["date"]._get_xf_index()),
        )
        for index, column in enumerate(columns)
    ]


def row_xml(number: int, row: Sequence[Any], styles: Sequence[tuple[str, str, str]]) -> str:
    """The cells of one row; strings are inline strings, whatever they begin with."""
    cells = []
    for value, (letter, style, date_style) in zip(row, styles, strict=False):
        if type(value) is str:
            if value:
                if _SPECIAL.search(value):
                    value = xml_text(value)
                cells.append(
                    f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is>'
                    f'<t xml:space="preserve">{value[:_CELL_LIMIT]}</t></is></c>'
                )
        elif value is None:
            continue
        elif isinstance(value, bool):
            cells.append(f'<c r="{letter}{number}" s="{style}" t="b"><v>{int(value)}</v></c>')
        elif isinstance(value, (int, float)):
            cells.append(_number_xml(f"{letter}{number}", style, value))
        elif isinstance(value, date):
            cells.append(f'<c r="{letter}{number}" s="{date_style}"><v>{_day_number(value)}</v></c>')
        else:
            cells.append(
                f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is>'
                f"<t>{xml_text(str(value))}</t></is></c>"
            )
    return "".join(cells)


def _number_xml(place: str, style: str, value: int | float) -> str:
    # More than fifteen digits would be destroyed by Excel; as text they are not.
    if abs(value) >= 1e15 or not math.isfinite(value):
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'


def _day_number(value: date) -> str:
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return f"{(value.date() - _EXCEL_EPOCH).days + seconds / 86400:.10g}"
    return str((value - _EXCEL_EPOCH).days)


def xml_text(text: str) -> str:
    """Text content of an inline string; the carriage return is a reference, or XML parsers would drop it."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text[:_CELL_LIMIT])
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return _NOT_XML.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def write_csv(target: Path | IO[bytes], headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """UTF-8 with BOM for Excel; texts that would be formulas get an apostrophe, which our reader undoes."""
    if isinstance(target, Path):
        with target.open("wb") as file:
            return write_csv(file, headers, rows)
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(stream)
        writer.writerow(map(guard, headers))
        writer.writerows(map(guard, row) for row in rows)
    finally:
        stream.detach()
    return None


def guard(value: Any) -> Any:
    """A text that a spreadsheet program would calculate, with an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_DANGEROUS) and not _PLAIN_NUMBER.fullmatch(value):
        return "'" + value
    return value
