import io
from datetime import date, datetime

import openpyxl
import pytest

from nuanxin.foundation.sheets.rules import ColumnSpec, Mark, SheetSpec, read_table, write_csv, write_xlsx
from nuanxin.foundation.sheets.rules.writer import sheet_name

COLUMNS = [
    ColumnSpec("序号", "integer", width=6),
    ColumnSpec("姓名"),
    ColumnSpec("全职", "integer", group="从业人员数"),
    ColumnSpec("兼职", "integer", group="从业人员数"),
    ColumnSpec("比例", "percent"),
    ColumnSpec("入职日期", "date"),
    ColumnSpec("身份证号"),
]
ROWS = [
    [1, "单晓明", 3, 0, 0.35, date(2024, 3, 5), "430511199001010014"],
    [2, None, None, 2, None, datetime(2024, 3, 5, 12), "43030419900101001X"],
]
SHEET = SheetSpec("名册", COLUMNS, ROWS, titles=["长沙县花名册", "填报单位：长沙县"])


def book(*sheets):
    file = io.BytesIO()
    write_xlsx(file, sheets)
    return file.getvalue()


def test_what_is_written_is_read_again():
    table = read_table(book(SHEET), "a.xlsx")
    assert table.headers == [
        "序号",
        "姓名",
        "从业人员数/全职",
        "从业人员数/兼职",
        "比例",
        "入职日期",
        "身份证号",
    ]
    assert table.title_rows[0][0] == "长沙县花名册"
    assert table.row_numbers == [5, 6]
    assert table.column("入职日期").convert("date").values == [date(2024, 3, 5)] * 2
    assert table.column("比例").convert("percent").values == [0.35, None]
    assert table.column("身份证号").texts() == ["430511199001010014", "43030419900101001X"]


def test_it_looks_as_asked():
    sheet = openpyxl.load_workbook(io.BytesIO(book(SHEET))).active
    assert {str(merge) for merge in sheet.merged_cells.ranges} == {
        "A1:G1",
        "A3:A4",
        "B3:B4",
        "C3:D3",
        "E3:E4",
        "F3:F4",
        "G3:G4",
    }
    assert sheet.freeze_panes == "A5"
    assert sheet["G5"].number_format == "@"
    assert sheet["F5"].number_format == "yyyy-mm-dd"
    assert sheet.column_dimensions["G"].width == pytest.approx(14, abs=1)


def test_rows_may_come_from_a_generator_and_several_sheets_stand_apart():
    sheets = [
        SheetSpec(f"第{n}册", [ColumnSpec("姓名"), ColumnSpec("电话")], ([f"甲{i}", "1"] for i in range(n)))
        for n in (3, 5)
    ]
    data = book(*sheets)
    assert len(read_table(data, "a.xlsx", sheet="第1册".replace("1", "3"))) == 3
    assert len(read_table(data, "a.xlsx", sheet="第5册")) == 5


def test_marks_are_coloured_and_commented():
    sheet = openpyxl.load_workbook(
        io.BytesIO(book(SheetSpec("s", COLUMNS, ROWS, marks=[Mark(1, 6, "核对"), Mark(0, 1)])))
    ).active
    assert sheet["G4"].comment.text == "核对"
    assert sheet["B3"].comment is None
    assert sheet["G4"].fill.fgColor.rgb == sheet["B3"].fill.fgColor.rgb != sheet["G3"].fill.fgColor.rgb


def test_numbers_that_excel_would_cut_are_written_as_text():
    sheet = openpyxl.load_workbook(
        io.BytesIO(book(SheetSpec("s", [ColumnSpec("号", "number")], [[430511199001010014], [float("nan")]])))
    ).active
    assert sheet["A2"].value == "430511199001010014"
    assert sheet["A3"].data_type == "s"


def test_lone_surrogates_and_endless_texts_do_not_break_the_file():
    data = book(SheetSpec("s", [ColumnSpec("姓名"), ColumnSpec("备注")], [["\ud800甲", "长" * 40_000]]))
    assert len(openpyxl.load_workbook(io.BytesIO(data)).active["B2"].value) == 32_767


@pytest.mark.parametrize(
    ("name", "allowed"), [("a/b:c", "a b c"), ("", "Sheet1"), ("'x'", "x"), ("长" * 40, "长" * 31)]
)
def test_names_of_sheets_are_made_valid(name, allowed):
    assert sheet_name(name) == allowed


def test_a_csv_for_excel_and_back(tmp_path):
    path = tmp_path / "a.csv"
    write_csv(path, ["姓名", "说明"], [["甲", '引号"，逗号,换行\n'], ["=乙", None]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = read_table(path, "a.csv")
    assert table.column("姓名").values == ["甲", "=乙"]


def test_a_workbook_written_to_a_path(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [SHEET])
    assert len(read_table(tmp_path / "a.xlsx", "a.xlsx")) == 2
