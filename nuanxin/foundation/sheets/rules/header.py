"""Finds the header of a sheet under titles and date lines, and joins merged and stacked headers.

Every row of the first forty is tried as the top of a header; the block that names most columns in words that
headers use, and holds no values, wins. A row below belongs to it when it only names parts of merged or
blank-extended cells (从业人员数 | 全职 | 兼职).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .table import Grid, Merge
from .tidy import squeeze

SEARCHED_ROWS = 40
MAX_HEIGHT = 4
_LONG = 25

_WORDS = re.compile(
    r"姓名|名字|性别|年龄|民族|学历|文化程度|政治面貌|党员|籍贯|户籍|出生|年月|电话|手机|联系|身份证|证件|证号|号码|序号|编号"
    r"|企业|公司|单位|名称|机构|组织|法人|负责人|书记|指导员|代码|行业|类别|类型|平台|品牌|站点|网点|职业|工种|岗位|职务"
    r"|用工|形式|方式|模式|从业|人数|全职|兼职|众包|地址|住址|住所|街道|乡镇|社区|网格|区县|注册地|经营地|车牌|号牌|日期|时间"
    r"|备注|说明|是否|状态|金额|数量|面积|保障|工会|入会|困难|情况|同意|来源|经度|纬度|坐标|设施|内容|填报"
    r"|^(?:no\.?|id|name|sex|gender|phone|mobile|tel|address|plate|company|date|remark|idno|source|county)$"
    r"|^(?:employer|industry)$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[\d\s.,\-+/:%*年月日xX]*\d[\d\s.,\-+/:%*年月日xX]*")
_FILLED_IN = re.compile(r"[：:]")
_NOTE_START = re.compile(r"[（(]?\s*(?:注|说明|备注|填写|填表|提示|示例|例如|例|要求|★|※|\*)")
_EXAMPLE = re.compile(r"必填|选填|可不填|文本格式|下拉|格式|示例|例如|如：|如:|填写")
_SAMPLE = re.compile(r"[（(【]?(?:示例|样例|范例|举例|例如|例)(?:[：:）)】]|$)")
_STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class Header:
    """`top` is a 0-based row; `parts[c]` are the texts over column c, top first, () where there are none."""

    top: int
    height: int
    parts: tuple[tuple[str, ...], ...]
    score: float

    @property
    def end(self) -> int:
        return self.top + self.height


def label(cell: Any) -> str:
    """A cell as header text: no line breaks, no marks of required fields."""
    if cell == "" or cell is None:
        return ""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return squeeze(str(cell)).strip("*★※ ")


def find_header(grid: Grid) -> Header | None:
    """The best header of the sheet, None when no row looks like one."""
    best: Header | None = None
    for top in range(min(SEARCHED_ROWS, len(grid.rows))):
        header = header_at(grid, top)
        if header and (best is None or header.score > best.score):
            best = header
    return best if best and best.score > 0 else None


def header_at(grid: Grid, top: int, *, chosen: bool = False) -> Header | None:
    """The header that begins in row `top`; None when the row cannot be one, unless the user chose it."""
    first = [label(cell) for cell in grid.rows[top]]
    filled = sum(map(bool, first))
    width = sum(any(row[c] != "" for row in grid.rows[top : top + 20]) for c in range(len(first)))
    if not filled:
        return None
    if not chosen:
        if (filled == 1 and width > 1) or (filled == 2 and width > 5):
            return None
        if _is_filled_in(first):
            return None
    levels = _levels(grid, top, first)
    parts = tuple(_distinct(level[c] for level in levels) for c in range(len(first)))
    return Header(top, len(levels), parts, _score(grid, top, levels, parts))


def _score(grid: Grid, top: int, levels: list[list[str]], parts: Sequence[tuple[str, ...]]) -> float:
    named = ["/".join(part) for part in parts if part]
    leaves = [part[-1] for part in parts if part]
    words = sum(len(leaf) <= 16 and bool(_WORDS.search(leaf)) for leaf in leaves)
    cells = [text for level in levels for text in level if text]
    values = sum(_looks_like_value(text) for text in cells)
    long = sum(len(text) > _LONG for text in cells)
    below = grid.rows[top + len(levels) : top + len(levels) + 20]
    nameless = sum(not part and any(row[c] != "" for row in below) for c, part in enumerate(parts))
    if not words:
        return 0.0
    return len(set(named)) + 3.0 * words - 4.0 * values - 2.0 * long - nameless


def _is_filled_in(texts: Sequence[str]) -> bool:
    """A line of a form (填报单位：… 日期：…); a single colon among many names is none."""
    filled = [text for text in texts if text]
    colons = sum(bool(_FILLED_IN.search(text)) for text in filled)
    return 3 * colons >= len(filled)


def _looks_like_value(text: str) -> bool:
    return _VALUE.fullmatch(text) is not None


def _levels(grid: Grid, top: int, first: list[str]) -> list[list[str]]:
    """The rows of the header, each with merged and blank-extended texts repeated over what they span."""
    spans = [_groups(first, top, grid.merges, set(range(len(first))))]
    levels = [first]
    for row in range(top + 1, min(top + MAX_HEIGHT, len(grid.rows))):
        below = [label(cell) for cell in grid.rows[row]]
        if not _names_parts(below, levels[-1], spans[-1]):
            break
        allowed: set[int] = set().union(*spans[-1].values())
        spans.append(_groups(below, row, grid.merges, allowed))
        levels.append(below)
    # From below upwards: a group's name is repeated only over the columns that are named below it.
    for level, below, groups in zip(levels[-2::-1], levels[:0:-1], spans[-2::-1], strict=True):
        for start, columns in groups.items():
            for column in columns:
                if below[column]:
                    level[column] = level[start]
    return levels


def _groups(level: list[str], row: int, merges: Sequence[Merge], allowed: set[int]) -> dict[int, set[int]]:
    """Start column → the columns a text spans: by merged cells, or by the blanks to its right."""
    groups: dict[int, set[int]] = {}
    for (first_row, first), (_last_row, last) in merges:
        if first_row == row and last > first:
            groups[first] = set(range(first, last + 1))
    start: int | None = None
    for column, text in enumerate(level):
        if column not in allowed:
            start = None
        elif text:
            start = column
        elif start is not None and start not in groups:
            groups.setdefault(start, {start})
            groups[start].add(column)
        elif start is not None and column == max(groups[start]) + 1 and not _is_merged(row, start, merges):
            groups[start].add(column)
    return groups


def _is_merged(row: int, column: int, merges: Sequence[Merge]) -> bool:
    return any(first == (row, column) for first, _last in merges)


def _names_parts(below: list[str], above: list[str], groups: dict[int, set[int]]) -> bool:
    under = {column for column, text in enumerate(below) if text}
    spanned = set().union(*groups.values()) if groups else set()
    if not under or not under & spanned:
        return False
    # A data row fills columns that have a name of their own; a header's second row only where a group has one
    # member (车辆信息 | 车牌号), and then with a word of headers.
    alone = [column for column in under - spanned if above[column]]
    if 2 * len(alone) > len(under) or any(
        len(below[column]) > 10 or not _WORDS.search(below[column]) for column in alone
    ):
        return False
    return not _is_filled_in(below) and not any(
        _looks_like_value(text) or len(text) > _LONG for text in below if text
    )


def _distinct(texts: Any) -> tuple[str, ...]:
    result: list[str] = []
    for text in texts:
        if text and (not result or result[-1] != text):
            result.append(text)
    return tuple(result)


def is_note_row(row: Sequence[Any], header: Header) -> bool:
    """Rows right under a header that explain it: 1 2 3 …, 甲 乙 丙, （必填）, 注：…, formats."""
    texts = [label(cell) for cell in row]
    filled = [text for text in texts if text]
    if not filled:
        return False
    if _SAMPLE.match(filled[0]):
        return True
    if len(filled) == 1:
        return len(header.parts) > 1 and bool(_NOTE_START.match(filled[0]) or _EXAMPLE.search(filled[0]))
    if len(filled) >= 3:
        bare = [text.strip("()（）") for text in filled]
        # 甲 乙 丙 1 2 3: letters for the describing columns, then numbers for the counted ones.
        letters = next((n for n, text in enumerate(bare) if text not in _STEMS), len(bare))
        numbers = [str(n) for n in range(1, len(bare) - letters + 1)]
        if bare == [*_STEMS[:letters], *numbers]:
            return True
    return 2 * sum(bool(_EXAMPLE.search(text)) for text in filled) > len(filled)
