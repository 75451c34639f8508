"""From a sheet and its header to the columns and rows of data; what is no data becomes a note."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any

from .header import Header, is_note_row, label
from .problems import Problem, SheetRefused
from .safety import Limits, column_letter
from .table import ADDED_HEADERS, ORIGINAL_ROW, Column, Grid, Table
from .tidy import tidy, tidy_column

_TOTALS = re.compile(r"(?:本页|本表)?(?:合|总|小|共)\s*计\s*[:：]?\s*[\d,]*\s*[人家个条户名位]?")
_SIGNATURE = re.compile(
    r"(?:填报|填表|制表|审核|审批|复核|经办|报送|统计|单位|部门)?\s*"
    r"(?:填报人|审核人|制表人|填表人|经办人|负责人|联系人|联系电话|电话|日期|时间|单位|盖章|签字|人)?"
    r"\s*(?:（[^）]*）|\([^)]*\))?\s*[：:]"
)
_FOOTNOTE = re.compile(r"(?:注|备注|说明|填表说明|填报说明)\s*\d?\s*[：:、.]|\d+[、.．]\s*\D")
_TAIL = 15
_NOTE_ROWS = 4


def build_table(filename: str, grid: Grid, header: Header, limits: Limits) -> Table:
    """The table under a header; raises SheetRefused without rows or beyond the limits."""
    notes: list[Problem] = []
    rows = grid.rows
    start = header.end
    while start < len(rows) and start < header.end + _NOTE_ROWS and is_note_row(rows[start], header):
        notes.append(_row_note(start, "row.note"))
        start += 1
    end = _without_signatures(rows, start, notes)
    if filled_down := _fill_down(grid, start, end):
        notes.append(Problem(None, "", "", "", "sheet.merged", {"count": filled_down}, "note"))
    indexes = [i for i in range(start, end) if rows[i].count("") != len(rows[i])]
    by_column: list[Sequence[Any]] = list(zip(*[rows[i] for i in indexes], strict=True))
    by_column = [tidy_column(cells) for cells in by_column]
    dropped = _not_data(by_column, indexes, header, notes)
    if dropped:
        keep = [place for place in range(len(indexes)) if place not in dropped]
        indexes = [indexes[place] for place in keep]
        by_column = [[cells[place] for place in keep] for cells in by_column]
    if not indexes:
        raise SheetRefused("sheet.no_rows")
    if len(indexes) > limits.rows:
        raise SheetRefused("sheet.rows", limit=limits.rows)
    columns, originals = _columns(by_column, header, notes)
    if len(columns) > limits.columns:
        raise SheetRefused("sheet.columns", limit=limits.columns)
    return Table(
        filename=filename,
        grid=grid,
        columns=columns,
        row_numbers=[i + 1 for i in indexes],
        header_row=header.top + 1,
        header_height=header.height,
        notes=notes,
        original_rows=originals,
    )


def _fill_down(grid: Grid, start: int, end: int) -> int:
    """Repeats a cell merged over several data rows (one employer, many people) in each; the number of such cells.

    Done in the grid itself, so that a row shown alone in the error file is whole.
    """
    merges = [merge for merge in grid.merges if merge[0][0] >= start and merge[1][0] > merge[0][0]]
    spanned = {row for (first, _c), (last, _d) in merges for row in range(first, min(last + 1, end))}
    blank = {row for row in spanned if row >= end or grid.rows[row].count("") == len(grid.rows[row])}
    for (first, column), (last, _end) in merges:
        for row in range(first + 1, min(last + 1, end)):
            if row not in blank and grid.rows[row][column] == "":
                grid.rows[row][column] = grid.rows[first][column]
    return len(merges)


def _row_note(index: int, code: str) -> Problem:
    return Problem(index + 1, "", "", "", code, {}, "note")


def _without_signatures(rows: list[list[Any]], start: int, notes: list[Problem]) -> int:
    """The end of the data: footnotes and 填报人：… below it are cut off, from the last row upwards."""
    end = len(rows)
    while end > start and end > len(rows) - _TAIL:
        filled = [tidy(cell) if isinstance(cell, str) else cell for cell in rows[end - 1] if cell != ""]
        if filled:
            texts = [cell for cell in filled if isinstance(cell, str)]
            signed = bool(texts) and _SIGNATURE.match(texts[0]) is not None
            footnote = len(filled) == 1 and bool(texts) and _FOOTNOTE.match(texts[0]) is not None
            if not (signed or footnote):
                break
            notes.append(_row_note(end - 1, "row.signature"))
        end -= 1
    return end


def _not_data(
    by_column: list[Sequence[Any]], indexes: list[int], header: Header, notes: list[Problem]
) -> set[int]:
    """Places of totals, repeated headers and rows of mere spaces."""
    dropped: set[int] = set()
    named = [c for c, part in enumerate(header.parts) if part]
    for cells in [by_column[c] for c in named[:4]] if by_column else []:
        for place, cell in enumerate(cells):
            if type(cell) is str and len(cell) <= 16 and "计" in cell and _TOTALS.fullmatch(cell):
                dropped.add(place)
    notes.extend(_row_note(indexes[place], "row.total") for place in sorted(dropped))
    first = named[0]
    again = {
        place
        for place, cell in enumerate(by_column[first] if by_column else ())
        if type(cell) is str
        and cell
        and label(cell) == header.parts[first][0]
        and sum(label(by_column[c][place]) in header.parts[c] for c in named) * 2 > len(named)
    }
    notes.extend(_row_note(indexes[place], "row.header_again") for place in sorted(again))
    dropped |= again
    blank = {place for place, cell in enumerate(by_column[first] if by_column else ()) if cell == ""}
    for cells in by_column:
        blank = {place for place in blank if cells[place] == ""}
    return dropped | blank


def _columns(
    by_column: list[Sequence[Any]], header: Header, notes: list[Problem]
) -> tuple[list[Column], list[int | None] | None]:
    columns: list[Column] = []
    originals: list[int | None] | None = None
    names = ["/".join(parts) for parts in header.parts]
    counts = Counter(name for name in names if name)
    seen: Counter[str] = Counter()
    for index, cells in enumerate(by_column):
        name = names[index]
        if name in ADDED_HEADERS:
            if name == ORIGINAL_ROW:
                originals = [
                    int(cell) if isinstance(cell, float) or str(cell).isdecimal() else None for cell in cells
                ]
            continue
        if not name:
            if all(cell == "" for cell in cells):
                continue
            letter = column_letter(index)
            notes.append(Problem(None, letter, "", "", "header.missing", {"letter": letter}, "note"))
            name = letter
        seen[name] += 1
        if counts[name] > 1:
            if seen[name] == 1:
                params = {"header": name, "count": counts[name]}
                notes.append(
                    Problem(None, column_letter(index), name, "", "header.duplicate", params, "note")
                )
            else:
                name = next(n for k in count(seen[name]) if (n := f"{name}（{k}）") not in counts)
        columns.append(Column(index, name, header.parts[index], list(cells)))
    return columns, originals


def _number(cell: Any) -> int | None:
    return int(cell) if isinstance(cell, float) or str(cell).isdecimal() else None
