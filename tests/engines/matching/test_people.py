"""Who is joined with whom, case by case."""

from __future__ import annotations

import pytest

from nuanxin.engines.matching.rules import explain
from nuanxin.engines.matching.rules.explain import REASONS

from .people import LI, band, joined


def test_same_id_and_name_are_one_person_whatever_the_phone():
    assert joined(LI, LI | {"phone": "15900001111"})


def test_one_person_with_two_platforms_is_merged():
    assert joined(
        LI | {"employer": "美团", "industry": "外卖配送"},
        LI | {"employer": "滴滴出行", "industry": "网约车"},
    )


def test_siblings_with_one_phone_stay_apart():
    brother = {"name": "李秀明", "phone": LI["phone"], "idno": "430511199203040017"}
    assert not joined(LI, brother)


def test_siblings_without_ids_are_for_a_person_to_decide():
    first, second = {"name": "李秀霞", "phone": "13812345678"}, {"name": "李秀明", "phone": "13812345678"}
    assert band(first, second) != "auto"


def test_twins_stay_apart():
    twins = [
        {"name": "张家明", "phone": "13812345678", "idno": "430511199001010014"},
        {"name": "张家亮", "phone": "13812345678", "idno": "430511199001010030"},
    ]
    assert not joined(*twins)


def test_same_name_alone_is_never_enough():
    assert band({"name": "欧阳秀霞"}, {"name": "欧阳秀霞"}) in ("review", None)


@pytest.mark.parametrize(
    "other",
    [
        {"idno": "4305**********0014"},
        {"idno": "430511********0014"},
        {"phone": "138****5678", "idno": "4305**********0014"},
    ],
)
def test_masked_values_that_agree_are_joined_with_the_name(other):
    assert joined(LI, {"name": LI["name"]} | other)


def test_masked_id_that_disagrees_is_not_joined():
    assert not joined(LI, {"name": LI["name"], "phone": LI["phone"], "idno": "4305**********9999"})


def test_a_wrong_check_digit_is_still_the_same_person():
    assert joined(LI, LI | {"idno": "430511199001010015"})


def test_an_id_whose_birth_date_differs_is_reviewed():
    assert band(LI, LI | {"idno": "430511196503120019"}) != "auto"


def test_homophone_with_the_same_id_is_joined():
    assert joined(LI, LI | {"name": "李秀侠", "phone": ""})


def test_somebody_elses_id_is_not_enough():
    assert not joined(LI, {"name": "王建国", "phone": "15900001111", "idno": LI["idno"]})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("430511900101001", "430511199001010014"),
        ("43030419900101001x", "43030419900101001X"),
        ("４３０５１１１９９００１０１００１４", "430511199001010014"),
        ("'430511 19900101 0014", "430511199001010014"),
    ],
    ids=["15 digits", "lower case x", "full width", "blanks and quote"],
)
def test_writings_of_one_id(one, two):
    lines = {line.field: line.code for line in explain({"idno": one}, {"idno": two})}
    assert lines["idno"] == "same_id"


@pytest.mark.parametrize(
    "phone",
    ["+86 138-1234-5678", "8613812345678", "１３８１２３４５６７８", "13812345678.0", "138 1234 5678"],
)
def test_writings_of_one_phone(phone):
    lines = {line.field: line.code for line in explain({"phone": phone}, {"phone": "13812345678"})}
    assert lines["phone"] == "same_phone"


def test_a_number_that_excel_destroyed_says_nothing():
    lines = {line.field: line.code for line in explain({"idno": "4.30511E+17"}, {"idno": "4.30511E+17"})}
    assert lines["idno"] == "missing"


def test_explain_speaks_about_every_given_field():
    lines = explain(
        LI | {"employer": "美团", "county": "北塔区"},
        LI | {"employer": "美团外卖", "phone": "13812345679"},
    )
    codes = {line.field: (line.level, line.code) for line in lines}
    assert codes == {
        "name": ("agrees", "same_name"),
        "idno": ("agrees", "same_id"),
        "phone": ("close", "phone_one_digit_off"),
        "work": ("close", "similar_employer"),
        "county": ("missing", "missing"),
    }
    weights = {line.field: line.weight for line in lines}
    assert weights["idno"] > 10 > weights["county"] == 0


def test_every_code_has_a_sentence():
    from nuanxin.engines.matching.rules.compare import LEVELS

    assert {code for codes in LEVELS.values() for code in codes} <= set(REASONS)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("John Smith", "SMITH, john"),
        ("李秀霞（站长）", "李 秀 霞"),
    ],
)
def test_writings_of_one_name(one, two):
    assert joined({"name": one, "phone": "13812345678"}, {"name": two, "phone": "13812345678"})


@pytest.mark.parametrize("name", ["*", "某", "王", "王*", "𬭎", "李某某", "x" * 500, "张1"])
def test_odd_names_do_not_break(name):
    assert band({"name": name, "phone": "13812345678"}, {"name": "王建国", "phone": "13812345678"}) != "auto"
