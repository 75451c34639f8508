"""Saved views: own and shared ones, and that they show nothing of their own."""

import pytest

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.preferences.models import SavedView
from nuanxin.foundation.preferences.queries import saved_views
from nuanxin.registry.units.queries import scope_of
from tests.cast import COUNTY, cast_for, client, holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return cast_for(Permission.CONSOLE)


def keep(who, **more):
    data = {"table": "workers", "path": "/console/", "query": "sector=delivery", "name": "外卖", **more}
    return client(who).post("/console/views/save/", data)


def scope(who):
    from django.utils import timezone

    return scope_of(who.pk, timezone.localdate())


def test_a_view_is_kept_and_opens_the_list(cast):
    answer = keep(cast.owner)
    assert answer.headers["Location"] == "/console/?sector=delivery"
    assert [v.name for v in saved_views(scope(cast.owner), table="workers")] == ["外卖"]
    assert not saved_views(scope(cast.owner), table="enterprises")


def test_the_same_name_replaces(cast):
    keep(cast.owner)
    keep(cast.owner, query="sector=truck", name=" 外卖 ")
    assert SavedView.objects.get().query == "sector=truck"


def test_only_shared_views_are_seen_by_the_unit_and_none_by_others(cast):
    keep(cast.owner, name="自己的")
    keep(cast.owner, name="大家的", shared="1")
    assert [v.name for v in saved_views(scope(cast.team_mate), table="workers")] == ["大家的"]
    assert not saved_views(scope(cast.outsider), table="workers")


def test_somebody_elses_view_cannot_be_dropped(cast):
    keep(cast.owner, shared="1")
    view = SavedView.objects.get()
    assert client(cast.team_mate).post(f"/console/views/{view.pk}/drop/").status_code == 404
    assert client(cast.owner).post(f"/console/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/nowhere/", ""])
def test_saving_never_leads_away(cast, address):
    assert keep(cast.owner, path=address).status_code == 404


@pytest.mark.parametrize("more", [{"name": " "}, {"name": "长" * 31}, {"query": "x" * 2001}])
def test_what_cannot_be_kept_is_said(cast, more):
    keep(cast.owner, **more)
    assert not SavedView.objects.exists()


def test_without_a_posting_nothing_is_shared():
    nobody = holder((), COUNTY)
    assert not saved_views(scope(nobody), table="workers")
