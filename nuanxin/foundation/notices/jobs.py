"""Sending in the background. The rows are the truth; a job that is lost is made up for every minute."""

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.task(name="notices.deliver", queue="notices")
def deliver(delivery: int) -> None:
    """Tries one message; a later attempt comes from `retry_due`, by the row's own clock."""
    actions.attempt(delivery, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="notices.retry_due", queue="notices", queueing_lock="notices.retry_due", pass_context=False)
def retry_due(timestamp: int) -> None:
    """Tries what is due: each minute."""
    now = timezone.now()
    for delivery in actions.due(now):
        actions.attempt(delivery, now=now)
