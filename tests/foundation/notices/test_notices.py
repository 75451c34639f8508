"""In-app notices: mine only, read once, and security alerts reach who must know."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from nuanxin.foundation.access.actions import raise_alert
from nuanxin.foundation.access.enums import AccessFact, AlertKind, Permission
from nuanxin.foundation.accounts.models import User
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.notices import actions, queries
from nuanxin.foundation.notices.rules import PersonalData
from tests import cast

NOW = datetime(2026, 9, 18, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def users():
    return [User.objects.create(username=f"u{i}", name=f"用户{i}") for i in range(2)]


def test_reading(users):
    a, b = users
    assert actions.notify([a.pk, b.pk, a.pk], kind="task", title="有新任务", link="/console/") == 2
    assert queries.unread_count(a.pk) == 1
    (mine,) = queries.of_user(a.pk)
    assert actions.mark_read(user=b.pk, now=NOW, notice=mine.pk) == 0  # not theirs
    assert actions.mark_read(user=a.pk, now=NOW, notice=mine.pk) == 1
    assert queries.unread_count(a.pk) == 0
    assert list(queries.of_user(a.pk, unread=True)) == []
    assert actions.mark_read(user=b.pk, now=NOW) == 1


def test_one_key_one_notice(users):
    a, _b = users
    assert actions.notify([a.pk], kind="task", title="甲", key="round:1") == 1
    assert actions.notify([a.pk], kind="task", title="乙", key="round:1") == 0
    assert [n.title for n in queries.of_user(a.pk)] == ["甲"]
    actions.notify([a.pk], kind="task", title="丙")
    actions.notify([a.pk], kind="task", title="丙")
    assert queries.of_user(a.pk).count() == 3


def test_links_stay_inside_and_texts_carry_no_numbers(users):
    for link in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        with pytest.raises(ValueError):
            actions.notify([users[0].pk], kind="task", title="x", link=link)
    with pytest.raises(PersonalData):
        actions.notify([users[0].pk], kind="task", title="请联系13812345678")


def test_a_security_alert_reaches_those_named(users):
    a, b = users
    with transaction.atomic():
        record(AccessFact.ALERT_RAISED, subject="alert:1", by=None, notify=[a.pk])
    assert "安全告警" in queries.of_user(a.pk).get().title
    assert queries.unread_count(b.pk) == 0


def test_a_security_alert_reaches_the_districts_administrators():
    mine = cast.holder({Permission.SECURITY_ADMIN}, cast.COUNTY)
    other = cast.holder({Permission.SECURITY_ADMIN}, cast.OTHER_COUNTY)
    about = cast.user()
    assert raise_alert(kind=AlertKind.UNMASK_MANY, about=about.pk, area=cast.STREET, quantity=51)
    (notice,) = queries.of_user(mine.pk)
    assert "查看完整证件号过多" in notice.title
    assert notice.link
    assert queries.unread_count(other.pk) == 0
    # where nobody administers the place, all who administer security hear of it
    raise_alert(kind=AlertKind.SIGN_IN_LOCKED, about=about.pk, area=0)
    assert (queries.unread_count(mine.pk), queries.unread_count(other.pk)) == (2, 1)
