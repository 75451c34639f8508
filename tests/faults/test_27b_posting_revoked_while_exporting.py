"""Fault 27, the export: a posting revoked while an export runs ends it, and no file is left."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission as P
from nuanxin.registry.people.models import Engagement, Worker
from nuanxin.registry.people.queries import sheet
from nuanxin.registry.units.models import Posting
from tests.cast import COMMUNITY, area, client, holder
from tests.registry.people.people import JULY

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd():
    area(COMMUNITY)
    rows = Worker.objects.bulk_create(
        Worker(name=f"人{n}", area_id=COMMUNITY, sector="delivery", first_seen=JULY, last_seen=JULY)
        for n in range(1500)
    )
    Engagement.objects.bulk_create(
        Engagement(worker=w, area_id=COMMUNITY, sector="delivery", valid_from=JULY) for w in rows
    )


def test_the_export_ends_and_leaves_nothing(crowd, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    who = holder([P.WORKERS_VIEW, P.EXPORT])
    browser, seen = client(who), []
    show = sheet.employers

    def revoking(row):
        seen.append(row)
        if len(seen) == 500:
            Posting.objects.filter(user=who).update(valid_to=timezone.localdate() - timedelta(days=1))
        return show(row)

    monkeypatch.setattr(sheet, "employers", revoking)
    answer = browser.post(reverse("console:workers"), {"_export": "xlsx"})
    assert answer.status_code == 404
    assert len(seen) < 1500
    assert not list(Path(tmp_path).iterdir())
    assert browser.get(reverse("console:workers")).status_code == 404


def test_without_a_revocation_it_runs_to_the_end(crowd):
    answer = client(holder([P.WORKERS_VIEW, P.EXPORT])).post(reverse("console:workers"), {"_export": "xlsx"})
    assert len(b"".join(answer.streaming_content)) > 10_000
