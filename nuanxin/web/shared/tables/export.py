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


def sheet_response(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> FileResponse:
    """The file is complete before the first byte leaves: an error half way is an error, not half a file."""
    specs = [
        ColumnSpec(str(c.label), KINDS.get(c.kind, "text"), max(10, min(30, 2 * len(str(c.label)) + 8)))
        for c in columns
    ]
    lines = ([_cell(c.for_sheet(row)) for c in columns] for row in rows)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
    try:
        write_xlsx(file, [SheetSpec(title, specs, lines)])
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _cell(value: Any) -> Any:
    """Moments are written as text: to the minute, in local time."""
    return formats.datetime(value, "short") if isinstance(value, dt.datetime) else value
