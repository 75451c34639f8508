"""Fault 13: xlsx bombs and entity XML are refused before anything is unpacked into memory."""

import contextlib
import io
import resource
import struct
import zipfile

import pytest
import xlsxwriter

from nuanxin.foundation.sheets.rules import Limits, SheetRefused, read_table

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)


def sheet_xml(cells, prolog="", prefix=""):
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return f'{prolog}<{prefix}worksheet {name}="{MAIN}"><{prefix}sheetData>{cells}</{prefix}sheetData></{prefix}worksheet>'


def workbook(sheet, extra=(), compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(
            "_rels/.rels",
            RELATIONS.format(
                f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            ),
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            RELATIONS.format(
                f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            ),
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in extra:
            archive.writestr(name, content)
    return file.getvalue()


def row(number, *cells):
    return (
        f'<row r="{number}">'
        + "".join(f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>' for place, text in cells)
        + "</row>"
    )


FAR = '<c r="{}"><v>1</v></c>'
HEAD = row(1, ("A1", "姓名"), ("B1", "电话")) + row(2, ("A2", "单晓明"), ("B2", "13800001234"))


def refusal(data, name="a.xlsx", **kwargs):
    with pytest.raises(SheetRefused) as caught:
        read_table(data, name, **kwargs)
    assert str(caught.value)
    return caught.value.code


def test_the_hand_made_workbook_is_read_when_it_is_harmless():
    assert read_table(workbook(sheet_xml(HEAD)), "a.xlsx").headers == ["姓名", "电话"]


def test_a_bomb_is_refused_quickly_and_in_little_memory():
    bomb = workbook(sheet_xml(HEAD + " " * 100_000_000))
    assert len(bomb) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(bomb) == "zip.ratio"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_forged_size_does_not_help():
    data = bytearray(workbook(sheet_xml(HEAD + "<row/>" * 5_000_000)))
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    data[place + 24 : place + 28] = struct.pack("<I", 1000)
    assert refusal(bytes(data)) == "zip.ratio"


def test_the_total_is_limited():
    limits = Limits(unpacked=100_000)
    assert (
        refusal(workbook(sheet_xml(HEAD), [(f"a{n}.bin", b"x" * 30_000) for n in range(4)]), limits=limits)
        == "zip.unpacked"
    )


def test_too_many_members_and_nested_archives_are_refused():
    assert refusal(workbook(sheet_xml(HEAD), [(f"{n}.xml", "<a/>") for n in range(2001)])) == "zip.members"
    assert (
        refusal(workbook(sheet_xml(HEAD), [("xl/embeddings/a.xlsx", workbook(sheet_xml(HEAD)))]))
        == "zip.nested"
    )


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>',
        "<!-- " + "x" * 5000 + " --><!doctype a>",
    ],
)
def test_entities_are_refused(prolog):
    assert refusal(workbook(sheet_xml(HEAD, prolog))) == "xml.entities"


def test_a_comment_does_not_hide_a_document_type_or_a_far_cell():
    far = f'<row r="9">{FAR.format("XFD9")}</row>'
    assert refusal(workbook(sheet_xml(HEAD, "<!-- <a> --><!DOCTYPE a>"))) == "xml.entities"
    assert refusal(workbook(sheet_xml(HEAD + far, "<!--" + "x y " * 10_000 + "-->"))) == "sheet.columns"
    assert refusal(workbook(sheet_xml(HEAD + far).replace("worksheet", "anything"))) == "sheet.columns"


def test_sheets_in_utf_16_are_refused():
    assert refusal(workbook(sheet_xml(HEAD).encode("utf-16"))) == "file.damaged"


def test_entities_in_utf_16_are_refused():
    xml = sheet_xml(HEAD, '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]>')
    assert refusal(workbook(xml.encode("utf-16"))) == "xml.entities"


def test_a_prolog_without_end_is_refused():
    assert refusal(workbook(sheet_xml(HEAD, "<!--" + "x y " * 20_000 + "--><!DOCTYPE a>"))) in {
        "xml.entities",
        "file.damaged",
    }


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (f'<row r="9">{FAR.format("XFD9")}</row>', "sheet.columns"),
        (f'<row r="1048576">{FAR.format("A1048576")}</row>', "sheet.rows"),
        ("<row r='9'><c\n r = 'xfd1048576'><v>1</v></c></row>", "sheet.columns"),
        ('<row r="9">' + "<c><v>1</v></c>" * 201 + "</row>", "sheet.columns"),
        ('<row r="1048576"><c><v>1</v></c></row>', "sheet.rows"),
        ('<row r="9"><c s="1" r="XFD9"><v>1</v></c></row>', "sheet.columns"),
        ('<row r="9"><c r="XFD9" x="/>"><v>1</v></c></row>', "sheet.columns"),
        ("<row r='9'><c r='XFD9' x='/>'><v>1</v></c></row>", "sheet.columns"),
        ('<row x=">" r="1048576"><c><v>1</v></c></row>', "sheet.rows"),
    ],
)
def test_a_lone_far_cell_does_not_make_a_huge_grid(cells, code):
    # Without the check the reader aborts the whole process here, asking for half a terabyte.
    assert refusal(workbook(sheet_xml(HEAD + cells))) == code


def test_a_far_cell_with_a_namespace_prefix_is_found():
    assert (
        refusal(
            workbook(sheet_xml('<x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>', prefix="x:"))
        )
        == "sheet.columns"
    )


def test_styled_empty_cells_far_below_do_no_harm():
    cells = '<row r="1048576" s="1"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>'
    assert len(read_table(workbook(sheet_xml(HEAD + cells)), "a.xlsx")) == 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "file.empty"),
        (b"x", "a.docx", "file.suffix"),
        (b"x", "a", "file.suffix"),
        (b"a,b", "a.xlsx", "file.mismatch"),
        (workbook(sheet_xml(HEAD)), "a.xls", "file.mismatch"),
        (workbook(sheet_xml(HEAD)), "a.csv", "file.mismatch"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "file.mismatch"),
        (b"%PDF-1.7", "a.csv", "file.mismatch"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "file.password",
        ),
        (b"PK\x03\x04" + b"\0" * 100, "a.xlsx", "file.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "a.xls", "file.damaged"),
    ],
)
def test_files_that_are_not_what_they_say(data, name, code):
    assert refusal(data, name) == code


def test_limits_on_rows_columns_and_size():
    assert refusal(b"a,b\n" * 20, "a.csv", limits=Limits(rows=0)) in {"sheet.no_header", "sheet.rows"}
    rows = "姓名,电话\n" + "甲,1\n" * 20
    assert refusal(rows.encode(), "a.csv", limits=Limits(rows=10)) == "sheet.rows"
    assert refusal(rows.encode(), "a.csv", limits=Limits(columns=1)) == "sheet.columns"
    assert refusal(rows.encode(), "a.csv", limits=Limits(size=10)) == "file.size"


def test_macros_are_not_run_and_that_is_said():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(["姓名", "电话"]):
            sheet.write(0, column, text)
            sheet.write(1, column, "甲")
    assert "file.macros" in {note.code for note in read_table(file.getvalue(), "a.xlsm").notes}


def test_a_damaged_workbook_never_crashes():
    data = workbook(sheet_xml(HEAD))
    for place in range(0, len(data), 37):
        broken = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        with contextlib.suppress(SheetRefused):
            read_table(broken, "a.xlsx")
    for end in range(0, len(data), 211):
        with pytest.raises(SheetRefused):
            read_table(data[:end], "a.xlsx")
