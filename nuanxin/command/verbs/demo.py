"""`nuanxin demo`: from an empty home to a running system with invented data; later it only starts."""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor

from ..assets import build_frontend, collect_static, compile_messages
from ..installation import database, django_ready, migrate, say
from ..processes import Watch, wait_for_answer, wait_for_port, web, worker
from ..supervise import Supervisor


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--prepare-only", action="store_true", help="只准备，不启动 · prepare, do not serve")


def run(options: argparse.Namespace) -> int:
    # invented people only: whoever tries it out need not set up a second factor first (settings.DEMO)
    os.environ.setdefault("NUANXIN_DEMO", "1")
    with database():
        django_ready()
        from nuanxin.command.demo import build_demo

        with ThreadPoolExecutor(1) as aside:  # npm mostly waits for the network, migrating for the database
            frontend = aside.submit(build_frontend)
            compile_messages()
            migrate()
            frontend.result()  # before the demo: its villages come from an npm package
        people = build_demo(say)
        collect_static()
        if options.prepare_only:
            say("准备完毕", "prepared")
            return 0
        _close_connections()
        wait_for_port(options.host, options.port)
        address = f"http://{options.host}:{options.port}"
        supervisor = Supervisor([web(options.host, options.port), worker()], watch=Watch())
        supervisor.run(on_start=lambda: _tell(address, people))
        say("已全部停止", "everything stopped")
    return 0


def _close_connections() -> None:
    """The supervisor itself needs the database no more."""
    from django.db import connections

    connections.close_all()


def _tell(address: str, people: list[tuple[str, str, str]]) -> None:
    if not wait_for_answer(address):
        say(f"{address} 尚无应答，请看上面的信息", "no answer yet, see above")
        return
    say(f"已就绪：{address}", "ready")
    print(f"\n  打开 · open   {address}\n", flush=True)
    for who, username, password in people:
        print(f"  {who}：用户名 {username}  密码 {password}", flush=True)
    print("\n  按 Ctrl-C 停止 · press Ctrl-C to stop\n", flush=True)
