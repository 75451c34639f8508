"""What is wrong with a file or a cell, where it stands, and how it is mended."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Severity = Literal["refuse", "note"]

# Each text says what is wrong and then, after `；` or `，请` (English: `; `), how it is mended; `split_mend`
# cuts there.
MESSAGES: dict[str, Any] = {
    "file.size": _("文件有 %(size)s MB，上限为 %(limit)s MB；请拆成几个文件分别上传"),
    "file.empty": _("文件是空的；请确认选对了文件"),
    "file.suffix": _("不支持 %(suffix)s 文件；请用 Excel 或 WPS 另存为 .xlsx 或 .csv 后再上传"),
    "file.mismatch": _(
        "文件内容与后缀 %(suffix)s 不符（实为 %(actual)s）；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"
    ),
    "file.password": _("文件加了密码，无法读取；请在 Excel 或 WPS 中取消密码后再上传"),
    "file.damaged": _("文件已损坏或不完整，无法读取；请用 Excel 或 WPS 打开后另存一份再上传"),
    "file.encoding": _(
        "无法识别文字编码（第 %(position)s 字节处出错）；请另存为 .xlsx，或另存为 UTF-8 编码的 .csv"
    ),
    "file.quotes": _("第 %(row)s 行附近的引号不成对；请检查该行，或另存为 .xlsx 再上传"),
    "zip.members": _("压缩包内有 %(count)s 个部件，超过上限 %(limit)s；请另存为新的 .xlsx 再上传"),
    "zip.unpacked": _("文件解压后超过 %(limit)s MB，疑似压缩炸弹，已拒绝；请删去多余内容后另存为新的 .xlsx"),
    "zip.ratio": _("文件压缩比超过 %(limit)s 倍，疑似压缩炸弹，已拒绝；请把数据复制到新的工作簿后再上传"),
    "zip.nested": _("文件内还嵌有压缩包或附件，已拒绝；请删除嵌入的附件后再上传"),
    "xml.entities": _("文件内含 DTD 或实体声明，可能有害，已拒绝；请用 Excel 或 WPS 另存为新的 .xlsx 再上传"),
    "sheet.rows": _("超过 %(limit)s 行；请拆成几个文件分别上传，并删除末尾带格式的空行"),
    "sheet.columns": _("超过 %(limit)s 列；请删除右侧多余的列后再上传"),
    "sheet.missing": _("没有名为“%(sheet)s”的工作表；请在现有工作表中选择"),
    "sheet.empty": _("表中没有数据；请确认选对了文件和工作表"),
    "sheet.no_header": _("找不到表头；请在数据上方补一行列名（如姓名、电话），保存后再上传"),
    "sheet.no_rows": _("表头之下没有数据行；请确认选对了工作表"),
    "file.macros": _("文件含宏，只读取数据，不执行宏"),
    "sheet.others": _("还有其他工作表未读取：%(names)s；请在需要时另行选择"),
    "header.duplicate": _("列名“%(header)s”出现了 %(count)s 次，已按顺序编号；请确认各列的含义"),
    "header.missing": _("%(letter)s 列有数据但没有列名；请补上列名"),
    "file.error_cells": _("文件中有 %(count)s 个公式出错的单元格（如 #N/A），按空白读取；请改为实际内容"),
    "sheet.merged": _("数据区有 %(count)s 处纵向合并的单元格，已把内容填入所跨的每一行；请核对"),
    "row.total": _("合计行，未作为数据读取"),
    "row.note": _("说明行，未作为数据读取"),
    "row.signature": _("填报人、日期等落款，未作为数据读取"),
    "row.header_again": _("重复出现的表头，未作为数据读取"),
    "cell.destroyed": _(
        "数字已被 Excel 变成科学计数或截断，末几位已丢失；请把该列设为“文本”格式，按原件重新录入"
    ),
    "cell.maybe_destroyed": _("号码以 000 结尾，可能已被 Excel 截断；请核对原件"),
    "cell.required": _("“%(label)s”不能为空；请补填"),
    "cell.formula_error": _("单元格是公式错误值 %(text)s；请改为实际内容"),
    "date.format": _("看不懂这个日期；请写成 2024-03-05 或 2024年3月"),
    "date.unreal": _("没有这一天；请核对日期"),
    "date.ambiguous": _("数字 %(text)s 分不清是1月还是10月；请写成 2024-01 或 2024-10"),
    "date.month_only": _("只有年月，没有日；请补上日期"),
    "number.format": _("这里应填数字；请删去文字"),
    "number.integer": _("这里应填整数；请核对"),
    "percent.format": _("这里应填百分比；请写成 35%% 或 0.35"),
    "boolean.format": _("这里应填是或否；请填“是”或“否”"),
    "mapping.missing": _("缺少必需的列“%(label)s”；请在表中补上该列，或在对应关系中指定"),
    "mapping.duplicate": _("“%(headers)s”都像是“%(label)s”，只采用第一列；请在对应关系中确认"),
    "mapping.doubt": _("列“%(header)s”的内容不像“%(label)s”；请确认对应关系"),
}

_CUT = re.compile(r"；|; |，(?=请)")
_WORDS = re.compile(r"[0-9A-Za-z]")
HINT_LENGTH = 24


class SheetRefused(ValueError):
    """The whole file cannot be read; `code` is a key of MESSAGES."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return message_text(self.code, self.params)


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` is the 1-based row of the file, None for the whole sheet; `value_hint` is masked.

    `refuse` stops the row (or, without a row, the file); `note` is only told.
    """

    row: int | None
    column_letter: str
    header: str
    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: Severity = "refuse"
    value_hint: str = ""


def message_text(code: str, params: Mapping[str, Any], *catalogues: Mapping[str, Any]) -> str:
    """The message in the active language, looked up here, then in further catalogues (that of codes)."""
    for catalogue in (MESSAGES, *catalogues):
        if code in catalogue:
            return str(catalogue[code]) % dict(params)
    raise KeyError(code)


def problem_text(problem: Problem, *catalogues: Mapping[str, Any]) -> str:
    """`第 37 行 F 列（电话）：手机号应为11位，现为10位，请核对`."""
    text = message_text(problem.code, problem.params, *catalogues)
    place = place_text(problem)
    return str(_("%(place)s：%(text)s") % {"place": place, "text": text}) if place else text


def place_text(problem: Problem) -> str:
    """`第 37 行 F 列（电话）`, as much of it as is known."""
    parts = []
    if problem.row is not None:
        parts.append(_("第 %(row)s 行") % {"row": problem.row})
    if problem.column_letter:
        parts.append(_("%(letter)s 列") % {"letter": problem.column_letter})
    place = " ".join(map(str, parts))
    return (
        str(_("%(place)s（%(header)s）") % {"place": place, "header": problem.header})
        if problem.header
        else place
    )


def split_mend(text: str) -> tuple[str, str]:
    """(what is wrong, how it is mended); the mend is empty when the text has none."""
    cause, *mend = _CUT.split(text, maxsplit=1)
    return cause, mend[0] if mend else ""


def value_hint(value: object) -> str:
    """A value fit for a screen: of six or more letters and digits only the outer ones are left."""
    text = str(value)
    signs = [match.start() for match in _WORDS.finditer(text)]
    if len(signs) >= 6:
        letters = list(text)
        for place in signs[min(3, len(signs) // 3) : -2]:
            letters[place] = "*"
        text = "".join(letters)
    return text if len(text) <= HINT_LENGTH else text[: HINT_LENGTH - 1] + "…"
