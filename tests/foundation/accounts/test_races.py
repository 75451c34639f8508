"""Locks that hold in many processes at once; each with what would happen without."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from nuanxin.foundation.access.actions import UnmaskRefused, note_unmask
from nuanxin.foundation.access.enums import AccessFact
from nuanxin.foundation.access.models import AccessAlert
from nuanxin.foundation.accounts.actions import Locked, claim_attempt
from nuanxin.foundation.facts.actions import seal_facts
from nuanxin.foundation.facts.models import Fact
from nuanxin.foundation.facts.queries import verify_chain
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def at_once(work):
    """Runs `work` in several connections at the same moment; what each came to."""
    gate = Barrier(AT_ONCE)

    def run(n):
        try:
            gate.wait()
            return work(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_twelve_guesses_at_once_are_five():
    now = timezone.now()

    def guess(_n):
        try:
            claim_attempt(username="somebody", now=now)
        except Locked:
            return False
        return True

    assert sum(at_once(guess)) == 5


def test_the_stop_counts_openings_at_the_same_moment(settings):
    settings.UNMASK_ALERT_PER_HOUR, settings.UNMASK_STOP_PER_HOUR = 2, 5

    def unmask(n):
        try:
            note_unmask(by=1, subject=f"worker:{n}", reason="季度核查", area=cast.STREET)
        except UnmaskRefused:
            return False
        return True

    assert sum(at_once(unmask)) == 5
    assert Fact.objects.filter(kind=AccessFact.UNMASKED).count() == 5
    assert AccessAlert.objects.count() == 2


def test_two_sealing_jobs_make_one_chain():
    Fact.objects.bulk_create(Fact(kind="test", subject=f"x:{i}") for i in range(200))
    at_once(lambda _n: seal_facts(batch=30))
    while seal_facts():
        pass
    state = verify_chain()
    assert state.whole and state.unsealed == 0
