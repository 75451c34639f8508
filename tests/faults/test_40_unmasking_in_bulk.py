"""Fault 40: an insider opens 500 ID numbers in an hour."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from nuanxin.foundation.access import actions, queries
from nuanxin.foundation.access.enums import AccessFact, AlertKind, Permission
from nuanxin.foundation.access.models import AccessAlert
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.notices.queries import unread_count
from tests import cast

pytestmark = pytest.mark.django_db
REASON = "接到本人来电，核对登记信息"


def unmask(by: int, n: int = 1, **more) -> int:
    opened = 0
    for i in range(n):
        with transaction.atomic():
            actions.note_unmask(
                by=by, subject=f"worker:{i}", reason=REASON, area=cast.STREET, sector="courier", **more
            )
        opened += 1
    return opened


def test_five_hundred_in_an_hour_stop_at_two_hundred():
    opened = 0
    with pytest.raises(actions.UnmaskRefused) as refused:
        for _ in range(500):
            opened += unmask(3)
    assert opened == 200
    assert "200" in str(refused.value)
    assert refused.value.code == "stopped"
    assert Fact.objects.filter(kind=AccessFact.UNMASKED, actor=3).count() == 200
    assert sorted(AccessAlert.objects.values_list("kind", "about")) == [
        (AlertKind.UNMASK_MANY, 3),
        (AlertKind.UNMASK_STOPPED, 3),
    ]
    assert Fact.objects.filter(kind=AccessFact.ALERT_RAISED).count() == 2


def test_the_alert_comes_with_the_fifty_first():
    unmask(3, 50)
    assert not AccessAlert.objects.exists()
    unmask(3)
    assert AccessAlert.objects.get().kind == AlertKind.UNMASK_MANY
    unmask(3, 5)
    assert AccessAlert.objects.count() == 1


def test_the_security_administrator_of_the_place_is_told():
    c = cast.cast_for(Permission.SECURITY_ADMIN)
    cast.person("system_admin")
    unmask(3, 51)
    assert unread_count(c.owner.pk) == unread_count(c.team_mate.pk) == 1
    assert unread_count(c.outsider.pk) == 0
    unmask(3, 10)
    assert unread_count(c.owner.pk) == 1


def test_others_go_on():
    unmask(3, 200)
    assert unmask(4, 3) == 3


def test_a_stop_outlasts_the_hour_and_only_somebody_else_lifts_it():
    unmask(3, 200)
    later = timezone.now() + timedelta(hours=30)
    with pytest.raises(actions.UnmaskRefused):
        unmask(3, now=later)
    stop = AccessAlert.objects.get(kind=AlertKind.UNMASK_STOPPED)
    with pytest.raises(actions.Refused):
        actions.handle_alert(by=3, alert=stop.pk, note="我自己核查过了")
    actions.handle_alert(by=9, alert=stop.pk, note="已与本人核实，季度集中核查")
    assert not queries.unmask_stopped(3)
    assert unmask(3, 50) == 50  # the count begins anew, and so do the alerts


def test_a_mass_request_is_refused_whole():
    with pytest.raises(actions.UnmaskRefused) as refused:
        unmask(3, quantity=500)
    assert refused.value.code == "too_many"
    assert not Fact.objects.filter(kind=AccessFact.UNMASKED).exists()


@pytest.mark.parametrize("reason", ["", "看看", "给 13812345678 回电话"])
def test_a_reason_is_asked(reason):
    with pytest.raises(actions.UnmaskRefused):
        actions.note_unmask(by=3, subject="worker:1", reason=reason, area=cast.STREET)
    assert not Fact.objects.exists()
