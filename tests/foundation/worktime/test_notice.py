"""Next year's notice: pasted, checked line by line, then in force."""

from datetime import date

import pytest

from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.worktime import actions, queries
from nuanxin.foundation.worktime.models import CalendarDay
from nuanxin.foundation.worktime.rules import Kind, read_table

# invented for the test: the real notice is not out
NOTICE = """日期\t安排\t名称
2027-01-01~2027-01-03\t放假\t元旦
2027年2月5日至11日，放假，春节
2027/1/30 上班
2027-02-13,上班,春节
2027-04-03~2027-04-05,放假,清明节
2027-05-01~05,放假,劳动节
"""


def test_reading():
    entries, problems = read_table(NOTICE)
    assert problems == []
    kinds = {e.day: e.kind for e in entries}
    assert kinds[date(2027, 2, 11)] == Kind.HOLIDAY
    assert kinds[date(2027, 1, 30)] == Kind.WORK
    assert kinds[date(2027, 5, 5)] == Kind.HOLIDAY
    assert {e.name for e in entries} == {"元旦", "春节", "清明节", "劳动节", ""}


@pytest.mark.parametrize(
    "line",
    [
        "放假 元旦",
        "2027-02-30 放假",
        "2027-01-01 元旦",
        "2027-01-01~2027-03-01 放假",
        "2027-01-05~2027-01-01 放假",
    ],
)
def test_bad_lines_are_named(line):
    _entries, problems = read_table(f"2027-10-01,放假\n{line}")
    assert [p.line for p in problems] == [2]
    assert problems[0].mend


def test_contradictions_and_nothing():
    assert read_table("2027-01-01 放假\n2027-01-01 上班")[1]
    assert read_table("")[1]
    assert read_table("日期,安排")[1]


@pytest.mark.django_db
def test_import_ends_the_provisional_year():
    before = queries.calendar()
    assert before.is_working(date(2027, 2, 8))
    assert before.add_working_days(date(2027, 2, 3), 2).provisional
    assert actions.import_calendar(text=NOTICE, source="国办发明电〔2026〕0号", by=3) == 20
    after = queries.calendar()
    assert after.provisional_from == date(2028, 1, 1)
    assert not after.is_working(date(2027, 2, 8))
    assert after.add_working_days(date(2027, 2, 3), 2).at == date(2027, 2, 12)
    assert after.working_days_of(2026) == 248
    assert Fact.objects.get(kind="worktime.calendar.imported").quantity == 20
    assert queries.sources()[0][1] == 20


@pytest.mark.django_db
def test_a_second_import_replaces_the_year():
    actions.import_calendar(text=NOTICE, source="甲", by=3)
    actions.import_calendar(text=NOTICE.replace("2027/1/30 上班\n", ""), source="乙", by=3)
    assert CalendarDay.objects.count() == 19
    assert set(CalendarDay.objects.values_list("source", flat=True)) == {"乙"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        NOTICE + "2028-01-01 放假",
        NOTICE + "2027-03-01 上班",
        "2027-01-30 上班",
        "2027-01-01 放假 元旦",
        NOTICE + "乱写",
    ],
)
def test_doubtful_tables_change_nothing(text):
    with pytest.raises(actions.CalendarRefused) as refused:
        actions.import_calendar(text=text, source="国办", by=3)
    assert refused.value.problems
    assert not CalendarDay.objects.exists()


@pytest.mark.django_db
def test_the_sheet_of_a_year():
    months = queries.year_sheet(2026)
    assert [len(m) for m in months][:3] == [31, 28, 31]
    october = {cell.day.day: cell for cell in months[9]}
    assert (october[1].kind, october[1].name) == ("holiday", "国庆节")
    assert october[10].kind == "makeup"
    assert october[11].kind == "off"
    assert not october[1].provisional
    assert queries.year_sheet(2027)[0][3].provisional
