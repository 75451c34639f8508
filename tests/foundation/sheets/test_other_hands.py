"""Headers and totals that the demo's offices send, and what other readers make of our files."""

import io

from openpyxl import load_workbook

from nuanxin.command.demo.rosters import workbook
from nuanxin.foundation.sheets.rules import ColumnSpec, SheetSpec, write_xlsx
from nuanxin.foundation.sheets.rules.reader import read_table

UPPER = ["序号", "驾驶员信息", "驾驶员信息", "车辆信息", "常驻街道"]
LOWER = ["", "姓名", "联系电话", "车牌号", ""]


def test_a_group_with_one_member_is_still_a_header_of_two_rows():
    table = read_table(workbook(["司机情况统计表"], [UPPER, LOWER], [[1, "王强", "13873100001", "湘A12345", "星沙街道"]]), "a.xlsx")
    assert [c.header for c in table.columns] == ["序号", "驾驶员信息/姓名", "驾驶员信息/联系电话", "车辆信息/车牌号", "常驻街道"]
    assert len(table) == 1


def test_a_total_with_its_number_is_no_person():
    table = read_table(workbook(["表"], [["序号", "姓名", "电话"]], [[1, "王强", "13873100001"]], ["合计：9189人"]), "a.xlsx")
    assert len(table) == 1


def test_readers_that_believe_the_stated_size_see_every_row():
    target = io.BytesIO()
    write_xlsx(target, [SheetSpec("名册", [ColumnSpec("姓名")], [["甲"]] * 30)])
    assert len(list(load_workbook(target, read_only=True).active.iter_rows())) == 31
