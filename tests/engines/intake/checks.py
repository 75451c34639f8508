"""Checking a few rows without a database."""

from datetime import date
from typing import Any

from nuanxin.engines.intake.rules import CheckContext, Checked, PlaceAnswer, Target
from nuanxin.foundation.sheets.rules import Column

TODAY = date(2026, 11, 20)
COUNTY, STREET, COMMUNITY = 430121000000000, 430121001000000, 430121001001000
PLACES = {
    "星沙街道": PlaceAnswer("found", STREET),
    "星沙街道开元路社区": PlaceAnswer("found", COMMUNITY),
    "长街社区": PlaceAnswer("found", COMMUNITY),
    "开元路社区": PlaceAnswer("several"),
    "长沙市": PlaceAnswer("wide"),
    "南山区": PlaceAnswer("outside", 440305000000000),
    "东街": PlaceAnswer("several"),
}


def context(**more: Any) -> CheckContext:
    def place(text: str, address: bool) -> PlaceAnswer:
        if address:
            return next((a for name, a in PLACES.items() if text.startswith(name)), PlaceAnswer("unknown"))
        return PLACES.get(text, PlaceAnswer("unknown"))

    options: dict[str, Any] = {"today": TODAY, "area": COUNTY, "sector": "delivery", "place": place}
    return CheckContext(**{**options, "platforms": {"美团": "meituan", "饿了么": "eleme"}, **more})


def check(target: Target, /, *rows: dict[str, Any], **more: Any) -> Checked:
    """Rows by field code; the columns are those that any row names."""
    fields = list(dict.fromkeys(field for row in rows for field in row))
    columns = {
        field: Column(place, field, (field,), [row.get(field, "") for row in rows])
        for place, field in enumerate(fields)
    }
    return target.check(columns, len(rows), context(**more))


def one(
    target: Target, /, row: dict[str, Any], **more: Any
) -> tuple[dict[str, Any], list[tuple[str, str, bool]]]:
    """Values and (field, code, refuses) of a single row."""
    done = check(target, row, **more)
    values = {field: column[0] for field, column in done.values.items() if column[0] is not None}
    return values, [(f.field, f.code, f.refuse) for f in done.findings]
