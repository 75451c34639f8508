"""The screens of the three administrators, as they use them."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.actions import note_unmask
from nuanxin.foundation.access.models import AccessAlert, Role
from nuanxin.foundation.accounts.actions import claim_attempt
from nuanxin.foundation.accounts.models import User
from nuanxin.foundation.accounts.queries import locked_until
from nuanxin.foundation.facts.enums import TrailFact
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.units.models import Posting, Unit
from tests import cast

pytestmark = pytest.mark.django_db


def go(name, *args):
    return reverse(f"console:{name}", args=args)


@pytest.fixture
def system():
    return cast.client(cast.person("system_admin"))


@pytest.fixture
def security():
    return cast.client(cast.person("security_admin"))


@pytest.fixture
def audit():
    return cast.client(cast.person("audit_admin"))


def test_from_nothing_to_a_person_who_works(system):
    cast.area(cast.STREET)
    form = {"name": "星沙街道办", "code": "xingsha", "kind": "street", "area": cast.STREET}
    system.post(go("unit_new"), form)
    unit = Unit.objects.get(code="xingsha")
    page = system.post(go("account_new"), {"name": "王伟", "username": "wangwei", "area": cast.STREET})
    who = User.objects.get(username="wangwei")
    password = page.text.partition('nx-secret big">')[2].partition("<")[0].replace("&#43;", "+")
    assert who.check_password(password)
    form = {"unit": unit.pk, "role": "street", "area": cast.STREET, "sectors": ["delivery"]}
    form |= {"first_day": timezone.localdate().isoformat(), "last_day": "2099-12-31"}
    cast.role("street")
    assert system.post(go("posting_new", who.pk), form).status_code == 302
    posting = Posting.objects.get(user=who)
    assert (posting.sectors, posting.valid_to.isoformat()) == (["delivery"], "2100-01-01")
    text = system.get(go("account", who.pk)).text
    assert "星沙街道办" in text and "2099-12-31" in text and "外卖配送" in text
    assert system.post(go("posting_revoke", posting.pk)).status_code == 302
    assert "已结束" in system.get(go("account", who.pk)).text


@pytest.mark.parametrize(
    ("page", "form", "sentence"),
    [
        ("account_new", {"name": "", "username": "wangwei"}, "请填写姓名"),
        ("account_new", {"name": "王伟", "username": "王"}, "用户名用小写字母"),
        ("account_new", {"name": "王伟", "username": "taken"}, "用户名 taken 已被使用"),
        ("account_new", {"name": "王伟", "username": "wangwei", "area": "x"}, "请选择您管理范围内的区域"),
        ("unit_new", {"name": "", "code": "x1", "kind": "street"}, "请填写单位名称"),
        ("unit_new", {"name": "街道", "code": "有 空格", "kind": "street"}, "单位代码用字母"),
        ("unit_new", {"name": "街道", "code": "x1", "kind": "nothing"}, "没有这种单位类型"),
    ],
)
def test_bad_input_says_what_to_mend_and_keeps_the_rest(system, page, form, sentence):
    cast.user("taken")
    answer = system.post(go(page), {"area": cast.COUNTY} | form)
    assert answer.status_code == 422 and sentence in answer.text
    assert form["name"] in answer.text


@pytest.mark.parametrize("day", ["31.12.2026", "2026-13-01", "明天"])
def test_a_bad_day_is_said(system, day):
    who = cast.user()
    form = {"unit": cast.unit().pk, "role": "street", "area": cast.COUNTY, "last_day": day}
    cast.role("street")
    answer = system.post(go("posting_new", who.pk), form)
    assert answer.status_code == 422 and "2026-07-01" in answer.text


def test_administrators_cannot_touch_themselves(system):
    me = User.objects.get()
    for action in ("account_close", "account_reset_password"):
        page = system.post(go(action, me.pk), follow=True)
        assert "不能对自己的账号" in page.text
    me.refresh_from_db()
    assert me.is_active
    answer = system.post(
        go("posting_new", me.pk), {"unit": cast.unit().pk, "role": "street", "area": cast.COUNTY}
    )
    assert answer.status_code == 422 and "不能给自己授权" in answer.text


def test_closing_and_reopening(system):
    who = cast.user()
    system.post(go("account_close", who.pk))
    assert "恢复账号" in system.get(go("account", who.pk)).text
    system.post(go("account_reopen", who.pk))
    who.refresh_from_db()
    assert who.is_active


def test_the_security_administrator_unlocks_and_ends_sessions(security):
    who = cast.person("street", cast.STREET)
    theirs = cast.client(who)
    for _n in range(5):
        claim_attempt(username=who.username, now=timezone.now())
    assert "账号已锁定" in security.get(go("guarded_account", who.pk)).text
    security.post(go("account_unlock", who.pk))
    assert locked_until(who.username, timezone.now()) is None
    assert theirs.get("/console/").status_code == 200
    security.post(go("account_end_sessions", who.pk))
    assert theirs.get("/console/").status_code == 302


def test_the_security_administrator_names_administrators_only(security):
    who = cast.user()
    cast.role("audit_admin"), cast.role("street")
    page = security.get(go("admin_posting_new", who.pk)).text
    assert "审计管理员" in page and "镇街</option>" not in page
    form = {"unit": cast.unit().pk, "area": cast.COUNTY}
    assert security.post(go("admin_posting_new", who.pk), form | {"role": "street"}).status_code == 422
    assert security.post(go("admin_posting_new", who.pk), form | {"role": "audit_admin"}).status_code == 302
    posting = who.postings.get()
    assert security.post(go("admin_posting_revoke", posting.pk)).status_code == 302
    posting.refresh_from_db()
    assert posting.valid_to == timezone.localdate()


def test_roles(security):
    cast.role("street")
    form = {"code": "night_shift", "name": "夜班核实", "permissions": ["console", "survey.verify"]}
    assert security.post(go("role_new"), form).status_code == 302
    assert Role.objects.get(code="night_shift").permissions == ["console", "survey.verify"]
    assert "已被使用" in security.post(go("role_new"), form).text
    bent = form | {"permissions": ["console", "system.admin"]}
    assert security.post(go("role", "night_shift"), bent).status_code == 422
    assert security.post(go("role", "night_shift"), form | {"permissions": ["console"]}).status_code == 302
    assert "夜班核实" in security.get(go("roles")).text
    cast.role("audit_admin")
    assert "不能修改" in security.get(go("role", "audit_admin")).text
    assert security.get(go("role", "no-such")).status_code == 404


def test_an_alert_is_looked_at_and_handled(security):
    who = cast.person("lead_admin")
    for i in range(51):
        note_unmask(by=who.pk, subject=f"worker:{i}", reason="季度核查", area=cast.STREET)
    alert = AccessAlert.objects.get()
    home = security.get("/console/").text
    assert "处理安全告警" in home
    text = security.get(go("alert", alert.pk)).text
    assert "季度核查" in text and who.name in text
    assert security.post(go("alert", alert.pk), {"note": "好"}).status_code == 422
    assert security.post(go("alert", alert.pk), {"note": "已与本人核实，情况属实"}).status_code == 302
    alert.refresh_from_db()
    assert alert.handled_by and "处理安全告警" not in security.get("/console/").text


def test_the_trail_is_read_filtered_exported_and_verified(audit):
    cast.area(cast.STREET)
    who = cast.person("lead_admin")
    note_unmask(by=who.pk, subject="worker:7", reason="=cmd|calc", area=cast.STREET)
    page = audit.get(go("audit"), {"kind": "access.unmasked"}).text
    assert "worker:7" in page and who.name in page and "星沙街道" in page
    assert "worker:7" in audit.get(go("audit"), {"q": who.username}).text
    assert "worker:7" not in audit.get(go("audit"), {"kind": "access.role.changed"}).text
    raw = b"".join(audit.post(go("audit") + "?kind=access.unmasked", {"_export": "xlsx"}).streaming_content)
    (row,) = list(openpyxl.load_workbook(BytesIO(raw)).active.iter_rows(min_row=2))
    assert "reason: =cmd|calc" in [c.value for c in row] and all(c.data_type != "f" for c in row)
    assert Fact.objects.filter(kind=TrailFact.EXPORTED).count() == 1
    assert "审计链完整" in audit.post(go("audit_verify"), follow=True).text
    assert Fact.objects.filter(kind=TrailFact.VERIFIED).count() == 1


def test_lists_ask_the_database_few_times(system, django_assert_max_num_queries):
    for _n in range(30):
        cast.person("street", cast.STREET)
    with django_assert_max_num_queries(14):
        assert system.get(go("accounts")).status_code == 200
