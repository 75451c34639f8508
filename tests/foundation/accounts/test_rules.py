from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from nuanxin.foundation.accounts import rules

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("abcdefghij1", False),
        ("Abcdefghij1", True),
        ("abcdefghi-1", True),
        ("ABCDEFGHI密1", True),
        ("1234567890", False),
    ],
)
def test_three_classes(password, good):
    assert (rules.classes(password) >= 3) is good


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("WangWei2026!", False),
        ("x-wwei88-Y", False),
        ("Hu-王伟-2026", False),
        ("Xingsha-2026-a", True),
    ],
)
def test_not_the_name(password, good):
    who = SimpleNamespace(username="wwei88", name="王伟")
    if good:
        rules.NotTheName().validate(password, who)
    else:
        with pytest.raises(ValidationError):
            rules.NotTheName().validate(password, who)


def test_five_attempts_lock_for_fifteen_minutes():
    state = rules.Attempts()
    for n in range(5):
        assert not state.locked(NOW)
        state = state.claim(NOW + timedelta(seconds=n))
    assert state.locked(NOW + timedelta(minutes=15))
    assert not state.locked(NOW + timedelta(minutes=15, seconds=4))
    after = state.claim(NOW + timedelta(minutes=16))
    assert (after.failures, after.locked_until) == (1, None)


def test_old_failures_are_forgotten():
    state = rules.Attempts(4, NOW)
    assert state.claim(NOW + timedelta(minutes=16)).failures == 1
    assert state.claim(NOW + timedelta(minutes=14)).failures == 5


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (900, 15)])
def test_minutes_are_rounded_up(seconds, minutes):
    assert rules.minutes_left(NOW + timedelta(seconds=seconds), NOW) == minutes
