"""What a finding says to people. Texts: what is wrong; then, after `；` or `，请`, how it is mended (as in sheets)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.codes.rules import MESSAGES as CODE_MESSAGES
from nuanxin.foundation.sheets.rules.problems import message_text

MESSAGES: dict[str, Any] = {
    "cell.masked": _("号码隐去了几位，按隐去的样子保留；请在有完整号码时补填"),
    "text.long": _("超过 %(limit)s 个字，多出的部分没有读取；请缩短"),
    "value.unknown": _("看不懂“%(label)s”的内容，此项没有读取；可填：%(choices)s"),
    "row.identity": _("只有姓名，分不清是谁；请至少补填证件号、电话、车牌、所在企业中的一项"),
    "sex.mismatch": _("性别与身份证号不一致；请核对"),
    "birth.mismatch": _("出生年月与身份证号不一致；请核对"),
    "birth.age": _("按出生年月计算为 %(age)s 岁；请核对"),
    "date.future": _("日期晚于今天，此项没有读取；请核对"),
    "sector.unknown": _("看不懂职业类型，按上传时选择的行业登记；请核对"),
    "sector.outside": _("职业类型属于%(sector)s，不在本单位负责的行业；请交由相应部门导入，或改正职业类型"),
    "platform.unknown": _("平台名录中没有这个平台，按企业名称保留；请核对写法"),
    "plate.ebike": _("不是机动车号牌，按电动自行车号牌保留；请核对"),
    "area.outside": _("所填区域不在本次上传的区域内；请改正，或由该区域导入"),
    "area.unknown": _("找不到这个区域，暂记在上传所选区域；请核对街道、社区名称"),
    "area.several": _("这个名称对应多个区域，暂记在上传所选区域；请写出街道和社区"),
    "community.unknown": _("街道里找不到这个社区，暂记在街道；请核对社区名称"),
    "credit.missing": _("没有统一社会信用代码，归集时只能按名称比对；请补填"),
    "members.sum": _("正式 %(full)s 人加预备 %(probationary)s 人与党员数 %(total)s 人不符；请核对"),
    "staff.sum": _("全职、兼职、众包合计 %(sum)s 人与从业人员数 %(total)s 人不符；请核对"),
    "members.over": _("党员数多于从业人员数；请核对"),
    "formation.missing": _("正式党员 %(full)s 人（满3人），没有填组建方式；请核对是否应单独组建"),
    "formation.reason": _("填了党组织名称，又填了未组建原因；请核对"),
    "parts.format": _("应为三个数，如 12/3/40；请分别填写"),
}


def finding_text(code: str, params: Mapping[str, Any]) -> str:
    """What is wrong and how to mend it, in the active language."""
    return message_text(code, params, MESSAGES, CODE_MESSAGES)
