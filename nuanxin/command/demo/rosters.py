"""The files that departments send: each office in its own layout, with its own mistakes, and the truth beside it.

Not in the files: `truth`, the key of the invented person behind each row, so that a test (or a bench) can say how
much of it the import and the matching found.
"""

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

from . import mistakes as wrong
from .population import PLATFORMS, Firm, Person

Cell = object
Names = Callable[[int], str]


@dataclass
class Roster:
    """A file as a unit sends it."""

    unit: str
    target: str
    filename: str
    data: bytes
    as_of: date
    sector: str = ""
    truth: list[int] = field(default_factory=list)


def workbook(
    titles: Sequence[str],
    header: Sequence[Sequence[str]],
    rows: Sequence[Sequence[Cell]],
    tail: Sequence[str] = (),
) -> bytes:
    """An .xlsx with merged titles, a header of one or two rows (equal neighbours are merged) and closing lines."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy/m/d"}) as book:
        sheet = book.add_worksheet("花名册")
        bold = book.add_format({"bold": True, "align": "center"})
        width = len(header[-1])
        at = 0
        for title in titles:
            sheet.merge_range(at, 0, at, width - 1, title, bold)
            at += 1
        if len(header) == 2:
            _merged_header(sheet, at, header, bold)
        else:
            sheet.write_row(at, 0, header[0], bold)
        at += len(header)
        plain = book.add_format()
        for row in rows:
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, column, value)
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(at, column, value, plain)
                elif value != "":
                    sheet.write_string(at, column, str(value))
            at += 1
        for line in tail:
            sheet.write_string(at, 0, line)
            at += 1
    return stream.getvalue()


def _merged_header(
    sheet: xlsxwriter.worksheet.Worksheet, at: int, header: Sequence[Sequence[str]], bold: object
) -> None:
    upper, lower = header
    column = 0
    while column < len(lower):
        end = column
        while end + 1 < len(lower) and upper[end + 1] == upper[column] and upper[column]:
            end += 1
        if not lower[column]:
            sheet.merge_range(at, column, at + 1, column, upper[column], bold)
        elif end > column:
            sheet.merge_range(at, column, at, end, upper[column], bold)
            for c in range(column, end + 1):
                sheet.write_string(at + 1, c, lower[c], bold)
        else:
            sheet.write_string(at, column, upper[column], bold)
            sheet.write_string(at + 1, column, lower[column], bold)
        column = end + 1


def table(
    header: Sequence[str], rows: Sequence[Sequence[Cell]], encoding: str, newline: str = "\r\n"
) -> bytes:
    """A .csv in GB18030 or UTF-8 with BOM."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def _repeat(rng: random.Random, people: Sequence[Person], share: float) -> list[Person]:
    """Some people stand twice in a list, further down."""
    listed = list(people)
    for person in rng.sample(listed, int(len(listed) * share)):
        listed.insert(rng.randrange(len(listed)), person)
    return listed


def _name(rng: random.Random, person: Person, error: float) -> str:
    name = person.name
    die = rng.random()
    if die < error:
        name = wrong.misheard(rng, name)
    elif die < error + 0.02:
        name = wrong.spaced(rng, name)
    return name


def courier_office(
    rng: random.Random, people: Sequence[Person], place: Names, unit: str, day: date
) -> Roster:
    """邮政业发展中心: an .xlsx with a merged title, a line with office and date, totals and a signature."""
    rows, truth = [], []
    for number, p in enumerate(_repeat(rng, people, 0.01), 1):
        brand = PLATFORMS[p.platform][0] if p.platform in PLATFORMS else ""
        rows.append([
            number, _name(rng, p, 0.01), "男" if p.sex == "m" else "女", wrong.written_id(rng, p.idno),
            wrong.written_phone(rng, p.phone), rng.choice((brand, brand + "快递")), p.employer, p.kind,
            place(p.area), wrong.written_date(rng, p.since),
        ])  # fmt: skip
        truth.append(p.key)
    header = [
        "序号",
        "姓名",
        "性别",
        "身份证号码",
        "手机号",
        "所属品牌",
        "网点名称",
        "用工形式",
        "工作片区",
        "入职时间",
    ]
    data = workbook(
        ["快递从业人员信息登记表", f"填报单位：邮政业发展中心　　　填报日期：{day.year}年{day.month}月{day.day}日"], [header], rows,
        [f"合计：{len(rows)}人", "填报人：　　　　审核人："],
    )  # fmt: skip
    return Roster(unit, "workers", f"快递人员{day:%Y%m%d}.xlsx", data, day, "courier", truth)


