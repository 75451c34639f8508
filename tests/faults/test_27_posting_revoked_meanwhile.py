"""Fault 27: a posting is revoked while the page is open and while an export runs."""

import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.accounts import actions as accounts
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.units.actions import revoke_posting
from nuanxin.registry.units.queries import still_in_force
from nuanxin.web.shared.tables import table as tables
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("htmx", [False, True])
def test_the_next_click_finds_nothing(htmx):
    who = cast.person("system_admin")
    browser = cast.client(who, htmx=htmx)
    page = reverse("console:accounts")
    assert browser.get(page).status_code == 200
    revoke_posting(by=None, posting=who.postings.get().pk)
    answer = browser.get(page)
    assert answer.status_code == 404 and who.username not in answer.text
    kept = cast.user("kept-account")
    assert browser.post(reverse("console:account_close", args=[kept.pk])).status_code == 404
    kept.refresh_from_db()
    assert kept.is_active


def trail(n: int) -> None:
    Fact.objects.bulk_create(Fact(kind="test", subject=f"worker:{i}", area=cast.STREET) for i in range(n))


def export(browser):
    return browser.post(reverse("console:audit"), {"_export": "xlsx"})


def test_a_running_export_stops(monkeypatch):
    """The posting ends after the first rows: the next check ends the export, and no file leaves."""
    who = cast.person("audit_admin")
    browser = cast.client(who)
    trail(30)
    monkeypatch.setattr(tables, "RECHECK_EVERY", 10)
    asked = []

    def asking(scope, *args):
        asked.append(scope)
        if len(asked) == 2:
            revoke_posting(by=None, posting=who.postings.get().pk)
        return still_in_force(scope, *args)

    monkeypatch.setattr(tables, "still_in_force", asking)
    answer = export(browser)
    assert answer.status_code == 404 and "Content-Disposition" not in answer.headers
    assert len(asked) == 2
    assert "worker:" not in answer.text


def test_without_a_revocation_the_export_comes(monkeypatch):
    """The control."""
    who = cast.person("audit_admin")
    trail(30)
    monkeypatch.setattr(tables, "RECHECK_EVERY", 10)
    answer = export(cast.client(who))
    assert answer.status_code == 200 and ".xlsx" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "change",
    [
        lambda who, posting: revoke_posting(by=None, posting=posting.pk),
        lambda who, posting: accounts.close_user(by=None, user=who.pk),
        lambda who, posting: type(posting).objects.update(sectors=["courier"]),
        lambda who, posting: type(posting).objects.update(area=cast.area(cast.COMMUNITY)),
        lambda who, posting: (
            type(posting.role).objects.filter(pk=posting.role_id).update(permissions=["console"])
        ),
        lambda who, posting: type(posting.unit).objects.update(closed_on="2026-01-01"),
    ],
    ids=["revoked", "account closed", "sectors", "area", "role", "unit closed"],
)
def test_everything_that_takes_rights_away_counts(change):
    who = cast.person("street", cast.STREET)
    scope = cast.scope(who)
    assert still_in_force(scope)
    change(who, who.postings.select_related("role", "unit").get())
    assert not still_in_force(scope)


def test_more_rights_do_not_stop_an_export():
    who = cast.person("street", cast.STREET)
    scope = cast.scope(who)
    cast.post(who, "community", cast.SISTER_STREET)
    assert still_in_force(scope) and not scope.allows(Permission.WORKERS_VIEW, cast.SISTER_STREET)
