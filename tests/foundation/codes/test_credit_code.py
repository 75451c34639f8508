import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes.rules import CodeRefused, parse_credit_code


def refusal(text, **kwargs):
    with pytest.raises(CodeRefused) as caught:
        parse_credit_code(text, **kwargs)
    return caught.value


@pytest.mark.parametrize("code", ["91440300708461136T", "91110000802100433B", "91430511MA4TEAT09M"])
def test_the_dossiers_vectors_pass(code):
    assert parse_credit_code(code) == code


def test_writing_habits_are_normalised():
    assert parse_credit_code(" ９１４４０３００ 70846-1136t".replace("-", "")) == "91440300708461136T"


def test_a_lookalike_letter_is_refused_with_its_place():
    refused = refusal("9144O300708461136T")
    assert refused.code == "credit.characters"
    assert refused.params == {"position": 5, "character": "O"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("430511000012345", "credit.old_number"),
        ("70846113-6", "credit.organisation"),
        ("91440300", "credit.length"),
        ("B1440300708461136T", "credit.department"),
        ("91990300708461136T", "credit.division"),
        ("91440300708461137T", "credit.organisation_check"),
        ("91440300708461136A", "credit.check"),
    ],
)
def test_refusals_say_why(text, code):
    assert refusal(text).code == code


def test_the_callers_divisions_decide():
    assert refusal("91440300708461136T", divisions=frozenset({"430511"})).code == "credit.division"


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_single_changed_character_is_found(place, character):
    code = "91440300708461136T"
    if code[place] != character:
        with pytest.raises(CodeRefused):
            parse_credit_code(code[:place] + character + code[place + 1 :])


@given(st.text())
def test_any_text_is_parsed_or_refused(text):
    try:
        parse_credit_code(text)
    except CodeRefused as refused:
        assert str(refused)
