"""Dates as people and Excel write them, to ISO days or months; a day that does not exist is refused."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Any

EARLIEST, LATEST = 1900, 2100
_EXCEL_EPOCH = date(1899, 12, 30)

_SEPARATED = re.compile(
    r"(\d{4})\s*[-/.年·]\s*(\d{1,2})\s*(?:[-/.月·]\s*(\d{1,2})\s*[日号]?|月)?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")


class CellError(ValueError):
    """A cell that cannot be what its column is; `code` is a key of the messages."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def parse_date(value: Any) -> str:
    """`2024-03-05` or, where no day was given, `2024-03`.

    Read: date cells and Excel's day numbers, 2024-03-05, 2024/3/5, 2024.3.5, 20240305, 2024年3月5日,
    2024年3月, 2024.03, 199001; each also with a time of day, which is dropped.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _day(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if not isinstance(value, str):
        raise CellError("date.format")
    text = value.strip()
    match = _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text)
    if not match:
        if text.isascii() and text.isdigit() and len(text) == 5:
            return _from_number(int(text))
        raise CellError("date.format")
    year, month, day = match.groups()
    return _day(int(year), int(month), int(day)) if day else _month(int(year), int(month))


def parse_month(value: Any) -> str:
    """As `parse_date`, for columns such as 出生年月 where a month is enough."""
    return parse_date(value)


def _from_number(number: int | float) -> str:
    if not math.isfinite(number):
        raise CellError("date.format")
    if number == int(number):
        digits = str(int(number))
        if len(digits) in (6, 8):
            return parse_date(digits)
        # Day numbers of 1910 to 2100; smaller ones are years or counts.
        if 3654 <= number <= 73415:
            return (_EXCEL_EPOCH + timedelta(days=int(number))).isoformat()
        raise CellError("date.format")
    if 3654 <= number <= 73415:
        return (_EXCEL_EPOCH + timedelta(days=int(number))).isoformat()
    # 2024.3 typed into a number cell; 2024.1 is what is left of 2024.10 as well.
    year, _dot, month = f"{number:.15g}".partition(".")
    if len(year) == 4 and month == "1":
        raise CellError("date.ambiguous", text=f"{number:.15g}")
    if len(year) == 4 and len(month) <= 2:
        return _month(int(year), int(month))
    raise CellError("date.format")


def _day(year: int, month: int, day: int) -> str:
    try:
        real = date(year, month, day)
    except ValueError:
        raise CellError("date.unreal") from None
    if not EARLIEST <= year <= LATEST:
        raise CellError("date.unreal")
    return real.isoformat()


def _month(year: int, month: int) -> str:
    return _day(year, month, 1)[:7]
