"""Each finding of `doctor`: what is wrong is said, with its mend; what is right is not."""

import os
import socket
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from nuanxin.command import checks_database as inside
from nuanxin.command import checks_machine as machine
from nuanxin.command import embedded
from nuanxin.command.findings import Level
from nuanxin.command.verbs import doctor
from nuanxin.foundation.notices.models import Delivery
from nuanxin.foundation.vault.rules import Keyring


def said(findings, level=Level.WRONG) -> list[str]:
    found = list(findings)
    for finding in found:
        assert finding.chinese and finding.english
        if finding.level == Level.WRONG:
            assert finding.mend_chinese and finding.mend_english, finding.code
    return [finding.code for finding in found if finding.level == level]


# --- the machine ---


def test_python():
    assert said(machine.python((3, 10, 1))) == ["python"]
    assert said(machine.python()) == []


def test_home(tmp_path):
    assert said(machine.home(tmp_path / "new" / "home")) == []
    (tmp_path / "file").write_text("")
    assert said(machine.home(tmp_path / "file")) == ["home"]


def test_disk(tmp_path):
    assert said(machine.disk(tmp_path, free=100 << 20)) == ["disk"]
    assert said(machine.disk(tmp_path, free=3 << 30), Level.NOTE) == ["disk"]
    assert said(machine.disk(tmp_path, free=50 << 30)) == []


def test_keys(tmp_path):
    assert said(machine.keys(tmp_path, {}, used_before=True)) == ["keys"]
    assert not (tmp_path / "vault.json").exists(), "looking makes no keys"
    assert said(machine.keys(tmp_path, {}, used_before=False), Level.NOTE) == ["keys"]
    (tmp_path / "vault.json").write_text("{")
    assert said(machine.keys(tmp_path, {}, used_before=True)) == ["keys"]
    (tmp_path / "vault.json").write_text(Keyring.new().to_json())
    assert said(machine.keys(tmp_path, {}, used_before=True)) == []
    assert said(machine.keys(tmp_path, {"NUANXIN_VAULT_KEYS": "[]"}, used_before=True)) == ["keys"]


def test_modes(tmp_path):
    (tmp_path / "vault.json").write_text("{}")
    (tmp_path / "vault.json").chmod(0o600)
    assert said(machine.modes(tmp_path)) == []
    (tmp_path / "vault.json").chmod(0o644)
    assert said(machine.modes(tmp_path)) == ["modes"]


def test_clock_and_time_zone():
    assert said(machine.clock(datetime(1970, 1, 1))) == ["clock"]
    assert said(machine.clock(datetime(2026, 11, 22), zone="Nowhere/City")) == ["timezone"]
    assert said(machine.clock(datetime(2026, 11, 22))) == []


class Answer(BaseHTTPRequestHandler):
    sign = "granian"

    def do_GET(self):
        self.send_response_only(404)
        self.send_header("server", self.sign)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Stranger(Answer):
    sign = "somebody else"


@pytest.mark.parametrize(("handler", "level"), [(Answer, Level.GOOD), (Stranger, Level.WRONG)])
def test_port(handler, level):
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert said(machine.port("127.0.0.1", server.server_port), level) == ["port"]
        server.shutdown()


def test_a_free_port_is_no_fault():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    assert said(machine.port("127.0.0.1", number), Level.NOTE) == ["port"]


# --- inside ---


@pytest.mark.django_db
def test_server():
    assert said(inside.server()) == []
    assert said(inside.server(version=140005)) == ["version"]
    assert said(inside.server(encoding="SQL_ASCII")) == ["encoding"]


@pytest.mark.django_db
def test_extensions():
    assert said(inside.extensions()) == []
    assert said(inside.extensions(("pg_trgm", "no_such_extension"))) == ["extensions"]


@pytest.mark.django_db
def test_clocks_apart():
    assert said(inside.clock_of_server()) == []
    assert said(inside.clock_of_server(now=1.0)) == ["clocks"]


