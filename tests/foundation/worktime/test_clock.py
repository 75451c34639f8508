"""The dossier's vectors (2.3), and what must hold for any calendar."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.worktime.queries import _compose
from nuanxin.foundation.worktime.rules import Kind, OfficeHours, WorkCalendar

CHINA = _compose({})


def test_2026_has_248_working_days():
    assert CHINA.working_days_of(2026) == 248


def test_make_up_days_and_holidays_of_2026():
    for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)):
        assert CHINA.is_working(date(2026, month, day))
    for first, last in (
        ((1, 1), (1, 3)),
        ((2, 15), (2, 23)),
        ((4, 4), (4, 6)),
        ((5, 1), (5, 5)),
        ((6, 19), (6, 21)),
        ((9, 25), (9, 27)),
        ((10, 1), (10, 7)),
    ):
        day = date(2026, *first)
        while day <= date(2026, *last):
            assert not CHINA.is_working(day)
            day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "n", "first", "end"),
    [
        ((9, 18), 5, False, (9, 24)),
        ((2, 13), 5, False, (2, 27)),
        ((9, 29), 5, False, (10, 12)),
        ((4, 29), 5, True, (5, 8)),
        ((4, 29), 5, False, (5, 9)),
        ((9, 18), 0, False, (9, 18)),
    ],
)
def test_vectors(start, n, first, end):
    due = CHINA.add_working_days(date(2026, *start), n, count_first=first)
    assert (due.at, due.provisional) == (date(2026, *end), False)


def test_what_reaches_into_an_unannounced_year_is_provisional():
    due = CHINA.add_working_days(date(2026, 12, 30), 5)
    assert due.provisional
    assert not CHINA.add_working_days(date(2026, 12, 28), 3).provisional
    assert CHINA.working_days_between(date(2026, 12, 1), date(2027, 1, 8)).provisional


def test_months_clamp_to_the_last_day():
    for start, months, end in (
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 15), 12, date(2027, 5, 15)),
        (date(2026, 1, 10), -1, date(2025, 12, 10)),
    ):
        assert CHINA.add_months(start, months).at == end


def test_office_hours():
    def add(*args):
        *start, hours = args
        return CHINA.add_hours(datetime(2026, *start), hours, office=True).at

    assert add(9, 14, 9, 0, 4) == datetime(2026, 9, 14, 14, 30)
    assert add(9, 14, 12, 30, 1) == datetime(2026, 9, 14, 14, 30)
    assert add(9, 18, 16, 0, 4) == datetime(2026, 9, 20, 11, 30)  # Sunday the 20th works
    assert add(9, 14, 9, 0, 3) == datetime(2026, 9, 14, 12, 0)
    assert add(9, 30, 17, 0, 1) == datetime(2026, 10, 8, 9, 30)  # over the National Day
    assert add(9, 14, 3, 0, 7) == datetime(2026, 9, 14, 17, 30)


def test_natural_hours():
    start = datetime(2026, 9, 30, 17, 0)
    assert CHINA.add_hours(start, 24, office=False).at == datetime(2026, 10, 1, 17, 0)
    assert CHINA.hours_between(start, datetime(2026, 10, 8, 9, 30), office=True).amount == 1
    assert CHINA.hours_between(datetime(2026, 10, 8, 9, 30), start, office=True).amount == -1
    assert CHINA.hours_between(start, start + timedelta(hours=5), office=False).amount == 5


def test_a_term_that_ends_on_a_day_off():
    assert CHINA.next_working_day(date(2026, 10, 1)).at == date(2026, 10, 8)
    assert CHINA.next_working_day(date(2026, 9, 20)).at == date(2026, 9, 20)


def test_office_hours_are_read_from_a_setting():
    hours = OfficeHours.parse("8:30-12:00, 14:00-18:00")
    assert hours.spans == ((time(8, 30), time(12)), (time(14), time(18)))
    for text in ("", "12:00-9:00", "9:00-12:00,11:00-13:00", "x"):
        with pytest.raises(ValueError):
            OfficeHours.parse(text)


def test_silly_amounts_are_refused():
    for n in (-1, 100_000):
        with pytest.raises(ValueError):
            CHINA.add_working_days(date(2026, 1, 1), n)


dates = st.dates(date(2020, 1, 1), date(2030, 12, 31))
calendars = st.dictionaries(dates, st.sampled_from(Kind), max_size=40).map(
    lambda days: WorkCalendar(days, date(2027, 1, 1))
)


@given(calendars, dates, st.integers(0, 60))
def test_between_is_the_opposite_of_adding(calendar, start, n):
    due = calendar.add_working_days(start, n)
    assert calendar.working_days_between(start, due.at).amount == n
    assert n == 0 or calendar.is_working(due.at)


@given(calendars, dates, st.integers(1, 30), st.integers(1, 30))
def test_adding_in_two_steps(calendar, start, a, b):
    once = calendar.add_working_days(start, a + b).at
    assert calendar.add_working_days(calendar.add_working_days(start, a).at, b).at == once


@given(calendars, dates, st.integers(1, 30))
def test_counting_the_first_day_never_ends_later(calendar, start, n):
    with_first = calendar.add_working_days(start, n, count_first=True).at
    assert with_first <= calendar.add_working_days(start, n).at


@given(calendars, st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 200))
def test_office_hours_add_up(calendar, start, quarters):
    due = calendar.add_hours(start, quarters / 4, office=True)
    assert calendar.hours_between(start, due.at, office=True).amount == pytest.approx(quarters / 4)
