"""The words in which rosters say things, and what they mean. Every key is written as `key` leaves it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nuanxin.engines.intake.rules.checker import Fault, Parser
from nuanxin.foundation.sheets.rules.cells import Kind
from nuanxin.foundation.sheets.rules.mapping import FieldSpec

_NOISE = re.compile(r"[\s（）()【】\[\]·.,，、:：;；\-_/]+")


def spec(code: str, label: str, kind: Kind, *aliases: str, required: bool = False) -> FieldSpec:
    """A field with the headers under which departments send it."""
    return FieldSpec(code, label, kind, required, aliases)


def key(text: str) -> str:
    """A word without spaces and signs, in lower case: how the tables below are looked up."""
    return _NOISE.sub("", text).casefold()


def words(text: str) -> dict[str, str]:
    """`m 男 男性; f 女` → {"男": "m", "男性": "m", "女": "f"}; every code is a word for itself too."""
    found: dict[str, str] = {}
    for line in text.split(";"):
        code, *synonyms = line.split()
        found.update({key(word): code for word in synonyms}, **{key(code): code})
    return found


SEX = words("m 男 男性 先生 male 1; f 女 女性 女士 female 2")

EDUCATION = {
    key(word): shown
    for shown, words in {
        "小学及以下": "小学 文盲 小学以下 小学及以下 半文盲",
        "初中": "初中 初级中学 初中毕业 初中及以下",
        "高中": "高中 普高 高级中学 高中毕业",
        "中专": "中专 中技 职高 技校 中职 中等专科 职业高中 高中/中专 高中（中专） 高中及中专",
        "大专": "大专 专科 高职 大学专科 高专 大专毕业 专科毕业",
        "本科": "本科 大学 大学本科 学士 全日制本科 本科及以上 本科毕业",
        "硕士": "硕士 研究生 硕士研究生 硕士及以上",
        "博士": "博士 博士研究生",
    }.items()
    for word in words.split()
}

KIND = words(
    "full 全职 专职 专送 全日制 正式 正式工 正式员工 合同工 劳动合同 直营 自营 签约;"
    "part 兼职 非全日制 临时 临时工 小时工 钟点工;"
    "crowd 众包 乐跑 优选 自由职业 灵活就业 外包"
)

MEMBERSHIP = words(
    "full 党员 中共党员 正式党员 中共正式党员 共产党员 流动党员 中共党员流动党员 在册 在册党员 流动;"
    "probationary 预备党员 中共预备党员 预备;"
    "none 群众 团员 共青团员 无 民主党派 无党派 无党派人士 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员"
    " 九三学社社员 台盟盟员 入党积极分子 积极分子 入党申请人 发展对象"
)

SECTOR = words(
    "courier 快递 快递员 快递业 快递业务员 快件处理员 分拣员 揽投员 投递员 快递小哥 派件员 收派员 寄递 邮政快递 邮政业 快递物流 6020 602"
    " 4020708 4020709;"
    "delivery 外卖 外卖员 外卖骑手 骑手 配送员 网约配送员 外卖配送 外卖配送员 外卖小哥 送餐员 即时配送 餐饮配送 跑腿 众包骑手 专送骑手"
    " 网络餐饮 6241 6242 4020710;"
    "ride_hail 网约车 网约车司机 网约车驾驶员 出租车司机 出租车驾驶员 巡游出租车司机 专车司机 快车司机 滴滴司机 顺风车司机 5413 4020201;"
    "truck 货运 货车 货车司机 货车驾驶员 卡车司机 货运司机 道路货运 道路货物运输 货运驾驶员 道路货运汽车驾驶员 网络货运 5431 5437"
    " 4020202;"
    "streamer 网络直播 主播 网络主播 带货主播 直播 网红 新媒体 自媒体 互联网营销师 直播带货 网络视听 网络大V 网络文学 4010602;"
    "chauffeur 代驾 代驾司机 代驾员 代驾驾驶员;"
    "ecommerce 电商 电子商务 网店 网店店主 互联网零售 电商从业者 电商从业人员 网络零售 微商 直播电商 5292 6432;"
    "other 其他 其它 其他新业态 保洁 家政 家政服务员 网约家政 护工 电工"
)

_SECTOR_PARTS = [
    ("代驾", "chauffeur"),
    ("网约车", "ride_hail"),
    ("出租", "ride_hail"),
    ("外卖", "delivery"),
    ("骑手", "delivery"),
    ("网约配送", "delivery"),
    ("送餐", "delivery"),
    ("快递", "courier"),
    ("货运", "truck"),
    ("货车", "truck"),
    ("卡车", "truck"),
    ("主播", "streamer"),
    ("直播", "streamer"),
    ("电商", "ecommerce"),
    ("电子商务", "ecommerce"),
]

CONSENT = {
    **{
        key(w): True
        for w in [
            "同意",
            "已同意",
            "知情同意",
            "本人同意",
            "已签",
            "已签字",
            "已授权",
            "授权",
            "是",
            "有",
            "√",
            "✓",
            "✔",
            "☑",
            "y",
            "yes",
            "true",
            "1",
        ]
    },
    **{
        key(w): False
        for w in [
            "不同意",
            "未同意",
            "拒绝",
            "否",
            "无",
            "未签",
            "未签字",
            "未授权",
            "×",
            "✗",
            "✘",
            "☒",
            "n",
            "no",
            "false",
            "0",
        ]
    },
}

YES_NO = {
    **{
        key(w): True
        for w in [
            "是",
            "√",
            "✓",
            "✔",
            "☑",
            "有",
            "对",
            "已",
            "y",
            "yes",
            "true",
            "1",
            "已加入",
            "已参加",
            "已入会",
            "入会",
            "会员",
            "已参保",
            "参保",
            "已缴",
            "已缴纳",
            "已购买",
            "已写入",
            "写入",
            "已建",
        ]
    },
    **{
        key(w): False
        for w in [
            "否",
            "×",
            "✗",
            "✘",
            "☒",
            "无",
            "错",
            "未",
            "n",
            "no",
            "false",
            "0",
            "x",
            "没有",
            "未加入",
            "未参加",
            "未入会",
            "不是",
            "未参保",
            "未缴",
            "未缴纳",
            "未购买",
            "未写入",
            "未建",
        ]
    },
}


def sector_of(text: str) -> str:
    """The sector that an occupation or industry names; empty when it names none."""
    word = key(text)
    if found := SECTOR.get(word):
        return found
    # two sectors in one text decide nothing
    hits = {code for part, code in _SECTOR_PARTS if part in word}
    return hits.pop() if len(hits) == 1 else ""


def one_of(words: Mapping[str, object], label: object, choices: str) -> Parser:
    """A parser that looks a word up; others are noted with what can be filled in."""

    def parse(text: str) -> object:
        word = key(text) or text
        if word in words:
            return words[word]
        return Fault("value.unknown", {"label": str(label), "choices": choices}, False)

    return parse
