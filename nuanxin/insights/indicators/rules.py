"""What each figure means, how a number is said, and which cells stay closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from .enums import Period


@dataclass(frozen=True)
class Indicator:
    """A figure with everything that makes it one (dossier 7: metric rules)."""

    code: str
    name: Any
    unit: Any
    definition: Any
    numerator: Any
    period: Period
    cutoff: Any
    source: Any
    denominator: Any = ""
    people: bool = False  # counts persons: small cells stay closed to outsiders
    by_sector: bool = True  # can be asked by area × sector


_DAY = gettext_lazy("所选日期当天结束时；选今天时为打开页面的时刻")
_ROUND = gettext_lazy("所选日期所在（或之前最近）一轮摸排的现状")

INDICATORS: Mapping[str, Indicator] = {
    i.code: i
    for i in (
        Indicator(
            "enterprises", gettext_lazy("在营企业"), gettext_lazy("家"),
            gettext_lazy("企业台账中当日状态为“在营”的新业态企业，合并过的记录只算一家。"),
            gettext_lazy("当日有效版本的状态为在营的企业"), Period.STOCK, _DAY, gettext_lazy("企业台账的版本"),
        ),
        Indicator(
            "workers", gettext_lazy("新就业群体"), gettext_lazy("人"),
            gettext_lazy("从业人员名册中当日在册的人，跨平台、跨来源去重，一人只算一次，算在常驻区域和主要行业。"),
            gettext_lazy("当日有从业关系的不同的人"), Period.STOCK, _DAY, gettext_lazy("从业人员名册和从业关系"),
            people=True,
        ),
        Indicator(
            "verified", gettext_lazy("已核实"), gettext_lazy("人"),
            gettext_lazy("在册人员中，经电话核实或现场走访确认过的人。"),
            gettext_lazy("当日在册且有核实日期的人"), Period.STOCK, _DAY, gettext_lazy("核实结果"), people=True,
        ),
        Indicator(
            "doubtful", gettext_lazy("疑似重复"), gettext_lazy("人"),
            gettext_lazy("在册人员中，与另一条记录可能是同一人、等待人工判断的人。"),
            gettext_lazy("在册且列在待判断名单的人"), Period.STOCK, _DAY, gettext_lazy("疑似重复名单"), people=True,
        ),
        Indicator(
            "coverage", gettext_lazy("摸排覆盖率"), gettext_lazy("%"),
            gettext_lazy("本轮已完成摸排任务的街道、社区 ÷ 本轮有任务的全部街道、社区。"),
            gettext_lazy("已完成的任务"), Period.RATE, _ROUND, gettext_lazy("摸排任务"),
            denominator=gettext_lazy("全部任务"), by_sector=False,
        ),
        Indicator(
            "seen", gettext_lazy("本轮见到率"), gettext_lazy("%"),
            gettext_lazy("本轮名册中出现过的在册人员 ÷ 当前全部在册人员。"),
            gettext_lazy("本轮出现过的在册人员"), Period.RATE, _ROUND, gettext_lazy("摸排轮次"),
            denominator=gettext_lazy("全部在册人员"), people=True, by_sector=False,
        ),
        Indicator(
            "new", gettext_lazy("本轮新增"), gettext_lazy("人"),
            gettext_lazy("与上一轮相比新出现的人；第一轮时全部为新增。"),
            gettext_lazy("本轮标记为新增的人"), Period.FLOW, _ROUND, gettext_lazy("摸排轮次"), people=True,
        ),
        Indicator(
            "left", gettext_lazy("未再出现"), gettext_lazy("人"),
            gettext_lazy("上一轮在册、本轮没有任何来源提到的人。"),
            gettext_lazy("本轮标记为未再出现的人"), Period.FLOW, _ROUND, gettext_lazy("摸排轮次"), people=True,
        ),
        Indicator(
            "moved", gettext_lazy("变动"), gettext_lazy("人"),
            gettext_lazy("本轮常驻区域或所在企业与上一轮不同的人。"),
            gettext_lazy("本轮标记为变动的人"), Period.FLOW, _ROUND, gettext_lazy("摸排轮次"), people=True,
        ),
        Indicator(
            "six_clear", gettext_lazy("六清完成率"), gettext_lazy("%"),
            gettext_lazy("清单项目全部核清的在营企业 ÷ 全部在营企业。"),
            gettext_lazy("全部核清的在营企业"), Period.RATE, _DAY, gettext_lazy("六清清单"),
            denominator=gettext_lazy("在营企业"), by_sector=False,
        ),
        Indicator(
            "ledgers", gettext_lazy("一套台账"), gettext_lazy("套"), gettext_lazy("系统持续维护的企业台账。"),
            gettext_lazy("台账"), Period.STOCK, _DAY, gettext_lazy("台账目录"), by_sector=False,
        ),
        Indicator(
            "rosters", gettext_lazy("三本名册"), gettext_lazy("册"),
            gettext_lazy("系统持续维护的名册：从业人员、党员、流动党员。"),
            gettext_lazy("名册"), Period.STOCK, _DAY, gettext_lazy("名册目录"), by_sector=False,
        ),
    )
}  # fmt: skip

BOOKS = {"ledgers": ("enterprises",), "rosters": ("workers", "members", "floating")}
"""一台账三名册 (F86)."""

TILES = (
    "enterprises",
    "workers",
    "verified",
    "doubtful",
    "coverage",
    "seen",
    "new",
    "left",
    "moved",
    "six_clear",
)
"""The tiles of the overview, in order."""

MEASURES = ("workers", "enterprises", "verified", "doubtful")
"""What the table of area × sector can show."""


def say(number: int, unit: str = "") -> str:
    """A number as briefs write it (dossier 5): 12家, 30余人, 1200余人, 4.37万人; in English 12, 30+, 1,200+, 43,700.

    余 stands only when the number is strictly greater than what is written; 万 has at most two decimals.
    """
    if number < 0:
        return f"-{say(-number, unit)}"
    floor = _floor(number)
    if not (get_language() or "zh").startswith("zh"):
        return f"{floor:,}{'+' if number > floor else ''} {unit}".rstrip()
    more = "余" if number > floor else ""
    if number < 10_000:
        return f"{floor}{more}{unit}"
    whole, part = divmod(floor // 100, 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"{text}万{more}{unit}"


def _floor(number: int) -> int:
    if number < 20:
        return number
    step = 100 if number >= 10_000 else 10 ** (len(str(number)) - (1 if number < 100 else 2))
    return number // step * step


@dataclass(frozen=True)
class Figure:
    """A value with its meaning. `value` is None when nothing can be said (no round, nothing to divide by, closed).

    `text` is the brief's style, `exact` the number itself; `cutoff` the moment up to which it counts.
    """

    indicator: Indicator
    area: int
    value: float | int | None
    unit: str
    text: str
    definition: str
    as_of: date
    cutoff: datetime
    numerator: int | None = None
    denominator: int | None = None
    closed: bool = False

    @property
    def exact(self) -> str:
        if self.closed:
            return f"<{SMALL}"
        if self.value is None:
            return "—"
        return f"{self.value:.1f}" if isinstance(self.value, float) else f"{self.value:,}"


SMALL = 5
"""Counts of persons below this are closed to those outside the handling unit (dossier 6.4)."""


def closed_cells(rows: Sequence[Sequence[int]], open_row: Sequence[bool]) -> set[tuple[int, int]]:
    """The cells of a table with totals that stay closed: those from 1 to 4, and with each lonely one the next
    smallest of its row and column, or subtraction would open it. Zero tells nothing of anybody and stays."""
    closed = {
        (r, c) for r, row in enumerate(rows) if not open_row[r] for c, n in enumerate(row) if 0 < n < SMALL
    }
    while True:
        more = set()
        lines = [[(r, c) for c in range(len(rows[r]))] for r in range(len(rows))]
        lines += [[(r, c) for r in range(len(rows))] for c in range(len(rows[0]) if rows else 0)]
        for line in lines:
            mine = [cell for cell in line if cell in closed]
            if len(mine) == 1:
                others = [
                    (rows[r][c], r, c)
                    for r, c in line
                    if (r, c) not in closed and rows[r][c] and not open_row[r]
                ]
                if others:
                    _n, r, c = min(others)
                    more.add((r, c))
        if not more - closed:
            return closed
        closed |= more
