import io

import openpyxl
import pytest

from nuanxin.foundation.codes.rules import MESSAGES as CODE_MESSAGES
from nuanxin.foundation.sheets.rules import Problem, read_table, write_error_file

CSV = """新业态从业人员花名册,,,,
填报单位：长沙县邮政局,,,,
序号,姓名,联系,,企业
,,电话,微信,
1,单晓明,1380000123,a,甲公司
2,=cmd,13900001234,b,乙公司
3,李四,12345678901,c,丙公司
合计,3,,,
"""


@pytest.fixture
def table():
    return read_table(CSV.encode(), "花名册.csv")


@pytest.fixture
def problems(table):
    column = table.column("联系/电话")
    return [
        table.problem(0, column, "mobile.length", {"length": 10}, field="phone"),
        table.problem(0, table.column("企业"), "cell.required", {"label": "企业"}),
        table.problem(1, column, "cell.maybe_destroyed", severity="note"),
        table.problem(2, column, "mobile.prefix", field="phone"),
        Problem(None, "", "", "", "mapping.missing", {"label": "车牌"}),
    ]


def written(table, problems):
    file = io.BytesIO()
    count = write_error_file(file, table, problems, CODE_MESSAGES)
    return count, file.getvalue()


def test_only_refused_rows_in_the_same_layout(table, problems):
    count, data = written(table, problems)
    assert count == 2
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "新业态从业人员花名册"
    assert rows[1][0] == "填报单位：长沙县邮政局"
    assert rows[2][:8] == ("序号", "姓名", "联系", None, "企业", "错误原因", "如何改正", "原行号")
    assert rows[4][:5] == ("1", "单晓明", "1380000123", "a", "甲公司")
    assert rows[4][5] == "联系/电话：手机号应为11位，现为10位\n企业：“企业”不能为空"
    assert rows[4][6] == "请核对\n请补填"
    assert [row[7] for row in rows[4:]] == [5, 7]
    assert sheet.column_dimensions["H"].hidden


def test_offending_cells_are_coloured_and_commented(table, problems):
    _count, data = written(table, problems)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["C5"].comment.text == "手机号应为11位，现为10位，请核对"
    assert sheet["C5"].fill.fgColor.rgb != sheet["B5"].fill.fgColor.rgb
    assert sheet["C6"].comment.text.startswith("手机号应以13至19开头")
    assert sheet["C5"].number_format == "@"


def test_mended_and_read_again_the_added_columns_are_gone(table, problems):
    _count, data = written(table, problems)
    again = read_table(data, "错误.xlsx")
    assert again.headers == table.headers
    assert again.original_rows == [5, 7]
    assert again.column("联系/电话").values == ["1380000123", "12345678901"]


def test_an_error_file_of_an_error_file_has_the_columns_once(table, problems):
    _count, data = written(table, problems)
    again = read_table(data, "错误.xlsx")
    _count, data = written(again, [again.problem(1, again.column("姓名"), "name.digits")])
    third = read_table(data, "错误2.xlsx")
    assert third.headers == table.headers
    assert third.original_rows == [7]
    header = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data)).active[3]]
    assert header.count("错误原因") == 1


def test_merged_titles_and_dates_stay(problems):
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("名册")
        sheet.merge_range("A1:D1", "花名册")
        sheet.merge_range("B2:C2", "联系")
        for column, text in enumerate(["姓名", "联系", "", "入职日期"]):
            if text and column != 1:
                sheet.merge_range(1, column, 2, column, text)
        sheet.write_row("B3", ["电话", "微信"])
        for row, name in enumerate(["甲", "乙"], 3):
            sheet.write(row, 0, name)
            sheet.write(row, 1, 4.3e17)
            sheet.write(row, 3, 45000, book.add_format({"num_format": "yyyy-mm-dd"}))
    table = read_table(file.getvalue(), "a.xlsx")
    _count, data = written(table, [table.problem(1, table.column("联系/电话"), "cell.destroyed")])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {str(merge) for merge in sheet.merged_cells.ranges} == {"A1:D1", "B2:C2", "A2:A3", "D2:D3"}
    again = read_table(data, "b.xlsx")
    assert again.headers == table.headers
    assert (
        again.column("入职日期").convert("date").values == table.column("入职日期").convert("date").values[1:]
    )
    assert again.column("联系/电话").convert("phone").findings[0].code == "cell.destroyed"


def test_without_refused_rows_the_file_has_only_its_head(table):
    count, data = written(table, [])
    assert count == 0
    assert openpyxl.load_workbook(io.BytesIO(data)).active.max_row == 4
