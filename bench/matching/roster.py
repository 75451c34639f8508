"""A synthetic roster of gig workers whose truth is known.

Every draw comes from one seeded generator, so a (rows, seed) pair names one roster for ever. Nobody in it
is real: names are drawn from lists of common characters, numbers are random and only pass the format checks.
 What makes it hard, and how often (shares of rows unless said otherwise): typos in a name 2.5 %, a
homophone 2.5 %, a character lost 0.5 %, a masked name 1 %; a changed phone 9 %, one wrong digit 1.2 %,
a masked phone by source; an id one digit off 1.2 %, two digits swapped 0.4 %, somebody else's id 0.2 %,
masked or absent by source; one household in eight has two siblings who share a phone, often with a
generation character in common; 3 % of people give the phone of their station; 8 % work for two
platforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from pypinyin import lazy_pinyin

# Share of the population in per mille, from the Ministry of Public Security's yearly name reports (rounded).
SURNAMES: dict[str, int] = {}
for _share, _names in {
    71: "王",
    70: "李",
    66: "张",
    51: "刘",
    45: "陈",
    31: "杨",
    20: "赵 黄",
    19: "周 吴",
    14: "徐",
    13: "孙",
    11: "胡 朱",
    10: "高 林 何 郭 马",
    9: "罗",
    8: "梁 宋 郑",
    7: "谢 韩 唐",
    6: "冯 于 董 程 曹",
    5: "袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡",
    4: "贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金",
    3: "陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文",
    2: "欧阳",
    1: "萧 单 仇 解 司马 上官",
}.items():
    SURNAMES |= dict.fromkeys(_names.split(), _share)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文志海波辉鹏飞宇浩然俊博涵欣怡梓轩子豪雨晨"
    "思佳嘉琪梦婷雪晓东林峰斌健康宁安福贵祥瑞荣春兰梅菊莲凤燕云龙虎少正义仁礼智信德才学良友善美慧颖倩洁雅"
    "琴琳璐瑶珍珊玲莉莹岚凯旋胜利成功立新长永庆喜乐天翔宏远大双全兴旺金银宝玮炜维苇薇威巍纬唯惟玮韦魏芬"
    "斐菲霏妃飛淑舒书树述竹珠朱诸烛铸柱伦轮纶仑泽则择责哲喆辙蛰彦艳燕雁砚焱言岩炎妍研延严盐青清卿庆晴情"
    "民敏闽珉旻岷闵星兴幸杏形行心欣新昕鑫馨芯辛歆柏伯博勃渤铂帛钰玉昱煜育誉郁裕毓"
)
COUNTIES = {
    "430121": "长沙县", "430105": "开福区", "430111": "雨花区", "430511": "北塔区", "430502": "双清区",
    "430304": "岳塘区", "210603": "振兴区", "341600": "谯城区", "500113": "巴南区", "430181": "浏阳市",
}  # fmt: skip
OUTSIDE = [
    "430522", "430523", "431121", "431322", "360424", "421023", "511322", "522121", "532128", "452323",
    "411322", "412825", "341221", "320721", "370827", "130428", "142325", "610423", "620122", "440882",
]  # fmt: skip
INDUSTRIES = {
    "外卖配送": ["美团", "饿了么", "达达快送", "闪送", "京东秒送", "顺丰同城", "UU跑腿"],
    "快递": [
        "顺丰速运",
        "中通快递",
        "圆通速递",
        "申通快递",
        "韵达快递",
        "极兔速递",
        "邮政速递",
        "德邦快递",
        "京东物流",
    ],
    "网约车": ["滴滴出行", "T3出行", "曹操出行", "首汽约车", "享道出行", "高德打车", "花小猪"],
    "货运": ["货拉拉", "满帮", "快狗打车", "滴滴货运", "福佑卡车"],
    "网络主播": ["抖音", "快手", "虎牙", "斗鱼"],
}
PREFIXES = [133, 135, 136, 137, 138, 139, 150, 151, 156, 158, 159, 173, 177, 180, 182, 186, 189, 199]
SHARES = (0.38, 0.25, 0.2, 0.12, 0.05)


@dataclass(frozen=True)
class Source:
    """One department's list: how likely each value is absent or masked in it."""

    name: str
    weight: float
    no_id: float
    mask_id: float
    no_phone: float
    mask_phone: float
    plate: bool
    no_employer: float
    no_county: float


