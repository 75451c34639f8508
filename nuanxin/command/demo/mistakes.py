"""How rosters get people wrong. Every mistake is one that departments' files really show (dossier 5, issue faults)."""

import random
from datetime import date

HOMOPHONES: dict[str, str] = {}
for _group in [
    "伟玮炜",
    "明铭鸣",
    "丽莉俐",
    "静婧敬",
    "建健剑",
    "军君俊",
    "华花桦",
    "红虹宏洪",
    "强墙",
    "辉晖灰",
    "志智至",
    "文雯闻",
    "海亥",
    "峰锋丰",
    "国果",
    "庆清青",
    "新欣鑫",
    "东冬栋",
    "成诚程",
    "康糠",
    "星兴",
    "光广",
    "天添",
    "达答",
    "安桉",
    "林琳霖",
    "阳洋扬杨",
    "宇雨羽",
    "浩昊皓",
    "凯恺",
    "超抄",
    "鹏朋",
    "飞菲",
    "波博",
    "斌宾彬",
    "平萍苹",
    "磊蕾",
    "洁杰婕",
    "芳方",
    "娜那",
    "敏闽",
    "艳燕彦",
    "霞侠",
    "玲玲灵凌",
    "英瑛盈",
    "梅玫",
    "雪血",
    "婷亭廷",
    "颖影",
    "慧惠会",
    "晶京",
    "倩欠",
    "蓉容荣",
    "章张",
    "李里",
    "刘留",
    "陈晨",
    "吴伍",
    "周洲",
]:
    for _c in _group:
        HOMOPHONES.setdefault(_c, _group.replace(_c, "") or _c)

FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def misheard(rng: random.Random, name: str) -> str:
    """A character of the given name written with one that sounds the same; the name itself where none does."""
    places = [i for i in range(1, len(name)) if name[i] in HOMOPHONES]
    if not places:
        return name
    at = rng.choice(places)
    return name[:at] + rng.choice(HOMOPHONES[name[at]]) + name[at + 1 :]


def spaced(rng: random.Random, text: str) -> str:
    """With a blank, a no-break space or a tab where nobody sees it."""
    return rng.choice(
        (
            text + " ",
            " " + text,
            text + "\u00a0",
            text[:1] + " " + text[1:] if len(text) == 2 else text + "\t",
        )
    )


def full_width(text: str) -> str:
    """１３８…"""
    return text.translate(FULL)


def slip(rng: random.Random, number: str) -> str:
    """One wrong digit, or two neighbours the wrong way round."""
    at = rng.randrange(3, len(number) - 1)
    if rng.random() < 0.5 and number[at] != number[at + 1] and number[at + 1].isdigit():
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + str((int(number[at]) + rng.randrange(1, 10)) % 10) + number[at + 1 :]


def masked(number: str) -> str:
    """138****1234 or 4305**********0014."""
    return number[:3] + "****" + number[-4:] if len(number) == 11 else number[:4] + "*" * 10 + number[-4:]


def written_phone(rng: random.Random, phone: str) -> object:
    """The same phone as different hands write it."""
    die = rng.random()
    if die < 0.70:
        return phone
    if die < 0.85:
        return int(phone)  # a number cell
    if die < 0.90:
        return f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    if die < 0.94:
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    if die < 0.97:
        return full_width(phone)
    return "+86" + phone


def written_id(rng: random.Random, idno: str) -> object:
    """The same id as different hands write it; one in two hundred has been destroyed by the spreadsheet."""
    die = rng.random()
    if die < 0.005 and idno[-1] != "X":
        return float(int(idno))  # 4.30511199001010E+17: the end is gone
    if die < 0.04:
        return idno.lower()
    if die < 0.06:
        return full_width(idno)
    if die < 0.09:
        return idno + "\u00a0"
    if die < 0.10:
        return "'" + idno
    return idno


def written_date(rng: random.Random, day: date) -> object:
    """One of six styles."""
    return rng.choice(
        (
            day.isoformat(),
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}.{day.month}.{day.day}",
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            day,
        )
    )
