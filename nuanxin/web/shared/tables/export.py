"""A table as a spreadsheet. Rows stream into a file on disk, the file streams to the person."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse
from django.utils import timezone

from nuanxin.foundation.sheets.rules.writer import CellKind, ColumnSpec, SheetSpec, write_xlsx

from .. import formats
from .columns import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, CellKind] = {"number": "number", "date": "date"}


def table_response(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> FileResponse:
    """The rows of a table under its columns."""
    kinds = [KINDS.get(c.kind, "text") for c in columns]
    lines = ([c.for_sheet(row) for c in columns] for row in rows)
    return sheet_response(title, [str(c.label) for c in columns], lines, kinds)


def sheet_response(
    title: str, header: Sequence[str], lines: Iterable[Sequence[Any]], kinds: Sequence[CellKind] = ()
) -> FileResponse:
    """The file is complete before the first byte leaves: an error half way is an error, not half a file."""
    kinds = kinds or ["text"] * len(header)
    specs = [
        ColumnSpec(label, kind, max(10, min(30, 2 * len(label) + 8)))
        for label, kind in zip(header, kinds, strict=True)
    ]
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
    try:
        write_xlsx(file, [SheetSpec(title, specs, ([_cell(v) for v in line] for line in lines))])
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _cell(value: Any) -> Any:
    """Moments are written as text: to the minute, in local time."""
    return formats.datetime(value, "short") if isinstance(value, dt.datetime) else value
