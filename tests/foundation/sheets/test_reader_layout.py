import io

import pytest
import xlsxwriter

from nuanxin.foundation.sheets.rules import SheetRefused, read_table

HEADER = ["序号", "姓名", "身份证号", "联系电话", "企业名称"]
PEOPLE = [
    [1, "单晓明", "430511199001010014", "13800001234", "甲公司"],
    [2, "曾国", "43030419900101001X", "13900001234", "乙公司"],
]


def workbook(*sheets):
    """Each sheet: (name, {row: cells}, merges as A1 ranges), rows 0-based; cells None are left out."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows, *merges in sheets:
            sheet = book.add_worksheet(name)
            for row, cells in rows.items():
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
            for merge in merges:
                sheet.merge_range(merge, "")
                first = merge.split(":")[0]
                row, column = int(first[1:]) - 1, ord(first[0]) - 65
                if column < len(rows[row]) and rows[row][column]:
                    sheet.write_string(row, column, rows[row][column])
    return file.getvalue()


def codes(table):
    return {(note.code, note.row) for note in table.notes}


def test_a_plain_sheet():
    table = read_table(workbook(("名册", dict(enumerate([HEADER, *PEOPLE])))), "a.xlsx")
    assert table.headers == HEADER
    assert table.row_numbers == [2, 3]
    assert table.column("身份证号").texts() == ["430511199001010014", "43030419900101001X"]
    assert table.column("联系电话").letter == "D"
    assert table.column("D").header == "联系电话"


def test_titles_dates_and_blank_rows_stand_above_the_header():
    rows = {
        0: ["长沙县新就业群体花名册"],
        1: ["填报单位：长沙县邮政局", None, None, "日期：2024年3月"],
        3: HEADER,
        5: PEOPLE[0],
        7: PEOPLE[1],
    }
    table = read_table(workbook(("名册", rows, "A1:E1")), "a.xlsx")
    assert (table.header_row, table.headers) == (4, HEADER)
    assert table.row_numbers == [6, 8]


def test_notes_totals_and_signatures_are_told_not_read():
    rows = {
        0: HEADER,
        1: ["1", "2", "3", "4", "5"],
        2: ["（必填）", "必填", "必填，文本格式", "选填", "必填"],
        3: PEOPLE[0],
        4: PEOPLE[1],
        5: HEADER,
        6: ["合 计", "2人"],
        8: ["填报人：张三", None, "审核人：李四", None, "日期：2024-03-05"],
        9: ["注：本表一式两份"],
    }
    table = read_table(workbook(("名册", rows)), "a.xlsx")
    assert table.row_numbers == [4, 5]
    assert codes(table) == {
        ("row.note", 2),
        ("row.note", 3),
        ("row.header_again", 6),
        ("row.total", 7),
        ("row.signature", 9),
        ("row.signature", 10),
    }


def test_empty_columns_are_skipped_and_letters_stay_true():
    rows = [[None, None, *row[:2], None, *row[2:]] for row in [HEADER, *PEOPLE]]
    table = read_table(workbook(("名册", dict(enumerate(rows)))), "a.xlsx")
    assert [(c.letter, c.header) for c in table.columns] == [
        ("C", "序号"),
        ("D", "姓名"),
        ("F", "身份证号"),
        ("G", "联系电话"),
        ("H", "企业名称"),
    ]


def test_the_sheet_that_looks_like_a_roster_is_chosen():
    data = workbook(
        ("说明", {0: ["填表说明"], 1: ["请按要求填写"]}),
        ("汇总", {0: ["街道", "人数"], 1: ["泉塘", 2]}),
        ("花名册", dict(enumerate([HEADER, *PEOPLE]))),
    )
    table = read_table(data, "a.xlsx")
    assert table.sheet == "花名册"
    assert table.other_sheets == ["说明", "汇总"]
    assert ("sheet.others", None) in codes(table)
    assert read_table(data, "a.xlsx", sheet="汇总").headers == ["街道", "人数"]
    with pytest.raises(SheetRefused, match="没有名为"):
        read_table(data, "a.xlsx", sheet="不存在")


def test_duplicate_and_missing_names_are_numbered_and_reported():
    rows = [["姓名", "电话", "电话", None], ["单晓明", "13800001234", "13900001234", "甲"]]
    table = read_table(workbook(("名册", dict(enumerate(rows)))), "a.xlsx")
    assert table.headers == ["姓名", "电话", "电话（2）", "D"]
    assert {note.code for note in table.notes} == {"header.duplicate", "header.missing"}


def test_the_user_may_point_at_the_header():
    rows = {0: ["甲", "乙"], 1: ["姓名", "电话"], 2: ["单晓明", "13800001234"]}
    data = workbook(("名册", rows))
    assert read_table(data, "a.xlsx").headers == ["姓名", "电话"]
    assert read_table(data, "a.xlsx", header_row=1).headers == ["甲", "乙"]
    with pytest.raises(SheetRefused):
        read_table(data, "a.xlsx", header_row=9)


@pytest.mark.parametrize(
    ("rows", "code"),
    [({}, "sheet.empty"), ({0: HEADER}, "sheet.no_rows"), ({0: [1, 2, 3], 1: [4, 5, 6]}, "sheet.no_header")],
)
def test_sheets_without_a_table_are_refused(rows, code):
    with pytest.raises(SheetRefused) as caught:
        read_table(workbook(("名册", rows)), "a.xlsx")
    assert caught.value.code == code


def test_a_data_row_is_never_taken_for_a_second_header_row():
    rows = [["姓名", "性别", "街道", "备注"], ["单晓明", "男", "泉塘", "无"], ["曾国", "男", "星沙", None]]
    assert len(read_table(workbook(("名册", dict(enumerate(rows)))), "a.xlsx")) == 2


def test_a_total_of_zero_and_false_are_no_blank_cells():
    rows = [["街道", "人数", "是否"], ["泉塘", 0, False], [None, 0, None]]
    table = read_table(workbook(("名册", dict(enumerate(rows)))), "a.xlsx")
    assert table.row_numbers == [2, 3]


@pytest.mark.parametrize(
    "line", ["1,2,3", "（1）,（2）,（3）", "甲,乙,1", "甲,1,2", "例：张三,5,13800000000", "示例,5,1"]
)
def test_rows_that_number_the_columns_are_notes(line):
    table = read_table(f"姓名,人数,电话\n{line}\n甲,5,13800001234\n".encode(), "a.csv")
    assert table.row_numbers == [3]


@pytest.mark.parametrize("line", ["甲,5,13800001234", "乙,丙,丁", "1,5,3"])
def test_rows_that_only_begin_so_are_data(line):
    assert read_table(f"姓名,人数,电话\n{line}\n".encode(), "a.csv").row_numbers == [2]


def test_a_cell_merged_over_rows_holds_for_each_of_them():
    rows = {
        0: ["企业名称", "姓名", "电话"],
        1: ["甲公司", "单晓明", "1"],
        2: [None, "曾国", "2"],
        3: ["乙公司", "李四", "3"],
    }
    table = read_table(workbook(("名册", rows, "A2:A3")), "a.xlsx")
    assert table.column("企业名称").values == ["甲公司", "甲公司", "乙公司"]
    assert ("sheet.merged", None) in codes(table)


def test_blank_rows_under_a_merged_cell_stay_blank():
    rows = {0: ["企业名称", "姓名", "电话"], 1: ["甲公司", "单晓明", "1"], 2: [], 3: ["乙公司", "李四", "3"]}
    assert read_table(workbook(("名册", rows, "A2:A3")), "a.xlsx").row_numbers == [2, 4]


def test_error_values_of_formulas_are_told():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "电话"])
        sheet.write_row(1, 0, ["甲", "1"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    (note,) = read_table(file.getvalue(), "a.xlsx").notes
    assert (note.code, note.params) == ("file.error_cells", {"count": 1})


def test_a_colon_in_one_name_does_not_hide_the_header():
    rows = [["姓名", "电话", "企业", "是否入会（1：是，0：否）"], ["甲", "1", "乙", "1"]]
    assert read_table(workbook(("名册", dict(enumerate(rows)))), "a.xlsx").header_row == 1


def test_charts_comments_tables_and_lists_do_no_harm():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("名册")
        for row, cells in enumerate([HEADER, *PEOPLE]):
            sheet.write_row(row, 0, cells)
        sheet.write_comment("B2", "核对")
        sheet.add_table("A1:E3", {"columns": [{"header": header} for header in HEADER]})
        sheet.data_validation("E2:E1048576", {"validate": "list", "source": ["甲公司", "乙公司"]})
        sheet.conditional_format("A2:XFD1048576", {"type": "duplicate"})
        sheet.set_column("A:XFD", 12, book.add_format({"num_format": "@"}))
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=名册!$A$2:$A$3"})
        sheet.insert_chart("H2", chart)
        book.add_worksheet("字典").hide()
        book.define_name("全表", "=名册!$A$1:$XFD$1048576")
    table = read_table(file.getvalue(), "a.xlsx")
    assert table.headers == HEADER
    assert table.row_numbers == [2, 3]
    assert table.other_sheets == []


def test_a_workbook_of_openpyxl_is_read():
    import openpyxl

    book = openpyxl.Workbook()
    for row in [HEADER, *PEOPLE]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    assert read_table(file.getvalue(), "a.xlsx").column("姓名").values == ["单晓明", "曾国"]
