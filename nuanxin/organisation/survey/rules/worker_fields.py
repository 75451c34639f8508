"""The columns of a roster of workers (从业人员花名册, 党员名册; dossier 5) and how they are checked.

What decides who a person is (name, ID, phone, plate) refuses the row when it is wrong; anything else that cannot be
read is noted and left out. Membership is kept only where the row says that the person agreed (dossier 6.4): without
the mark neither value nor cell is kept, and nothing is noted, because a note would tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from nuanxin.engines.intake.rules import CheckContext, Checked, Checker, Target
from nuanxin.engines.intake.rules.checker import Fault
from nuanxin.foundation.codes.rules import (
    CodeRefused,
    birth_date,
    parse_ebike_plate,
    parse_name,
    parse_phone,
    parse_plate,
    parse_resident_id,
    sex,
)
from nuanxin.foundation.sheets.rules.table import Column

from .field_words import CONSENT, EDUCATION, KIND, MEMBERSHIP, SEX, YES_NO, key, one_of, spec
from .placing import put_in_place, put_in_sector, split_platform

WORKER_FIELDS = (
    spec("name", N_("姓名"), "name", "姓名", "名字", "人员姓名", "从业人员姓名", "骑手姓名", "司机姓名", "驾驶员姓名", "快递员姓名", "员工姓名", "主播姓名", "真实姓名", "name", required=True),
    spec("sex", N_("性别"), "text", "性别", "sex", "gender"),
    spec("birth", N_("出生年月"), "month", "出生年月", "出生日期", "生日", "出生年月日", "出生时间"),
    spec("idno", N_("身份证号"), "resident_id", "身份证号", "身份证号码", "身份证", "证件号", "证件号码", "公民身份号码", "居民身份证号", "身份证件号码", "有效证件号", "idno", "id"),
    spec("phone", N_("电话"), "phone", "电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "移动电话", "本人电话", "电话号码", "phone", "mobile", "tel"),
    spec("plate", N_("车牌号"), "plate", "车牌", "车牌号", "车牌号码", "号牌", "车辆号牌", "车辆牌照", "电动车牌号", "plate"),
    spec("education", N_("文化程度"), "text", "文化程度", "学历", "受教育程度", "最高学历"),
    spec("political", N_("政治面貌"), "text", "政治面貌", "政治面貌（自愿填写）", "是否党员", "党员身份"),
    spec("sector", N_("职业类型"), "text", "职业类型", "职业", "工种", "从业类型", "行业", "行业类别", "岗位", "岗位类型", "人员类别", "从事行业", "从业类别", "industry"),
    spec("platform", N_("平台"), "text", "平台", "所属平台", "平台/站点", "平台名称", "平台站点", "所属平台/品牌", "平台企业", "品牌", "接单平台", "注册平台", "platform"),
    spec("employer", N_("所在企业"), "text", "所在企业", "企业名称", "所属企业", "公司", "单位", "工作单位", "公司名称", "所属公司", "用工企业", "用人单位", "单位名称", "签约公司", "所属单位", "加盟商", "employer", "company"),
    spec("site", N_("站点"), "text", "站点", "所属站点", "网点", "站点名称", "网点名称", "配送站", "配送站点", "所属网点", "营业部"),
    spec("kind", N_("用工形式"), "text", "用工形式", "用工类型", "用工方式", "用工性质", "全职/兼职", "从业形式", "用工关系"),
    spec("area", N_("常驻街道"), "text", "常驻街道", "常驻街道/社区", "所在街道", "街道", "乡镇街道", "镇街", "街道/社区", "所属街道", "服务区域", "居住街道", "所属区域", "常驻区域", "county"),
    spec("community", N_("所在社区"), "text", "所在社区", "社区", "所属社区", "常驻社区", "居住社区", "村/社区", "社区/村", "社区（村）", "村（社区）"),
    spec("address", N_("住址"), "text", "住址", "现住址", "居住地址", "家庭住址", "地址", "居住地", "现居住地", "常住地址", "联系地址", "address"),
    spec("union", N_("入会"), "boolean", "入会", "是否入会", "工会会员", "是否工会会员", "加入工会", "是否加入工会", "工会入会"),
    spec("injury", N_("职业伤害保障"), "boolean", "职业伤害保障", "职业伤害", "是否参加职业伤害保障", "职伤保障", "是否参保职业伤害"),
    spec("hardship", N_("困难情况"), "text", "困难情况", "困难类型", "家庭困难情况", "困难说明", "是否困难"),
    spec("consent", N_("同意标记"), "boolean", "同意标记", "本人同意", "是否同意", "知情同意", "同意登记", "同意", "授权标记", "是否授权"),
    spec("since", N_("入职日期"), "month", "入职日期", "从业日期", "入职时间", "从业时间", "注册时间", "开始从业日期", "上岗日期", "注册日期"),
    spec("note", N_("备注"), "text", "备注", "说明", "其他", "备注说明", "remark"),
    spec("ethnicity", N_("民族"), "text", "民族"),
    spec("joined_on", N_("入党日期"), "month", "入党日期", "入党时间", "入党年月", "加入党组织日期"),
    spec("confirmed_on", N_("转正日期"), "month", "转正日期", "转正时间", "转为正式党员日期"),
    spec("organisation", N_("组织关系所在党组织"), "text", "组织关系所在党组织", "所在党组织", "所在党支部", "组织关系所在地", "组织关系", "党支部", "所属党组织"),
    spec("member_kind", N_("党员类型"), "text", "党员类型", "类型（在册/流动）", "类型", "在册/流动", "是否流动党员", "流动党员"),
    spec("origin", N_("流出地"), "text", "流出地", "流出地党组织", "流出党组织"),
    spec("destination", N_("流入地"), "text", "流入地", "流入地党组织", "流入党组织"),
    spec("reported_on", N_("报到日期"), "month", "报到日期", "报到时间"),
    spec("contact", N_("联系人"), "text", "联系人", "党组织联系人", "联系党员", "联系人员"),
)  # fmt: skip

PARTY_TEXTS = ("ethnicity", "organisation", "origin", "destination", "contact")
PARTY_DAYS = ("joined_on", "confirmed_on", "reported_on")
PARTY_FIELDS = ("political", "member_kind", *PARTY_TEXTS, *PARTY_DAYS)

MASKS = {
    "name": "name",
    "idno": "id",
    "phone": "phone",
    "plate": "plate",
    "birth": "year",
    "address": "address",
    "hardship": "hide",
    **dict.fromkeys(PARTY_FIELDS, "hide"),
}

IDENTITY = ("idno", "phone", "plate", "employer")
OLDEST, YOUNGEST = 80, 16


def check_workers(columns: Mapping[str, Column], size: int, context: CheckContext) -> Checked:
    """The values of a roster's rows as `Row.content["v"]` keeps them, and what was found."""
    checker = Checker(columns, size)
    checker.take("name", "name", parse_name)
    _sex_birth_and_id(checker, context.today)
    checker.take("phone", "phone", parse_phone)
    sectors = put_in_sector(checker, context)
    _plates(checker, sectors)
    checker.take("education", "text", lambda text: EDUCATION.get(key(text), text[:20]), refuse=False)
    split_platform(checker, context)
    checker.take("kind", "text", one_of(KIND, _("用工形式"), "全职、兼职、众包"), refuse=False)
    areas = put_in_place(checker, context)
    checker.take("union", "text", one_of(YES_NO, _("入会"), "是、否"), refuse=False)
    checker.take("injury", "text", one_of(YES_NO, _("职业伤害保障"), "是、否"), refuse=False)
    checker.text("hardship", 200)
    checker.take("consent", "text", one_of(CONSENT, _("同意标记"), "同意、不同意"), refuse=False)
    _since(checker, context.today)
    checker.text("note", 200)
    _membership(checker)
    _who(checker)
    return checker.done(areas, sectors)


