"""A table as a spreadsheet. Rows stream into a file on disk, the file streams to the person."""

import tempfile
from collections.abc import Iterable
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_response(title: str, header: list[str], lines: Iterable[list[Any]]) -> FileResponse:
    """The file is complete before the first byte leaves: an error half way is an error, not half a file."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
    try:
        write(file, title, header, lines)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def write(file: IO[bytes], title: str, header: list[str], lines: Iterable[list[Any]]) -> None:
    """Texts stay texts (`=cmd` is no formula); dates and numbers stay dates and numbers."""
    import datetime as dt

    import xlsxwriter

    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    sheet = book.add_worksheet(title[:31].translate({ord(c): "_" for c in "[]:*?/\\"}))
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F0EDEA"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for at, label in enumerate(header):
        sheet.set_column(at, at, max(10, min(30, 2 * len(label) + 6)))
        sheet.write_string(0, at, label, bold)
    last = 0
    for last, line in enumerate(lines, start=1):
        for at, value in enumerate(line):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(last, at, value)
            elif isinstance(value, dt.datetime):
                local = timezone.localtime(value) if timezone.is_aware(value) else value
                sheet.write_datetime(last, at, local.replace(tzinfo=None), moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(last, at, dt.datetime.combine(value, dt.time()))
            else:
                sheet.write_number(last, at, value)
    if header:
        sheet.autofilter(0, 0, last, len(header) - 1)
    book.close()
