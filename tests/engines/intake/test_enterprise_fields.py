"""What the cells of a roster of firms become, with its two-row header."""

import pytest

from nuanxin.foundation.sheets.rules import Column
from nuanxin.foundation.sheets.rules.mapping import suggest_mapping
from nuanxin.foundation.sheets.rules.table import Grid, Table
from nuanxin.organisation.survey.rules.enterprise_fields import ENTERPRISES
from nuanxin.registry.enterprises.models import EnterpriseVersion
from tests.engines.intake.checks import STREET, one

BASE = {"name": "长沙某某配送有限公司", "credit_code": "91440300708461136T"}


def test_the_values_bear_the_names_of_the_versions_columns():
    columns = {f.name for f in EnterpriseVersion._meta.get_fields()} | {"credit_code", "staff", "members"}
    assert {field.code for field in ENTERPRISES.fields} - {
        "community"
    } <= columns  # says with `area` where it is


def test_a_whole_row():
    values, findings = one(
        ENTERPRISES,
        {
            **BASE, "sector": "即时配送", "platform": "美团", "business_model": "加盟", "status": "存续", "area": "星沙街道",
            "principal": "李四", "phone": "13800001234", "staff_full": 12.0, "staff_part": "3", "staff_crowd": "40人",
            "members": "3/1/2", "formation": "单独组建", "party_org": "某某支部", "party_org_since": "2023年5月",
            "charter_clause": "是", "surveyed_on": "2026.9.30", "applicants": 0.0,
        },
    )  # fmt: skip
    assert findings == []
    assert values["area"] == STREET and values["platform"] == "meituan"
    assert (values["staff_full"], values["staff_part"], values["staff_crowd"]) == (12, 3, 40)
    assert [values[f"members_{k}"] for k in ("full", "probationary", "floating")] == [3, 1, 2]
    assert values["applicants"] == 0, "none is not the same as not asked"
    assert (values["formation"], values["status"], values["business_model"]) == (
        "standalone",
        "active",
        "franchise",
    )
    assert values["surveyed_on"] == "2026-09-30" and values["party_org_since"] == "2023-05"
    assert values["charter_clause"] is True


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ({"credit_code": "91440300708461136X"}, ("credit_code", "credit.check", True)),
        ({"credit_code": ""}, ("credit_code", "credit.missing", False)),
        ({"name": ""}, ("name", "cell.required", True)),
        ({"phone": "1380000"}, ("phone", "mobile.length", True)),
        ({"staff_full": "-5"}, ("staff_full", "number.integer", False)),
        ({"staff_full": "很多"}, ("staff_full", "number.format", False)),
        ({"staff_full": 1, "staff_part": 1, "staff_crowd": 1, "staff": "5"}, ("staff", "staff.sum", False)),
        ({"members_full": 2, "members_probationary": 1, "members": "5"}, ("members", "members.sum", False)),
        ({"members_full": 3}, ("formation", "formation.missing", False)),
        (
            {"party_org": "支部", "not_formed_reason": "人少"},
            ("not_formed_reason", "formation.reason", False),
        ),
        ({"members": "三人"}, ("members", "parts.format", False)),
    ],
)
def test_findings(row, finding):
    assert finding in one(ENTERPRISES, {**BASE, **row})[1]


def test_the_two_row_header_of_the_form_is_understood():
    heads = [
        ("序号",), ("企业名称",), ("统一社会信用代码",), ("行业类别",), ("所属平台/品牌",), ("经营模式(直营/加盟/代理)",), ("注册地",),
        ("实际经营地(街道/社区/网格)",), ("负责人",), ("电话",), ("从业人员数", "全职"), ("从业人员数", "兼职"), ("从业人员数", "众包"),
        ("党员数", "正式"), ("党员数", "预备"), ("党员数", "流动"), ("入党申请人",), ("积极分子",), ("组建方式",), ("党组织名称",),
        ("成立时间",), ("书记",), ("指导员",), ("工会/团/妇",), ("党建入章",), ("未组建原因",), ("摸排人",), ("日期",),
    ]  # fmt: skip
    columns = [Column(n, "/".join(parts), parts, [""]) for n, parts in enumerate(heads)]
    table = Table("a.xlsx", Grid("a", [[""] * len(heads)]), columns, [3], 1, 2)
    found = [m.field for m in suggest_mapping(table, ENTERPRISES.fields)]
    assert found == [
        None, "name", "credit_code", "sector", "platform", "business_model", "registered_address", "address", "principal",
        "phone", "staff_full", "staff_part", "staff_crowd", "members_full", "members_probationary", "members_floating",
        "applicants", "activists", "formation", "party_org", "party_org_since", "secretary", "instructor", "mass_orgs",
        "charter_clause", "not_formed_reason", "surveyor", "surveyed_on",
    ]  # fmt: skip
