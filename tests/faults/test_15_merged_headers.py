"""Fault 15: merged and two-row headers."""

import io

import pytest
import xlsxwriter
import xlwt

from nuanxin.foundation.sheets.rules import read_table

EXPECTED = [
    "序号",
    "企业名称",
    "从业人员数/全职",
    "从业人员数/兼职",
    "从业人员数/众包",
    "党员数/正式",
    "党员数/预备",
    "备注",
]
TOP = ["序号", "企业名称", "从业人员数", "", "", "党员数", "", "备注"]
SUB = ["", "", "全职", "兼职", "众包", "正式", "预备", ""]
MERGES = [(0, 1, 0, 0), (0, 1, 1, 1), (0, 0, 2, 4), (0, 0, 5, 6), (0, 1, 7, 7)]
ROWS = [[1, "甲公司", 10, 2, 30, 1, 0, ""], [2, "乙公司", 5, 0, 0, 0, 1, "新"]]
TITLE = 2


def xlsx(merged):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 7, "新业态企业摸排表")
        sheet.write(1, 0, "填报单位：北塔区")
        for place, row in enumerate([TOP, SUB, *ROWS], TITLE):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(place, column, cell)
        if merged:
            for first_row, last_row, first, last in MERGES:
                sheet.merge_range(first_row + TITLE, first, last_row + TITLE, last, TOP[first])
    return file.getvalue()


def xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 7, "新业态企业摸排表")
    sheet.write(1, 0, "填报单位：北塔区")
    for first_row, last_row, first, last in MERGES:
        sheet.write_merge(first_row + TITLE, last_row + TITLE, first, last, TOP[first])
    for column, cell in enumerate(SUB):
        if cell:
            sheet.write(1 + TITLE, column, cell)
    for place, row in enumerate(ROWS, 2 + TITLE):
        for column, cell in enumerate(row):
            sheet.write(place, column, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv():
    lines = ["新业态企业摸排表", "填报单位：北塔区", *(",".join(map(str, row)) for row in [TOP, SUB, *ROWS])]
    return "\n".join(lines).encode("gb18030")


@pytest.mark.parametrize(
    ("data", "name"),
    [(xlsx(True), "merged.xlsx"), (xlsx(False), "unmerged.xlsx"), (xls(), "old.xls"), (csv(), "text.csv")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_stacked_headers_are_joined(data, name):
    table = read_table(data, name)
    assert table.headers == EXPECTED
    assert (table.header_row, table.header_height) == (3, 2)
    assert table.row_numbers == [5, 6]
    assert table.column("从业人员数/众包").convert("integer").values == [30, 0]


def test_three_levels_are_joined():
    lines = ["企业名称,人员,,,,备注", ",全职,,兼职,,", ",男,女,男,女,", "甲公司,1,2,3,4,"]
    table = read_table("\n".join(lines).encode(), "a.csv")
    assert table.headers == [
        "企业名称",
        "人员/全职/男",
        "人员/全职/女",
        "人员/兼职/男",
        "人员/兼职/女",
        "备注",
    ]


def test_line_breaks_and_spaces_in_headers_go():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(["姓 名", "联系\n电话", "* 身份证号"]):
            sheet.write(0, column, text)
            sheet.write(1, column, ["单晓明", "13800001234", "430511199001010014"][column])
    assert read_table(file.getvalue(), "a.xlsx").headers == ["姓名", "联系电话", "身份证号"]
