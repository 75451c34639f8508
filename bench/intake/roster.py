"""A roster as a department sends it: 15 columns under a title, every hundredth row with a fault, some masked."""

from __future__ import annotations

import io
import random
from typing import Any

from xlsxwriter import Workbook

from nuanxin.foundation.codes.rules.resident_id import check_digit

HEADERS = (
    "序号", "姓名", "性别", "出生年月", "身份证号", "联系电话", "文化程度", "职业类型", "平台/站点", "所在企业", "用工形式",
    "常驻街道", "入会", "同意标记", "入职日期",
)  # fmt: skip
COLUMNS = (
    "number", "name", "sex", "birth", "idno", "phone", "education", "sector", "platform", "employer", "kind", "area",
    "union", "consent", "since",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志鹏文辉浩宇子涵雨欣嘉怡俊晨思远"
STREETS = ("星沙街道", "湘龙街道", "长沙县星沙街道", "湘龙")


def rows(count: int, seed: int = 1) -> list[list[Any]]:
    """The same rows for the same seed."""
    dice = random.Random(seed)
    return [_row(n, dice) for n in range(1, count + 1)]


def _row(number: int, dice: random.Random) -> list[Any]:
    year, month, day = dice.randint(1970, 2005), dice.randint(1, 12), dice.randint(1, 28)
    first = f"4301{dice.randint(2, 24):02d}{year}{month:02d}{day:02d}{dice.randint(1, 998):03d}"
    idno = first + check_digit(first)
    phone = f"1{dice.choice('3578')}{dice.randint(0, 999_999_999):09d}"
    fault = dice.random()
    if fault < 0.004:
        idno = idno[:16] + str((int(idno[16]) + 1) % 10) + idno[17]
    elif fault < 0.008:
        phone = phone[:-1]
    elif fault < 0.03:
        phone = f"{phone[:3]}****{phone[7:]}"
    return [
        number,
        dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2)))),
        "男" if int(first[16]) % 2 else "女",
        dice.choice((f"{year}-{month:02d}", f"{year}年{month}月", f"{year}.{month:02d}")),
        idno,
        phone,
        dice.choice(("初中", "高中", "大专", "本科")),
        dice.choice(("外卖骑手", "快递员", "网约车司机", "货车司机")),
        dice.choice(("美团", "饿了么", "顺丰/星沙站", "")),
        f"长沙第{dice.randint(1, 400)}服务有限公司",
        dice.choice(("全职", "兼职", "众包")),
        dice.choice(STREETS),
        dice.choice(("是", "否")),
        "同意",
        f"20{dice.randint(18, 25)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
    ]


def workbook(lines: list[list[Any]], titles: tuple[str, ...] = ()) -> bytes:
    """The rows as .xlsx with shared strings, as Excel and WPS write it."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        for place, line in enumerate([*([title] for title in titles), HEADERS, *lines]):
            for column, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(place, column, cell)
                elif cell:
                    sheet.write_string(place, column, cell)
    return out.getvalue()
