"""Reads the spreadsheets that departments really send: .xlsx .xlsm .xls .csv .tsv, whatever the layout."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from .delimited import read_rows
from .header import Header, find_header, header_at
from .layout import build_table
from .problems import Problem, SheetRefused
from .safety import LIMITS, Limits, check_file, inspect_file
from .table import Grid, Table

T = TypeVar("T")


def read_table(
    source: bytes | Path,
    filename: str,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    limits: Limits = LIMITS,
) -> Table:
    """The roster in a file; raises SheetRefused when the file or the sheet cannot be one.

    Without `sheet` the visible sheet with the best header is taken and the others are named in the notes.
    `header_row` (1-based, the upper row of a stacked header) overrides the search. Macros are never run.
    """
    if isinstance(source, Path):
        if source.stat().st_size > limits.size:
            raise SheetRefused(
                "file.size", size=-(-source.stat().st_size // 1048576), limit=limits.size // 1048576
            )
        source = source.read_bytes()
    kind, error_cells = inspect_file(source, filename, limits)
    suffix = PurePath(filename).suffix.lower()
    others: list[str] = []
    if kind == "text":
        rows = read_rows(source, suffix, max_rows=limits.rows + 100)
        chosen = Grid(PurePath(filename).stem, rows)
    else:
        chosen, others = _choose(source, sheet)
    if not any(cell != "" for row in chosen.rows for cell in row):
        raise SheetRefused("sheet.empty")
    table = build_table(filename, chosen, _header(chosen, header_row), limits)
    table.other_sheets.extend(others)
    if others:
        table.notes.append(_note("sheet.others", names="、".join(others)))
    if error_cells:
        table.notes.append(_note("file.error_cells", count=error_cells))
    if suffix == ".xlsm":
        table.notes.append(_note("file.macros"))
    return table


def _note(code: str, **params: Any) -> Problem:
    return Problem(None, "", "", "", code, params, "note")


def _header(grid: Grid, header_row: int | None) -> Header:
    if header_row is None:
        header = find_header(grid)
    elif 1 <= header_row <= len(grid.rows):
        header = header_at(grid, header_row - 1, chosen=True)
    else:
        header = None
    if header is None:
        raise SheetRefused("sheet.no_header")
    return header


def sheet_names(source: bytes, filename: str) -> list[str]:
    """The worksheets of a workbook, hidden ones last; one name for a text file."""
    if check_file(source, filename) == "text":
        return [PurePath(filename).stem]
    return [
        name
        for name, _hidden in _worksheets(
            _calamine(lambda: CalamineWorkbook.from_filelike(io.BytesIO(source)))
        )
    ]


def _worksheets(book: CalamineWorkbook) -> list[tuple[str, bool]]:
    sheets = [
        (meta.name, meta.visible != SheetVisibleEnum.Visible)
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet
    ]
    return sorted(sheets, key=lambda named: named[1])


def _choose(source: bytes, sheet: str | None) -> tuple[Grid, list[str]]:
    with _calamine(lambda: CalamineWorkbook.from_filelike(io.BytesIO(source))) as book:
        sheets = _worksheets(book)
        names = [name for name, _hidden in sheets]
        if sheet is not None:
            if sheet not in names:
                raise SheetRefused("sheet.missing", sheet=sheet)
            return _grid(book, sheet), [name for name in names if name != sheet]
        best: Grid | None = None
        best_score = -1.0
        filled = []
        for name, hidden in sheets:
            # Hidden sheets are drop-down lists and leftovers; they are read only when nothing else is there.
            if hidden and best is not None:
                continue
            grid = _grid(book, name, hidden)
            if not grid.rows:
                continue
            filled.append(name)
            header = find_header(grid)
            # A roster has many columns named and many rows; a summary has few rows.
            score = header.score * min(len(grid.rows) - header.end, 10) if header else 0.0
            if score > best_score:
                best, best_score = grid, score
    if best is None:
        raise SheetRefused("sheet.empty")
    return best, [name for name in filled if name != best.name]


def _grid(book: CalamineWorkbook, name: str, hidden: bool = False) -> Grid:
    worksheet = _calamine(lambda: book.get_sheet_by_name(name))
    if worksheet.start is None:
        return Grid(name, [], (), hidden)
    # With the empty area in front kept, rows[i] is row i+1 of the file.
    return Grid(
        name, worksheet.to_python(skip_empty_area=False), tuple(worksheet.merged_cell_ranges or ()), hidden
    )


def _calamine(call: Callable[[], T]) -> T:
    try:
        return call()
    except PasswordError as error:
        raise SheetRefused("file.password") from error
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise SheetRefused("file.damaged") from error
    except BaseException as error:
        # A panic of the Rust library is no Exception; anything else of that rank (Ctrl-C) goes on.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetRefused("file.damaged") from error


def rows_of(
    source: bytes, filename: str, *, sheet: str | None = None, limit: int = 50
) -> Iterator[list[Any]]:
    """The first rows as they stand, for the screen on which the header row is chosen."""
    if check_file(source, filename) == "text":
        rows = read_rows(source, PurePath(filename).suffix.lower(), max_rows=LIMITS.rows + 100)
    else:
        rows = _choose(source, sheet)[0].rows
    yield from rows[:limit]
