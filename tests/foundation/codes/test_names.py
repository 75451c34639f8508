import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.codes.rules import (
    CodeRefused,
    Masked,
    clean_code,
    clean_name,
    clean_text,
    mask_id,
    mask_name,
    mask_phone,
    mask_plate,
    name_pinyin,
    parse_name,
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\ufeff长沙县\u3000泉塘 街道\u00a0", "长沙县 泉塘 街道"),
        ("Ａ座１２０１，（东）", "A座1201，（东）"),
        ("一\u200b行\r\n两行", "一行 两行"),
        ("⼀号", "一号"),
    ],
)
def test_free_text_keeps_its_punctuation(text, clean):
    assert clean_text(text) == clean


def test_codes_lose_every_space():
    assert clean_code("\u3000４３ 05x\u00a0") == "4305X"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张 三", "张三"),
        ("买买提.艾力", "买买提·艾力"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("JOHN  SMITH", "JOHN SMITH"),
        ("李\u3000𬭎", "李𬭎"),
        ("㛃", "㛃"),
    ],
)
def test_names_are_cleaned(text, name):
    assert clean_name(text) == name
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "empty"),
        ("无", "name.placeholder"),
        ("张3", "name.digits"),
        ("张@三", "name.characters"),
        ("张" * 41, "name.long"),
        ("--", "name.placeholder"),
    ],
)
def test_what_is_no_name_is_refused(text, code):
    with pytest.raises(CodeRefused) as caught:
        parse_name(text)
    assert caught.value.code == code


def test_masked_names_are_told_apart():
    assert isinstance(parse_name("张*"), Masked)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单晓明", "shanxiaoming", "sxm"),
        ("仇英", "qiuying", "qy"),
        ("曾国强", "zengguoqiang", "zgq"),
        ("欧阳锋", "ouyangfeng", "oyf"),
        ("长孙乐", "zhangsunle", "zsl"),
        ("吕布", "lvbu", "lb"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("John Smith", "johnsmith", "js"),
        ("李𬭎", "lihong", "lh"),
        ("", "", ""),
    ],
)
def test_surnames_have_their_own_readings(name, full, initials):
    assert name_pinyin(name) == (full, initials)


def test_masks():
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("0731-84012345") == "0731-****2345"
    assert mask_id("430511199001010014") == "4305**********0014"
    assert mask_plate("湘A12345") == "湘A***45"
    assert mask_name("张三丰") == "张**"
    assert mask_name("欧阳锋") == "欧阳*"


@given(st.text())
def test_masks_never_show_a_short_value(text):
    for mask in (mask_phone, mask_id, mask_plate):
        if 0 < len(text) <= 4 and "-" not in text:
            assert set(mask(text)) == {"*"}


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    for clean in (clean_text, clean_code, clean_name):
        assert clean(clean(text)) == clean(text)


@given(st.text())
def test_any_text_has_some_pinyin(text):
    full, initials = name_pinyin(text)
    assert len(initials) <= len(full)
