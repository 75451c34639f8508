"""The error file: the refused rows in the layout they came in, with what is wrong and how to mend it.

Mended and sent again it is read as any file; the three added columns are left out by `read_table`, and the
original row numbers come back in `Table.original_rows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any

from .cells import EXACT_LIMIT
from .problems import Problem, message_text, split_mend
from .safety import column_letter
from .table import MEND, ORIGINAL_ROW, REASON, Table
from .writer import CellKind, ColumnSpec, Mark, SheetSpec, write_xlsx

_LONGEST_REASON = 2000
# Each comment is a drawing; Excel becomes slow with many, and the reason stands in its column anyway.
_MOST_COMMENTS = 1000


def write_error_file(
    target: Path | str | IO[bytes],
    table: Table,
    problems: Iterable[Problem],
    *catalogues: Mapping[str, Any],
) -> int:
    """Writes the rows that have a refusing problem; the number of such rows.

    `catalogues` are further message catalogues, such as `codes.rules.MESSAGES`.
    """
    by_row: defaultdict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.row is not None and problem.severity == "refuse":
            by_row[problem.row].append(problem)
    known = set(table.row_numbers)
    numbers = sorted(row for row in by_row if row in known)
    width = len(table.grid.rows[0])
    dropped = _added_before(table, width)
    kept = [c for c in range(width) if c not in dropped]
    places = {column_letter(c): place for place, c in enumerate(kept)}
    origins = dict(zip(table.row_numbers, table.original_rows or table.row_numbers, strict=True))

    rows: list[list[Any]] = []
    marks: list[Mark] = []
    for place, number in enumerate(numbers):
        found = [
            (problem, message_text(problem.code, problem.params, *catalogues)) for problem in by_row[number]
        ]
        reason, mend = _columns_text(found)
        cells = table.grid.rows[number - 1]
        rows.append([*(cells[c] for c in kept), reason, mend, origins[number] or number])
        for problem, text in found:
            if problem.column_letter in places:
                comment = text if len(marks) < _MOST_COMMENTS else ""
                marks.append(Mark(place, places[problem.column_letter], comment))
    write_xlsx(target, [_sheet(table, kept, rows, marks)])
    return len(numbers)


def _added_before(table: Table, width: int) -> set[int]:
    """Columns of an earlier error file, which are made anew."""
    header = table.grid.rows[table.header_row - 1]
    return {c for c in range(width) if str(header[c]).strip() in (REASON, MEND, ORIGINAL_ROW)}


def _columns_text(found: list[tuple[Problem, str]]) -> tuple[str, str]:
    reasons, mends = [], []
    for problem, text in found:
        cause, mend = split_mend(text)
        reasons.append(f"{problem.header}：{cause}" if problem.header else cause)
        if mend and mend not in mends:
            mends.append(mend)
    return "\n".join(reasons)[:_LONGEST_REASON], "\n".join(mends)[:_LONGEST_REASON]


def _sheet(table: Table, kept: list[int], rows: list[list[Any]], marks: list[Mark]) -> SheetSpec:
    top, bottom = table.header_row - 1, table.header_row - 1 + table.header_height
    head = table.grid.rows[top:bottom]
    columns = [
        ColumnSpec("", kind=_kind([row[place] for row in rows]), width=16) for place in range(len(kept))
    ]
    columns += [ColumnSpec(REASON, width=40), ColumnSpec(MEND, width=40)]
    columns.append(ColumnSpec(ORIGINAL_ROW, kind="integer", hidden=True))
    added = [REASON, MEND, ORIGINAL_ROW]
    blank = [""] * len(added)
    layout = [[*(row[c] for c in kept), *blank] for row in table.grid.rows[:top]]
    layout += [[*(row[c] for c in kept), *(added if not place else blank)] for place, row in enumerate(head)]
    moved = {c: place for place, c in enumerate(kept)}
    merges = [
        ((first_row, moved[first]), (last_row, moved[last]))
        for (first_row, first), (last_row, last) in table.grid.merges
        if last_row < bottom and first in moved and last in moved
    ]
    return SheetSpec(
        name=table.sheet,
        columns=columns,
        rows=rows,
        marks=marks,
        layout=layout,
        layout_header=top,
        merges=merges,
    )


def _kind(values: list[Any]) -> CellKind:
    """Columns of numbers and dates stay so; all else becomes text, so that an ID typed anew stays whole."""
    kinds = {type(value) for value in values if value != ""}
    if kinds and kinds <= {int, float}:
        return "number" if all(abs(value) < EXACT_LIMIT for value in values if value != "") else "text"
    return "date" if kinds and all(issubclass(kind, date) for kind in kinds) else "text"