def _sex_birth_and_id(checker: Checker, today: date) -> None:
    limit = today.isoformat()

    def month(text: str) -> Any:
        if text > limit:
            return Fault("date.future", {}, False)
        age = _age(text, today)
        return text if YOUNGEST <= age <= OLDEST else Fault("birth.age", {"age": age}, False, text)

    sexes = checker.take("sex", "text", one_of(SEX, _("性别"), "男、女"), refuse=False)
    births = checker.take("birth", "month", month, refuse=False)
    numbers = checker.take("idno", "resident_id", lambda text: parse_resident_id(text, today=today))
    if numbers is None or (sexes is None and births is None):
        return
    said_sexes, said_births = checker.get("sex"), checker.get("birth")
    for index, number in enumerate(numbers):
        if type(number) is not str:  # empty or masked
            continue
        if (said := said_sexes[index]) is not None and said != sex(number).lower():
            checker.note(index, "sex", "sex.mismatch")
        if (born := said_births[index]) is not None and not birth_date(number).isoformat().startswith(born):
            checker.note(index, "birth", "birth.mismatch")


def _age(birth: str, today: date) -> int:
    return today.year - int(birth[:4]) - (f"{today:%m}" < birth[5:7])


def _plates(checker: Checker, sectors: list[str]) -> None:
    """Riders' e-bikes have plates that every city makes as it likes; drivers' plates are those of the state."""
    values = checker.convert("plate", "plate")
    if values is None:
        return
    answers = checker.parse("plate", values, _plate)
    for index, answer in enumerate(answers):
        if type(answer) is tuple:
            refused, free = answer
            if sectors[index] in ("ride_hail", "truck", "chauffeur"):
                checker.refuse(index, "plate", refused.code, **refused.params)
                answers[index] = None
            else:
                checker.note(index, "plate", "plate.ebike")
                answers[index] = free[:20]
    checker.values["plate"] = answers