def delivery_platform(
    rng: random.Random, people: Sequence[Person], unit: str, day: date, place: Names
) -> Roster:
    """A platform: .csv in GB18030, numbers masked in most rows, no ids in half of them."""
    rows, truth = [], []
    for p in _repeat(rng, people, 0.008):
        die = rng.random()
        phone = wrong.masked(p.phone) if die < 0.6 else p.phone
        idno = wrong.masked(p.idno) if die < 0.5 else ""
        rows.append([
            p.name, phone, idno, PLATFORMS[p.platform][0], p.employer, "专送" if p.kind == "全职" else "众包",
            place(p.area), f"{p.since:%Y-%m-%d}",
        ])  # fmt: skip
        truth.append(p.key)
    header = ["骑手姓名", "联系电话", "证件号", "平台", "站点公司", "配送类型", "常跑商圈", "注册日期"]
    return Roster(
        unit, "workers", f"骑手名单_{day:%Y%m}.csv", table(header, rows, "gb18030"), day, "delivery", truth
    )


def market_office(rng: random.Random, people: Sequence[Person], place: Names, unit: str, day: date) -> Roster:
    """市场监督管理局: riders by restaurant inspection; health certificates bring ids, names are typed by hand."""
    rows, truth = [], []
    for number, p in enumerate(_repeat(rng, people, 0.012), 1):
        idno = wrong.written_id(rng, p.idno)
        if rng.random() < 0.012:
            idno = wrong.slip(rng, p.idno)  # the check digit no longer fits
        phone = wrong.written_phone(rng, p.phone) if rng.random() > 0.04 else ""
        name = _name(rng, p, 0.015) if rng.random() > 0.0008 else ""
        rows.append(
            [
                number,
                name,
                idno,
                phone,
                PLATFORMS[p.platform][0],
                p.employer,
                place(p.area),
                "是" if p.consent else "",
            ]
        )
        truth.append(p.key)
    header = [
        "序号",
        "姓名",
        "证件号码",
        "联系方式",
        "所属平台",
        "配送站（公司）",
        "常驻街道",
        "本人同意登记",
    ]
    data = workbook(["外卖配送人员健康证登记汇总表"], [header], rows, ["注：以上信息由各监管所汇总。"])
    return Roster(unit, "workers", f"外卖骑手汇总{day:%m%d}.xlsx", data, day, "delivery", truth)


def transport_office(
    rng: random.Random, people: Sequence[Person], place: Names, unit: str, day: date, sector: str
) -> Roster:
    """交通运输局: a header of two rows, driver and vehicle; plates with dots, phones as numbers."""
    rows, truth = [], []
    for number, p in enumerate(_repeat(rng, people, 0.01), 1):
        plate = p.plate if rng.random() < 0.8 else p.plate[:2] + "·" + p.plate[2:]
        rows.append([
            number, _name(rng, p, 0.01), "男" if p.sex == "m" else "女", wrong.written_id(rng, p.idno),
            wrong.written_phone(rng, p.phone), plate if p.plate else "", PLATFORMS[p.platform][0], p.employer,
            place(p.area), wrong.written_date(rng, p.since),
        ])  # fmt: skip
        truth.append(p.key)
    upper = [
        "序号",
        "驾驶员信息",
        "驾驶员信息",
        "驾驶员信息",
        "驾驶员信息",
        "车辆信息",
        "经营信息",
        "经营信息",
        "常驻街道",
        "从业日期",
    ]
    lower = ["", "姓名", "性别", "身份证号", "联系电话", "车牌号", "平台", "企业名称", "", ""]
    kind = {"ride_hail": "网约车驾驶员", "truck": "货车司机", "chauffeur": "代驾人员"}[sector]
    data = workbook([f"{kind}基本情况统计表"], [upper, lower], rows)
    return Roster(unit, "workers", f"{kind}{day:%Y%m%d}.xlsx", data, day, sector, truth)


