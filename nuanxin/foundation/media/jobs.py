"""Housekeeping of the file storage."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="40 3 * * *")
@app.task(name="media.sweep", queue="housekeeping", queueing_lock="media.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Each night: bytes without a row, a day old. A day, so that no upload under way loses its file."""
    actions.sweep(before=timezone.now() - timedelta(days=1))
