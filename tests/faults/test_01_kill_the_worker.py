"""Fault 1: kill -9 of the worker in the middle of an import of 50,000 rows; it resumes to exactly 50,000."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from nuanxin.command.jobs import take_up
from nuanxin.engines.intake.actions import commit_upload, register_target, set_mapping
from nuanxin.engines.intake.enums import IntakeFact, UploadState
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.rules.worker_fields import WORKERS
from tests.cast import STREET, area
from tests.engines.intake.files import office, person, receive, xlsx

ROWS, KILLED_AT = 50_000, 25_000

WORKER = """
import sys
from nuanxin.command.installation import django_ready
django_ready(pool=True)
from nuanxin.engines.intake.actions import register_target
from nuanxin.organisation.survey.rules.worker_fields import WORKERS
register_target(WORKERS)  # without the survey's hooks: this test ends where the rows are committed
from nuanxin.command.main import main
sys.exit(main(["worker", "--once"]))
"""

SLOWLY = """
CREATE FUNCTION test_slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
CREATE TRIGGER test_slowly AFTER INSERT ON intake_row FOR EACH STATEMENT EXECUTE FUNCTION test_slowly();
"""


@pytest.fixture
def slow_chunks(transactional_db):
    """Every chunk takes a third of a second longer, so that the kill meets the worker inside one."""
    with connection.cursor() as cursor:
        cursor.execute(SLOWLY)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION test_slowly CASCADE")


@pytest.fixture
def worker():
    """Starts `nuanxin worker` as a process of its own on the test's database."""
    started = []
    db = connection.settings_dict
    url = f"postgresql://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def done_rows(upload: Upload) -> int:
    return Upload.objects.values_list("done_rows", flat=True).get(pk=upload.pk)


def queued(rows: int) -> Upload:
    register_target(WORKERS)
    with connection.cursor() as cursor:  # the job tables are not Django's: no flush empties them
        cursor.execute("DELETE FROM procrastinate_jobs")
    area(STREET)
    upload = receive(xlsx([person(n) for n in range(rows)]))
    scope = office()[1]
    set_mapping(by=None, scope=scope, upload=upload.pk, mapping=upload.mapping)
    return commit_upload(by=None, scope=scope, upload=upload.pk)


def take_up_now() -> dict[str, int]:
    """What the next worker does by itself when the dead one has been silent for 25 seconds."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    async def run() -> dict[str, int]:
        with app.replace_connector(app.connector.get_worker_connector()):
            async with app.open_async():
                return await take_up(app)

    # in a thread of its own: where browser tests run before, Playwright's loop stands in this one
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def test_killed_in_the_middle_it_resumes_to_exactly_all_rows(slow_chunks, worker):
    assert settings.STORAGES["default"]  # the worker reads the same media folder as this process
    upload = queued(ROWS)
    first = worker()
    wait_for(lambda: done_rows(upload) >= KILLED_AT)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    wait_for(lambda: not in_progress())
    reached = done_rows(upload)
    assert KILLED_AT <= reached < ROWS
    assert Row.objects.count() == reached, "a chunk and its progress are one"
    assert Upload.objects.get().state == UploadState.COMMITTING

    assert take_up_now()["retried"] == 1
    assert worker().wait(timeout=120) == 0

    done = Upload.objects.get()
    assert done.state == UploadState.COMMITTED
    assert Row.objects.count() == ROWS == done.done_rows == done.accepted + done.noted
    assert Row.objects.values("number").distinct().count() == ROWS
    facts = Fact.objects.filter(kind=IntakeFact.COMMITTED)
    assert sum(facts.values_list("quantity", flat=True)) == ROWS


def in_progress() -> bool:
    """Whether the killed worker's database session is still ending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY intake_row%%'"
            " AND state <> 'idle'"
        )
        return bool(cursor.fetchone()[0])