def _plate(text: str) -> Any:
    """A plate, or what was refused of it beside the text as an e-bike's plate."""
    try:
        return parse_plate(text)
    except CodeRefused as refused:
        free = parse_ebike_plate(text)
        return (refused, free) if free else None


def _since(checker: Checker, today: date) -> None:
    """Only whole days count as the first day of work; a month alone would be a guess."""
    limit = today.isoformat()

    def day(text: str) -> Any:
        if len(text) == 7:
            return Fault("date.month_only", {}, False)
        return Fault("date.future", {}, False) if text > limit else text

    checker.take("since", "month", day, refuse=False)


def _membership(checker: Checker) -> None:
    """Reads the columns of members quietly, then forgets them where the row has no consent."""
    if not any(field in checker.columns for field in PARTY_FIELDS):
        return
    loud = len(checker.findings)
    size = checker.size
    political = checker.convert("political") or [None] * size
    kinds = checker.convert("member_kind") or [None] * size
    joined = checker.convert("joined_on", "month") or [None] * size
    words = [_declared(text, kind, day) for text, kind, day in zip(political, kinds, joined, strict=True)]
    checker.values["political"] = [word for word, _floating in words]
    checker.values["floating"] = [floating for _word, floating in words]
    for field in PARTY_TEXTS:
        if (texts := checker.convert(field)) is not None:
            checker.values[field] = [text[:120] if text else None for text in texts]
    for field in PARTY_DAYS:
        if (days := checker.convert(field, "month")) is not None:
            checker.values[field] = days
    # a finding in such a column would say who is a member
    del checker.findings[loud:]
    agreed = [consent is True for consent in checker.get("consent")]
    for field in PARTY_FIELDS:
        checker.withhold(field, agreed)
    checker.values["floating"] = [
        f if a else None for f, a in zip(checker.values["floating"], agreed, strict=True)
    ]
    if "ethnicity" in checker.values:
        # the 民族 of a roster of workers is no part of the ledger: only members' rosters have the column
        members = checker.values["political"]
        checker.values["ethnicity"] = [
            e if m else None for e, m in zip(checker.values["ethnicity"], members, strict=True)
        ]


_DECLARED: dict[str, str] = MEMBERSHIP


def _declared(political: str | None, kind: str | None, joined: str | None) -> tuple[str | None, bool | None]:
    """(full | probationary | None, floating) of what the columns of one row say together."""
    text, kind = political or "", kind or ""
    word = _DECLARED.get(key(text), "") or _DECLARED.get(key(kind), "")
    if not word and joined:
        word = "full"  # 党员名册: who has a day of admission is a member
    if word not in ("full", "probationary"):
        return None, None
    return word, True if "流动" in text or "流动" in kind else None


def _who(checker: Checker) -> None:
    """A row needs a name and something that tells this person from a namesake."""
    refused = {f.at for f in checker.findings if f.refuse}
    known = [checker.get(field) for field in ("name", *IDENTITY, "platform")]
    for index, (name, *marks) in enumerate(zip(*known, strict=True)):
        if index in refused:
            continue
        if name is None:
            checker.refuse(index, "name", "cell.required", label=str(_("姓名")))
        elif not any(marks):
            checker.refuse(index, "", "row.identity")


WORKERS = Target(
    code="workers",
    label=_("从业人员花名册"),
    fields=WORKER_FIELDS,
    check=check_workers,
    one_of=("idno", "phone", "plate", "employer", "platform"),
    masks=MASKS,
)
"""To be registered with the hooks of the survey: `dataclasses.replace(WORKERS, on_committed=…)`."""
