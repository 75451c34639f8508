"""`nuanxin serve`: the web server of an installation, with `--worker` the jobs too."""

import argparse

from ..assets import build_all
from ..installation import database, django_ready, pending_migrations, say
from ..processes import Watch, wait_for_answer, wait_for_port, web, worker
from ..supervise import Supervisor


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="网页进程数 · web processes")
    parser.add_argument("--worker", action="store_true", help="同时运行后台任务 · run the job worker too")
    parser.add_argument(
        "--no-build", action="store_true", help="不构建前端 · take styles and scripts as they are"
    )
    parser.add_argument("--migrate", action="store_true", help="先更新数据库结构 · migrate first")


def run(options: argparse.Namespace) -> int:
    with database():
        django_ready()
        if options.migrate:
            from ..installation import migrate

            migrate()
        elif pending := pending_migrations():
            say(
                f"数据库结构有 {len(pending)} 步未更新：加 --migrate", "migrations are missing: add --migrate"
            )
            return 1
        if not options.no_build:
            build_all()
        from django.db import connections

        connections.close_all()
        wait_for_port(options.host, options.port)
        children = [web(options.host, options.port, options.workers)]
        if options.worker:
            children.append(worker())
        address = f"http://{options.host}:{options.port}"

        def tell() -> None:
            if wait_for_answer(address):
                say(f"已就绪：{address}", "ready")

        Supervisor(children, watch=Watch()).run(on_start=tell)
    return 0
