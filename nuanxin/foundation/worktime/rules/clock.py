"""Working days, months and office hours by the real calendar of the People's Republic of China.

Sources: 民法典 201–203 (the day itself is not counted unless a rule says so), the State Council's yearly
notice of holidays and make-up workdays, dossier 2.3. Days are `date`, moments are aware `datetime` in the
caller's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

DAY = timedelta(days=1)
FARTHEST = 4000
"""Days: nothing is counted over more than some eleven years; more is a mistake of the caller."""


class Kind(StrEnum):
    """What a notice makes of a day."""

    WORK = "work"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Due:
    """A day or a moment, and whether it rests on days whose notice is not out yet."""

    at: Any
    provisional: bool

    @property
    def day(self) -> date:
        return self.at.date() if isinstance(self.at, datetime) else self.at


@dataclass(frozen=True)
class Count:
    """A number of days or hours between two points, and whether it rests on days not yet announced."""

    amount: float
    provisional: bool


@dataclass(frozen=True)
class OfficeHours:
    """Spans of a working day, in order, not touching each other."""

    spans: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("office hours: spans must follow each other and not be empty")

    @classmethod
    def parse(cls, text: str) -> "OfficeHours":
        """ "9:00-12:00,13:30-17:30" as a setting writes it. Raises ValueError."""
        spans = []
        for part in text.split(","):
            opens, _, closes = part.strip().partition("-")
            spans.append((_clock(opens), _clock(closes)))
        return cls(tuple(spans))


def _clock(text: str) -> time:
    hour, _, minute = text.strip().partition(":")
    return time(int(hour), int(minute or 0))


@dataclass(frozen=True)
class WorkCalendar:
    """`days`: what notices say about single days; all others follow the week. `provisional_from`: the first
    day of the first year without a notice: from there on results are provisional."""

    days: Mapping[date, Kind]
    provisional_from: date
    hours: OfficeHours = field(default_factory=OfficeHours)

    def is_working(self, day: date) -> bool:
        kind = self.days.get(day)
        return kind == Kind.WORK if kind is not None else day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        return day >= self.provisional_from

    def add_working_days(self, start: date, n: int, *, count_first: bool = False) -> Due:
        """The last of `n` working days after `start`; with `count_first` a working `start` is the first of
        them.

        0 days end on `start` itself. 2026-09-18 + 5 → 2026-09-24, because Sunday the 20th works.
        """
        _reasonable(n)
        left = n
        day = start
        if count_first and left and self.is_working(day):
            left -= 1
        while left:
            day += DAY
            left -= self.is_working(day)
        return Due(day, self.is_provisional(day))

    def next_working_day(self, day: date) -> Due:
        """The day itself when it works, else the next that does (民法典 203: a term that ends on a day
        off).
        """
        while not self.is_working(day):
            day += DAY
        return Due(day, self.is_provisional(day))

    def working_days_between(self, start: date, end: date, *, count_first: bool = False) -> Count:
        """Working days after `start` up to and with `end`; negative when `end` lies before.

        The opposite of `add_working_days`: between(start, add(start, n)) is n.
        """
        if end < start:
            back = self.working_days_between(end, start, count_first=count_first)
            return Count(-back.amount, back.provisional)
        _reasonable((end - start).days)
        first = start if count_first else start + DAY
        number = sum(self.is_working(first + i * DAY) for i in range((end - first).days + 1))
        return Count(number, self.is_provisional(end))

    def add_months(self, start: date, months: int) -> Due:
        """The same day of a later month, or its last day: 2026-01-31 + 1 month → 2026-02-28 (民法典 202)."""
        index = start.year * 12 + start.month - 1 + months
        year, month = divmod(index, 12)
        following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
        day = min(start.day, (following - DAY).day)
        due = date(year, month + 1, day)
        return Due(due, False)

    def add_hours(self, start: datetime, hours: float, *, office: bool) -> Due:
        """`hours` later: round the clock, or counted only while the office is open (dossier 2.3: 24x7 or
        office).
        """
        left = timedelta(hours=hours)
        if left < timedelta(0):
            raise ValueError("hours are counted forward")
        if not office:
            return Due(start + left, False)
        _reasonable(int(hours / 7) + 1)
        at = start
        while True:
            for opens, closes in self._open(at.date(), start):
                if closes <= at:
                    continue
                at = max(at, opens)
                if left <= closes - at:
                    return Due(at + left, self.is_provisional(at.date()))
                left -= closes - at
            at = datetime.combine(at.date() + DAY, time.min, start.tzinfo)
            if (at - start).days > FARTHEST:
                raise ValueError("no office hours within reach")

    def hours_between(self, start: datetime, end: datetime, *, office: bool) -> Count:
        """Hours from `start` to `end`, negative when `end` lies before."""
        if end < start:
            back = self.hours_between(end, start, office=office)
            return Count(-back.amount, back.provisional)
        if not office:
            return Count((end - start) / timedelta(hours=1), False)
        _reasonable((end - start).days)
        total = timedelta(0)
        day = start.date()
        while day <= end.date():
            for opens, closes in self._open(day, start):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
            day += DAY
        return Count(total / timedelta(hours=1), self.is_provisional(end.date()))

    def working_days_of(self, year: int) -> int:
        first = date(year, 1, 1)
        return sum(self.is_working(first + i * DAY) for i in range((date(year + 1, 1, 1) - first).days))

    def _open(self, day: date, like: datetime) -> list[tuple[datetime, datetime]]:
        if not self.is_working(day):
            return []
        return [
            (datetime.combine(day, opens, like.tzinfo), datetime.combine(day, closes, like.tzinfo))
            for opens, closes in self.hours.spans
        ]


def _reasonable(days: int) -> None:
    if not 0 <= days <= FARTHEST:
        raise ValueError(f"between 0 and {FARTHEST} days can be counted, not {days}")
