"""A job whose worker was killed stays `doing` until ours says that it should run again."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from nuanxin.command import jobs
from nuanxin.command.jobs import take_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs(transactional_db):
    """The job tables are not Django's, so no flush empties them: before and after, there are no jobs."""
    _sweep()
    yield
    _sweep()


def _sweep() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def doing(*, attempts: int = 0, silent: int | None = 60) -> int:
    """A job that a worker of so many seconds' silence took (None: one that was pruned)."""
    with connection.cursor() as cursor:
        worker = None
        if silent is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 s') RETURNING id",
                [silent],
            )
            (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id)"
            " VALUES ('default', 'some.task', 'doing', %s, %s) RETURNING id",
            [attempts, worker],
        )
        return cursor.fetchone()[0]


def state(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()[0]


def run() -> dict[str, int]:
    from procrastinate.contrib.django import app

    async def in_loop() -> dict[str, int]:
        try:
            return await take_up(app)
        finally:  # the thread of the loop has a connection of its own
            await sync_to_async(connections.close_all)()

    # in a thread of its own: tests in a browser leave a loop running in theirs
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, in_loop()).result()


def test_the_job_of_a_silent_worker_runs_again():
    killed, pruned, healthy = doing(), doing(silent=None), doing(silent=2)

    assert run() == {"retried": 2, "given_up": 0}
    assert (state(killed), state(pruned), state(healthy)) == ("todo", "todo", "doing")


def test_a_job_that_kills_its_worker_every_time_is_given_up():
    job = doing(attempts=jobs.TRIES)

    assert run() == {"retried": 0, "given_up": 1}
    assert state(job) == "failed"


def test_it_is_scheduled():
    from procrastinate.contrib.django import app

    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons["nuanxin.command.jobs.retry_stalled"] == "* * * * *"
