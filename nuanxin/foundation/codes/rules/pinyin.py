"""Pinyin of persons' names for search and matching; surnames have their own readings (单 is shan).

pypinyin reads words, not surnames, so the surnames that differ from the everyday reading are listed here.
`ü` is written `v`, as it is typed.
"""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

_READINGS = (
    "单 shan 仇 qiu 曾 zeng 解 xie 查 zha 任 ren 朴 piao 区 ou 盖 ge 繁 po 冼 xian 洗 xian 覃 qin "
    "翟 zhai 乐 yue 缪 miao 宓 mi 员 yun 宿 su 晁 chao 召 shao 种 chong 秘 bi 祭 zhai 谌 chen 葛 ge "
    "纪 ji 车 che 沈 shen 曲 qu 重 chong 臧 zang 藏 zang 句 gou 折 she 阚 kan 牟 mou 隗 wei 訾 zi "
    "郇 xun 那 na 能 nai 佴 nai 尉 wei 钭 tou 燕 yan 应 ying 宁 ning 薄 bo 便 pian 颉 xie 盛 sheng "
    "相 xiang 夏 xia 黑 he 红 hong 撒 sa 哈 ha 适 kuo 都 du 尹 yin 逄 pang 卜 bu 逯 lu 郗 xi 贾 jia "
    "褚 chu 幸 xing 郝 hao 莘 shen 瞿 qu 柏 bai 卡 ka 干 gan 令 ling 呙 guo 妫 gui 芮 rui 仝 tong 亓 qi "
    "厍 she 昝 zan 眭 sui 亢 kang 乜 nie 过 guo 要 yao 朝 chao 行 xing 省 xing 乘 sheng 长 zhang 畜 xu "
    "称 cheng 谷 gu 余 yu 俞 yu 於 yu 洪 hong 粘 nian 强 qiang 钻 zuan 占 zhan 石 shi 堵 du 塔 ta"
)
SURNAMES = dict(zip(_READINGS.split()[::2], _READINGS.split()[1::2], strict=True))

_COMPOUND = (
    "欧阳 ou_yang 太史 tai_shi 端木 duan_mu 上官 shang_guan 司马 si_ma 东方 dong_fang 独孤 du_gu "
    "南宫 nan_gong 万俟 mo_qi 闻人 wen_ren 夏侯 xia_hou 诸葛 zhu_ge 尉迟 yu_chi 公羊 gong_yang "
    "赫连 he_lian 澹台 tan_tai 皇甫 huang_fu 宗政 zong_zheng 濮阳 pu_yang 公冶 gong_ye 太叔 tai_shu "
    "申屠 shen_tu 公孙 gong_sun 慕容 mu_rong 仲孙 zhong_sun 钟离 zhong_li 长孙 zhang_sun 宇文 yu_wen "
    "司徒 si_tu 鲜于 xian_yu 司空 si_kong 闾丘 lv_qiu 子车 zi_ju 亓官 qi_guan 司寇 si_kou 巫马 wu_ma "
    "公西 gong_xi 颛孙 zhuan_sun 壤驷 rang_si 公良 gong_liang 漆雕 qi_diao 乐正 yue_zheng 宰父 zai_fu "
    "谷梁 gu_liang 拓跋 tuo_ba 夹谷 jia_gu 轩辕 xuan_yuan 令狐 ling_hu 段干 duan_gan 百里 bai_li "
    "呼延 hu_yan 东郭 dong_guo 南门 nan_men 羊舌 yang_she 微生 wei_sheng 梁丘 liang_qiu 左丘 zuo_qiu "
    "东门 dong_men 西门 xi_men 第五 di_wu 贺兰 he_lan 完颜 wan_yan 纳兰 na_lan"
)
COMPOUND_SURNAMES = {
    surname: tuple(reading.split("_"))
    for surname, reading in zip(_COMPOUND.split()[::2], _COMPOUND.split()[1::2], strict=True)
}


@lru_cache(maxsize=65536)
def _read(text: str) -> tuple[str, ...]:
    """The syllables of a word, so that 长乐 is chang le; Latin words stay whole, signs go."""
    parts = " ".join(lazy_pinyin(text, style=Style.NORMAL)).lower()
    return tuple(kept for part in parts.split() if (kept := "".join(filter(str.isalnum, part))))


@lru_cache(maxsize=65536)
def _given(text: str) -> tuple[str, ...]:
    """As `_read`; most given names of two characters are no word, so their characters are looked up one by one."""
    if len(text) == 2 and text not in PHRASES_DICT:
        return _read(text[0]) + _read(text[1])
    return _read(text)


def _surname(character: str) -> tuple[str, ...]:
    reading = SURNAMES.get(character)
    return (reading,) if reading else _read(character)


def name_syllables(name: str) -> tuple[str, ...]:
    """('shan', 'xiao', 'ming') for 单晓明. Names with · and Latin names are read as they are written."""
    if "·" in name or name.isascii():
        return _read(name)
    if len(name) > 2 and (compound := COMPOUND_SURNAMES.get(name[:2])):
        return compound + _given(name[2:])
    return _surname(name[:1]) + _given(name[1:])


def name_pinyin(name: str) -> tuple[str, str]:
    """('shanxiaoming', 'sxm') for 单晓明: whole pinyin and initials, lower case, without tones or spaces."""
    syllables = name_syllables(name)
    return "".join(syllables), "".join([syllable[0] for syllable in syllables])
