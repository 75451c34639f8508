from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes.rules import (
    CodeRefused,
    Masked,
    birth_date,
    division,
    parse_resident_id,
    refusal_text,
    sex,
)
from nuanxin.foundation.codes.rules.resident_id import check_digit

TODAY = date(2026, 11, 22)


def parse(text, **kwargs):
    return parse_resident_id(text, today=TODAY, **kwargs)


def refusal(text, **kwargs):
    with pytest.raises(CodeRefused) as caught:
        parse(text, **kwargs)
    return caught.value


@pytest.mark.parametrize("number", ["11010519491231002X", "430511199001010014", "43030419900101001X"])
def test_the_dossiers_vectors_pass(number):
    assert parse(number) == number


@pytest.mark.parametrize(
    "text",
    [
        "43030419900101001x",
        " 430304 19900101 001X",
        "４３０３０４１９９００１０１００１Ｘ",
        "'43030419900101001X",
    ],
)
def test_writing_habits_are_normalised(text):
    assert parse(text) == "43030419900101001X"


def test_fifteen_digits_are_lengthened():
    assert parse("430511900101001") == "430511199001010014"


def test_a_wrong_check_digit_names_the_right_one():
    refused = refusal("430511199001010013")
    assert (refused.code, refused.params) == ("id.check", {"expected": "4"})
    assert refusal_text(refused.code, refused.params) == "身份证号第18位校验码应为 4，请核对原件"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("43051119900101", "id.length"),
        ("43051119900101001A", "id.characters"),
        ("4305111990010100一4", "id.characters"),
        ("430511199001010000", "id.destroyed"),
        ("4305**", "id.masked"),
    ],
)
def test_refusals_say_why(text, code):
    assert refusal(text).code == code


@pytest.mark.parametrize(
    ("first17", "code"),
    [
        ("43051119900230001", "id.birth"),
        ("43051118800101001", "id.birth"),
        ("43051120261123001", "id.future"),
        ("99051119900101001", "id.division"),
    ],
)
def test_a_right_check_digit_is_not_enough(first17, code):
    assert refusal(first17 + check_digit(first17)).code == code


def test_someone_born_today_has_a_number():
    assert parse("43051120261122001" + check_digit("43051120261122001"))


@pytest.mark.parametrize("territory", ["810000", "820000", "830000"])
def test_residence_permits_pass_even_beside_a_list_of_divisions(territory):
    first17 = territory + "19900101001"
    assert parse(first17 + check_digit(first17), divisions=frozenset({"430511"}))


def test_the_callers_divisions_decide():
    assert parse("430511199001010014", divisions=frozenset({"430511"}))
    assert refusal("43030419900101001X", divisions=frozenset({"430511"})).code == "id.division"


@pytest.mark.parametrize("text", ["4305**********0014", "4305××××××××××0014", "4305XXXXXXXXXX0014"])
def test_masked_numbers_are_told_apart(text):
    value = parse(text)
    assert isinstance(value, Masked)
    assert value == "4305**********0014"


def test_what_follows_from_the_number():
    assert birth_date("430511199001010014") == date(1990, 1, 1)
    assert sex("430511199001010014") == "M"
    assert sex("11010519491231002X") == "F"
    assert division("430511199001010014") == "430511"


def test_a_refusal_never_carries_the_number():
    refused = refusal("430511199001010013")
    assert "43051119900101" not in repr(refused) + str(refused)


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_single_changed_digit_is_found(place, shift):
    number = "430511199001010014"
    changed = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(CodeRefused):
        parse(changed)


@given(st.text())
def test_any_text_is_parsed_or_refused(text):
    try:
        assert len(parse(text)) == 18
    except CodeRefused as refused:
        assert str(refused)
