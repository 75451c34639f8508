"""Fault 14: `=cmd`, `+`, `-`, `@`, tab and CR in a name are exported as literal text and round-trip."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.sheets.rules import ColumnSpec, SheetSpec, read_table, write_csv, write_xlsx

NASTY = [
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://example.org")',
    "+86",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "a\rb",
    "a\nb",
    "<r>x</r>",
    "{=1}",
    "http://example.org",
    "'quoted",
    "''=1",
    "_x0041_",
    "a&b<c>\"'",
    " spaces ",
    "00123",
    "430511199001010014",
    "\x01",
    "𬭎㛃",
]


def xlsx(names):
    file = io.BytesIO()
    write_xlsx(
        file,
        [
            SheetSpec(
                "名册",
                [ColumnSpec("序号", "integer"), ColumnSpec("姓名")],
                [[n, name] for n, name in enumerate(names)],
            )
        ],
    )
    return file.getvalue()


def csv_file(names):
    file = io.BytesIO()
    write_csv(file, ["序号", "姓名"], [[n, name] for n, name in enumerate(names)])
    return file.getvalue()


def names_read(data, filename):
    return [row[1] for row in read_table(data, filename).grid.rows[1:]]


def test_our_own_reader_gives_back_every_character():
    assert names_read(xlsx(NASTY), "a.xlsx") == NASTY
    assert names_read(csv_file(NASTY), "a.csv") == NASTY


def test_openpyxl_sees_text_and_no_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(NASTY))).active
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    # openpyxl does not decode _xHHHH_, which Excel and our reader do.
    assert [cell.value for cell in cells if "_x" not in cell.value] == [
        n for n in NASTY if n not in {"_x0041_", "\x01"}
    ]


def test_no_formula_element_is_ever_written():
    import zipfile

    xml = zipfile.ZipFile(io.BytesIO(xlsx(NASTY))).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml


def test_no_field_of_a_csv_begins_like_a_formula():
    rows = list(csv.reader(io.StringIO(csv_file(NASTY).decode("utf-8-sig"), newline="")))
    assert not [
        row for row in rows if row[1].startswith(("=", "+", "@", "\t", "\r")) or row[1].startswith("-1+")
    ]


def test_negative_numbers_stay_numbers_in_a_csv():
    assert b",-5.5\r\n" in csv_file([-5.5, "-5.5"])


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), min_size=1, max_size=5))
def test_any_text_round_trips_through_xlsx(names):
    sheet = read_table(xlsx(["甲", *names]), "a.xlsx").grid
    assert [row[1] for row in sheet.rows[1:]] == ["甲", *names]


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_round_trips_through_csv(names):
    assert names_read(csv_file(["甲", *names]), "a.csv") == ["甲", *names]


@pytest.mark.parametrize("name", ["=cmd", "+张三", "-李四", "@王五"])
def test_the_cleaned_name_is_the_name(name):
    assert read_table(xlsx([name]), "a.xlsx").column("姓名").texts() == [name]
