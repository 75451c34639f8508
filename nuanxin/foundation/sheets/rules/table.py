"""A table as read: tidied columns with their letters, rows with their true numbers, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import Converted, Destroyed, Kind, convert, texts
from .problems import Problem, value_hint
from .safety import column_letter

# ((first row, first column), (last row, last column)), 0-based.
Merge = tuple[tuple[int, int], tuple[int, int]]

ORIGINAL_ROW = "原行号"
REASON = "错误原因"
MEND = "如何改正"
ADDED_HEADERS = frozenset({ORIGINAL_ROW, REASON, MEND})


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as it stands in the file; `rows[i]` is row i+1, all of one width; empty cells are ''."""

    name: str
    rows: list[list[Any]]
    merges: Sequence[Merge] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """`values` are tidied, one per data row. `header` is unique; `parts` are its rows, top first."""

    index: int
    header: str
    parts: tuple[str, ...]
    values: list[Any]

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    def texts(self) -> list[str | Destroyed]:
        """The cells as exact text, '' where empty."""
        return texts(self.values)

    def convert(self, kind: Kind) -> Converted:
        """The cells as values of a kind, None where empty or refused."""
        return convert(self.values, kind)


@dataclass(frozen=True, slots=True)
class Table:
    """`row_numbers[i]` is the 1-based row of the file that holds the i-th value of every column.

    `header_row` (1-based) and `header_height` say where the header stood. `original_rows[i]` is the row of
    the first file, when this one is an error file that came back mended. `grid` is the sheet as it was.
    """

    filename: str
    grid: Grid
    columns: list[Column]
    row_numbers: list[int]
    header_row: int
    header_height: int
    notes: list[Problem] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)
    original_rows: list[int | None] | None = None

    def __len__(self) -> int:
        return len(self.row_numbers)

    @property
    def sheet(self) -> str:
        return self.grid.name

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def title_rows(self) -> list[list[Any]]:
        """The rows above the header, as they stand."""
        return self.grid.rows[: self.header_row - 1]

    def column(self, name: str) -> Column:
        """By header or by letter; headers win."""
        for column in self.columns:
            if column.header == name:
                return column
        for column in self.columns:
            if column.letter == name:
                return column
        raise KeyError(name)

    def problem(
        self,
        index: int,
        column: Column,
        code: str,
        params: dict[str, Any] | None = None,
        *,
        field: str = "",
        severity: str = "refuse",
    ) -> Problem:
        """A problem of the i-th data row in a column, with place and masked value filled in."""
        return Problem(
            row=self.row_numbers[index],
            column_letter=column.letter,
            header=column.header,
            field=field,
            code=code,
            params=params or {},
            severity="note" if severity == "note" else "refuse",
            value_hint=value_hint(texts(column.values[index : index + 1])[0]),
        )
