"""Backup and restore: a round trip on the real tables, and everything that must be refused."""

import io
import json
import os
import secrets
import stat
import tarfile

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from nuanxin.command import backups
from nuanxin.command.archive import BackupError
from nuanxin.foundation.vault.rules import Keyring

pytestmark = pytest.mark.django_db(transaction=True)  # no open transaction: the test database is copied


@pytest.fixture
def databases(transactional_db, django_db_blocker):
    """Databases of the test: `make(True)` with all our tables, `make(False)` with none. Returns their URL."""
    made = []
    with django_db_blocker.unblock():
        live = connections["default"].settings_dict
        connections.close_all()

        def url(name: str) -> str:
            return f"postgresql://{live['USER']}:{live['PASSWORD']}@{live['HOST']}:{live['PORT']}/{name}"

        def make(filled: bool) -> str:
            name = f"{live['NAME']}_{secrets.token_hex(3)}"
            template = live["NAME"] if filled else "template0"
            with psycopg.connect(url("postgres"), autocommit=True) as db:
                # threads of earlier tests (live servers, job connectors) may still hold one
                db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [live["NAME"]])
                db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            made.append(name)
            return url(name)

        yield make
        with psycopg.connect(url("postgres"), autocommit=True) as db:
            for name in made:
                db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "home"
    path.mkdir()
    (path / "vault.json").write_text(Keyring.new().to_json())
    (path / "secret.json").write_text('{"secret": "s"}')
    return path


@pytest.fixture
def media(home):
    folder = home / "media"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "照片.jpg").write_bytes(secrets.token_bytes(3000))
    (folder / "empty").write_bytes(b"")
    return folder


FACT = (
    "INSERT INTO facts_fact (kind, area, sector, subject, quantity, detail) VALUES ('k', 1, '', %s, 1, '{}')"
)


@pytest.fixture
def district(databases):
    url = databases(True)
    with psycopg.connect(url) as db:
        db.cursor().executemany(FACT, [(f"person:{n}",) for n in range(50)])
    return url


def value(url: str, query: str):
    with psycopg.connect(url) as db:
        return db.execute(query).fetchone()[0]


def test_round_trip_with_the_append_only_facts(district, databases, home, media, tmp_path):
    out = tmp_path / "backup.tar"
    made = backups.back_up(district, media, home, out)
    target, elsewhere = databases(False), tmp_path / "elsewhere"
    other = elsewhere / "media"
    keys = tmp_path / "keys.json"
    backups.save_keys(home, keys)

    manifest = backups.restore(out, target, other, elsewhere, replace=False, keys=keys)

    assert made["tables"] == manifest["tables"]
    assert manifest["tables"]["public.facts_fact"] == 50
    with psycopg.connect(target) as db:
        assert backups.count_rows(db) == manifest["tables"]
    assert (other / "2026" / "照片.jpg").read_bytes() == (media / "2026" / "照片.jpg").read_bytes()
    assert (elsewhere / "vault.json").read_text() == (home / "vault.json").read_text()
    with psycopg.connect(target) as db:
        db.execute(FACT, ["person:new"])  # sequences go on where they were
    with psycopg.connect(target) as db, pytest.raises(psycopg.Error):
        db.execute("UPDATE facts_fact SET quantity = 2")  # and the trigger holds again
    assert not [name for name in os.listdir(elsewhere) if name.startswith(".")]


def test_only_the_owner_may_read_it_and_keys_are_apart(district, home, media, tmp_path):
    out, keys = tmp_path / "backup.tar", tmp_path / "keys.json"
    backups.back_up(district, media, home, out)
    backups.save_keys(home, keys)

    assert stat.S_IMODE(out.stat().st_mode) == stat.S_IMODE(keys.stat().st_mode) == 0o600
    ring = json.loads((home / "vault.json").read_text())
    assert ring["index_key"].encode() not in out.read_bytes()
    assert "vault.json" in json.loads(keys.read_text())


def test_a_filled_database_is_refused_unless_it_is_to_be_replaced(district, databases, home, media, tmp_path):
    out = tmp_path / "backup.tar"
    backups.back_up(district, media, home, out)
    with psycopg.connect(district) as db:
        db.execute(FACT, ["person:later"])

    with pytest.raises(BackupError, match="--replace"):
        backups.restore(out, district, media, home, replace=False, keys=None)
    assert value(district, "SELECT count(*) FROM facts_fact") == 51
    with psycopg.connect(district) as held:  # somebody is connected: he is sent away
        held.execute("SELECT 1")
        backups.restore(out, district, media, home, replace=True, keys=None)
        held.close()
    assert value(district, "SELECT count(*) FROM facts_fact") == 50
    assert (media / "2026" / "照片.jpg").exists()


@pytest.mark.parametrize("damage", ["flipped", "cut", "no manifest", "stranger"])
def test_a_damaged_backup_changes_nothing(damage, district, databases, home, media, tmp_path):
    out = tmp_path / "backup.tar"
    backups.back_up(district, media, home, out)
    if damage == "flipped":
        data = bytearray(out.read_bytes())
        data[3000] ^= 1
        out.write_bytes(data)
    elif damage == "cut":
        out.write_bytes(out.read_bytes()[: out.stat().st_size // 2])
    elif damage == "no manifest":
        rewrite(out, lambda name: name != "manifest.json")
    else:
        rewrite(out, lambda name: True, {"../../outside": b"x"})
    target = databases(False)

    with pytest.raises(BackupError):
        backups.restore(out, target, tmp_path / "other", home, replace=True, keys=None)
    assert value(target, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert not (tmp_path / "other").exists()


def test_counts_that_differ_leave_the_old_database_in_place(district, databases, home, media, tmp_path):
    out = tmp_path / "backup.tar"
    backups.back_up(district, media, home, out)
    manifest = json.loads(read(out, "manifest.json"))
    manifest["tables"]["public.facts_fact"] = 49
    rewrite(out, lambda name: name != "manifest.json", {"manifest.json": json.dumps(manifest).encode()})

    with pytest.raises(BackupError, match="facts_fact 49→50"):
        backups.restore(out, district, media, home, replace=True, keys=None)
    assert value(district, "SELECT count(*) FROM facts_fact") == 50
    assert value(district, "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'restoring_')") == 0


def test_a_backup_whose_keys_are_missing_is_refused(district, databases, home, media, tmp_path):
    out = tmp_path / "backup.tar"
    backups.back_up(district, media, home, out)
    (home / "vault.json").write_text(Keyring.new().to_json())

    with pytest.raises(BackupError, match="--keys"):
        backups.restore(out, databases(False), tmp_path / "m", home, replace=True, keys=None)


def test_keys_that_grew_by_a_rotation_still_fit(district, databases, home, media, tmp_path):
    out = tmp_path / "backup.tar"
    backups.back_up(district, media, home, out)
    ring = Keyring.from_json((home / "vault.json").read_text()).with_new_key()
    (home / "vault.json").write_text(ring.to_json())

    backups.restore(out, databases(False), tmp_path / "m", home, replace=False, keys=None)


def read(path, name: str) -> bytes:
    with tarfile.open(path) as tar:
        return tar.extractfile(name).read()


def rewrite(path, keep, more=None) -> None:
    with tarfile.open(path) as tar:
        entries = {m.name: tar.extractfile(m).read() for m in tar if keep(m.name)}
    with tarfile.open(path, "w") as tar:
        for name, data in {**entries, **(more or {})}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def test_the_settings_name_the_media_folder():
    assert settings.STORAGES["default"]["OPTIONS"]["location"]
