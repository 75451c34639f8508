"""The real thing: `nuanxin serve --worker` on a cluster of its own, whose processes are killed one by one.

What is checked is that something answers; whether pages are right is for other tests.
"""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from nuanxin.command import embedded

from .conftest import alive, eventually, kill


def children(pid: int, word: str) -> list[int]:
    """The direct children whose command line has the word."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            line = (entry / "cmdline").read_bytes().decode()
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid and word in line:
            found.append(int(entry.name))
    return found


def answer(port: int) -> int | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


@pytest.fixture
def serving(home, start, monkeypatch):
    """A started installation: (supervisor, port). Ended by its own number, with whatever it started."""
    port = embedded._choose_port()
    started = []

    def go() -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "nuanxin.command.main", "serve", "--worker", "--migrate", "--workers=1", "--no-build",
             f"--port={port}"],
            env={**os.environ, "NUANXIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings"},
            stderr=(home / "serve.log").open("a"), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        started.append(process)
        return process

    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield go, port
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_every_process_may_be_killed(serving, home):
    go, port = serving
    supervisor = go()
    log = home / "serve.log"
    eventually(lambda: answer(port), 120, "the web server did not answer")
    (web,), (worker,) = children(supervisor.pid, "\0granian\0"), children(supervisor.pid, "\0worker\0")

    # granian alone, then the worker, then the database: the supervisor brings each back
    helpers = children(web, "\0granian\0")
    assert helpers
    kill(web)
    eventually(lambda: not any(alive(pid) for pid in helpers), what="granian's workers outlived it")
    kill(worker)
    eventually(lambda: children(supervisor.pid, "\0granian\0") and children(supervisor.pid, "\0worker\0"), 30)
    kill(embedded.status(home).pid)
    eventually(lambda: embedded.status(home).state == "running", 30, "the database did not come back")
    eventually(lambda: (answer(port) or 500) < 500, 60, log.read_text())

    # the supervisor itself: what it started ends, but for the database, which the next start takes over
    left = children(supervisor.pid, "\0granian\0") + children(supervisor.pid, "\0worker\0")
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: not any(alive(pid) for pid in left), 40, "children outlived the supervisor")
    again = go()
    eventually(lambda: (answer(port) or 500) < 500, 60, log.read_text())

    # and an ordinary end leaves nothing at all
    again.send_signal(signal.SIGTERM)
    assert again.wait(40) == 0
    assert embedded.status(home).state == "stopped"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(embedded.embedded_url(home))
