"""Sessions that have run out are removed every night."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="accounts.sessions")
def clear_sessions(timestamp: int) -> None:
    call_command("clearsessions")
