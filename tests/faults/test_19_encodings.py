"""Fault 19: GB18030, BOM, mixed newlines and rare characters (𬭎, 㛃)."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.sheets.rules import SheetRefused, read_table
from nuanxin.foundation.sheets.rules.delimited import sniff_delimiter

TEXT = "姓名,电话,住址\n李𬭎,13800001234,泉塘\n㛃,13900001234,星沙\n"
ENCODINGS = {
    "utf-8": TEXT.encode(),
    "utf-8 with BOM": codecs.BOM_UTF8 + TEXT.encode(),
    "gb18030": TEXT.encode("gb18030"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16-be with BOM": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16-le": TEXT.encode("utf-16-le"),
    "utf-16-be": TEXT.encode("utf-16-be"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_keeps_rare_characters(name):
    table = read_table(ENCODINGS[name], "a.csv")
    assert table.headers == ["姓名", "电话", "住址"]
    assert table.column("姓名").values == ["李𬭎", "㛃"]


def test_mixed_newlines_and_quoted_ones():
    text = '姓名,地址\r\n甲,"一行\n两行"\r乙,"又\r\n一"\n\r\n丙,三'
    table = read_table(text.encode(), "a.csv")
    assert table.column("姓名").values == ["甲", "乙", "丙"]
    assert table.column("地址").values == ["一行 两行", "又 一", "三"]
    assert table.row_numbers == [2, 3, 5]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "；", "|", "，"])
def test_delimiters_are_found(delimiter):
    text = "\n".join(
        delimiter.join(row) for row in [["姓名", "电话", "备注"], ["甲", "1", "a"], ["乙", "2", "b"]]
    )
    assert sniff_delimiter(text) == delimiter
    assert read_table(text.encode("gb18030"), "a.txt").headers == ["姓名", "电话", "备注"]


def test_a_comma_within_quotes_does_not_mislead():
    text = 'a;b\n"1,2,3";4\n"5,6,7";8\n'
    assert sniff_delimiter(text) == ";"


def test_signs_that_force_text_are_taken_off():
    text = '姓名,身份证号\n甲,="430511199001010014"\n乙,\'43030419900101001X\n丙,\t43030419900101001X\n'
    assert read_table(text.encode(), "a.csv").column("身份证号").values == [
        "430511199001010014",
        "43030419900101001X",
        "43030419900101001X",
    ]


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xff,\x80\n", TEXT.encode("gb18030") + b"\xff\xff", codecs.BOM_UTF8 + b"\xff"]
)
def test_unreadable_bytes_are_refused_with_their_place(data):
    with pytest.raises(SheetRefused) as caught:
        read_table(data, "a.csv")
    assert caught.value.code == "file.encoding"


def test_an_open_quote_does_not_swallow_the_file():
    text = '姓名,电话\n"甲,1\n' + "乙,2\n" * 50_000
    with pytest.raises(SheetRefused) as caught:
        read_table(text.encode(), "a.csv")
    assert caught.value.code == "file.quotes"


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.tsv", "a.xls", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(data, name):
    try:
        read_table(data, name)
    except SheetRefused as refused:
        assert str(refused)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        read_table(("姓名,电话\n" + text).encode("utf-8", "surrogatepass"), "a.csv")
    except SheetRefused as refused:
        assert str(refused)
