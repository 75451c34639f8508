"""A county of invented people, by COPY: 16 streets, 240 communities, 4,000 firms, as many workers as asked for.

Numbers pass the checks (foundation.codes.synth), nobody is real. Sealing is the slow part, so a few thousand
sealed numbers are made and each person gets one of them with a blind index of its own.
"""

import random
from datetime import date, timedelta
from typing import Any

from django.db import connection
from uuid_utils.compat import uuid7

from nuanxin.foundation.codes import synth
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.areas.models import Area
from nuanxin.registry.enterprises.actions import upsert_enterprises
from nuanxin.registry.enterprises.models import Platform
from nuanxin.registry.people.models import Engagement, Worker
from nuanxin.registry.people.rules import search_keys

COUNTY = 430121000000000
SECTORS = ("courier", "delivery", "ride_hail", "truck", "streamer", "chauffeur", "ecommerce", "other")
PLATFORMS = (("meituan", "美团", "delivery"), ("eleme", "饿了么", "delivery"), ("sf", "顺丰", "courier"),
             ("didi", "滴滴", "ride_hail"), ("hll", "货拉拉", "truck"), ("douyin", "抖音", "streamer"))  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余单仇欧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文晓东海燕鹏飞雪春生小宝福来"
STREETS = "星沙湘龙泉塘长龙榔梨黄兴安沙果园路口金井高桥春华江背北山青山福临"
SINCE = date(2026, 7, 1)


def places() -> list[int]:
    """The county with its streets and communities; the codes of the communities."""
    rows = [
        (430000000000000, "湖南省", "湖南省"),
        (430100000000000, "长沙市", "湖南省长沙市"),
        (COUNTY, "长沙县", "湖南省长沙市长沙县"),
    ]
    communities = []
    for s in range(16):
        street, name = COUNTY + (s + 1) * 10**6, STREETS[2 * s : 2 * s + 2] + "街道"
        rows.append((street, name, f"湖南省长沙市长沙县{name}"))
        for c in range(15):
            code, inner = street + (c + 1) * 10**3, f"第{c + 1}社区"
            rows.append((code, inner, f"湖南省长沙市长沙县{name}{inner}"))
            communities.append(code)
    Area.objects.bulk_create((Area(code=c, name=n, full_name=f) for c, n, f in rows), ignore_conflicts=True)
    return communities


def firms(communities: list[int], rng: random.Random, number: int = 4000) -> list[Any]:
    """Firms through the ordinary upsert."""
    rows = [
        {
            "name": f"长沙{rng.choice(SURNAMES)}{rng.choice(GIVEN)}{rng.choice(('配送', '物流', '网络科技', '文化传媒'))}有限公司{n}",
            "credit_code": synth.fake_credit_code(rng, "430121"), "area": rng.choice(communities),
            "sector": rng.choice(SECTORS), "principal": rng.choice(SURNAMES) + rng.choice(GIVEN),
            "phone": synth.fake_mobile(rng), "staff_full": rng.randrange(80), "staff_crowd": rng.randrange(60),
            "members_full": rng.randrange(6), "formation": rng.choice(("joint", "none", "standalone", "")),
            "platform": rng.choice(PLATFORMS)[0],
        }
        for n in range(number)
    ]  # fmt: skip
    return upsert_enterprises(rows, on=SINCE, by=None, origin="bench")


def fill(number: int, *, seed: int = 1) -> None:
    """Everything; into an empty ledger."""
    rng = random.Random(seed)
    for code, name, sector in PLATFORMS:
        Platform.objects.get_or_create(code=code, defaults={"name": name, "sector": sector})
    platforms = [(p.pk, p.sector) for p in Platform.objects.order_by("code")]
    communities = places()
    employers = firms(communities, rng)
    ring = keyring()
    phones = [(ring.seal("person.phone", t), t) for t in (synth.fake_mobile(rng) for _n in range(2000))]
    ids = [
        ring.seal(
            "person.idno",
            synth.fake_id(
                rng, "430121", date(1970, 1, 1) + timedelta(rng.randrange(12000)), rng.choice("MF")
            ),
        )
        for _n in range(2000)
    ]
    names = {}
    columns = (
        *(
            "id",
            "name",
            "pinyin",
            "initials",
            "chars",
            "sex",
            "birth_month",
            "id_number",
            "id_index",
            "phone",
        ),
        *(
            "phone_index",
            "plate",
            "education",
            "area_id",
            "sector",
            "union_member",
            "hardship",
            "note",
            "status",
        ),
        *("doubtful", "verified_on", "held", "first_seen", "last_seen"),
    )
    engaged = (
        "worker_id",
        "enterprise_id",
        "platform_id",
        "employer_text",
        "kind",
        "sector",
        "area_id",
        "valid_from",
    )
    people = []
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {Worker._meta.db_table} ({','.join(columns)}) FROM STDIN") as copy:
            for _n in range(number):
                name = (
                    rng.choice(SURNAMES)
                    + rng.choice(GIVEN)
                    + (rng.choice(GIVEN) if rng.random() < 0.8 else "")
                )
                if name not in names:
                    keys = search_keys(name)
                    names[name] = (keys.pinyin, keys.initials, keys.chars)
                at, sector, pk = (
                    rng.choice(communities),
                    rng.choices(SECTORS, (20, 35, 15, 12, 6, 4, 6, 2))[0],
                    uuid7(),
                )
                phone, text = rng.choice(phones)
                seen = SINCE if rng.random() < 0.3 else None
                copy.write_row((
                    pk, name, *names[name], rng.choice("mf"), f"{rng.randrange(1970, 2005)}-{rng.randrange(1, 13):02d}",
                    rng.choice(ids), rng.randbytes(16), phone, ring.index("person.phone", text), b"", "高中", at, sector,
                    rng.choice((True, False, None)), b"", "", "active", rng.random() < 0.01, seen, [], SINCE, SINCE,
                ))  # fmt: skip
                people.append((pk, at, sector))
        with cursor.copy(f"COPY {Engagement._meta.db_table} ({','.join(engaged)}) FROM STDIN") as copy:
            for n, (pk, at, sector) in enumerate(people):
                for _again in range(2 if n % 10 == 0 else 1):
                    copy.write_row((
                        pk, rng.choice(employers), rng.choice(platforms)[0], "", rng.choice(("full", "part", "crowd")),
                        sector, at, SINCE,
                    ))  # fmt: skip
        cursor.execute("ANALYZE")
