"""A notice of holidays as a pasted table becomes days.

One line per day or span: date, what it is, name. Separated by comma, tab, semicolon or spaces:

    2027-01-01  放假  元旦
    2027-02-05~2027-02-11,放假,春节
    2027/1/30,上班
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from .clock import Kind

WORDS = {
    **dict.fromkeys(("放假", "休", "休假", "节假日", "假", "holiday", "off", "rest"), Kind.HOLIDAY),
    **dict.fromkeys(("上班", "班", "调休", "补班", "调休上班", "工作日", "work", "workday"), Kind.WORK),
}
HEADINGS = ("日期", "date", "day", "时间")
LONGEST = 15
"""Days of one span: no holiday of the notices is longer."""

_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
DAY = re.compile(_DAY)
SPAN = re.compile(rf"^{_DAY}\s*(?:[~—–至到-]+\s*(?:(\d{{4}})[-/.年])?(?:(\d{{1,2}})[-/.月])?(\d{{1,2}})日?)?")


@dataclass(frozen=True)
class Entry:
    day: date
    kind: Kind
    name: str = ""


@dataclass(frozen=True)
class TableProblem:
    """A line that cannot be read; nothing is imported while there is one."""

    line: int
    text: str
    message: str
    mend: str


def read_table(text: str) -> tuple[list[Entry], list[TableProblem]]:
    """The days of a pasted or uploaded table, in order, and what is wrong with it."""
    entries: dict[date, Entry] = {}
    problems: list[TableProblem] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = unicodedata.normalize("NFKC", raw).strip().strip('"')
        if not line or line.startswith("#") or line.lower().startswith(HEADINGS):
            continue
        try:
            found = _line(line)
            for entry in found:
                before = entries.get(entry.day)
                if before and before.kind != entry.kind:
                    raise ValueError(_("%(day)s 前面已写为另一种") % {"day": entry.day.isoformat()})
                entries[entry.day] = entry
        except ValueError as error:
            problems.append(
                TableProblem(number, raw.strip()[:80], str(error), _("写法：2027-02-05~2027-02-11,放假,春节"))
            )
    if not entries and not problems:
        problems.append(TableProblem(0, "", _("没有读到任何日期"), _("每行写一个日期或一段日期")))
    return [entries[day] for day in sorted(entries)], problems


def _line(line: str) -> list[Entry]:
    span = SPAN.match(line)
    if not span:
        raise ValueError(_("行首不是日期"))
    year, month, day, to_year, to_month, to_day = span.groups()
    try:
        first = date(int(year), int(month), int(day))
        last = first
        if to_day:
            last = date(int(to_year or year), int(to_month or month), int(to_day))
    except ValueError as error:
        raise ValueError(_("没有这一天")) from error
    rest = [part for part in re.split(r"[,\t; 、\"]+", line[span.end() :]) if part]
    # a second date in its own column: "2027-02-05,2027-02-11,放假"
    if rest and (until := DAY.fullmatch(rest[0])):
        try:
            last = date(*(int(part) for part in until.groups()))
        except ValueError as error:
            raise ValueError(_("没有这一天")) from error
        rest = rest[1:]
    kind = next((WORDS[word.lower()] for word in rest if word.lower() in WORDS), None)
    if kind is None:
        raise ValueError(_("没有写明“放假”或“上班”"))
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST:
        raise ValueError(_("一段应为 1 到 %(most)s 天") % {"most": LONGEST})
    name = next((word for word in rest if word.lower() not in WORDS), "")[:40]
    return [Entry(first + timedelta(days=i), kind, name) for i in range(length)]
