"""Jobs about jobs: what a killed worker was doing is taken up again, finished ones are forgotten."""

import datetime

from procrastinate import builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

HEARTBEAT = 5.0
SILENCE = 25.0
"""Seconds without a heartbeat after which a worker counts as dead; several heartbeats, for a busy machine."""
TRIES = 5
"""A job that took its worker down so often is given up, so that it does not take it down for ever."""


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int = 0) -> dict[str, int]:
    """After kill -9 a job stays `doing`: procrastinate leaves it to us to say that it should run again."""
    return await take_up(context.app)


async def take_up(app, silence: float = SILENCE) -> dict[str, int]:
    manager = app.job_manager
    retried = given_up = 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        if job.attempts < TRIES:
            await manager.retry_job(job, retry_at=datetime.datetime.now(datetime.UTC))
            retried += 1
        else:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            given_up += 1
    return {"retried": retried, "given_up": given_up}


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget_old", pass_context=True)
async def forget_old(context: JobContext, timestamp: int = 0) -> None:
    """Finished jobs go after a week; failed ones stay for `doctor` and for whoever looks into them."""
    await builtin_tasks.remove_old_jobs(context, max_hours=7 * 24)
