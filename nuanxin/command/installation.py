"""What every verb needs of its installation: home, database, Django, and a way to say things.

Importing this is cheap; Django comes in with `django_ready`, so that `--help` and `match` start at once.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The source tree (with `frontend/` beside `nuanxin/`), or site-packages in an installation from a wheel."""

_begin = time.monotonic()


def home() -> Path:
    """As `config.settings.HOME`, for use before settings may be loaded."""
    return Path(os.environ.get("NUANXIN_HOME", ROOT / ".nuanxin")).resolve()


def say(chinese: str, english: str = "") -> None:
    """One line of progress with the seconds since the start."""
    text = f"{chinese} · {english}" if english else chinese
    print(f"[{time.monotonic() - _begin:6.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def database() -> Iterator[None]:
    """The database is there inside: an external one by DATABASE_URL, otherwise the embedded one, started."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from . import embedded

    def progress(text: str) -> None:
        say(
            {"creating the database cluster": "创建数据库", "starting PostgreSQL": "启动数据库"}.get(
                text, ""
            ),
            text,
        )

    with embedded.in_use(home(), progress=progress):
        yield


def django_ready(*, pool: bool = False) -> None:
    """Loads settings and apps. After `database()`: the embedded cluster may have moved to another port.

    A short command takes one connection, not a pool: the threads of a pool outlive a fork and delay the exit.
    That is for this process alone: the web server that it may start has its pool.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    without_pool = not pool and "NUANXIN_POOL" not in os.environ
    if without_pool:
        os.environ["NUANXIN_POOL"] = "0"
    import django

    django.setup()
    if without_pool:
        del os.environ["NUANXIN_POOL"]


def media_folder() -> Path:
    """Where uploaded files lie. Storage elsewhere (S3) is backed up by its own means."""
    from django.core.files.storage import FileSystemStorage, default_storage

    if not isinstance(default_storage, FileSystemStorage):
        return home() / "media"
    return Path(default_storage.location)


def pending_migrations() -> list[str]:
    """What `migrate` would apply, without the seconds that `migrate` itself takes to find nothing to do."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> int:
    from django.core.management import call_command

    pending = pending_migrations()
    if pending:
        say(f"更新数据库结构，{len(pending)} 步", "migrating")
        call_command("migrate", interactive=False, verbosity=0)
    return len(pending)
