"""Names of places: what is left of an official name, and the short forms people write."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

NOISE = re.compile(r"[\s,，。.、;；:：·•\-—_/\\|()（）\[\]【】《》“”\"'‘’]+")

_SUFFIXES = (
    "特别行政区 维吾尔自治区 壮族自治区 回族自治区 自治区 自治州 地区 盟 省 市 "
    "自治县 自治旗 林区 特区 新区 县 区 旗 街道 民族乡 苏木 镇 乡 社区 嘎查 村"
)
SUFFIXES = tuple(sorted(_SUFFIXES.split(), key=len, reverse=True))
"""What may be left out in speech: 星沙 for 星沙街道, 长沙 for 长沙市. The longest that fits is taken off."""

PEOPLES = re.compile(
    "(满族|回族|苗族|土家族|彝族|侗族|瑶族|藏族|壮族|蒙古族?|朝鲜族|白族|傣族|哈尼族|黎族|畲族|布依族|羌族|仡佬族"
    "|维吾尔族?|哈萨克族?|柯尔克孜族?|塔吉克族?|锡伯族?|达斡尔族|鄂温克族|鄂伦春族?|仫佬族|毛南族|水族|拉祜族"
    "|佤族|纳西族|景颇族|傈僳族|独龙族|怒族|普米族|土族|撒拉族|东乡族|保安族|裕固族|各族)+$"
)


def tidy(text: str) -> str:
    """A written place without spaces, punctuation and full-width forms: "长沙县 · 星沙　街道" →
    "长沙县星沙街道".
    """
    return NOISE.sub("", unicodedata.normalize("NFKC", text))


def village_name(official: str) -> str:
    """The everyday name of an official village name: 建设路社区居委会 → 建设路社区, 大桥村委会 → 大桥村."""
    name = tidy(official)
    for tail, kept in (
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("居民委员会", "社区"),
        ("居委会", "社区"),
    ):
        if name.endswith(tail) and len(name) > len(tail):
            stem = name.removesuffix(tail)
            return stem if stem.endswith(kept) else stem + kept
    return name


def full_forms(name: str) -> frozenset[str]:
    """The ways to write a whole name: 星沙街道 and 星沙街道办事处; 望仙桥社区 and 望仙桥社区居委会."""
    name = tidy(name)
    forms = {name}
    if name.endswith("街道"):
        forms |= {f"{name}办事处", f"{name}办", f"{name[:-2]}街办"}
    elif name.endswith(("镇", "乡")):
        forms |= {f"{name}人民政府", f"{name}政府"}
    elif name.endswith("社区"):
        forms |= {f"{name}居委会", f"{name}居民委员会", f"{name[:-2]}居委会", f"{name[:-2]}居民委员会"}
    elif name.endswith("村"):
        forms |= {f"{name}村委会", f"{name}村民委员会", f"{name}委会", f"{name}民委员会"}
    return frozenset(forms)


def short_forms(name: str) -> frozenset[str]:
    """The stem without its suffix, when at least two characters remain: 星沙街道 → 星沙; 沛县 has none."""
    name = tidy(name)
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            stem = name.removesuffix(suffix)
            plain = PEOPLES.sub("", stem)
            forms = {stem} | ({plain} if len(plain) >= 2 else set())
            return frozenset(forms | ({f"{stem}办事处"} if suffix == "街道" else set()))
    return frozenset()


def sounds(name: str) -> tuple[str, str]:
    """Pinyin and initials for the search: 长沙县 → ("changshaxian", "csx")."""
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    return "".join(syllables).lower()[:200], "".join(s[0] for s in syllables if s).lower()[:60]
