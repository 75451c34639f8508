import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes.rules import CodeRefused, Masked, parse_ebike_plate, parse_plate


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("湘a·12345", "湘A12345"),
        ("湘 A-D12345", "湘AD12345"),
        ("湘A12345D", "湘A12345D"),
        ("湘Ａ１２３４学", "湘A1234学"),
    ],
)
def test_plates_are_normalised(text, plate):
    assert parse_plate(text) == plate


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("XA12345", "plate.province"),
        ("湘A123", "plate.length"),
        ("湘AO2345", "plate.letters"),
        ("湘1A2345", "plate.format"),
        ("湘AZ12345", "plate.format"),
    ],
)
def test_refusals_say_why(text, code):
    with pytest.raises(CodeRefused) as caught:
        parse_plate(text)
    assert caught.value.code == code


def test_masked_plates_are_told_apart():
    assert isinstance(parse_plate("湘A***45"), Masked)


def test_ebike_plates_are_free_text_unless_the_city_has_a_pattern():
    assert parse_ebike_plate("") == ""
    assert parse_ebike_plate("长沙 00123") == "长沙00123"
    pattern = re.compile(r"\d{7}")
    assert parse_ebike_plate("0012345", pattern=pattern) == "0012345"
    with pytest.raises(CodeRefused) as caught:
        parse_ebike_plate("A1", pattern=pattern, example="0012345")
    assert "0012345" in str(caught.value)


@given(st.text())
def test_any_text_is_parsed_or_refused(text):
    try:
        parse_plate(text)
    except CodeRefused as refused:
        assert str(refused)
