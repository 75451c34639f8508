"""The columns of the 新业态企业摸排表 (dossier 5) with its two-row header, and how they are checked.

Values bear the names of the columns of `EnterpriseVersion` (and `credit_code`); `platform` is a platform's code,
`surveyed_on` an ISO day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from nuanxin.engines.intake.rules import CheckContext, Checked, Checker, Target
from nuanxin.engines.intake.rules.checker import Fault
from nuanxin.foundation.codes.rules import parse_credit_code, parse_phone
from nuanxin.foundation.sheets.rules.table import Column

from .field_words import YES_NO, one_of, spec, words
from .placing import put_in_place, put_in_sector, split_platform

ENTERPRISE_FIELDS = (
    spec("name", N_("企业名称"), "text", "企业名称", "单位名称", "公司名称", "企业", "名称", "市场主体名称", "企业（单位）名称", "company", required=True),
    spec("credit_code", N_("统一社会信用代码"), "credit_code", "统一社会信用代码", "信用代码", "社会信用代码", "组织机构代码", "统一信用代码"),
    spec("sector", N_("行业类别"), "text", "行业类别", "行业", "所属行业", "行业类型", "新业态类型", "industry"),
    spec("industry_code", N_("行业代码"), "text", "行业代码", "国民经济行业代码", "GB/T4754代码"),
    spec("platform", N_("所属平台/品牌"), "text", "所属平台/品牌", "所属平台", "平台", "品牌", "平台/品牌", "平台名称"),
    spec("business_model", N_("经营模式"), "text", "经营模式", "经营模式（直营/加盟/代理）", "经营方式", "模式"),
    spec("status", N_("经营状态"), "text", "经营状态", "企业状态", "状态", "是否在营", "存续状态"),
    spec("registered_address", N_("注册地"), "text", "注册地", "注册地址", "登记住所", "住所"),
    spec("area", N_("所在街道社区"), "text", "所在街道社区", "街道", "街道/社区/网格", "街道/社区", "所属街道", "所在街道", "属地", "镇街", "实际经营地/街道"),
    spec("community", N_("所在社区"), "text", "所在社区", "社区", "所属社区", "实际经营地/社区", "村/社区", "社区/村", "社区（村）", "村（社区）"),
    spec("address", N_("实际经营地"), "text", "实际经营地", "实际经营地址", "经营地址", "实际经营地（街道/社区/网格）", "经营场所", "办公地址", "地址", "实际经营地/详细地址"),
    spec("principal", N_("负责人"), "text", "负责人", "企业负责人", "法定代表人", "法人", "法人代表", "负责人姓名", "联系人"),
    spec("phone", N_("电话"), "phone", "电话", "联系电话", "负责人电话", "手机", "手机号", "联系方式"),
    spec("staff", N_("从业人员数"), "text", "从业人员数", "从业人数", "员工数", "职工人数", "从业人员数（全职/兼职/众包）", "从业人员总数", "从业人员数/合计", "从业人员数/小计"),
    spec("staff_full", N_("从业人员数/全职"), "integer", "从业人员数/全职", "全职", "全职人数", "从业人数/全职", "全职从业人员"),
    spec("staff_part", N_("从业人员数/兼职"), "integer", "从业人员数/兼职", "兼职", "兼职人数", "从业人数/兼职", "兼职从业人员"),
    spec("staff_crowd", N_("从业人员数/众包"), "integer", "从业人员数/众包", "众包", "众包人数", "从业人数/众包", "众包从业人员"),
    spec("members", N_("党员数"), "text", "党员数", "党员人数", "党员总数", "党员数（正式/预备/流动）", "党员数/合计", "党员数/小计"),
    spec("members_full", N_("党员数/正式"), "integer", "党员数/正式", "正式党员", "正式", "正式党员数", "党员人数/正式"),
    spec("members_probationary", N_("党员数/预备"), "integer", "党员数/预备", "预备党员", "预备", "预备党员数", "党员人数/预备"),
    spec("members_floating", N_("党员数/流动"), "integer", "党员数/流动", "流动党员", "流动", "流动党员数", "党员人数/流动"),
    spec("applicants", N_("入党申请人"), "integer", "入党申请人", "入党申请人数", "申请人", "入党申请人/积极分子/申请人"),
    spec("activists", N_("积极分子"), "integer", "积极分子", "入党积极分子", "积极分子数", "入党申请人/积极分子/积极分子"),
    spec("formation", N_("组建方式"), "text", "组建方式", "党组织组建方式", "组建方式（单独/联合/行业/楼宇/未建）", "组建情况"),
    spec("party_org", N_("党组织名称"), "text", "党组织名称", "党组织", "所属党组织", "党支部名称"),
    spec("party_org_since", N_("成立时间"), "month", "成立时间", "党组织成立时间", "成立日期", "组建时间"),
    spec("secretary", N_("书记"), "text", "书记", "党组织书记", "支部书记", "书记姓名"),
    spec("instructor", N_("指导员"), "text", "指导员", "党建工作指导员", "党建指导员", "指导员姓名"),
    spec("mass_orgs", N_("工会/团/妇"), "text", "工会/团/妇", "群团组织", "工会/团/妇联", "工青妇", "群团"),
    spec("charter_clause", N_("党建入章"), "boolean", "党建入章", "党建是否入章", "是否党建入章", "党建写入章程"),
    spec("not_formed_reason", N_("未组建原因"), "text", "未组建原因", "未建原因", "未组建党组织原因"),
    spec("surveyor", N_("摸排人"), "text", "摸排人", "填报人", "登记人", "摸排人员"),
    spec("surveyed_on", N_("摸排日期"), "date", "摸排日期", "日期", "填报日期", "登记日期", "摸排时间"),
    spec("note", N_("备注"), "text", "备注", "说明", "remark"),
)  # fmt: skip

MASKS = {"principal": "name", "phone": "phone", "secretary": "name", "instructor": "name", "surveyor": "name"}

BUSINESS_MODEL = words("direct 直营 自营 直营店; franchise 加盟 加盟商 加盟店; agent 代理 代理商 经销")
STATUS = words(
    "active 在营 存续 正常 营业 开业 在业 正常经营 经营中 是; closed 停业 注销 吊销 歇业 停业注销 关闭 停产 否; moved 迁出 搬迁 已迁出"
)
FORMATION = words(
    "standalone 单独 单独组建 单建 独立组建; joint 联合 联合组建 联建; industry 行业 行业联建 行业组建;"
    "building 楼宇 楼宇共建 楼宇联建; none 未建 未组建 无 没有 未成立"
)
_PARTS = re.compile(r"\s*(\d+)\s*[人]?\s*[/／、，,|;；]\s*(\d+)\s*[人]?\s*[/／、，,|;；]\s*(\d+)\s*人?\s*")
_TOTAL = re.compile(r"\s*(\d+)\s*[人名个]?\s*")
STAFF = ("staff_full", "staff_part", "staff_crowd")
MEMBERS = ("members_full", "members_probationary", "members_floating")
MOST = 1_000_000


def check_enterprises(columns: Mapping[str, Column], size: int, context: CheckContext) -> Checked:
    """The values of a roster of firms as `Row.content["v"]` keeps them, and what was found."""
    checker = Checker(columns, size)
    checker.text("name", 120)
    checker.take("credit_code", "credit_code", parse_credit_code)
    sectors = put_in_sector(checker, context)
    checker.take("industry_code", "text", _industry, refuse=False)
    split_platform(checker, context)
    for field in ("employer", "site"):  # what a platform column leaves over is no column of a firm
        checker.values.pop(field, None)
    checker.take(
        "business_model", "text", one_of(BUSINESS_MODEL, _("经营模式"), "直营、加盟、代理"), refuse=False
    )
    checker.take("status", "text", one_of(STATUS, _("经营状态"), "在营、停业注销、迁出"), refuse=False)
    checker.text("registered_address", 200)
    areas = put_in_place(checker, context)
    checker.text("principal", 60)
    checker.take("phone", "phone", parse_phone)
    _counts(checker, "staff", STAFF)
    _counts(checker, "members", MEMBERS)
    for field in ("applicants", "activists"):
        checker.take(field, "integer", _count, refuse=False)
    checker.take(
        "formation", "text", one_of(FORMATION, _("组建方式"), "单独、联合、行业、楼宇、未建"), refuse=False
    )
    checker.text("party_org", 120)
    checker.take("party_org_since", "month", refuse=False)
    for field, limit in (("secretary", 60), ("instructor", 60), ("mass_orgs", 60)):
        checker.text(field, limit)
    checker.take("charter_clause", "text", one_of(YES_NO, _("党建入章"), "是、否"), refuse=False)
    checker.text("not_formed_reason", 200)
    checker.text("surveyor", 60)
    _surveyed(checker, context.today)
    checker.text("note", 400)
    _whole(checker)
    return checker.done(areas, sectors)


def _industry(text: str) -> Any:
    return text if text.isascii() and text.isdigit() and len(text) <= 4 else Fault("number.format", {}, False)


def _count(number: Any) -> Any:
    return number if 0 <= number <= MOST else Fault("number.integer", {}, False)


def _counts(checker: Checker, whole: str, parts: Sequence[str]) -> None:
    """Three counts in three columns, or in one as 12/3/40; a lone total is compared with them, never spread."""
    for field in parts:
        checker.take(field, "integer", _count, refuse=False)
    texts = checker.convert(whole, refuse=False)
    for index, text in enumerate(texts or ()):
        if text is None:
            continue
        if three := _PARTS.fullmatch(text):
            for field, digits in zip(parts, three.groups(), strict=True):
                column = checker.values.setdefault(field, [None] * checker.size)
                if column[index] is None:
                    column[index] = min(int(digits), MOST)
        elif total := _TOTAL.fullmatch(text):
            _compare(checker, whole, parts, index, int(total[1]))
        else:
            checker.note(index, whole, "parts.format")


def _compare(checker: Checker, whole: str, parts: Sequence[str], index: int, total: int) -> None:
    first, second, third = (checker.get(field)[index] for field in parts)
    if first is None or second is None:
        return
    if whole == "members":
        # floating members are counted among the full and the probationary ones
        if first + second != total:
            checker.note(index, whole, "members.sum", full=first, probationary=second, total=total)
    elif third is not None and first + second + third != total:
        checker.note(index, whole, "staff.sum", sum=first + second + third, total=total)


def _surveyed(checker: Checker, today: date) -> None:
    def day(value: date) -> Any:
        return Fault("date.future", {}, False) if value > today else value.isoformat()

    checker.take("surveyed_on", "date", day, refuse=False)


def _whole(checker: Checker) -> None:
    """What only several columns together tell."""
    refused = {f.at for f in checker.findings if f.refuse}
    get = checker.get
    sums = [get(field) for field in (*STAFF, *MEMBERS[:2])]
    for index, (name, code, formation, org, reason) in enumerate(
        zip(
            get("name"),
            get("credit_code"),
            get("formation"),
            get("party_org"),
            get("not_formed_reason"),
            strict=True,
        )
    ):
        if name is None and index not in refused:
            checker.refuse(index, "name", "cell.required", label=str(_("企业名称")))
            continue
        if code is None and index not in refused:
            checker.note(index, "credit_code", "credit.missing")
        staff = [sums[i][index] for i in range(3)]
        members = [sums[i][index] or 0 for i in (3, 4)]
        if None not in staff and sum(members) > sum(staff):
            checker.note(index, "members_full", "members.over")
        if members[0] >= 3 and formation is None:
            checker.note(index, "formation", "formation.missing", full=members[0])
        if org and reason and formation != "none":
            checker.note(index, "not_formed_reason", "formation.reason")


ENTERPRISES = Target(
    code="enterprises",
    label=_("新业态企业摸排表"),
    fields=ENTERPRISE_FIELDS,
    check=check_enterprises,
    masks=MASKS,
)
"""To be registered with the hooks of the survey: `dataclasses.replace(ENTERPRISES, on_committed=…)`."""
