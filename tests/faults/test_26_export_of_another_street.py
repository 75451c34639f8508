"""Fault 26: an export of another street, asked for through a filter or a saved view, brings nothing of it."""

import io

import openpyxl
import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission as P
from nuanxin.registry.enterprises.actions import register_enterprise
from tests.cast import COMMUNITY, SISTER_STREET, STREET, area, client, holder
from tests.registry.people.people import JULY, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    worker("本街道的人", at=COMMUNITY)
    worker("别街道的人", at=SISTER_STREET)
    for name, at in (("本街道的企业", COMMUNITY), ("别街道的企业", SISTER_STREET)):
        area(at)
        register_enterprise(by=None, on=JULY, name=name, area=at, sector="delivery")
    return client(holder([P.WORKERS_VIEW, P.ENTERPRISES_VIEW, P.EXPORT], STREET))


def texts(answer):
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    return " ".join(str(c) for row in sheet.values for c in row)


@pytest.mark.parametrize("name", ["workers", "enterprises"])
@pytest.mark.parametrize(
    "query",
    [f"area={SISTER_STREET}", "", "on=2026-08-01", f"area={SISTER_STREET}&on=2026-08-01", "state=left"],
)
def test_by_a_filter(browser, name, query):
    answer = browser.post(f"{reverse(f'console:{name}')}?{query}", {"_export": "xlsx"})
    assert "别街道" not in texts(answer)
    assert "别街道" not in browser.get(f"{reverse(f'console:{name}')}?{query}").text


@pytest.mark.parametrize("name", ["workers", "enterprises"])
def test_by_a_saved_view(browser, name):
    query = f"area={SISTER_STREET}"
    browser.post(
        reverse("console:save_view"),
        {"table": name, "name": "隔壁", "query": query, "path": reverse(f"console:{name}")},
    )
    page = browser.get(reverse(f"console:{name}"))
    assert "隔壁" in page.text
    answer = browser.post(f"{reverse(f'console:{name}')}?{query}", {"_export": "xlsx"})
    assert "别街道" not in texts(answer)
