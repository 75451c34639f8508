"""The places of the articles with their offices and the accounts of the demo."""

from dataclasses import dataclass

PASSWORD = "NuanXin-2026"  # noqa: S105 the demo's, printed at its start
"""One password for all invented accounts; `nuanxin doctor` warns where a demo account stands on a real installation."""

CHANGSHA, BEITA, YUETANG = 430121000000000, 430511000000000, 430304000000000
BOZHOU, BANAN, ZHENXING = 341600000000000, 500113000000000, 210603000000000
PLACES = (CHANGSHA, BEITA, YUETANG, BOZHOU, BANAN, ZHENXING)


@dataclass(frozen=True)
class Office:
    """A unit of the demo: code, name, kind, place by name inside the district (empty: the district), sectors."""

    code: str
    name: str
    kind: str
    district: int
    place: str = ""
    sectors: tuple[str, ...] = ()
    leads: bool = False


@dataclass(frozen=True)
class Account:
    """An account of the demo: user name, who it is, role at an office."""

    username: str
    name: str
    role: str
    office: str
    sectors: tuple[str, ...] = ()


OFFICES = (
    Office("csx-sgb", "长沙县委社会工作部", "lead", CHANGSHA, leads=True),
    Office("csx-yzj", "长沙县邮政业发展中心", "department", CHANGSHA, sectors=("courier",)),
    Office("csx-scj", "长沙县市场监督管理局", "department", CHANGSHA, sectors=("delivery",)),
    Office(
        "csx-jtj", "长沙县交通运输局", "department", CHANGSHA, sectors=("ride_hail", "truck", "chauffeur")
    ),
    Office("csx-wxb", "长沙县委网信办", "department", CHANGSHA, sectors=("streamer", "ecommerce")),
    Office("csx-mt", "美团长沙县城市站", "platform", CHANGSHA, sectors=("delivery",)),
    Office("csx-xs", "星沙街道", "street", CHANGSHA, "星沙街道"),
    Office("csx-xl", "湘龙街道", "street", CHANGSHA, "湘龙街道"),
    Office("csx-qt", "泉塘街道", "street", CHANGSHA, "泉塘街道"),
    Office("csx-hx", "黄兴镇", "street", CHANGSHA, "黄兴镇"),
    Office("csx-hh", "黄花镇", "street", CHANGSHA, "黄花镇"),
    Office("csx-rd", "", "community", CHANGSHA, "星沙街道/"),
    Office("bt-zzb", "北塔区委组织部", "lead", BEITA, leads=True),
    Office("bt-jtj", "北塔区交通运输局", "department", BEITA, sectors=("ride_hail", "truck", "chauffeur")),
    Office("bt-wxb", "北塔区委网信办", "department", BEITA, sectors=("streamer",)),
    Office("yt-sgb", "岳塘区委社会工作部", "lead", YUETANG, leads=True),
    Office("yt-jsl", "建设路街道", "street", YUETANG, "建设路街道"),
    Office("yt-jslsq", "建设路社区", "community", YUETANG, "建设路街道/建设路社区"),
    Office("bz-zzb", "亳州市委非公工委", "lead", BOZHOU, leads=True),
    Office("bn-zzb", "巴南区委组织部", "lead", BANAN, leads=True),
    Office("zx-zzb", "振兴区委组织部", "lead", ZHENXING, leads=True),
)

ACCOUNTS = (
    Account("csx", "周敏", "lead_admin", "csx-sgb"),
    Account("csx.yz", "唐志强", "department", "csx-yzj", ("courier",)),
    Account("csx.jt", "许峰", "department", "csx-jtj", ("ride_hail", "truck", "chauffeur")),
    Account("csx.xs", "何静", "street", "csx-xs"),
    Account("csx.sq", "罗小燕", "community", "csx-rd"),
    Account("csx.ld", "钟建国", "viewer", "csx-sgb"),
    Account("csx.xt", "系统管理员", "system_admin", "csx-sgb"),
    Account("csx.aq", "安全管理员", "security_admin", "csx-sgb"),
    Account("csx.sj", "审计管理员", "audit_admin", "csx-sgb"),
    Account("beita", "刘卫东", "lead_admin", "bt-zzb"),
    Account("yuetang", "齐红", "lead_admin", "yt-sgb"),
    Account("yuetang.sq", "胡婷", "street", "yt-jslsq"),
    Account("bozhou", "李晓彤", "lead_admin", "bz-zzb"),
    Account("banan", "蔡明", "lead_admin", "bn-zzb"),
    Account("zhenxing", "鹿青", "lead_admin", "zx-zzb"),
)
