import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes.rules import (
    CodeRefused,
    Masked,
    is_mobile,
    parse_landline,
    parse_mobile,
    parse_phone,
    split_phones,
    to_e164,
)


def code_of(function, text):
    with pytest.raises(CodeRefused) as caught:
        function(text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "+86 138-0000-1234",
        "008613800001234",
        "86 13800001234",
        "１３８００００１２３４",
        "138\u00a00000 1234\u200b",
        "(+86)13800001234",
        "138.0000.1234",
    ],
)
def test_one_mobile_number_in_many_writings(text):
    assert parse_mobile(text) == "13800001234"


@pytest.mark.parametrize("text", ["138****1234", "138xxxx1234", "138●●●●1234"])
def test_masked_numbers_are_told_apart(text):
    assert isinstance(parse_mobile(text), Masked)
    assert parse_mobile(text) == "138****1234"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("0731-84012345", "mobile.landline"),
        ("13800001234/13900001234", "mobile.several"),
        ("1380000123", "mobile.length"),
        ("12800001234", "mobile.prefix"),
        ("电话13800001234", "mobile.characters"),
    ],
)
def test_refusals_say_why(text, code):
    assert code_of(parse_mobile, text) == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(0731)84012345转801", "0731-84012345-801"),
        ("010 8401 2345", "010-84012345"),
        ("+86-731-84012345", "0731-84012345"),
        ("84012345", "84012345"),
        ("400-800-1234", "4008001234"),
        ("12345", "12345"),
    ],
)
def test_landlines(text, number):
    assert parse_landline(text) == number
    assert parse_phone(text) == number


def test_a_broken_landline_is_refused():
    assert code_of(parse_landline, "0731-84") == "landline.format"


def test_numbers_in_one_cell_can_be_split():
    assert split_phones("13800001234、0731-84012345") == ["13800001234", "0731-84012345"]


def test_forms_for_others():
    assert to_e164("13800001234") == "+8613800001234"
    assert is_mobile("13800001234")
    assert not is_mobile("138****1234")


@given(st.text())
def test_any_text_is_parsed_or_refused(text):
    for parse in (parse_mobile, parse_landline, parse_phone):
        try:
            parse(text)
        except CodeRefused as refused:
            assert str(refused)
