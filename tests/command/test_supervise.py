"""The supervisor: restarts what dies, takes everything along when it ends, also when it is killed itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from .conftest import alive, eventually, kill, python

SUPERVISOR = """
import sys
from nuanxin.command.supervise import Child, Supervisor
folder = sys.argv[1]
child = '''
import os, subprocess, sys, time
helper = subprocess.Popen(["sleep", "300"])
with open(f"{sys.argv[1]}/pids", "a") as f:
    f.write(f"{os.getpid()} {helper.pid}\\\\n")
time.sleep(300)
'''
Supervisor([Child("child", [sys.executable, "-c", child, folder])]).run()
print("stopped", flush=True)
"""


class Running:
    """A supervisor with one child, which has a helper of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "pids"
        self.process = python(SUPERVISOR, str(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def pids(self, generation: int = 0) -> tuple[int, int]:
        def read():
            lines = self.file.read_text().splitlines() if self.file.exists() else []
            return tuple(map(int, lines[generation].split())) if len(lines) > generation else None

        return eventually(read)

    def end(self) -> None:
        for line in self.file.read_text().splitlines() if self.file.exists() else []:
            for pid in map(int, line.split()):
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


def test_sigterm_and_ctrl_c_stop_everything(tmp_path):
    for number in (signal.SIGTERM, signal.SIGINT):
        running = Running(tmp_path)
        pids = running.pids()
        running.process.send_signal(number)
        out, _ = running.process.communicate(timeout=20)

        assert out.strip() == "stopped"
        assert not any(alive(pid) for pid in pids)
        running.file.unlink()


def test_a_killed_child_is_started_again_and_its_helpers_go(tmp_path):
    running = Running(tmp_path)
    try:
        child, helper = running.pids()
        kill(child)

        fresh, _ = running.pids(1)
        assert fresh != child
        eventually(lambda: not alive(helper))
    finally:
        running.end()


def test_a_killed_supervisor_takes_its_children_along(tmp_path):
    running = Running(tmp_path)
    try:
        child, _ = running.pids()
        running.process.kill()

        eventually(lambda: not alive(child))
    finally:
        running.end()


def test_a_new_key_restarts_the_processes(tmp_path, monkeypatch):
    """They read the keys once; with the old ones they could not open what `vault rotate` sealed anew."""
    from nuanxin.command import processes

    monkeypatch.setenv("NUANXIN_HOME", str(tmp_path))
    monkeypatch.setattr(processes, "watch_database", lambda: None)
    restarts = []
    supervisor = SimpleNamespace(restart_all=lambda: restarts.append(1))
    watch = processes.Watch()
    watch(supervisor)
    assert restarts == []
    (tmp_path / "vault.json").write_text("{}")
    watch(supervisor)
    watch(supervisor)
    assert restarts == [1]


def test_the_pause_grows_and_is_said():
    code = """
import sys, threading, time
from nuanxin.command.supervise import Child, Supervisor
s = Supervisor([Child("broken", [sys.executable, "-c", "raise SystemExit(3)"])])
threading.Timer(3, s._asked.set).start()
s.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)

    assert "退出码 3" in done.stderr
    assert "restarting in 0.5 s" in done.stderr
    assert "restarting in 1 s" in done.stderr
