"""The embedded PostgreSQL: root, stale pids, two starts at once, taken ports, lost passwords; the data survives."""

import json
import os
import pwd
import socket
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from nuanxin.command import embedded
from nuanxin.command.cluster import DatabaseError
from nuanxin.command.os_user import database_user

from .conftest import eventually, kill, python


def ask(url: str, query: str):
    with psycopg.connect(url, autocommit=True) as db:
        cursor = db.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def remember(url: str) -> None:
    ask(url, "CREATE TABLE kept AS SELECT '𬭎'::text AS name")


def remembered(url: str) -> bool:
    return ask(url, "SELECT name FROM kept") == "𬭎"


def data_of(home: Path) -> Path:
    return embedded.status(home).data


def test_the_url_is_computed_without_a_start_and_stays_the_same(home):
    first = embedded.embedded_url(home)

    assert embedded.embedded_url(home) == first
    assert embedded.status(home).state == "absent"
    assert stat.S_IMODE((home / "postgres.json").stat().st_mode) == 0o600


def test_settings_of_the_database(monkeypatch):
    monkeypatch.delenv("NUANXIN_POOL", raising=False)
    made = embedded.database_from_url("postgresql://us%40er:p%2Fw@db.example:5433/district?sslmode=require")

    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == (
        "us@er",
        "p/w",
        "db.example",
        "5433",
    )
    assert (made["NAME"], made["OPTIONS"]["sslmode"], made["CONN_MAX_AGE"]) == ("district", "require", 0)
    assert made["OPTIONS"]["pool"]["max_size"] == 8
    monkeypatch.setenv("NUANXIN_POOL", "0")
    assert "pool" not in embedded.database_from_url("postgresql://localhost/x")["OPTIONS"]
    with pytest.raises(ValueError):
        embedded.database_from_url("mysql://localhost/x")


def test_it_asks_for_a_password_and_speaks_utf8(home, start):
    url = start()

    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(url, "SHOW password_encryption") == "scram-sha-256"
    rules = (data_of(home) / "pg_hba.conf").read_text().splitlines()
    assert {line.split()[-1] for line in rules if line and not line.startswith("#")} == {"scram-sha-256"}
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url.replace(urlsplit(url).password, "wrong"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends another user")
def test_root_runs_it_under_a_user_of_its_own_and_opens_no_folder(home, start):
    start()
    now = embedded.status(home)

    assert Path(f"/proc/{now.pid}").stat().st_uid == database_user().uid != 0
    assert now.data.stat().st_uid == database_user().uid
    assert stat.S_IMODE(now.data.stat().st_mode) == 0o700
    assert home.stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends another user")
def test_a_home_that_its_user_cannot_enter_keeps_the_data_elsewhere(home, monkeypatch):
    public = home.parent / "public"
    monkeypatch.setattr(embedded, "PUBLIC_PLACE", public)
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "home"
    try:
        assert ask(embedded.ensure_running(inner, durable=False), "SELECT 1") == 1
        assert data_of(inner).is_relative_to(public)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        embedded.stop(inner, mode="immediate")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends another user")
def test_a_useradd_that_fails_leaves_another_unprivileged_user(monkeypatch):
    real = pwd.getpwnam
    monkeypatch.setattr("nuanxin.command.os_user._add", lambda: None)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: real("nobody") if name == "nobody" else {}[name])

    assert database_user().uid == real("nobody").pw_uid


def test_data_survives_a_stop_and_a_second_start_changes_nothing(home, start):
    url = start()
    remember(url)
    pid = embedded.status(home).pid

    assert start() == url
    assert embedded.status(home).pid == pid
    embedded.stop(home)
    assert embedded.status(home).state == "stopped"
    assert remembered(start())


def test_kill_9_is_mended_by_the_next_start(home, start):
    url = start(durable=True)
    remember(url)
    kill(embedded.status(home).pid)

    assert (data_of(home) / "postmaster.pid").exists()
    assert embedded.status(home).state == "stopped"
    assert remembered(start())


