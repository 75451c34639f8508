"""Back up and restore: the database in one snapshot, the media, and (apart, only when asked) the keys.

A restore goes into a new database beside the old one, is compared with the manifest there, and only then takes
its name: a restore that fails leaves everything as it was.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from . import archive
from .archive import BackupError
from .embedded import DatabaseError, client_programs

KEY_FILES = ("vault.json", "secret.json")


def back_up(url: str, media: Path, home: Path, out: Path) -> dict[str, Any]:
    """Writes `out` and returns its manifest. The services may go on running."""
    with psycopg.connect(url) as db, _scratch(out.parent) as scratch:
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        db.read_only = True
        snapshot = _value(db, "SELECT pg_export_snapshot()")
        tables = count_rows(db)
        migrations = _migrations(db)
        dump = scratch / archive.DUMP
        _client(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
                f"--file={dump}")  # fmt: skip
        with archive.writing(out) as tar:
            tar.add(archive.DUMP, dump)
            for path in sorted(p for p in media.rglob("*") if p.is_file()):
                try:
                    tar.add(f"{archive.MEDIA}/{path.relative_to(media).as_posix()}", path)
                except FileNotFoundError:
                    continue  # removed since the snapshot
            manifest = {
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "version": version("nuanxin"),
                "server": _value(db, "SHOW server_version"),
                "tables": tables,
                "rows": sum(tables.values()),
                "migrations": migrations,
                "keys": key_fingerprints(home),
            }
            tar.finish(manifest)
        return {**manifest, "files": tar.files}


def restore(
    file: Path, url: str, media: Path, home: Path, *, replace: bool, keys: Path | None
) -> dict[str, Any]:
    """Verifies the file, then the restored rows, then puts both in place. Returns the manifest."""
    home.mkdir(parents=True, exist_ok=True)
    with _scratch(home) as scratch:
        manifest = archive.unpack(file, scratch)
        key_texts = _fitting_keys(manifest, home, keys)
        if not replace:
            _refuse_what_is_there(url, media)
        fresh = f"restoring_{secrets.token_hex(6)}"
        _create_database(url, fresh)
        try:
            _client(_other(url, fresh), "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                    "--jobs=2", str(scratch / archive.DUMP))  # fmt: skip
            with psycopg.connect(_other(url, fresh)) as db:
                _compare(manifest["tables"], count_rows(db))
        except BaseException:
            _drop_database(url, fresh)
            raise
        _take_the_name(url, fresh)
        _put_media(scratch / archive.MEDIA, media)
        for name, text in key_texts.items():
            _write_secret(home / name, text)
    return manifest


def save_keys(home: Path, out: Path) -> None:
    """Whoever has a backup and its keys can read every number in it: the two belong in different places."""
    texts = {name: (home / name).read_text() for name in KEY_FILES if (home / name).exists()}
    _write_secret(out, json.dumps(texts))


def key_fingerprints(home: Path) -> list[str]:
    """Enough to tell whether a key is the same one, nothing that helps to find it."""
    text = os.environ.get("NUANXIN_VAULT_KEYS") or _read(home / "vault.json")
    return _fingerprints(text) if text else []


def count_rows(db: psycopg.Connection[Any]) -> dict[str, int]:
    names = db.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    ).fetchall()
    return {
        f"{schema}.{table}": _value(
            db, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        )
        for schema, table in names
    }


def _fitting_keys(manifest: dict[str, Any], home: Path, keys: Path | None) -> dict[str, str]:
    """The key files to write: those given, none when the installation's own keys are the backup's."""
    texts: dict[str, str] = json.loads(keys.read_text()) if keys else {}
    if unknown := texts.keys() - set(KEY_FILES):
        raise BackupError(f"密钥文件中有不认识的内容：{unknown} · not a file of keys")
    there = _fingerprints(texts["vault.json"]) if "vault.json" in texts else key_fingerprints(home)
    if missing := set(manifest["keys"]) - set(there):
        raise BackupError(
            f"缺少备份所用的密钥（{'、'.join(sorted(missing))}），恢复后身份证号、电话将无法读取。"
            "请用 --keys 指定与备份一同保存的密钥文件 · the keys of this backup are not here: --keys FILE"
        )
    return texts


def _fingerprints(text: str) -> list[str]:
    ring = json.loads(text)
    parts = [*ring["keys"].values(), ring["index_key"]]
    return [hashlib.sha256(b"nuanxin fingerprint " + part.encode()).hexdigest()[:16] for part in parts]


def _refuse_what_is_there(url: str, media: Path) -> None:
    with psycopg.connect(url) as db:
        filled = [
            name for name, count in count_rows(db).items() if count and name != "public.django_migrations"
        ]
    if filled:
        raise BackupError(
            f"数据库不是空的（{'、'.join(filled[:3])}……）。确认要替换现有数据时加 --replace"
            " · the database is not empty: --replace to put the backup in its place"
        )
    if media.exists() and any(media.rglob("*")):
        raise BackupError(
            f"文件目录不是空的：{media}；确认替换时加 --replace · media is not empty: --replace"
        )


def _compare(expected: dict[str, int], found: dict[str, int]) -> None:
    differ = [
        f"{name} {expected.get(name, 0)}→{found.get(name, 0)}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name, 0) != found.get(name, 0)
    ]
    if differ:
        raise BackupError(f"恢复后的行数与清单不符：{'、'.join(differ[:5])} · row counts differ")


def _create_database(url: str, name: str) -> None:
    with _maintenance(url) as db:
        try:
            db.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(
                "数据库用户没有建库权限，请管理员执行 ALTER ROLE … CREATEDB · the role needs CREATEDB"
            ) from error


def _drop_database(url: str, name: str) -> None:
    with _maintenance(url) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _take_the_name(url: str, fresh: str) -> None:
    """One rename after another, the old one kept out of use in between and dropped last."""
    name = urlsplit(url).path.lstrip("/")
    old = f"replaced_{secrets.token_hex(6)}"
    with _maintenance(url) as db:
        now, away, new = sql.Identifier(name), sql.Identifier(old), sql.Identifier(fresh)
        db.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(now))
        try:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(now, away))
        except psycopg.Error:
            db.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(now))
            raise
        db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, now))
    _drop_database(url, old)


def _put_media(fresh: Path, media: Path) -> None:
    old = media.with_name(f"{media.name}.replaced-{secrets.token_hex(4)}")
    media.parent.mkdir(parents=True, exist_ok=True)
    if media.exists():
        media.rename(old)
    if fresh.exists():
        shutil.move(fresh, media)
    shutil.rmtree(old, ignore_errors=True)


def _client(url: str, program: str, *arguments: str) -> None:
    """pg_dump and its kind, the wheel's or the machine's; the password goes by the environment, not the list."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password or ''}@", "@", 1)))
    try:
        path = str(client_programs() / program)
    except DatabaseError:
        path = shutil.which(program) or program
    done = subprocess.run(
        [path, f"--dbname={bare}", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PGPASSWORD": unquote(parts.password or "")},
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr[-2000:]}")


@contextmanager
def _maintenance(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(_other(url, "postgres"), autocommit=True) as db:
        yield db


def _other(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _migrations(db: psycopg.Connection[Any]) -> list[str]:
    if _value(db, "SELECT to_regclass('django_migrations') IS NULL"):
        return []
    rows = db.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return [row[0] for row in rows]


def _value(db: psycopg.Connection[Any], query: Any) -> Any:
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]


def _write_secret(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """Beside the target, so that moving is renaming, and for its owner alone."""
    folder = beside / f".nuanxin-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
