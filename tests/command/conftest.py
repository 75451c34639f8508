"""Clusters and installations of their own, in temporary homes; whatever they start is stopped by its own number."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from nuanxin.command import embedded


@pytest.fixture
def home(tmp_path):
    """An empty home that PostgreSQL's user can reach, whatever pytest's folders allow."""
    with tempfile.TemporaryDirectory(prefix="nuanxin-test-") as folder:
        os.chmod(folder, 0o755)
        path = Path(folder) / "home"
        yield path
        if path.exists():
            embedded.stop(path, mode="immediate")


@pytest.fixture(scope="session")
def made():
    """A home whose cluster was made once: initdb takes a second, a copy of what it makes does not."""
    with tempfile.TemporaryDirectory(prefix="nuanxin-test-") as folder:
        os.chmod(folder, 0o755)
        path = Path(folder) / "home"
        embedded.ensure_running(path, durable=False)
        embedded.stop(path)
        yield path


@pytest.fixture
def start(home, made):
    """Starts the cluster of `home`; tests need no disk flushes, except those that kill it."""
    subprocess.run(["cp", "-a", str(made), str(home)], check=True)
    embedded._change(home, port=embedded._choose_port())
    return lambda durable=False: embedded.ensure_running(home, durable=durable, patience=60)


def python(code: str, *arguments: str, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], text=True, **options)


def eventually(question, seconds: float = 15, what: str = "it did not happen in time"):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(what)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid))
