"""Keeps child processes running and takes them along when it ends, however it ends.

Each child leads a process group, so that what it started itself can be ended with it; the kernel tells it
(PR_SET_PDEATHSIG) when the supervisor was killed. A child that dies is started again, ever more slowly.
"""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from .installation import say

PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY = 30.0
"""A child that ran so many seconds is healthy: its next pause is the first one again."""

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(sent: int = signal.SIGTERM) -> None:
    """In a fresh process: let the kernel send `sent` when the parent ends, even by kill -9."""
    _libc.prctl(PR_SET_PDEATHSIG, sent, 0, 0, 0)


@dataclass
class Child:
    name: str
    argv: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        supervisor = os.getpid()

        def in_child() -> None:
            end_with_parent()
            if os.getppid() != supervisor:  # it died between fork and prctl
                os._exit(1)

        self.process = subprocess.Popen(
            list(self.argv), env={**os.environ, **self.env}, process_group=0, preexec_fn=in_child
        )
        self.started = time.monotonic()

    def end(self, patience: float) -> None:
        self.send(signal.SIGTERM)
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
            self.send(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def send(self, sent: int) -> None:
        """To the whole group: a web server's workers must not outlive it and keep the port."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sent)


class Supervisor:
    def __init__(
        self, children: Sequence[Child], *, watch: "Callable[[Supervisor], None]" = lambda supervisor: None
    ) -> None:
        """`watch` is called every two seconds: for what is not a child, the database."""
        self.children = list(children)
        self._watch = watch
        self._asked = threading.Event()

    def run(self, *, on_start: Callable[[], None] = lambda: None) -> None:
        """Until SIGTERM, SIGINT or SIGHUP; then everything is stopped."""
        previous = {s: signal.signal(s, self._stop) for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        try:
            for child in self.children:
                child.start()
            if not self._asked.is_set():
                on_start()
            watched = time.monotonic()
            while not self._asked.wait(0.2):
                for child in self.children:
                    self._look_after(child)
                if time.monotonic() - watched > 2:
                    self._watch(self)
                    watched = time.monotonic()
        finally:
            self.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def restart_all(self) -> None:
        """One child after the other, politely: for what they read only once, at their start."""
        for child in self.children:
            child.end(patience=15)
            child.start()

    def stop(self, patience: float = 15) -> None:
        """Politely, then not: a job that is cut short is taken up again at the next start."""
        running = [c for c in self.children if c.process and c.process.poll() is None]
        for child in running:
            child.send(signal.SIGTERM)
        until = time.monotonic() + patience
        for child in running:
            assert child.process
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"{child.name} 未按时结束，强制结束", "did not end in time: killed")
        for child in self.children:
            child.send(signal.SIGKILL)
            if child.process:
                child.process.wait()

    def _stop(self, number: int, frame: object) -> None:
        self._asked.set()

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                child.start()
            return
        code = child.process.poll()
        if code is None:
            if now - child.started > STEADY:
                child.pause = FIRST_PAUSE
            return
        child.send(signal.SIGKILL)  # what it left behind
        how = signal.Signals(-code).name if code < 0 else f"退出码 {code}"
        say(
            f"{child.name} 已停止（{how}），{child.pause:g} 秒后重新启动",
            f"{child.name} ended, restarting in {child.pause:g} s",
        )
        child.process, child.due = None, now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)
