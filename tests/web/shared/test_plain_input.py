"""What nobody can have typed is a bad request on every screen, and no fault of the server."""

import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission as P
from tests.cast import STREET, area, client, holder

pytestmark = pytest.mark.django_db

ENDLESS = "9" * 5000


@pytest.fixture
def browser():
    area(STREET)
    browser = client(holder([P.WORKERS_VIEW, P.ENTERPRISES_VIEW, P.ENTERPRISES_EDIT, P.EXPORT], STREET))
    browser.raise_request_exception = True
    return browser


@pytest.mark.parametrize("query", ["firm=%00", "q=%00", f"area={ENDLESS}", "%00=1"])
def test_in_the_address(browser, query):
    assert browser.get(f"{reverse('console:workers')}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("workers", {"_table": "workers", "_export": "xlsx", "area": ENDLESS}),
        ("enterprise_new", {"name": "某\0某", "area": str(STREET)}),
        ("switch_area", {"area": ENDLESS}),
        ("save_view", {"table": "workers", "name": "\0", "query": "", "path": "/console/workers/"}),
        ("notices_read", {"notice": ENDLESS}),
    ],
)
def test_in_a_form(browser, name, data):
    assert browser.post(reverse(f"console:{name}"), data).status_code == 400


def test_long_texts_and_long_numbers_of_people_pass(browser):
    assert browser.get(reverse("console:workers"), {"q": "430304198001010023" * 5}).status_code == 200
