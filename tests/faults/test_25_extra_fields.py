"""Fault 25: a POST with extra `district`, `role`, … changes nothing but what the form is for."""

import pytest
from django.urls import reverse

from nuanxin.foundation.accounts.models import User
from nuanxin.registry.units.models import Posting, Unit
from tests import cast

pytestmark = pytest.mark.django_db

EXTRA = {
    "district": cast.OTHER_COUNTY,
    "area": cast.OTHER_COUNTY,
    "area_id": cast.OTHER_COUNTY,
    "role": "security_admin",
    "roles": "security_admin",
    "permissions": "audit.admin",
    "user": 1,
    "by": 1,
    "pk": 1,
    "id": 1,
    "is_active": "",
    "username": "taken-over",
    "password": "x",
    "must_change_password": "1",
    "session_epoch": 0,
}


def rows(model):
    """All rows; without the time of the last sign-in, which the test's own client sets."""
    found = model.objects.order_by("pk").values()
    return [{k: v for k, v in row.items() if k != "last_login"} for row in found]


def test_changing_a_name_changes_a_name():
    admin, kept = cast.person("system_admin"), cast.user("kept-account", name="旧名字")
    before = rows(User)
    answer = cast.client(admin).post(
        reverse("console:account_change", args=[kept.pk]), EXTRA | {"name": "新名字"}
    )
    assert answer.status_code == 302
    changed = [b | {"name": "新名字"} if b["id"] == kept.pk else b for b in before]
    assert rows(User) == changed
    assert Posting.objects.count() == 1


def test_a_new_account_lies_in_the_own_area_and_holds_nothing():
    admin = cast.person("system_admin")
    form = {k: v for k, v in EXTRA.items() if k != "area"} | {"name": "新人", "username": "xinren"}
    browser = cast.client(admin)
    assert browser.post(reverse("console:account_new"), form | {"area": cast.OTHER_COUNTY}).status_code == 422
    assert not User.objects.filter(username="xinren").exists()
    assert browser.post(reverse("console:account_new"), form | {"area": cast.COUNTY}).status_code == 200
    fresh = User.objects.get(username="xinren")
    assert (fresh.area, fresh.is_active, fresh.must_change_password) == (cast.COUNTY, True, True)
    assert not fresh.check_password("x") and not fresh.postings.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"role": "security_admin", "area": cast.COUNTY}, "安全管理员授予"),
        ({"role": "street", "area": cast.OTHER_COUNTY}, "不在您的管理范围内"),
        ({"role": "street", "area": cast.PROVINCE}, "不在您的管理范围内"),
    ],
)
def test_a_posting_form_cannot_be_bent(more, sentence):
    admin, who = cast.person("system_admin"), cast.user()
    cast.area(cast.OTHER_COUNTY), cast.role("security_admin")
    form = EXTRA | {"unit": cast.unit().pk} | more
    answer = cast.client(admin).post(reverse("console:posting_new", args=[who.pk]), form)
    assert answer.status_code == 422 and sentence in answer.text
    assert not who.postings.exists()


def test_the_form_of_the_own_account_cannot_lift_oneself():
    who = cast.person("street", cast.STREET)
    form = EXTRA | {"oldpassword": cast.PASSWORD, "password1": "Xing-sha-2026", "password2": "Xing-sha-2026"}
    before = [{k: v for k, v in row.items() if "password" not in k} for row in rows(User)]
    assert cast.client(who).post("/account/password/change/", form).status_code == 302
    assert [{k: v for k, v in row.items() if "password" not in k} for row in rows(User)] == before
    assert [p.role.code for p in who.postings.all()] == ["street"]


def test_signing_in_takes_no_rights_from_the_form():
    who = cast.person("street", cast.STREET)
    browser = cast.client()
    browser.post("/account/login/", EXTRA | {"login": who.username, "password": cast.PASSWORD})
    assert browser.get(reverse("console:accounts")).status_code == 404


def test_a_role_form_cannot_reach_another_role():
    security, role = cast.person("security_admin"), cast.role("street")
    form = EXTRA | {"code": "audit_admin", "name": "镇街", "permissions": ["console", "audit.admin"]}
    before = rows(type(role))
    answer = cast.client(security).post(reverse("console:role", args=["street"]), form)
    assert answer.status_code == 422
    assert rows(type(role)) == before


def test_a_unit_is_closed_and_nothing_else():
    admin, kept = cast.person("system_admin"), cast.unit(cast.STREET, kind="street")
    before = rows(Unit)
    assert cast.client(admin).post(reverse("console:unit_close", args=[kept.pk]), EXTRA).status_code == 302
    after = rows(Unit)
    assert [r | {"closed_on": None} for r in after] == before
    assert [r["id"] for r in after if r["closed_on"]] == [kept.pk]
