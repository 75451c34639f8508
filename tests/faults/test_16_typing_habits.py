"""Fault 16: full-width digits, NBSP, trailing spaces and invisible characters."""

from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.sheets.rules import read_table
from nuanxin.foundation.sheets.rules.tidy import tidy, tidy_column

CSV = (
    "姓\u3000名,电话\u00a0,身份证号,地址\n"
    "单晓明\u3000,１３８ ００００ １２３４\u00a0,\u200b４３０５１１１９９００１０１００１４,泉塘街道（东）１号  \n"
    "\ufeff曾 国,\u202a13900001234\u202c,43030419900101001ｘ,星沙\u00a0街道\n"
)


def test_habits_are_cleaned_in_headers_and_cells():
    table = read_table(CSV.encode(), "a.csv")
    assert table.headers == ["姓名", "电话", "身份证号", "地址"]
    assert table.column("姓名").values == ["单晓明", "曾 国"]
    assert table.column("电话").values == ["138 0000 1234", "13900001234"]
    assert table.column("身份证号").values == ["430511199001010014", "43030419900101001x"]
    assert table.column("地址").values == ["泉塘街道（东）1号", "星沙 街道"]


def test_a_row_of_mere_spaces_is_empty():
    assert read_table("姓名,电话\n甲,1\n\u3000, \u00a0\n乙,2\n".encode(), "a.csv").row_numbers == [2, 4]


@given(st.lists(st.text()))
def test_a_column_is_cleaned_as_its_cells_are(values):
    assert tidy_column(values) == [tidy(value) for value in values]


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)
