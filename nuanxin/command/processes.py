"""The processes of a running installation: web server and job worker, and the port they need."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request

from . import embedded
from .installation import home, say
from .supervise import Child, Supervisor


class PortTaken(Exception):
    pass


def web(host: str, port: int, workers: int = 1, threads: int = 4) -> Child:
    """granian. Threads share a pool of 8 connections per process, so a few are enough."""
    return Child(
        "网页服务",
        [
            sys.executable,
            "-m",
            "granian",
            "--interface=wsgi",
            f"--host={host}",
            f"--port={port}",
            f"--workers={workers}",
            f"--blocking-threads={threads}",
            "--respawn-failed-workers",
            "--workers-kill-timeout=10",
            "--no-ws",
            "--log-level=warning",
            "nuanxin.command.web_process:application",
        ],
    )


def worker() -> Child:
    return Child("后台任务", [sys.executable, "-m", "nuanxin.command.main", "worker"])


def wait_for_port(host: str, port: int, patience: float = 8) -> None:
    """A server that is just ending (its supervisor was killed) gets a moment; anybody else is named."""
    until = time.monotonic() + patience
    while not port_is_free(host, port):
        if time.monotonic() > until:
            raise PortTaken(
                f"端口 {port} 已被占用：可能已有一个在运行，或改用 --port · port {port} is taken: use --port"
            )
        time.sleep(0.2)


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def wait_for_answer(url: str, patience: float = 60) -> bool:
    """Any answer counts, an error page too: the server is there."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own address)
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


class Watch:
    """What the supervisor looks at besides its children: the embedded database and the keys.

    The processes read the keys once. After `vault rotate` they would meet values that they cannot open, so they
    are started anew.
    """

    def __init__(self) -> None:
        self._keys = _key_state()

    def __call__(self, supervisor: Supervisor) -> None:
        watch_database()
        if (keys := _key_state()) != self._keys:
            self._keys = keys
            say("密钥已更换，重新启动各进程", "the keys changed, restarting")
            supervisor.restart_all()


def _key_state() -> float:
    file = home() / "vault.json"
    return file.stat().st_mtime if file.exists() else 0


def watch_database() -> None:
    """The embedded server is no child of the supervisor: it is looked at, and started when it was killed."""
    if os.environ.get("DATABASE_URL"):
        return
    if embedded.status(home()).state in ("stopped", "absent"):
        say("数据库已停止，重新启动", "the database ended, starting it again")
        try:
            embedded.ensure_running(home())
        except embedded.DatabaseError as error:
            say(f"数据库无法启动：{error}", "the database does not start")
