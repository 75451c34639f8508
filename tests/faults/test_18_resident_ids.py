"""Fault 18: wrong check digit, lower-case x and 15-digit IDs, from the cell to the message."""

from datetime import date

from nuanxin.foundation.codes.rules import MESSAGES, CodeRefused, parse_resident_id
from nuanxin.foundation.sheets.rules import problem_text, read_table

CSV = """姓名,身份证号
甲,43030419900101001x
乙,430511900101001
丙,430511199001010013
"""


def test_each_is_mended_or_refused_with_its_cell():
    table = read_table(CSV.encode(), "a.csv")
    column = table.column("身份证号")
    read, problems = [], []
    for index, text in enumerate(column.convert("resident_id").values):
        try:
            read.append(parse_resident_id(text, today=date(2026, 11, 22)))
        except CodeRefused as refused:
            problems.append(table.problem(index, column, refused.code, refused.params, field="idno"))
    assert read == ["43030419900101001X", "430511199001010014"]
    (problem,) = problems
    assert (
        problem_text(problem, MESSAGES) == "第 4 行 B 列（身份证号）：身份证号第18位校验码应为 4，请核对原件"
    )
    assert problem.value_hint == "430*************13"
