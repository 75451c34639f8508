"""Files in, files out."""

from __future__ import annotations

import codecs
import csv

import polars as pl
import pytest

from nuanxin.engines.matching.actions import MatchingRefused, match_file

HEAD = "编号,name,phone,idno,备注\n"
ROWS = "007,李秀霞,13812345678,430511199001010014,=1+1\n008,王𬭎,15900001111,,\n009,李秀霞,138****5678,4305**********0014,001\n"


def read(path, encoding="utf-8"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(tmp_path, encoding):
    source, out = tmp_path / "名册.csv", tmp_path / "out.csv"
    source.write_bytes((HEAD + ROWS).encode(encoding))
    done = match_file(source, out)
    rows = read(out, "utf-8-sig")
    assert (done.rows, done.clusters) == (3, 2)
    assert [r["cluster"] for r in rows] == ["1", "2", "1"]
    assert rows[1]["name"] == "王𬭎"
    assert out.read_bytes().startswith(codecs.BOM_UTF8) == (encoding != "utf-8")


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_of_other_systems(tmp_path, newline):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes((HEAD + ROWS).replace("\n", newline).encode())
    assert match_file(source, out).rows == 3
    assert [r["编号"] for r in read(out)] == ["007", "008", "009"]


def test_mixed_newlines_and_short_rows(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes("name,phone,备注\r\n王伟,13800001111,a\n李娜,13900001111\r\n".encode())
    match_file(source, out)
    assert [(r["name"], r["phone"], r["备注"]) for r in read(out)] == [
        ("王伟", "13800001111", "a"),
        ("李娜", "13900001111", ""),
    ]


def test_unknown_columns_leading_zeros_and_formulas_are_kept_as_text(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(HEAD + ROWS, encoding="utf-8")
    match_file(source, out)
    assert [(r["编号"], r["备注"]) for r in read(out)] == [("007", "=1+1"), ("008", ""), ("009", "001")]
    assert list(read(out)[0]) == ["编号", "name", "phone", "idno", "备注", "cluster", "confidence"]


def test_a_column_called_id_is_just_a_column(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,name,phone\n1,王伟,13800001111\n1,李娜,13900001111\n", encoding="utf-8")
    match_file(source, out)
    assert [r["id"] for r in read(out)] == ["1", "1"]


def test_parquet_with_numbers(tmp_path):
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pl.DataFrame(
        {"name": ["王伟", "王伟"], "phone": [13812345678, 13812345678], "x": [1.5, None]}
    ).write_parquet(source)
    match_file(source, out, safe=True)
    result = pl.read_parquet(out)
    assert result["cluster"].to_list() == [1, 1]
    assert result["x"].to_list() == [1.5, None]


def test_safe_joins_only_what_is_safe(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("name,employer,county\n欧阳秀霞,美团,北塔区\n欧阳秀霞,美团,北塔区\n", encoding="utf-8")
    assert match_file(source, tmp_path / "safe.csv", safe=True).clusters == 2
    assert match_file(source, tmp_path / "one.csv").clusters == 1


def test_header_only(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(HEAD, encoding="utf-8")
    assert match_file(source, out).rows == 0
    assert out.read_text(encoding="utf-8").startswith("编号,name")


@pytest.mark.parametrize(
    ("name", "content", "out", "code"),
    [
        ("in.xls", b"", "out.csv", "unknown_format"),
        ("in.csv", None, "out.csv", "not_found"),
        ("in.csv", b"", "out.csv", "unreadable"),
        ("in.csv", b"name\n\xff\xff\xff", "out.csv", "unknown_encoding"),
        ("in.csv", b"source,county\na,b\n", "out.csv", "no_columns"),
        ("in.csv", b"name,Cluster\na,b\n", "out.csv", "column_taken"),
        ("in.csv", b"name,phone,name\na,1,b\n", "out.csv", "repeated_column"),
        ("in.csv", b"name,phone, Name\na,1,b\n", "out.csv", "repeated_column"),
        ("in.csv", b"name\na\n", "in.csv", "same_file"),
        ("in.csv", b"name\na\n", "nowhere/out.csv", "not_writable"),
        ("in.parquet", b"name\na\n", "out.csv", "unreadable"),
    ],
)
def test_refusals_name_what_is_wrong(tmp_path, name, content, out, code):
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(MatchingRefused) as refused:
        match_file(source, tmp_path / out)
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en
    assert not list(tmp_path.glob(".*"))


def test_progress_is_told(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(HEAD + ROWS, encoding="utf-8")
    steps = []
    match_file(source, tmp_path / "out.csv", progress=lambda step, share: steps.append((step, share)))
    assert [s for s, _ in steps] == [
        "read",
        "clean",
        "block",
        "compare",
        "weigh",
        "join",
        "done",
        "write",
    ]
    assert [share for _, share in steps] == sorted(share for _, share in steps)
