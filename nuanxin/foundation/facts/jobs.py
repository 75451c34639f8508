"""The chain of seals grows while the system runs."""

from procrastinate.contrib.django import app

from .actions import seal_facts


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="facts.seal")
def seal_new_facts(timestamp: int) -> int:
    """Seals what has been recorded since the last run, a batch a transaction."""
    total = 0
    while sealed := seal_facts():
        total += sealed
    return total
