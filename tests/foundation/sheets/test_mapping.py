import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.sheets.rules import (
    IGNORE,
    FieldSpec,
    mapping_problems,
    normalise_header,
    problem_text,
    read_table,
    suggest_mapping,
    twice_mapped,
)

FIELDS = [
    FieldSpec("name", "姓名", "name", required=True, aliases=("骑手姓名", "员工姓名")),
    FieldSpec("idno", "身份证号", "resident_id", aliases=("身份证号码", "证件号码")),
    FieldSpec("phone", "联系电话", "phone", required=True, aliases=("手机号", "电话"), pattern="电话|手机"),
    FieldSpec("employer", "企业名称", "text", aliases=("用人单位", "公司名称")),
    FieldSpec("credit", "统一社会信用代码", "credit_code"),
    FieldSpec("plate", "车牌号", "plate"),
    FieldSpec("born", "出生年月", "month", aliases=("出生日期",)),
    FieldSpec("full_time", "从业人员数/全职", "integer"),
]
VALUES = {
    "name": ["单晓明", "曾国", "李四"],
    "idno": ["430511199001010014", "43030419900101001X", "11010519491231002X"],
    "phone": ["13800001234", "13900001234", "0731-84012345"],
    "text": ["甲公司", "乙公司", "丙公司"],
    "credit": ["91440300708461136T", "91110000802100433B", "91430511MA4TEAT09M"],
    "plate": ["湘A12345", "湘AD12345", "湘A·54321"],
    "number": ["1", "2", "3"],
}


def table(**columns):
    """header → name of the values."""
    rows = [list(columns), *zip(*(VALUES[kind] for kind in columns.values()), strict=True)]
    return read_table("\n".join(",".join(row) for row in rows).encode(), "a.csv", header_row=1)


def mapped(table, learned=None):
    return {m.column.header: (m.field, m.why) for m in suggest_mapping(table, FIELDS, learned)}


def test_headers_are_found_by_alias_pattern_and_similarity():
    found = mapped(table(骑手姓名="name", 本人手机="phone", 公民身份证号码="idno", 所属公司名称="text"))
    assert found == {
        "骑手姓名": ("name", "alias"),
        "本人手机": ("phone", "pattern"),
        "公民身份证号码": ("idno", "similar"),
        "所属公司名称": ("employer", "similar"),
    }


def test_what_was_learned_comes_first():
    columns = table(姓名="name", 备注="phone", 电话="phone")
    assert mapped(columns, {"备注": "phone"})["备注"] == ("phone", "learned")
    assert mapped(columns, {"备注": "phone"})["电话"] == (None, "rival")
    assert mapped(columns, {"电话": IGNORE})["电话"] == (None, "ignored")


def test_values_speak_where_headers_do_not():
    found = mapped(table(甲="name", 乙="idno", 丙="phone", 丁="credit", 戊="plate", 己="text"))
    assert [found[h][0] for h in "甲乙丙丁戊己"] == ["name", "idno", "phone", "credit", "plate", None]
    assert found["乙"][1] == "values"


def test_two_columns_of_phones_under_empty_headers_are_not_guessed():
    found = mapped(table(甲="name", 乙="phone", 丙="phone"))
    assert found["乙"] == found["丙"] == (None, "nothing")


def test_a_field_never_has_two_columns_and_that_is_said():
    columns = table(姓名="name", 联系电话="phone", 手机="phone")
    mappings = suggest_mapping(columns, FIELDS)
    assert [m.field for m in mappings] == ["name", "phone", None]
    (problem,) = mapping_problems(mappings, FIELDS)
    assert problem.code == "mapping.duplicate"
    assert (
        problem_text(problem)
        == "C 列（手机）：“联系电话”“手机”都像是“联系电话”，只采用第一列；请在对应关系中确认"
    )


def test_missing_required_fields_are_named():
    problems = mapping_problems(suggest_mapping(table(姓名="name", 单位="text"), FIELDS), FIELDS)
    assert [(p.code, p.params, p.severity) for p in problems] == [
        ("mapping.missing", {"label": "联系电话"}, "refuse")
    ]


def test_a_header_that_its_values_belie_is_doubted():
    mappings = suggest_mapping(table(姓名="name", 电话="text"), FIELDS)
    assert mappings[1].doubtful
    assert "mapping.doubt" in {p.code for p in mapping_problems(mappings, FIELDS)}


def test_brackets_and_groups_in_headers():
    lines = "姓名（必填）,联系电话(11位),从业人员数,\n,,全职,兼职\n单晓明,13800001234,1,2\n"
    found = mapped(read_table(lines.encode(), "a.csv"))
    assert found["姓名（必填）"][0] == "name"
    assert found["联系电话(11位)"][0] == "phone"
    assert found["从业人员数/全职"][0] == "full_time"
    assert found["从业人员数/兼职"][0] is None


def test_learned_keys_do_not_depend_on_signs():
    assert normalise_header(" 联系\n电话（ 手机 ）*") == normalise_header("联系电话(手机)") == "联系电话手机"


def test_a_persons_own_choice_is_checked_too():
    assert twice_mapped({"A": "name", "B": "phone", "C": "phone", "D": None}) == {"phone": ["B", "C"]}


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=8),
        min_size=2,
        max_size=6,
        unique=True,
    )
)
def test_any_headers_give_one_entry_per_column_and_no_field_twice(headers):
    from nuanxin.foundation.sheets.rules.table import Column, Grid, Table

    columns = [Column(i, header, (header,), ["甲"] * 3) for i, header in enumerate(headers)]
    mappings = suggest_mapping(Table("a.csv", Grid("s", []), columns, [2, 3, 4], 1, 1), FIELDS)
    fields = [m.field for m in mappings if m.field]
    assert len(mappings) == len(headers)
    assert len(fields) == len(set(fields))


@pytest.mark.parametrize("header", ["姓名", "备注"])
def test_confidence_is_between_zero_and_one(header):
    for mapping in suggest_mapping(table(**{header: "name"}), FIELDS):
        assert 0 <= mapping.confidence <= 1
