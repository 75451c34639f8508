"""What a column of cells means once its kind is known: exact text, dates, numbers, yes and no.

Nothing is guessed. Excel keeps fifteen digits of a number: one of sixteen or more is `Destroyed`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from .dates import CellError, parse_date, parse_month
from .tidy import tidy_column

Kind = Literal[
    "text",
    "name",
    "resident_id",
    "credit_code",
    "mobile",
    "phone",
    "plate",
    "date",
    "month",
    "integer",
    "number",
    "percent",
    "boolean",
]

EXACT_LIMIT = 1e15
_SCIENTIFIC = re.compile(r"[-+]?(\d)(?:\.(\d+))?[eE]\+?(\d{1,3})")
_ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"}
)
_NUMBER = re.compile(
    r"([-+]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?)\s*(?:[人家个名户辆台岁]|万?元)?"
)
_YES = frozenset(
    {"是", "√", "✓", "✔", "☑", "有", "对", "已", "y", "yes", "t", "true", "1", "已加入", "已参加"}
)
_NO = frozenset(
    {
        "否",
        "×",
        "✗",
        "✘",
        "☒",
        "无",
        "错",
        "未",
        "n",
        "no",
        "f",
        "false",
        "0",
        "x",
        "没有",
        "未加入",
        "未参加",
    }
)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A number of which Excel has thrown digits away; `shown` is what is left of it, for the eye only."""

    shown: str

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of one cell; `index` counts the data rows of the table from 0."""

    index: int
    code: str
    params: dict[str, Any]
    severity: Literal["refuse", "note"] = "refuse"


@dataclass(frozen=True, slots=True)
class Converted:
    """`values` has one entry per data row, None where the cell is empty or refused."""

    values: list[Any]
    findings: list[Finding]


def exact_text(value: Any) -> str | Destroyed:
    """The text a person meant by a cell: 13800001234.0 → 13800001234, a date → ISO, 4.3E+17 → Destroyed."""
    if type(value) is str:
        return _text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        return _digits(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _digits(value: int | float) -> str | Destroyed:
    if EXACT_LIMIT <= abs(value) < math.inf:
        return Destroyed(f"{value:.14E}")
    if not math.isfinite(value):
        return ""
    if value == int(value):
        return str(int(value))
    # Fifteen significant digits are what the file's author saw; more are binary noise.
    return f"{value:.15g}"


def _text(text: str) -> str | Destroyed:
    if "e" not in text and "E" not in text:
        return text
    match = _SCIENTIFIC.fullmatch(text)
    if not match:
        return text
    head, tail, exponent = match[1], match[2] or "", int(match[3])
    # 1.1E+5 may be a person's code; a number starts to be a lost one where phones and IDs begin.
    if exponent < 10:
        return text
    if len(tail) < exponent or exponent >= 15:
        return Destroyed(text)
    return (head + tail)[: exponent + 1] if set(tail[exponent:]) <= {"0"} else text


class _Texts(dict[Any, Any]):
    def __missing__(self, text: str) -> str | Destroyed:
        self[text] = exact = _text(text)
        return exact


def texts(values: Sequence[Any]) -> list[str | Destroyed]:
    """`exact_text` of a tidied column, fast for columns of strings."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = "\n".join(values)
        # Scientific notation needs an E; most columns have none.
        return (
            list(values)
            if "E" not in joined and "e" not in joined
            else list(map(_Texts().__getitem__, values))
        )
    return list(map(exact_text, values))


def convert(values: Sequence[Any], kind: Kind) -> Converted:
    """A tidied column as values of its kind.

    Texts and codes → str (check codes with foundation.codes afterwards); date → date; month → `YYYY-MM` or
    `YYYY-MM-DD`; integer → int; number and percent → float (35 % is 0.35); boolean → bool.
    """
    if kind in _PARSERS:
        return _parsed(values, _PARSERS[kind])
    found: list[Finding] = []
    result: list[Any] = []
    exact = texts(values)
    if set(map(type, exact)) == {str} and "#" not in (joined := "\n".join(exact)):  # type: ignore[arg-type]
        result = [text or None for text in exact] if "\n\n" in f"\n{joined}\n" else list(exact)
        exact = []
    for index, text in enumerate(exact):
        if type(text) is str and text and text[0] != "#":
            result.append(text)
        elif not text:
            result.append(None)
        elif isinstance(text, Destroyed):
            result.append(None)
            found.append(Finding(index, "cell.destroyed", {}))
        elif text.upper() in _ERROR_VALUES:
            result.append(None)
            found.append(Finding(index, "cell.formula_error", {"text": text}))
        else:
            result.append(text)
    if kind == "resident_id":
        _cut_off_ids(result, found)
    return Converted(result, found)


def _cut_off_ids(values: list[Any], found: list[Finding]) -> None:
    """A .csv saved by Excel shows cut IDs as digits ending in 000; one real ID in a thousand ends so too.

    Where several do, or more than one in fifty, none is believed; a lone one is noted.
    """
    suspects = [i for i, v in enumerate(values) if v and len(v) == 18 and v.endswith("000") and v.isdigit()]
    if not suspects:
        return
    filled = sum(value is not None for value in values)
    believed = len(suspects) <= max(1, filled // 50)
    for index in suspects:
        if believed:
            found.append(Finding(index, "cell.maybe_destroyed", {}, "note"))
        else:
            values[index] = None
            found.append(Finding(index, "cell.destroyed", {}))


def _parsed(values: Sequence[Any], parse: Callable[[Any], Any]) -> Converted:
    found: list[Finding] = []
    result: list[Any] = []
    known: dict[str | date, tuple[Any, CellError | None]] = {"": (None, None)}
    for index, value in enumerate(values):
        if type(value) is str or type(value) is date:
            if value not in known:
                known[value] = _try(parse, value)
            answer, error = known[value]
        else:
            answer, error = (None, None) if value is None else _try(parse, value)
        result.append(answer)
        if error:
            found.append(Finding(index, error.code, error.params))
    return Converted(result, found)


def _try(parse: Callable[[Any], Any], value: Any) -> tuple[Any, CellError | None]:
    if type(value) is str and value.startswith("#") and value.upper() in _ERROR_VALUES:
        return None, CellError("cell.formula_error", text=value)
    try:
        return parse(value), None
    except CellError as error:
        return None, error


def _whole_date(value: Any) -> date:
    iso = parse_date(value)
    if len(iso) == 7:
        raise CellError("date.month_only")
    return date.fromisoformat(iso)


def _number(value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise CellError("number.format")
    return float(match[1].replace(",", "").replace("，", ""))


def _integer(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise CellError("number.integer")
    if abs(number) >= EXACT_LIMIT:
        raise CellError("cell.destroyed")
    return int(number)


def _percent(value: Any) -> float:
    if isinstance(value, str) and value.endswith(("%", "％")):
        return round(_number(value[:-1].strip()) / 100, 12)
    try:
        number = _number(value)
    except CellError:
        raise CellError("percent.format") from None
    if not 0 <= number <= 1:
        # 35 without a sign may be 35 % or a count.
        raise CellError("percent.format")
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(exact_text(value)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError("boolean.format")


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "date": _whole_date,
    "month": parse_month,
    "integer": _integer,
    "number": _number,
    "percent": _percent,
    "boolean": _boolean,
}


def convert_raw(values: Sequence[Any], kind: Kind) -> Converted:
    """`convert` for values that did not come through a Table and are not tidied yet."""
    return convert(tidy_column(values), kind)
