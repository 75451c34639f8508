"""Fault 24: another district's ids on every route, export and htmx partial: 404, zero bytes.

Routes with an id are walked in tests/web/test_permissions.py, generated from the resolver; here are the ways around
them: lists, filters, searches and exports that carry no id.
"""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from nuanxin.foundation.access.actions import raise_alert
from nuanxin.foundation.access.enums import AlertKind, Permission
from nuanxin.foundation.facts.models import Fact
from tests import cast

pytestmark = pytest.mark.django_db

P = Permission
LISTS = [
    ("console:accounts", P.SYSTEM_ADMIN, "theirs-account"),
    ("console:guarded_accounts", P.SECURITY_ADMIN, "theirs-account"),
    ("console:units", P.UNITS_EDIT, "theirs-unit"),
    ("console:alerts", P.SECURITY_ADMIN, "邻县职员"),
    ("console:audit", P.AUDIT_ADMIN, "worker:theirs"),
]


@pytest.fixture(autouse=True)
def _theirs():
    """What another district has."""
    who = cast.user("theirs-account", at=cast.OTHER_STREET, name="邻县职员")
    cast.post(who, "street", cast.OTHER_STREET)
    cast.unit(cast.OTHER_STREET, kind="street", code="theirs-unit")
    raise_alert(kind=AlertKind.UNMASK_MANY, about=who.pk, area=cast.OTHER_STREET, quantity=60)
    Fact.objects.create(kind="test", subject="worker:theirs", area=cast.OTHER_STREET)


def all_of(answer) -> str:
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("latin-1")


def words(answer) -> str:
    raw = b"".join(answer.streaming_content)
    book = openpyxl.load_workbook(BytesIO(raw))
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)


@pytest.mark.parametrize(("name", "permission", "secret"), LISTS, ids=lambda x: str(x))
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=theirs",
        "?q=邻县",
        f"?area={cast.OTHER_COUNTY}",
        "?size=100&page=2",
        "?is_active=1",
        "?state=open",
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_list_shows_nothing_of_it(name, permission, secret, query, htmx):
    browser = cast.client(cast.holder({permission}, cast.COUNTY), htmx=htmx)
    target = {"HX-Target": f"t-{name.removeprefix('console:')}-rows"} if htmx else {}
    answer = browser.get(reverse(name) + query, headers=target)
    assert answer.status_code == 200
    assert secret not in answer.text


@pytest.mark.parametrize(("name", "permission", "secret"), LISTS, ids=lambda x: str(x))
@pytest.mark.parametrize("at", [cast.COUNTY, cast.OTHER_COUNTY])
def test_an_export_has_nothing_of_it(name, permission, secret, at):
    """With the control that the other district's own export has it."""
    browser = cast.client(cast.holder({permission}, at))
    answer = browser.post(
        reverse(name) + "?q=theirs" * (at == cast.COUNTY), {"_export": "xlsx", "everything": "1"}
    )
    assert answer.status_code == 200
    assert (secret in words(answer)) == (at == cast.OTHER_COUNTY)


@pytest.mark.parametrize(("name", "permission", "secret"), LISTS, ids=lambda x: str(x))
def test_choices_of_forms_show_no_other_district(name, permission, secret):
    who = cast.holder({permission}, cast.COUNTY)
    own = cast.user("own-account")
    pages = {
        P.SYSTEM_ADMIN: [reverse("console:posting_new", args=[own.pk]), reverse("console:account_new")],
        P.SECURITY_ADMIN: [reverse("console:admin_posting_new", args=[own.pk])],
        P.UNITS_EDIT: [reverse("console:unit_new")],
    }
    for page in pages.get(permission, []):
        text = cast.client(who).get(page).text
        assert "岳塘区" not in text and "长沙县" in text