@pytest.mark.django_db
def test_missing_migrations(monkeypatch):
    assert said(inside.migrations()) == []
    monkeypatch.setattr(inside, "pending_migrations", lambda: ["people.0009_new"])
    assert said(inside.migrations()) == ["migrations"]


def test_static(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert said(inside.static()) == ["static"]
    (tmp_path / "staticfiles.json").write_text("{}")
    (tmp_path / ".nuanxin").write_text("")
    assert said(inside.static()) == []


@pytest.mark.django_db
def test_keys_of_another_installation(settings):
    assert said(inside.keys_fit(settings.VAULT)) == []
    Delivery.objects.create(
        key="k", phone=settings.VAULT.seal("notices.phone", "13800000000"), template="t", text="t"
    )
    assert said(inside.keys_fit(settings.VAULT)) == []
    assert said(inside.keys_fit(Keyring.new())) == ["keys_fit"]


@pytest.mark.django_db
def test_worker():
    assert said(inside.worker(web_runs=True)) == ["worker"]
    assert said(inside.worker(web_runs=False), Level.NOTE) == ["worker"]
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 min')")
    assert said(inside.worker(web_runs=True)) == ["worker"]
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert said(inside.worker(web_runs=True)) == []


@pytest.mark.django_db
def test_jobs():
    assert said(inside.jobs()) == []
    execute("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 't', 'doing')")
    execute("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 't', 'failed')")
    assert said(inside.jobs()) == ["stalled"]
    assert said(inside.jobs(), Level.NOTE) == ["failed"]


@pytest.mark.django_db
def test_a_job_that_nobody_takes():
    execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't'), ('q', 'later')")
    execute("UPDATE procrastinate_events SET at = now() - interval '1 h'")
    assert said(inside.jobs(), Level.NOTE) == ["waiting"]


def test_calendar():
    assert said(inside.calendar(date(2026, 5, 1), known={2026})) == []
    assert said(inside.calendar(date(2026, 11, 22), known={2026}), Level.NOTE) == ["calendar"]
    assert said(inside.calendar(date(2027, 1, 4), known={2026})) == ["calendar"]
    assert said(inside.calendar(date(2026, 11, 22), known={2026, 2027}), Level.NOTE) == []


@pytest.mark.django_db
def test_calendar_of_the_installation():
    assert said(inside.calendar(date(2026, 3, 1))) == []
    assert said(inside.calendar(date(2031, 3, 1))) == ["calendar"]


@pytest.mark.django_db
def test_messages():
    Delivery.objects.create(key="new", template="t", text="t")
    assert said(inside.notices()) == []
    Delivery.objects.create(key="old", template="t", text="t")
    Delivery.objects.create(key="lost", template="t", text="t", state="given_up")
    Delivery.objects.exclude(key="new").update(created_at=timezone.now() - timedelta(hours=2))
    assert said(inside.notices()) == ["notices"]
    assert said(inside.notices(), Level.NOTE) == ["given_up"]


# --- as a whole ---


def test_a_database_that_cannot_be_reached(monkeypatch):
    assert said([doctor.unreachable(OSError("connection refused"))]) == ["database"]


def test_missing_keys_end_the_examination_before_settings_make_new_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", os.environ.get("DATABASE_URL") or "postgresql://127.0.0.1:1/x")
    codes = [finding.code for finding in doctor.examine(tmp_path, "127.0.0.1", embedded._choose_port())]

    assert "keys" in codes and "database" not in codes
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("language", "words"), [("zh", "共 1 处问题"), ("en", "1 thing")])
def test_exit_code_and_language(language, words, monkeypatch, capsys):
    from nuanxin.command.main import main

    monkeypatch.setattr(doctor, "examine", lambda *a: machine.python((3, 9, 0)))
    assert main(["doctor", "--lang", language]) == 1
    assert words in capsys.readouterr().out
    monkeypatch.setattr(doctor, "examine", lambda *a: machine.python((3, 11, 0)))
    assert main(["doctor", "--lang", language]) == 0


def execute(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)
