"""Importing a year's notice of holidays."""

from django.db import transaction
from django.utils.translation import gettext as _

from nuanxin.foundation.facts.actions import record

from .enums import WorktimeFact
from .models import CalendarDay
from .rules import Kind, TableProblem, read_table


class CalendarRefused(Exception):
    """The table cannot be taken over; `problems` says line by line why."""

    code = "calendar_refused"

    def __init__(self, problems: list[TableProblem]) -> None:
        super().__init__(_("表格有错误，没有导入任何日期。"))
        self.problems = problems
        self.params: dict[str, object] = {"problems": len(problems)}


@transaction.atomic
def import_calendar(*, text: str, source: str, by: int | None) -> int:
    """Takes over the days of a notice; how many. What was imported before for the same year is replaced.

    `source` names the notice (国办发明电〔2026〕7号). Raises CalendarRefused: unreadable lines, more than
    one year, a make-up workday on a weekday, or a table without any holiday.
    """
    entries, problems = read_table(text)
    problems += _doubts(entries) if entries else []
    if not source.strip():
        problems.append(
            TableProblem(0, "", _("没有写明通知的名称或文号"), _("请填写来源，例如国务院办公厅通知文号"))
        )
    if problems:
        raise CalendarRefused(problems)
    year = entries[-1].day.year
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=e.day, kind=e.kind.value, name=e.name, source=source.strip()[:120])
            for e in entries
        ],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["kind", "name", "source"],
    )
    record(
        WorktimeFact.CALENDAR_IMPORTED,
        subject=f"calendar:{year}",
        by=by,
        quantity=len(entries),
        holidays=sum(e.kind == Kind.HOLIDAY for e in entries),
    )
    return len(entries)


def _doubts(entries: list) -> list[TableProblem]:
    found = []
    year = entries[-1].day.year
    for e in entries:
        # the notice of a year may begin in the last days of the year before (元旦)
        if e.day.year != year and not (e.day.year == year - 1 and e.day.month == 12):
            found.append(
                TableProblem(0, e.day.isoformat(), _("一次只能导入一年的通知"), _("请按年份分开导入"))
            )
        if e.kind == Kind.WORK and e.day.weekday() < 5:
            found.append(
                TableProblem(
                    0,
                    e.day.isoformat(),
                    _("%(day)s 本来就是周一至周五，不会是调休上班") % {"day": e.day.isoformat()},
                    _("请核对日期"),
                )
            )
    if not any(e.kind == Kind.HOLIDAY for e in entries):
        found.append(TableProblem(0, "", _("没有任何放假日"), _("请粘贴完整的放假安排")))
    if len({e.day.month for e in entries if e.day.year == year and e.kind == Kind.HOLIDAY}) < 3:
        found.append(
            TableProblem(0, "", _("放假安排不完整：全年应至少涉及三个月份"), _("请粘贴全年的放假安排"))
        )
    return found