SOURCES = (
    Source("平台报送", 0.34, 0.30, 0.45, 0.02, 0.25, False, 0.01, 0.10),
    Source("交通运输局", 0.17, 0.05, 0.05, 0.08, 0.02, True, 0.10, 0.20),
    Source("邮政管理局", 0.15, 0.12, 0.10, 0.05, 0.05, False, 0.02, 0.05),
    Source("总工会", 0.12, 0.55, 0.10, 0.04, 0.10, False, 0.25, 0.02),
    Source("社区摸排", 0.22, 0.60, 0.02, 0.10, 0.02, True, 0.15, 0.00),
)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(body: str) -> str:
    """The 18th character of a resident id whose first 17 digits are `body` (GB 11643)."""
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def generate(rows: int, *, seed: int, duplication: float = 2.3) -> pl.DataFrame:
    """A roster of exactly `rows` rows: the eight columns of a roster, `id` (0…) and `person`, the truth.

    `duplication` is the mean number of rows one person has. Empty values are empty strings, as in a CSV.
    """
    rng = np.random.default_rng(seed)
    people = _People(max(2, int(rows / duplication)), rng)
    who = np.concatenate([np.arange(people.n), rng.integers(0, people.n, rows)])[:rows]
    rng.shuffle(who)
    return people.rows(who, rng)


