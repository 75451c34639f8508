"""The rosters on screen, exported in the local layout, and coming back."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.enums import AccessFact
from nuanxin.foundation.access.enums import Permission as P
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.enterprises.actions import register_enterprise
from nuanxin.registry.enterprises.models import EnterpriseVersion
from nuanxin.registry.people.actions import change_worker, declare_membership
from nuanxin.registry.people.enums import PeopleFact
from nuanxin.registry.people.models import Engagement, Worker
from tests.cast import COMMUNITY, OTHER_COUNTY, SISTER_STREET, STREET, area, client, holder
from tests.registry.people.people import JULY, worker

pytestmark = pytest.mark.django_db
ALL = [
    P.WORKERS_VIEW,
    P.WORKERS_EDIT,
    P.WORKERS_UNMASK,
    P.EXPORT,
    P.ENTERPRISES_VIEW,
    P.ENTERPRISES_EDIT,
    P.PARTY_VIEW,
]
PHONE, OTHER_PHONE, IDNO = "13800001234", "13900005678", "11010519491231002X"
WORKERS = "console:workers"


@pytest.fixture
def browser():
    return client(holder(ALL))


def exported(browser, name=WORKERS, query="", **data):
    answer = browser.post(f"{reverse(name)}?{query}", {"_export": "xlsx"} | data)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content), answer


def compare(browser, book, data, query=""):
    file = io.BytesIO(data)
    file.name = "名册.xlsx"
    return browser.post(f"{reverse(f'console:sheet_compare_{book}')}?{query}", {"file": file})


def edited(data, changes):
    """The sheet with cells of the first data row changed, by header."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = list(book.active.iter_rows())
    at = next(i for i, row in enumerate(cells) if any(c.value == "编号" for c in row))
    heads = {c.value: c.column for row in cells[at : at + 2] for c in row if c.value}
    first = next(r for r in range(at + 2, len(cells) + 2) if book.active.cell(r, heads["序号"]).value == 1)
    for header, value in changes.items():
        book.active.cell(first, heads[header]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_list_masks_and_takes_few_queries(browser, django_assert_max_num_queries):
    for n in range(20):
        worker(f"单晓{n % 10}明", numbers={"phone": PHONE, "id_number": IDNO})
    with django_assert_max_num_queries(18):
        text = browser.get(reverse(WORKERS)).text
    assert "138****1234" in text
    assert PHONE not in text


def test_search_and_filters_narrow(browser):
    worker("单晓明")
    worker("王小红", sector="courier", verified_on=JULY)
    address = reverse(WORKERS)
    for query, seen, unseen in (
        ({"sector": "courier"}, "王小红", "单晓明"),
        ({"verified": "1"}, "王小红", "单晓明"),
        ({"firm": "蜂鸟"}, "王小红", "无"),
        ({"area": str(COMMUNITY)}, "王小红", "无"),
    ):
        text = browser.get(address, query).text
        assert seen in text
        assert unseen == "无" or unseen not in text
    answer = browser.post(
        address,
        {"_table": "workers", "q": "sxm"},
        headers={"HX-Request": "true", "HX-Target": "t-workers-rows"},
    )
    assert "单晓明" in answer.text
    assert "王小红" not in answer.text


def test_as_of_a_day(browser):
    row = worker("单晓明")
    Engagement.objects.filter(worker=row).update(valid_from=date(2026, 8, 1))
    assert "单晓明" not in browser.get(reverse(WORKERS), {"on": "2026-07-15"}).text
    assert "单晓明" in browser.get(reverse(WORKERS), {"on": "2026-08-15"}).text


def test_opening_a_person_is_a_fact_and_another_district_gets_nothing(browser):
    row = worker(numbers={"phone": PHONE})
    address = reverse("console:worker", args=[row.pk])
    assert "138****1234" in browser.get(address).text
    assert Fact.objects.filter(kind=PeopleFact.OPENED).count() == 1
    outsider = client(holder(ALL, OTHER_COUNTY))
    for name in ("worker", "worker_change"):
        answer = outsider.get(reverse(f"console:{name}", args=[row.pk]))
        assert (answer.status_code, row.name in answer.text) == (404, False)
    for name in ("worker_number", "worker_status", "worker_consent", "worker_declaration", "worker_change"):
        answer = outsider.post(
            reverse(f"console:{name}", args=[row.pk]), {"field": "phone", "reason": "电话核实"}
        )
        assert (answer.status_code, PHONE in answer.text) == (404, False)
    assert Fact.objects.count() == 1


def test_the_person_is_changed_left_and_back(browser):
    row = worker(numbers={"phone": PHONE})
    form = {
        "name": "单小明",
        "sector": "delivery",
        "area": COMMUNITY,
        "phone": OTHER_PHONE,
        "union_member": "是",
    }
    assert browser.post(reverse("console:worker_change", args=[row.pk]), form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.union_member) == ("单小明", True)
    browser.post(reverse("console:worker_status", args=[row.pk]))
    assert "已离开" in browser.get(reverse("console:worker", args=[row.pk])).text
    browser.post(reverse("console:worker_status", args=[row.pk]), {"back": "1"})
    row.refresh_from_db()
    assert row.status == "active"
    wrong = browser.post(reverse("console:worker_change", args=[row.pk]), form | {"phone": "12345678901"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2+3", "\t单", "<r>明</r>"])
def test_a_name_is_never_a_formula_and_comes_back_as_it_was(browser, name):
    worker(name)
    data, _answer = exported(browser)
    values = [
        c
        for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()
        for c in row
        if c.value == name
    ]
    assert [c.data_type for c in values] == ["s"]
    assert "完全一致" in compare(browser, "workers", data).text


def test_the_untouched_roster_comes_back_without_a_single_change(browser):
    worker("单晓明", numbers={"phone": PHONE, "id_number": IDNO, "plate": "湘A12345"}, birth_month="1990-01", sex="m",
           education="大专（在读）", union_member=True, verified_on=JULY, note="全角ＡＢ 备注")  # fmt: skip
    worker("买买提·艾力", at=STREET, sector="truck", injury_cover=False)
    data, answer = exported(browser)
    assert "单晓明".encode() not in answer.headers["Content-Disposition"].encode()
    assert "完全一致" in compare(browser, "workers", data).text


def test_export_is_a_fact_by_place_and_masked_without_a_reason(browser):
    worker(numbers={"phone": PHONE})
    worker(at=SISTER_STREET, sector="courier")
    data, _answer = exported(browser)
    text = " ".join(str(c) for row in openpyxl.load_workbook(io.BytesIO(data)).active.values for c in row)
    assert "138****1234" in text
    assert PHONE not in text
    facts = Fact.objects.filter(kind=PeopleFact.ROSTER_EXPORTED).values_list("area", "sector", "quantity")
    assert sorted(facts) == [(COMMUNITY, "delivery", 1), (SISTER_STREET, "courier", 1)]


def test_full_numbers_only_with_a_reason_and_counted(browser):
    worker(numbers={"phone": PHONE})
    refused = browser.post(reverse(WORKERS), {"_export": "xlsx", "reason": ""})
    assert refused.status_code == 303
    data, _answer = exported(browser, reason="省里要求核对")
    text = " ".join(str(c) for row in openpyxl.load_workbook(io.BytesIO(data)).active.values for c in row)
    assert PHONE in text
    assert Fact.objects.filter(kind=AccessFact.UNMASKED).count() == 1
    assert (
        client(holder([P.WORKERS_VIEW, P.EXPORT]))
        .post(reverse(WORKERS), {"_export": "xlsx", "reason": "省里要求核对"})
        .status_code
        == 404
    )


def test_a_changed_cell_is_shown_and_taken_over_when_chosen(browser):
    row = worker("单晓明", numbers={"phone": PHONE})
    data = edited(exported(browser)[0], {"姓名": "单小明", "电话": "137****0000", "职业类型": "开飞机"})
    answer = compare(browser, "workers", data)
    assert "单小明" in answer.text
    assert "不会覆盖系统里的完整号码" in answer.text
    assert "只能填" in answer.text
    sealed = (
        answer.context["sealed"]
        if answer.context
        else answer.text.split('name="changes" value="')[1].split('"')[0]
    )
    key = answer.text.split('name="cell" value="')[1].split("|")[0]
    import html

    browser.post(
        reverse("console:sheet_apply_workers"),
        {"changes": html.unescape(sealed), "cell": [f"{key}|name"]},
    )
    row.refresh_from_db()
    assert row.name == "单小明"


def test_rows_of_others_new_rows_and_missing_rows_are_named_not_touched(browser):
    worker("单晓明")
    data, _answer = exported(browser)
    stranger = client(holder(ALL, OTHER_COUNTY))
    text = compare(stranger, "workers", data).text
    assert "编号无法对应" in text
    assert "完全一致" not in text
    worker("王小红")
    assert "王小红" in compare(browser, "workers", data).text
    assert "新增的行" in compare(browser, "workers", edited(data, {"编号": None})).text


def test_firms_come_back_without_a_single_change(browser):
    area(COMMUNITY)
    register_enterprise(
        by=None, on=JULY, name="长沙蜂鸟（星沙）配送有限公司", area=COMMUNITY, sector="delivery", phone=PHONE,
        credit_code="91430511MA4TEAT09M", staff_full=12, staff_crowd=0, members_full=3, formation="joint",
        charter_clause=True, surveyed_on=date(2026, 9, 30), party_org_since="2023-05",
    )  # fmt: skip
    for reader in (browser, client(holder([P.ENTERPRISES_VIEW, P.EXPORT]))):
        data, _answer = exported(reader, "console:enterprises")
        assert "完全一致" in compare(reader, "enterprises", data).text
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert any(c == "从业人员数" for row in sheet.values for c in row)
    assert sheet.merged_cells.ranges
    assert "<5" in [c for row in sheet.values for c in row]


def test_a_changed_firm_is_taken_over(browser):
    area(COMMUNITY)
    register_enterprise(by=None, on=JULY, name="蜂鸟", area=COMMUNITY, sector="delivery", staff_full=12)
    data = edited(exported(browser, "console:enterprises")[0], {"全职": 15, "行业类别": "快递"})
    text = compare(browser, "enterprises", data).text
    import html
    import re

    sealed = html.unescape(re.search(r'name="changes" value="([^"]*)"', text)[1])
    browser.post(
        reverse("console:sheet_apply_enterprises"),
        {"changes": sealed, "cell": re.findall(r'name="cell" value="([^"]*)"', text)},
    )
    version = EnterpriseVersion.objects.get(valid_to=None)
    assert (version.staff_full, version.sector) == (15, "courier")


def test_members_are_for_those_who_may_see_them(browser):
    row = worker("单晓明")
    declare_membership(
        worker_id=row.pk,
        by=None,
        on=JULY,
        detail={"political": "full", "organisation": "星沙流动党支部"},
        floating=True,
    )
    for name in ("console:party", "console:floating"):
        assert "星沙流动党支部" in browser.get(reverse(name)).text
        data, _answer = exported(browser, name)
        assert (
            "完全一致" in compare(browser, "floating" if name.endswith("floating") else "members", data).text
        )
        assert client(holder([P.WORKERS_VIEW, P.EXPORT])).get(reverse(name)).status_code == 404
    page = client(holder([P.WORKERS_VIEW])).get(reverse("console:worker", args=[row.pk])).text
    assert "党支部" not in page
    assert "党员身份" not in page
    assert "流动党员名册" in browser.get(reverse("console:ledger")).text


def test_a_past_list_opens_only_what_is_still_ours():
    row = worker("单晓明")
    area(SISTER_STREET)
    change_worker(worker_id=row.pk, by=None, on=timezone.localdate() - timedelta(days=1), area=SISTER_STREET)
    street = client(holder(ALL, STREET))
    assert "单晓明" in street.get(reverse(WORKERS), {"on": "2026-07-15"}).text
    assert street.get(reverse("console:worker", args=[row.pk])).status_code == 404
    assert Worker.objects.count() == 1
