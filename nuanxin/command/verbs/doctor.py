"""`nuanxin doctor`: what is wrong with this installation, and the mend. Exit code 1 when something is wrong."""

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from .. import checks_machine as machine
from .. import embedded
from ..findings import Finding, Level, good, wrong
from ..installation import database, django_ready, home


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--quiet", action="store_true", help="只说有问题的 · only what is wrong")


def run(options: argparse.Namespace) -> int:
    bad = 0
    for finding in examine(home(), options.host, options.port):
        bad += finding.level == Level.WRONG
        if finding.level == Level.WRONG or not options.quiet:
            print(finding.text(options.lang), flush=True)
    if options.lang == "en":
        print(f"\n{bad} thing{'s are' if bad > 1 else ' is'} wrong" if bad else "\nnothing is wrong")
    else:
        print(f"\n共 {bad} 处问题" if bad else "\n没有发现问题")
    return 1 if bad else 0


def examine(folder: Path, host: str, port: int) -> Iterator[Finding]:
    yield from machine.python()
    yield from machine.home(folder)
    yield from machine.disk(folder)
    yield from machine.clock(datetime.now())
    used = bool(os.environ.get("DATABASE_URL")) or embedded.status(folder).state != "absent"
    keys = list(machine.keys(folder, os.environ, used_before=used))
    yield from keys
    yield from machine.modes(folder)
    yield from machine.port(host, port)
    if any(finding.level != Level.GOOD for finding in keys):
        return  # settings would make new keys, or could not be loaded
    with ExitStack() as stack:
        try:
            stack.enter_context(database())
            django_ready()
            _connect()
        except Exception as error:
            yield unreachable(error)
            return
        yield good("database", "数据库可以连接", "the database answers")
        yield from _inside(machine.answers(host, port))


def unreachable(error: Exception) -> Finding:
    where = "DATABASE_URL 指向的数据库" if os.environ.get("DATABASE_URL") else "内置数据库"
    return wrong(
        "database",
        f"{where}无法使用：{str(error).strip()[:500]}",
        f"the database cannot be used: {str(error).strip()[:500]}",
        "检查地址、密码与数据库是否启动；内置数据库看上面提到的日志",
        "look at address, password and whether it runs; for the embedded one, at the log named above",
    )


def _connect() -> None:
    from django.db import connection

    connection.ensure_connection()


def _inside(web_runs: bool) -> Iterator[Finding]:
    from django.conf import settings

    from .. import checks_database as inside

    yield from inside.server()
    yield from inside.extensions()
    yield from inside.clock_of_server()
    missing = list(inside.migrations())
    yield from missing
    yield from inside.static()
    if any(finding.level == Level.WRONG for finding in missing):
        return  # the tables that the rest asks may not be there
    yield from inside.keys_fit(settings.VAULT)
    yield from inside.worker(web_runs=web_runs)
    yield from inside.jobs()
    yield from inside.calendar(datetime.now().date())
    yield from inside.notices()
