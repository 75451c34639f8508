"""Invented people and firms: the truth that the demo's rosters get wrong in known ways. Nobody of them exists."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from nuanxin.foundation.codes.synth import fake_credit_code, fake_id, fake_mobile, fake_plate

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁龙林阳建志文海峰国庆新东亮成康星光天达安岩中茂进友裕河哲江振清绍功松善厚永"
FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂英萍红梅琳莉雪婷颖慧洁晶妍珊莎倩蓉薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘"
RARE = ("𬭎", "㛃", "喆", "翀", "燚")
EDUCATION = (("初中", 34), ("高中", 27), ("中专", 16), ("大专", 16), ("本科", 7))

SECTORS = {  # share of people, platforms
    "delivery": (36, ("meituan", "eleme", "jdmiaosong")),
    "courier": (21, ("sf", "jd", "zto", "yto", "sto", "yunda", "ems")),
    "ride_hail": (18, ("didi", "caocao", "t3")),
    "truck": (15, ("manbang", "huolala")),
    "streamer": (5, ("douyin", "kuaishou")),
    "chauffeur": (3, ("edaijia",)),
    "ecommerce": (2, ("taobao", "pinduoduo")),
}

PARTY = ((31, "中共党员"), (97, "流动党员"), (211, "预备党员"))
"""One person in so many, by number rather than by chance: the declarations leave everything else as it is."""

PLATFORMS = {
    "meituan": ("美团", "delivery", ["美团外卖", "美团配送", "美团骑手", "美团专送", "美团众包"]),
    "eleme": ("饿了么", "delivery", ["饿了吗", "饿了么外卖", "蜂鸟配送", "蜂鸟"]),
    "jdmiaosong": ("京东秒送", "delivery", ["京东到家", "达达", "京东外卖"]),
    "sf": ("顺丰", "courier", ["顺丰速运", "顺丰快递", "SF"]),
    "jd": ("京东物流", "courier", ["京东快递", "京东物流快递", "京东"]),
    "zto": ("中通", "courier", ["中通快递", "ZTO"]),
    "yto": ("圆通", "courier", ["圆通速递", "圆通快递"]),
    "sto": ("申通", "courier", ["申通快递"]),
    "yunda": ("韵达", "courier", ["韵达快递"]),
    "ems": ("邮政EMS", "courier", ["EMS", "中国邮政", "邮政速递", "邮政EMS快递"]),
    "didi": ("滴滴", "ride_hail", ["滴滴出行", "滴滴快车"]),
    "caocao": ("曹操出行", "ride_hail", ["曹操专车"]),
    "t3": ("T3出行", "ride_hail", ["T3"]),
    "manbang": ("满帮", "truck", ["运满满", "货车帮"]),
    "huolala": ("货拉拉", "truck", []),
    "douyin": ("抖音", "streamer", ["抖音直播"]),
    "kuaishou": ("快手", "streamer", ["快手直播"]),
    "edaijia": ("e代驾", "chauffeur", ["E代驾"]),
    "taobao": ("淘宝", "ecommerce", ["天猫", "淘宝网"]),
    "pinduoduo": ("拼多多", "ecommerce", []),
}


@dataclass(slots=True)
class Firm:
    """An invented firm of the survey."""

    key: int
    name: str
    credit_code: str
    sector: str
    platform: str
    area: int
    principal: str
    phone: str
    model: str


@dataclass(slots=True)
class Person:
    """An invented person: what is true, before a roster gets it wrong."""

    key: int
    name: str
    sex: str
    birth: date
    idno: str
    phone: str
    plate: str
    education: str
    area: int
    sector: str
    platform: str
    employer: str
    kind: str
    since: date
    union: bool
    injury: bool
    consent: bool
    party: str = ""
    second: tuple[str, str, str] | None = None  # sector, platform, employer


@dataclass(frozen=True)
class District:
    """Who lives in the demo of one place."""

    area: int
    firms: list[Firm]
    people: list[Person]


def person_name(rng: random.Random, sex: str) -> str:
    """A name as common or as rare as names are: the first surnames of the list cover most people."""
    surname = SURNAMES[min(int(rng.paretovariate(0.62)) - 1, len(SURNAMES) - 1)]
    given = MALE if sex == "m" else FEMALE
    first = rng.choice(given)
    if rng.random() < 0.002:
        return surname + rng.choice(RARE)
    return surname + (first if rng.random() < 0.14 else rng.choice(given) + first)


def firms(
    rng: random.Random,
    place: str,
    division: str,
    areas: list[int],
    count: int,
    *,
    sectors: list[str] | None = None,
) -> list[Firm]:
    """`count` firms in turn over the sectors, named as such firms are: place, brand or word, trade."""
    words = [
        "星沙",
        "湘龙",
        "云帆",
        "鹏达",
        "顺捷",
        "恒通",
        "锦程",
        "众联",
        "鑫源",
        "飞驰",
        "畅行",
        "卓越",
        "晟象",
        "汇丰",
        "长兴",
        "万家",
        "悦途",
        "华宇",
        "安达",
        "宏远",
        "新锐",
        "聚力",
    ]
    trades = {
        "delivery": "餐饮配送有限公司 即时配送服务有限公司 网络科技有限公司",
        "courier": "快递有限公司 速递服务有限公司 物流有限公司",
        "ride_hail": "汽车服务有限公司 网约车服务有限公司 出行科技有限公司",
        "truck": "货运有限公司 物流有限公司 运输有限公司",
        "streamer": "文化传媒有限公司 网络直播有限公司 新媒体有限公司",
        "chauffeur": "代驾服务有限公司 汽车代驾有限公司",
        "ecommerce": "电子商务有限公司 商贸有限公司",
    }
    order = sectors or [s for s, (share, _) in SECTORS.items() for _ in range(max(share // 5, 1))]
    made, used = [], set[str]()
    for key in range(count):
        sector = order[key % len(order)]
        platform = rng.choice(SECTORS[sector][1])
        while (
            name := f"{place}{rng.choice(words)}{rng.choice(words)}{rng.choice(trades[sector].split())}"
        ) in used:
            pass
        used.add(name)
        made.append(
            Firm(
                key,
                name,
                fake_credit_code(rng, division),
                sector,
                platform,
                rng.choice(areas),
                person_name(rng, rng.choice("mmf")),
                fake_mobile(rng),
                rng.choice(("直营", "加盟", "加盟", "代理")),
            )
        )
    return made


def people(
    rng: random.Random,
    count: int,
    areas: list[int],
    homes: list[str],
    plate: str,
    employers: list[Firm],
    today: date,
) -> list[Person]:
    """`count` people: phones and ids are their own, but one in eighty shares a phone with a brother or sister."""
    by_sector: dict[str, list[Firm]] = {}
    for firm in employers:
        by_sector.setdefault(firm.sector, []).append(firm)
    sectors = [s for s in SECTORS if s in by_sector or not employers]
    weights = [SECTORS[s][0] for s in sectors]
    phones, ids, made = set[str](), set[str](), list[Person]()
    levels, shares = [e for e, _ in EDUCATION], [s for _, s in EDUCATION]
    for key in range(count):
        sex = "m" if rng.random() < 0.82 else "f"
        birth = date(1966, 1, 1) + timedelta(days=int(rng.triangular(0, 14600, 9000)))
        while (idno := fake_id(rng, rng.choice(homes), birth, sex.upper())) in ids:
            pass
        while (phone := fake_mobile(rng)) in phones:
            pass
        ids.add(idno)
        phones.add(phone)
        sector = rng.choices(sectors, weights)[0]
        employer = rng.choice(by_sector[sector]) if sector in by_sector else None
        person = Person(
            key, person_name(rng, sex), sex, birth, idno, phone,
            fake_plate(rng, plate) if sector in ("ride_hail", "truck") else "",
            rng.choices(levels, shares)[0], rng.choice(areas), sector,
            employer.platform if employer else rng.choice(SECTORS[sector][1]),
            employer.name if employer else "",
            rng.choices(("全职", "兼职", "众包"), (6, 2, 2))[0], today - timedelta(days=rng.randrange(100, 2200)),
            rng.random() < 0.3, rng.random() < 0.4, rng.random() < 0.7,
        )  # fmt: skip
        person.party = next((word for every, word in PARTY if key % every == 1), "")
        if key and rng.random() < 1 / 80:  # brother or sister: one surname, one phone, another birthday
            other = made[-1]
            person.name, person.phone, person.area = other.name[0] + person.name[1:], other.phone, other.area
        if rng.random() < 0.03 and len(sectors) > 1:
            second = rng.choice(by_sector.get("delivery") or by_sector.get("courier") or employers)
            if second.name != person.employer:
                person.second = (second.sector, second.platform, second.name)
        made.append(person)
    return made
