"""Measure an import beside django-import-export, the ORM's bulk_create and a bare COPY, same rows, same PostgreSQL.

    python -m bench.intake.run                   # 50,000 rows, three times
    python -m bench.intake.run --rows 200000 --times 1 --only-ours

Needs django-import-export==4.4.* (with tablib[xlsx]) beside the project's packages. Prints Markdown. The database
is DATABASE_URL or the embedded one; a scratch database is made in it and dropped at the end. Ours is the whole way:
safety checks, reading, every check, sealing each row (SM4-GCM), its blind index, facts, all committed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

NAME = f"nuanxin_bench_{os.getpid()}"


@contextmanager
def scratch() -> Iterator[None]:
    """A database of our own on the server of DATABASE_URL, Django on it, migrated; dropped at the end."""
    import psycopg

    from nuanxin.command.embedded import in_use
    from nuanxin.command.installation import home

    held = None
    if not os.environ.get("DATABASE_URL"):
        held = in_use(home())
        held.__enter__()
        from nuanxin.command.embedded import embedded_url

        os.environ["DATABASE_URL"] = embedded_url(home())
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    os.environ["NUANXIN_POOL"] = "0"
    try:
        from nuanxin.command.installation import django_ready

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        from django.conf import settings

        settings.INSTALLED_APPS.append("bench.intake.apps.BenchConfig")
        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        with tempfile.TemporaryDirectory() as media:
            settings.STORAGES["default"]["OPTIONS"]["location"] = Path(media)
            yield
        from django.db import connection

        connection.close()
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        if held is not None:
            held.__exit__(None, None, None)


def prepare() -> tuple[int, int, object]:
    """A unit in 长沙县 that imports, two streets, three platforms; the target without what follows an import."""
    from nuanxin.engines.intake.actions import register_target
    from nuanxin.foundation.access.enums import Permission
    from nuanxin.foundation.access.rules import Grant, Scope
    from nuanxin.organisation.survey.rules.worker_fields import WORKERS
    from nuanxin.registry.areas.models import Area
    from nuanxin.registry.enterprises.models import Platform
    from nuanxin.registry.units.models import Unit

    register_target(WORKERS)
    names = {430000000000000: "湖南省", 430100000000000: "长沙市", 430121000000000: "长沙县"}
    names |= {430121001000000: "星沙街道", 430121002000000: "湘龙街道"}
    for code, name in names.items():
        Area.objects.get_or_create(code=code, defaults={"name": name, "full_name": name})
    for code, name in (("meituan", "美团"), ("eleme", "饿了么"), ("sf", "顺丰")):
        Platform.objects.get_or_create(code=code, defaults={"name": name, "sector": "delivery"})
    unit = Unit.objects.create(code="bench", name="某某局", kind="department", area_id=430121000000000)
    scope = Scope(None, (Grant(unit.area_id, frozenset({Permission.IMPORT}), unit.pk),))
    return unit.pk, unit.area_id, scope


def ours(data: bytes, who: tuple[int, int, object]) -> tuple[float, float, int]:
    """Seconds of the whole way, of that the job behind the button 导入 when it reads the file itself; rows."""
    from nuanxin.engines.intake.actions import commit_prepared, commit_upload, prepare_import, run_commit
    from nuanxin.engines.intake.enums import UploadState
    from nuanxin.engines.intake.models import Row

    unit, area, scope = who
    about = {
        "by": None,
        "scope": scope,
        "unit": unit,
        "area": area,
        "target": "workers",
        "filename": "名册.xlsx",
    }
    began = time.perf_counter()
    upload = commit_prepared(prepare_import(data=data, **about), by=None, scope=scope)
    whole = time.perf_counter() - began
    assert upload.state == UploadState.COMMITTED, upload.error
    _forget()
    upload = prepare_import(data=data, **about).upload
    commit_upload(by=None, scope=scope, upload=upload.pk)
    began = time.perf_counter()
    assert run_commit(upload.pk, by=None)
    job = time.perf_counter() - began
    rows = Row.objects.count()
    return whole, job, rows


def again(data: bytes, who: tuple[int, int, object]) -> float:
    """Seconds until the second copy of an imported file is turned away."""
    from nuanxin.engines.intake.actions import receive_upload
    from nuanxin.engines.intake.errors import AlreadyImported

    unit, area, scope = who
    began = time.perf_counter()
    try:
        receive_upload(
            by=None, scope=scope, unit=unit, area=area, target="workers", data=data, filename="又一次.xlsx"
        )
    except AlreadyImported:
        return time.perf_counter() - began
    raise AssertionError("the file was taken twice")


def _forget() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE intake_upload, procrastinate_jobs CASCADE")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--only-ours", action="store_true")
    chosen = options.parse_args()
    with scratch():
        from bench.intake import peers, roster

        lines = roster.rows(chosen.rows)
        data = roster.workbook(lines, titles=("长沙县新就业群体花名册",))
        plain = roster.workbook(lines)  # the peer takes the first row as the header
        who = prepare()
        whole, job, second = [], [], []
        for _ in range(chosen.times):
            _forget()
            seconds, of_job, rows = ours(data, who)
            assert rows == chosen.rows
            whole.append(seconds)
            job.append(of_job)
            second.append(again(data, who))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        table = [("ours, whole way in one process", statistics.median(whole))]
        table += [("ours, job alone (reads the file anew)", statistics.median(job))]
        base = None
        if not chosen.only_ours:
            peers.make_table()
            read, imported, rows = peers.import_export(plain, date.today(), shortcuts=False)
            base = read + imported
            table += [(f"django-import-export, bulk, same checks ({rows:,} rows taken)", base)]
            peers.empty_table()
            read, imported, rows = peers.import_export(plain, date.today(), shortcuts=True)
            table += [("– with every shortcut: no look-up of known rows, no differences", read + imported)]
            table += [("– of that without reading the workbook", imported)]
            peers.empty_table()
            table += [("ORM bulk_create, no reading, no checks", peers.bulk_create(lines))]
            peers.empty_table()
            table += [("bare COPY, no reading, no checks", peers.bare_copy(lines))]
    report(table, chosen.rows, base, statistics.median(second), memory)


def report(
    table: list[tuple[str, float]], rows: int, base: float | None, second: float, memory: float
) -> None:
    own = table[0][1]
    print(f"\n{rows:,} rows × 15 columns, .xlsx; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| | seconds | rows/s | ours is faster by |\n|---|---:|---:|---:|")
    for name, seconds in table:
        print(f"| {name} | {seconds:.2f} | {rows / seconds:,.0f} | {seconds / own:.2f}× |")
    print(
        f"| the same file again, ours | {second:.4f} | | {'' if base is None else f'{base / second:,.0f}×'} |"
    )
    print(f"\nMost memory of the process, with the rows of the bench itself: {memory:.0f} MB")


if __name__ == "__main__":
    main()