def test_a_stale_pid_that_another_process_bears_by_now_is_recognised(home, start):
    """A container that starts again gives the old number to somebody else; PostgreSQL alone would refuse."""
    remember(start(durable=True))
    pid_file = data_of(home) / "postmaster.pid"
    left = pid_file.read_text().splitlines()
    kill(embedded.status(home).pid)
    user = database_user()
    other = subprocess.Popen(["sleep", "60"], **user.popen_options())
    try:
        pid_file.write_text("\n".join([str(other.pid), *left[1:]]) + "\n")

        assert embedded.status(home).state == "stopped"
        assert remembered(start())
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_another_cluster_that_bears_the_stale_pid_is_left_alone(home, start):
    """Even a `postgres` with that number is not ours unless it serves this very folder."""
    start()
    neighbour = home.parent / "neighbour"
    try:
        url = embedded.ensure_running(neighbour, durable=False)
        pid_file = data_of(home) / "postmaster.pid"
        left = pid_file.read_text().splitlines()
        kill(embedded.status(home).pid)
        pid_file.write_text("\n".join([str(embedded.status(neighbour).pid), *left[1:]]) + "\n")

        assert embedded.status(home).state == "stopped"
        start()
        assert ask(url, "SELECT 1") == 1
    finally:
        embedded.stop(neighbour, mode="immediate")


START = """
import sys
from pathlib import Path
from nuanxin.command import embedded
print(embedded.ensure_running(Path(sys.argv[1]), durable=False))
"""


def test_two_starts_at_once_both_return_the_same_server(home):
    starters = [python(START, str(home), stdout=subprocess.PIPE) for _ in range(3)]
    urls = {starter.communicate(timeout=60)[0].strip() for starter in starters}

    assert len(urls) == 1
    assert all(starter.returncode == 0 for starter in starters)
    assert ask(urls.pop(), "SELECT 1") == 1


def test_a_taken_port_is_left_to_its_owner(home, start):
    url = start()
    remember(url)
    embedded.stop(home)
    with socket.create_server(("127.0.0.1", urlsplit(url).port)):
        moved = start()

        assert urlsplit(moved).port != urlsplit(url).port
        assert remembered(moved)
        assert embedded.embedded_url(home) == moved


def test_a_lost_password_file_is_made_again(home, start):
    remember(start())
    embedded.stop(home)
    (home / "postgres.json").unlink()

    assert remembered(start())


def test_an_interrupted_creation_leaves_nothing_in_the_way(home):
    embedded.embedded_url(home)
    record = json.loads((home / "postgres.json").read_text())
    (home / "postgres.json").write_text(json.dumps({**record, "place": "postgres"}))
    (home / "postgres" / "data.cut-off").mkdir(parents=True)
    database_user().own(home / "postgres")

    assert ask(embedded.ensure_running(home, durable=False), "SELECT 1") == 1


def test_data_of_another_major_version_is_named(home, start):
    start()
    embedded.stop(home)
    (data_of(home) / "PG_VERSION").write_text("15\n")

    with pytest.raises(DatabaseError, match="15"):
        start()
    (data_of(home) / "PG_VERSION").write_text("18\n")


def test_a_start_that_fails_shows_the_log(home, start):
    start()
    embedded.stop(home)
    with (data_of(home) / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = nonsense\n")

    with pytest.raises(DatabaseError, match="shared_buffers"):
        start()


USE = """
import sys
from pathlib import Path
from nuanxin.command import embedded
with embedded.in_use(Path(sys.argv[1]), durable=False):
    print("in", flush=True)
    sys.stdin.read()
"""


def test_the_last_user_out_stops_it_and_a_killed_user_counts_as_out(home):
    users = [python(USE, str(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)]
    for user in users:
        assert user.stdout.readline().strip() == "in"
    users[0].communicate()

    assert embedded.status(home).state == "running"
    kill_user, last = users[1], users[2]
    kill_user.kill()
    kill_user.communicate()
    assert embedded.status(home).state == "running"
    last.communicate()
    eventually(lambda: embedded.status(home).state == "stopped")


def test_importing_it_is_cheap():
    """Settings import it at every start of everything."""
    code = "import sys, nuanxin.command.embedded; print('psycopg' in sys.modules, 'django' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]