def internet_office(
    rng: random.Random, people: Sequence[Person], place: Names, unit: str, day: date
) -> Roster:
    """网信办: streamers and shops, UTF-8 with BOM, mixed newlines, few ids."""
    rows, truth = [], []
    for p in _repeat(rng, people, 0.01):
        trade = "网络主播" if p.sector == "streamer" else "电商从业者"
        idno = p.idno if rng.random() < 0.35 else ""
        rows.append(
            [_name(rng, p, 0.01), trade, PLATFORMS[p.platform][0], p.employer, p.phone, idno, place(p.area)]
        )
        truth.append(p.key)
    header = ["姓名", "从业类型", "平台", "所属机构", "手机", "身份证", "常驻地"]
    return Roster(
        unit,
        "workers",
        f"网络从业人员_{day:%Y%m}.csv",
        table(header, rows, "utf-8-sig", "\n"),
        day,
        "",
        truth,
    )


def street_canvass(
    rng: random.Random, people: Sequence[Person], place: Names, unit: str, day: date
) -> Roster:
    """镇街摸排: the 从业人员花名册 of dossier 5, heard at the door: names by ear, new phones, hardly an id."""
    rows, truth = [], []
    for number, p in enumerate(people, 1):
        phone: object = wrong.written_phone(rng, p.phone)
        if rng.random() < 0.03:
            phone = wrong.slip(rng, p.phone)
        rows.append([
            number, _name(rng, p, 0.05), "男" if p.sex == "m" else "女",
            rng.choice((f"{p.birth:%Y-%m}", f"{p.birth.year}.{p.birth.month:02}", f"{p.birth:%Y%m}")),
            p.education, p.party if p.consent else "", _trade(p.sector), f"{PLATFORMS[p.platform][0]}", p.kind, place(p.area), phone,
            rng.choice(("是", "√")) if p.union else "否", "是" if p.injury else "否", "", "同意" if p.consent else "",
        ])  # fmt: skip
        truth.append(p.key)
    header = ["序号", "姓名", "性别", "出生年月", "文化程度", "政治面貌", "职业类型", "平台/站点", "用工形式", "常驻社区", "电话", "入会",
              "职业伤害保障", "困难情况", "同意标记"]  # fmt: skip
    data = workbook(
        ["新就业群体摸排花名册", f"摸排日期：{day.year}.{day.month}.{day.day}"],
        [header],
        rows,
        [f"合计 {len(rows)}"],
    )
    return Roster(unit, "workers", f"摸排花名册{day:%m%d}.xlsx", data, day, "", truth)


def _trade(sector: str) -> str:
    return {
        "delivery": "外卖骑手", "courier": "快递员", "ride_hail": "网约车司机", "truck": "货车司机",
        "streamer": "网络主播", "chauffeur": "代驾司机", "ecommerce": "电商从业者",
    }[sector]  # fmt: skip


def firm_canvass(
    rng: random.Random, firms: Sequence[Firm], staff: dict[str, int], place: Names, unit: str, day: date
) -> Roster:
    """新业态企业摸排表 with its two-row header (dossier 5)."""
    upper = ["序号", "企业名称", "统一社会信用代码", "行业类别", "所属平台/品牌", "经营模式", "实际经营地", "负责人", "电话", "从业人员数",
             "从业人员数", "从业人员数", "党员数", "党员数", "党员数", "组建方式", "党建入章", "摸排人", "日期"]  # fmt: skip
    lower = [
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "全职",
        "兼职",
        "众包",
        "正式",
        "预备",
        "流动",
        "",
        "",
        "",
        "",
    ]
    rows, truth = [], []
    for number, f in enumerate(firms, 1):
        people = staff.get(f.name, 0)
        full = people * 6 // 10
        members = rng.choice((0, 0, 1, 2, 3, 4)) if people > 5 else 0
        rows.append([
            number, f.name, f.credit_code if rng.random() > 0.03 else f.credit_code.lower(), _trade(f.sector).rstrip("员手机"),
            PLATFORMS[f.platform][0], f.model, place(f.area), f.principal, wrong.written_phone(rng, f.phone), full,
            people * 2 // 10, people - full - people * 2 // 10, members, rng.choice((0, 0, 1)) if members else 0, rng.choice((0, 1)),
            "单独组建" if members >= 3 else "联合组建" if members else "未组建", "是" if members >= 3 else "否", "摸排组",
            wrong.written_date(rng, day),
        ])  # fmt: skip
        truth.append(f.key)
    data = workbook(["新业态企业摸排表", f"日期：{day.isoformat()}"], [upper, lower], rows)
    return Roster(unit, "enterprises", f"新业态企业摸排表{day:%m%d}.xlsx", data, day, "", truth)
