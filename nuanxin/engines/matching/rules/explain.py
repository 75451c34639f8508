"""Why two records were matched, or not: codes for programs, sentences for the person who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from .chance import Chance, survey
from .compare import FIELDS, LEVELS, Compared, compare
from .normalise import COLUMNS, normalise
from .table import Table, tabulate
from .weights import field_weights, start


def N_(text: str) -> str:
    """Marks a text for the catalogue; whoever shows it translates it."""
    return text


REASONS: dict[str, str] = {
    "missing": N_("至少一方未填写，无法比较"),
    "same_name": N_("姓名相同"),
    "name_homophone": N_("姓名同音（拼音相同，用字不同）"),
    "name_near_homophone": N_("姓名读音或拼写相近"),
    "name_one_character": N_("姓名只差一个字"),
    "masked_name_agrees": N_("姓名有遮挡，可见的字一致"),
    "name_character_lost": N_("姓名多一字、少一字或两字颠倒"),
    "same_surname_only": N_("只有姓氏相同"),
    "name_surname_differs": N_("名相同，姓不同"),
    "different_name": N_("姓名不同"),
    "same_id": N_("身份证号相同"),
    "masked_id_agrees": N_("身份证号有遮挡，可见的位数一致"),
    "id_one_digit_off": N_("身份证号只差一位或相邻两位颠倒"),
    "id_two_digits_off": N_("身份证号差两位（也可能是双胞胎）"),
    "same_birthdate_only": N_("出生日期相同，身份证号其余部分不同"),
    "different_id_one_invalid": N_("身份证号不同，其中至少一个校验不通过"),
    "different_id": N_("证件号不同"),
    "masked_id_disagrees": N_("身份证号有遮挡，可见的位数不一致"),
    "different_birthdate": N_("身份证号及出生日期都不同"),
    "same_phone": N_("手机号相同"),
    "masked_phone_agrees": N_("手机号有遮挡，可见的位数一致"),
    "phone_one_digit_off": N_("手机号只差一位或相邻两位颠倒"),
    "different_phone": N_("手机号不同"),
    "masked_phone_disagrees": N_("手机号有遮挡，可见的位数不一致"),
    "shared_phone_of_few": N_("该手机号另有其他姓名在用（可能是家人或同事）"),
    "shared_phone_of_many": N_("该手机号有很多人在用（可能是站点电话）"),
    "shared_id": N_("该身份证号另有其他姓名在用，请核对"),
    "shared_plate": N_("该车牌另有其他姓名在用（可能是轮班或租用）"),
    "same_plate": N_("车牌号相同"),
    "plate_one_character_off": N_("车牌号只差一位"),
    "different_plate": N_("车牌号不同"),
    "same_employer": N_("企业或平台相同"),
    "similar_employer": N_("企业或平台名称相近"),
    "same_industry_other_employer": N_("行业相同，企业或平台不同（一人可在两个平台）"),
    "different_work": N_("行业和企业都不同（一人可在两个平台）"),
    "same_industry": N_("行业相同"),
    "different_industry": N_("行业不同"),
    "same_county": N_("所在县区相同"),
    "different_county": N_("所在县区不同"),
    "same_source": N_("来自同一份名册"),
    "different_source": N_("来自不同名册"),
    "known_same": N_("已由人工确认为同一人"),
    "known_distinct": N_("已由人工确认不是同一人"),
}

# Which sheet columns each compared field is shown from.
_SHOWN = {"work": ("employer", "industry")}
_CROWD = 4
_USUAL_SIZE = 1000


class FieldComparison(NamedTuple):
    """One line of the side-by-side view.

    `left` and `right` are the values as given; `level` is 'agrees', 'close', 'differs' or 'missing';
    `weight` is in bits: +10 makes one person about a thousand times likelier, −10 as much less likely;
    `code` is a key of REASONS.
    """

    field: str
    left: str
    right: str
    level: str
    weight: float
    code: str


_AGREES = {
    "same_name", "same_id", "same_phone", "same_plate", "same_employer", "same_county", "same_industry", "same_source",
}  # fmt: skip
_CLOSE = {
    "name_homophone", "name_near_homophone", "name_one_character", "masked_name_agrees", "name_character_lost",
    "masked_id_agrees", "id_one_digit_off", "id_two_digits_off", "masked_phone_agrees", "phone_one_digit_off",
    "plate_one_character_off", "similar_employer", "same_industry_other_employer", "same_birthdate_only",
    "same_surname_only", "name_surname_differs",
}  # fmt: skip


def explain(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[FieldComparison]:
    """Compare two records field by field for the review screen.

    Weights are those of a small file (chance of agreement from general knowledge), because two records
    alone do not show how common their values are. Fields that neither record has are left out.
    """
    rows = [{c: None if r.get(c) is None else str(r.get(c)) for c in COLUMNS} for r in (a, b)]
    table = tabulate(normalise(pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))))
    pairs = compare(table, np.array([0]), np.array([1]))
    chance = replace(survey(table, pairs), n=_USUAL_SIZE, people=_USUAL_SIZE)
    weights = field_weights(table, chance, pairs, start(_USUAL_SIZE))[:, 0] / np.log(2)
    lines = []
    for row, field in enumerate(FIELDS):
        code = LEVELS[field][int(pairs.levels[row, 0])]
        texts = [" · ".join(filter(None, (r[c] for c in _SHOWN.get(field, (field,))))) for r in rows]
        if any(texts):
            weight = round(float(weights[row]), 1) if code != "missing" else 0.0
            lines.append(FieldComparison(field, texts[0], texts[1], _level(code), weight, code))
    return lines


def _level(code: str) -> str:
    if code == "missing":
        return "missing"
    return "agrees" if code in _AGREES else "close" if code in _CLOSE else "differs"


def reasons(table: Table, chance: Chance, pairs: Compared, human: np.ndarray) -> pl.Series:
    """A list of codes for each pair, in the order of the fields. `human` marks the pairs a person has confirmed."""
    phone, plate, idno = pairs.of("phone") == 1, pairs.of("plate") == 1, pairs.of("idno") == 1
    crowd = np.where(phone, chance.phone_names[pairs.left], 0)
    extra = [
        ("shared_phone_of_many", crowd >= _CROWD),
        ("shared_phone_of_few", (crowd >= 2) & (crowd < _CROWD)),
        ("shared_plate", plate & (chance.plate_names[pairs.left] >= 2)),
        ("shared_id", idno & (chance.id_names[pairs.left] >= 2)),
        ("known_same", human),
    ]
    shown = [f for f in FIELDS if f != "source"]
    pattern = np.zeros(len(pairs.left), dtype=np.int64)
    for field in shown:
        pattern = pattern * 16 + pairs.of(field)
    for _, flag in extra:
        pattern = pattern * 2 + flag
    _, first, inverse = np.unique(pattern, return_index=True, return_inverse=True)
    lists = []
    for pair in first.tolist():
        codes = [LEVELS[f][int(pairs.of(f)[pair])] for f in shown]
        lists.append([c for c in codes if c != "missing"] + [code for code, flag in extra if flag[pair]])
    return pl.Series("reasons", lists, dtype=pl.List(pl.String)).gather(inverse)
