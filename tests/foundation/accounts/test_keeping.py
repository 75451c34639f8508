from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from nuanxin.foundation.access.actions import AccessError, Refused
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.accounts import actions, queries, rules
from nuanxin.foundation.accounts.enums import AccountFact
from nuanxin.foundation.facts.models import Fact
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_new_account_gets_a_password_to_change():
    user, first = actions.open_user(by=1, username=" Wang.Wei ", name="王伟", area=cast.COUNTY)
    assert (user.username, user.must_change_password) == ("wang.wei", True)
    assert user.check_password(first) and rules.classes(first) == 4 and len(first) >= 10
    fact = Fact.objects.get(kind=AccountFact.OPENED)
    assert (fact.subject, fact.area, fact.actor) == (f"user:{user.pk}", cast.COUNTY, 1)
    assert "王" not in str(fact.detail) and first not in str(fact.detail)


@pytest.mark.parametrize(
    ("username", "name", "code"),
    [
        ("ab", "王伟", "username"),
        ("王伟", "王伟", "username"),
        ("wang", " ", "name"),
        ("TAKEN", "王伟", "username_taken"),
    ],
)
def test_an_account_is_refused(username, name, code):
    cast.user("taken")
    with pytest.raises(AccessError) as caught:
        actions.open_user(by=1, username=username, name=name)
    assert caught.value.code == code


def test_a_weak_given_password_is_refused():
    with pytest.raises(ValidationError):
        actions.open_user(by=None, username="demo.user", name="演示", password="12345")


def test_the_last_five_passwords_are_not_taken_again():
    user, first = actions.open_user(by=1, username="wang.wei", name="王伟")
    for n in range(5):
        actions.change_password(by=user.pk, user=user.pk, password=f"Xing-sha-{n}-2026")
    with pytest.raises(ValidationError):
        actions.change_password(by=user.pk, user=user.pk, password="Xing-sha-4-2026")
    with pytest.raises(ValidationError):
        actions.change_password(by=user.pk, user=user.pk, password="Xing-sha-0-2026")
    actions.change_password(by=user.pk, user=user.pk, password=first)
    assert user.past_passwords.count() == 5


def test_passwords_expire_after_ninety_days():
    user = cast.user()
    now = timezone.now()
    user.password_changed_at = now - timedelta(days=90)
    assert not queries.must_change_password(user, now)
    assert queries.must_change_password(user, now + timedelta(seconds=1))


@pytest.mark.parametrize("action", ["close_user", "reset_password", "reset_second_factor", "reopen_user"])
def test_nobody_does_it_to_themself(action):
    user = cast.user()
    with pytest.raises(Refused):
        getattr(actions, action)(by=user.pk, user=user.pk)
    getattr(actions, action)(by=cast.user().pk, user=user.pk)


def test_administrators_see_the_staff_of_their_area():
    c = cast.cast_for(Permission.SYSTEM_ADMIN)
    scope = cast.scope(c.owner)
    assert queries.staff_member(scope, Permission.SYSTEM_ADMIN, c.team_mate.pk)
    assert queries.staff_member(scope, Permission.SYSTEM_ADMIN, c.outsider.pk) is None
    assert not queries.staff(scope, Permission.SECURITY_ADMIN).exists()
