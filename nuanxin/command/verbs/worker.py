"""`nuanxin worker`: runs the jobs until told to stop; a job it may not finish is taken up again later."""

import argparse
import asyncio

from ..installation import database, django_ready


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="同时进行的任务数 · jobs at once")
    parser.add_argument("--once", action="store_true", help="做完现有任务即结束 · end when nothing is left")


def run(options: argparse.Namespace) -> int:
    with database():
        django_ready(pool=True)
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("jobs")  # every app's; whoever defers a job imports it by himself
        asyncio.run(_work(options.concurrency, once=options.once))
    return 0


async def _work(concurrency: int, *, once: bool) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    from ..jobs import HEARTBEAT, SILENCE, retry_stalled

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            try:  # this start may follow a kill -9: look as soon as the dead worker is silent for long enough
                later = retry_stalled.configure(schedule_in={"seconds": int(SILENCE) + 1})
                await later.defer_async()
            except AlreadyEnqueued:
                pass
            await app.run_worker_async(
                name="nuanxin",
                concurrency=concurrency,
                wait=not once,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=SILENCE,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=8,
            )
