import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes.rules import MESSAGES as CODE_MESSAGES
from nuanxin.foundation.sheets.rules import (
    MESSAGES,
    Problem,
    message_text,
    problem_text,
    split_mend,
    value_hint,
)


class AnyParams(dict):
    def __missing__(self, key):
        return "7"


@pytest.mark.parametrize("code", [*MESSAGES])
def test_every_message_can_be_shown(code):
    template = str(MESSAGES[code])
    assert template % AnyParams()
    # Those that ask something of the reader say what, apart from the fault.
    if not code.startswith("row.") and code != "file.macros":
        assert all(split_mend(template))


@pytest.mark.parametrize("code", [*CODE_MESSAGES])
def test_messages_of_codes_have_a_mend_too(code):
    assert str(CODE_MESSAGES[code]) % AnyParams()
    assert all(split_mend(str(CODE_MESSAGES[code])))


def test_the_place_is_said_as_far_as_it_is_known():
    assert (
        problem_text(Problem(37, "F", "电话", "phone", "mobile.prefix"), CODE_MESSAGES)
        == "第 37 行 F 列（电话）：手机号应以13至19开头，请核对"
    )
    assert problem_text(Problem(9, "", "", "", "row.total")) == "第 9 行：合计行，未作为数据读取"
    assert problem_text(Problem(None, "", "", "", "file.macros")) == "文件含宏，只读取数据，不执行宏"


def test_an_unknown_code_is_an_error_of_the_programmer():
    with pytest.raises(KeyError):
        message_text("nothing.such", {})


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("430511199001010014", "430*************14"),
        ("138 0000 1234", "138 **** **34"),
        ("13800001234", "138******34"),
        ("张三", "张三"),
        ("12345", "12345"),
        ("长" * 30, "长" * 23 + "…"),
    ],
)
def test_hints_show_no_whole_number(value, hint):
    assert value_hint(value) == hint


@given(st.integers(10**10, 10**18))
def test_no_number_of_a_person_is_ever_in_a_hint(number):
    assert str(number)[3:-2] not in value_hint(number)
    assert value_hint(number).count("*") >= 5
