"""Fault 17: IDs in scientific notation or as numbers are recognised as destroyed and refused, never guessed."""

import io

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.sheets.rules import Destroyed, exact_text, read_table

ID = 430511199001010014


def column(*cells, header="身份证号"):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(0, 1, header)
        for row, cell in enumerate(cells, 1):
            sheet.write(row, 0, "甲")
            sheet.write_string(row, 1, cell) if isinstance(cell, str) else sheet.write_number(row, 1, cell)
    return read_table(file.getvalue(), "a.xlsx").column(header)


@pytest.mark.parametrize(
    "cell",
    [ID, float(ID), 4.3051119900101e17, "4.30511E+17", "1.10101E+17", "4.30511199001010E+17", "4.3e17"],
)
def test_what_excel_destroyed_is_refused(cell):
    read = column(cell)
    assert isinstance(read.texts()[0], Destroyed)
    converted = read.convert("resident_id")
    assert converted.values == [None]
    assert [(f.index, f.code, f.severity) for f in converted.findings] == [(0, "cell.destroyed", "refuse")]


def test_an_id_in_an_old_xls_as_a_number_is_destroyed_too():
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for place, cell in enumerate(["姓名", "身份证号", "电话"]):
        sheet.write(0, place, cell)
    for place, cell in enumerate(["甲", ID, 13800001234]):
        sheet.write(1, place, cell)
    file = io.BytesIO()
    book.save(file)
    table = read_table(file.getvalue(), "a.xls")
    assert isinstance(table.column("身份证号").texts()[0], Destroyed)
    assert table.column("电话").texts() == ["13800001234"]


def test_text_ids_and_short_numbers_are_exact():
    assert column("430511199001010014").texts() == ["430511199001010014"]
    assert column(13800001234.0).texts() == ["13800001234"]
    assert column(430511900101001).texts() == ["430511900101001"]
    assert column(0.1 + 0.2).texts() == ["0.3"]


def test_a_phone_in_scientific_notation_is_whole_only_with_all_its_digits():
    assert exact_text("1.3800001234E+10") == "13800001234"
    assert isinstance(exact_text("1.38E+10"), Destroyed)


def test_words_with_an_e_are_no_numbers():
    for text in ["E座", "3E2", "1e5", "EMS", "A1E+17"]:
        assert exact_text(text) == text


def test_ids_cut_to_000_in_a_csv_are_not_believed_when_several_are():
    lines = "姓名,身份证号\n甲,430511199001010000\n乙,430511199001011000\n丙,430511199001010014\n"
    converted = read_table(lines.encode(), "a.csv").column("身份证号").convert("resident_id")
    assert converted.values == [None, None, "430511199001010014"]
    assert {f.code for f in converted.findings} == {"cell.destroyed"}


def test_a_lone_id_ending_in_000_is_noted():
    lines = "姓名,身份证号\n甲,430511199001010000\n丙,430511199001010014\n"
    converted = read_table(lines.encode(), "a.csv").column("身份证号").convert("resident_id")
    assert converted.values[0] == "430511199001010000"
    assert [(f.code, f.severity) for f in converted.findings] == [("cell.maybe_destroyed", "note")]


@given(st.integers(10**15, 10**19))
def test_no_number_of_sixteen_digits_is_ever_taken_for_text(number):
    assert isinstance(exact_text(number), Destroyed)
    assert isinstance(exact_text(float(number)), Destroyed)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_shorter_numbers_are_exact(number):
    assert exact_text(float(number)) == str(number)