class _People:
    """The true persons, as parallel lists."""

    def __init__(self, n: int, rng: np.random.Generator) -> None:
        self.n = n
        surnames = list(SURNAMES)
        surname_weight = np.array(list(SURNAMES.values()), dtype=float)
        surname = rng.choice(len(surname_weight), n, p=surname_weight / surname_weight.sum())
        zipf = 1 / (8 + np.arange(len(GIVEN))) ** 0.8
        zipf /= zipf.sum()
        first, second = rng.choice(len(GIVEN), (2, n), p=zipf)
        short = rng.random(n) < 0.16
        county = rng.choice(len(COUNTIES), n, p=_falling(len(COUNTIES), 0.8))
        codes = list(COUNTIES) + list(OUTSIDE)
        region = np.where(rng.random(n) < 0.6, county, len(COUNTIES) + rng.integers(0, len(OUTSIDE), n))
        birth = date(1965, 1, 1).toordinal() + (rng.beta(2.6, 2.0, n) * 15000).astype(int)
        sequence = rng.integers(1, 1000, n)
        prefix = rng.choice(PREFIXES, n)
        phone = prefix.astype(np.int64) * 10**8 + rng.integers(0, 10**8, n)
        # A second sibling follows the first: same surname, region, county and phone, born one to six
        # years later.
        sibling = np.zeros(n, dtype=bool)
        sibling[1:] = (rng.random(n - 1) < 0.125) & (np.arange(1, n) % 2 == 1)
        at = np.flatnonzero(sibling)
        for column in (surname, region, county, phone):
            column[at] = column[at - 1]
        twins = rng.random(len(at)) < 0.03
        birth[at] = np.where(twins, birth[at - 1], birth[at - 1] + rng.integers(330, 2200, len(at)))
        generation = at[rng.random(len(at)) < 0.4]
        first[generation] = first[generation - 1]
        short[generation] = short[generation - 1] = False
        # No parents give two children one name.
        alike = at[(first[at] == first[at - 1]) & ((second[at] == second[at - 1]) | short[at])]
        second[alike] = (second[alike] + 1) % len(GIVEN)
        short[alike] = False
        self.name = [
            surnames[s] + (GIVEN[a] if k else GIVEN[a] + GIVEN[b])
            for s, a, b, k in zip(surname, first, second, short, strict=True)
        ]
        self.county = [list(COUNTIES.values())[c] for c in county]
        self.phone = [str(p) for p in phone]
        days = {d: date.fromordinal(d).strftime("%Y%m%d") for d in np.unique(birth).tolist()}
        bodies = [
            f"{codes[r]}{days[b]}{s:03d}" for r, b, s in zip(region, birth.tolist(), sequence, strict=True)
        ]
        self.idno = [body + check_digit(body) for body in bodies]
        self.industry = rng.choice(len(INDUSTRIES), n, p=SHARES)
        self.employer = rng.random(n)
        self.second = np.where(rng.random(n) < 0.08, rng.integers(0, len(INDUSTRIES), n), -1)
        drives = np.isin(self.industry, [2, 3]) | (rng.random(n) < 0.15)
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
        serial = rng.integers(0, 100000, n)
        self.plate = [
            (f"湘{letters[a]}{letters[b]}{s:05d}" if e else f"湘{letters[a]}{letters[b]}{s % 10000:04d}")
            if d
            else ""
            for d, a, b, s, e in zip(
                drives,
                rng.integers(0, 4, n),
                rng.integers(0, 24, n),
                serial,
                rng.random(n) < 0.5,
                strict=True,
            )
        ]
        stations = rng.integers(0, 10**8, max(1, n // 300)) + 173 * 10**8
        self.station = [str(stations[i]) for i in rng.integers(0, len(stations), n)]
        self.gives_station = rng.random(n) < 0.03
        self.new_phone = [str(p) for p in rng.permutation(phone) // 1000 * 1000 + rng.integers(0, 1000, n)]

    def rows(self, who: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
        n = len(who)
        weights = np.array([s.weight for s in SOURCES])
        source = rng.choice(len(SOURCES), n, p=weights / weights.sum())
        chance = rng.random((12, n))
        pick = rng.integers(0, 1 << 30, (4, n))
        homophones = _homophones()
        names, phones, ids, plates, employers, industries, counties = ([""] * n for _ in range(7))
        pool = list(INDUSTRIES.values())
        labels = list(INDUSTRIES)
        for i, w in enumerate(who.tolist()):
            s = SOURCES[source[i]]
            c = chance[:, i]
            a, b, d, e = pick[:, i].tolist()
            names[i] = _spoil_name(self.name[w], c[0], a, homophones)
            phone = self.phone[w]
            if self.gives_station[w] and c[2] < 0.6:
                phone = self.station[w]
            elif c[2] > 0.91:
                phone = self.new_phone[w]
            phones[i] = _spoil_phone(phone, c[1], b, s)
            idno = self.idno[int(d) % self.n] if c[4] < 0.002 else self.idno[w]
            ids[i] = _spoil_id(idno, c[3], c[5], d, s)
            if s.plate and self.plate[w] and c[6] < 0.85:
                plate = self.plate[w] if c[6] > 0.07 else self.plate[int(e) % self.n]
                at = 2 + e % max(1, len(plate) - 2)
                plates[i] = plate[:at] + str(e % 10) + plate[at + 1 :] if c[6] > 0.84 and plate else plate
            second = self.second[w] >= 0 and c[7] < 0.4
            industry = int(self.second[w] if second else self.industry[w])
            firms = pool[industry]
            firm = firms[int((self.employer[w] * 7919 % 1 if second else self.employer[w]) ** 2 * len(firms))]
            if c[8] >= s.no_employer:
                employers[i] = (
                    firm
                    + ("", "", "", "有限公司", f"（{self.county[w]}）", "站点")[e % 6 if c[9] < 0.3 else 0]
                )
            if c[9] > 0.1:
                industries[i] = labels[industry]
            if c[10] >= s.no_county:
                counties[i] = self.county[w] if c[11] > 0.04 else self.county[int(a) % self.n]
        return pl.DataFrame({
            "id": np.arange(n), "source": [SOURCES[s].name for s in source], "name": names, "phone": phones,
            "idno": ids, "plate": plates, "employer": employers, "industry": industries, "county": counties,
            "person": who,
        })  # fmt: skip


def _falling(n: int, power: float) -> np.ndarray:
    share = 1 / (1 + np.arange(n)) ** power
    return share / share.sum()


def _homophones() -> dict[str, str]:
    """For every given-name character, the others of the list that sound the same (tones aside)."""
    sounds: dict[str, str] = {}
    characters = "".join(dict.fromkeys(GIVEN))
    for character in characters:
        sound = lazy_pinyin(character)[0]
        sounds[sound] = sounds.get(sound, "") + character
    return {c: sounds[lazy_pinyin(c)[0]].replace(c, "") for c in characters}


def _spoil_name(name: str, chance: float, pick: int, homophones: dict[str, str]) -> str:
    at = 1 + pick % (len(name) - 1)
    if chance < 0.025:
        return name[:at] + GIVEN[pick // 7 % len(GIVEN)] + name[at + 1 :]
    if chance < 0.05:
        others = homophones.get(name[at], "")
        return name[:at] + others[pick // 7 % len(others)] + name[at + 1 :] if others else name
    if chance < 0.055 and len(name) > 2:
        return name[:at] + name[at + 1 :]
    if chance < 0.065:
        return name[0] + "*" + name[2:]
    if chance < 0.07:
        return f" {name[0]} {name[1:]}"
    return name


def _spoil_phone(phone: str, chance: float, pick: int, source: Source) -> str:
    if chance < source.no_phone:
        return ""
    if chance < source.no_phone + source.mask_phone:
        return f"{phone[:3]}****{phone[7:]}"
    if chance > 0.988:
        at = 3 + pick % 8
        return phone[:at] + str((int(phone[at]) + 1 + pick // 11 % 9) % 10) + phone[at + 1 :]
    styles: Sequence[str] = (
        phone,
        f"+86{phone}",
        f"{phone[:3]} {phone[3:7]} {phone[7:]}",
        phone.translate(_FULL_WIDTH),
    )
    return styles[pick % 4] if 0.95 < chance < 0.97 else phone


def _spoil_id(idno: str, chance: float, error: float, pick: int, source: Source) -> str:
    if chance < source.no_id:
        return ""
    if error < 0.012:
        at = 6 + pick % 12
        idno = idno[:at] + str(pick // 13 % 10) + idno[at + 1 :]
    elif error < 0.016:
        at = 6 + pick % 11
        idno = idno[:at] + idno[at + 1] + idno[at] + idno[at + 2 :]
    if chance < source.no_id + source.mask_id:
        return f"{idno[:4]}{'*' * 10}{idno[14:]}" if pick % 3 else f"{idno[:6]}{'*' * 8}{idno[14:]}"
    if error > 0.995 and idno[6:8] == "19":
        return idno[:6] + idno[8:17]
    if error > 0.99:
        return idno.lower() if idno[-1] in "Xx" else idno.translate(_FULL_WIDTH)
    return idno
