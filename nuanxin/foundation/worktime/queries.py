"""The calendar in force."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from django.conf import settings

from .enums import DayKind
from .models import CalendarDay
from .rules import Kind, OfficeHours, WorkCalendar

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利七十周年纪念日",
}


@cache
def _package() -> tuple[dict[date, Kind], dict[date, str], int]:
    """Days and names of the package `chinesecalendar`, and the last year that it knows."""
    days = dict.fromkeys(chinese_calendar.holidays, Kind.HOLIDAY)
    days |= dict.fromkeys(chinese_calendar.workdays, Kind.WORK)
    both = {**chinese_calendar.holidays, **chinese_calendar.workdays}
    names = {day: NAMES.get(name, name) for day, name in both.items()}
    return days, names, max(day.year for day in chinese_calendar.holidays)


def calendar() -> WorkCalendar:
    """The working calendar: the package's days, over them the imported ones (a year's notice replaces the
    year).

    One query; ask once for many computations.
    """
    imported = dict(CalendarDay.objects.values_list("day", "kind"))
    return _compose({day: Kind(kind) for day, kind in imported.items()})


def _compose(imported: dict[date, Kind]) -> WorkCalendar:
    days, _names, last = _package()
    years = {day.year for day in imported}
    # a notice for 2027 names the last days of 2026 at most; a year counts as known by its own spring festival
    known = {year for year in years if any(d.year == year and d.month > 1 for d in imported)}
    while last + 1 in known:
        last += 1
    merged = {day: kind for day, kind in days.items() if day.year not in known} | imported
    hours = getattr(settings, "NUANXIN_OFFICE_HOURS", "")
    return WorkCalendar(merged, date(last + 1, 1, 1), OfficeHours.parse(hours) if hours else OfficeHours())


@dataclass(frozen=True)
class DayCell:
    """A day on the year's sheet. `kind` is "work", "off" (week-end), "holiday" or "makeup"."""

    day: date
    kind: str
    name: str
    source: str
    provisional: bool


def year_sheet(year: int) -> list[list[DayCell]]:
    """The twelve months of a year, day by day."""
    rows = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    calendar_now = calendar()
    _days, names, _last = _package()
    months: list[list[DayCell]] = [[] for _month in range(12)]
    day = date(year, 1, 1)
    while day.year == year:
        special = calendar_now.days.get(day)
        if special is not None:
            kind = "makeup" if special == Kind.WORK else "holiday"
        else:
            kind = "work" if calendar_now.is_working(day) else "off"
        row = rows.get(day)
        name = row.name if row else (names.get(day, "") if special is not None else "")
        months[day.month - 1].append(
            DayCell(day, kind, name, row.source if row else "", calendar_now.is_provisional(day))
        )
        day += timedelta(days=1)
    return months


def sources() -> list[tuple[str, int, date, date]]:
    """The imported notices: source, number of days, first and last day."""
    found: dict[str, list[date]] = {}
    for day, source in CalendarDay.objects.values_list("day", "source"):
        found.setdefault(source, []).append(day)
    return [(source, len(days), min(days), max(days)) for source, days in sorted(found.items())]


__all__ = ["DayCell", "DayKind", "calendar", "sources", "year_sheet"]
