"""The file of a backup: a tar of `database.dump`, `media/…` and, last, `manifest.json` with what must be found.

The manifest stands last because it holds the SHA-256 of everything before it; a file without it is a backup
that was cut off.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"
FORMAT = 1
CHUNK = 1 << 20


class BackupError(Exception):
    """A backup that cannot be made or must not be restored; the text says why, in Chinese and English."""


class Writer:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """The file as it is while it is read: media are written once and never changed."""
        with path.open("rb") as source:
            info = self._tar.gettarinfo(arcname=name, fileobj=source)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            reader = _Hashing(source)
            self._tar.addfile(info, reader)  # type: ignore[arg-type]
        self.files[name] = {"bytes": info.size, "sha256": reader.sha256.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        text = json.dumps({"format": FORMAT, **manifest, "files": self.files}, ensure_ascii=False, indent=1)
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text.encode())
        self._tar.addfile(info, io.BytesIO(text.encode()))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Appears under its name only when complete, readable by its owner alone: it holds the whole district."""
    fresh = path.with_name(path.name + ".part")
    fresh.unlink(missing_ok=True)
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w|") as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def unpack(path: Path, into: Path) -> dict[str, Any]:
    """Every file into the empty folder `into`, every hash compared. Returns the manifest, raises BackupError."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(path, mode="r|") as tar:
            for member in tar:
                source = tar.extractfile(member)
                if source is None:
                    raise BackupError(f"备份中有不认识的内容：{member.name} · unexpected entry")
                if member.name == MANIFEST:
                    manifest = json.load(source)
                else:
                    found[member.name] = _write(source, into / _safe(member.name))
    except (tarfile.TarError, EOFError, json.JSONDecodeError) as error:
        raise BackupError(f"备份文件已损坏：{error} · the backup is damaged") from error
    if manifest is None:
        raise BackupError("备份文件不完整，缺少清单 · the backup is cut off: no manifest")
    if manifest.get("format") != FORMAT:
        raise BackupError(f"备份格式 {manifest.get('format')} 不受支持 · unknown format")
    expected = {name: entry["sha256"] for name, entry in manifest["files"].items()}
    if wrong := sorted(n for n in expected.keys() | found.keys() if expected.get(n) != found.get(n)):
        raise BackupError(f"备份文件已损坏，校验不符：{'、'.join(wrong[:5])} · damaged: hashes differ")
    return manifest


def _safe(name: str) -> Path:
    parts = PurePosixPath(name).parts
    inside = name == DUMP or (len(parts) > 1 and parts[0] == MEDIA and ".." not in parts)
    if not inside:
        raise BackupError(f"备份中有不认识的内容：{name} · unexpected entry")
    return Path(*parts)


def _write(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256()
    with target.open("wb") as out:
        while block := source.read(CHUNK):
            sha256.update(block)
            out.write(block)
    return sha256.hexdigest()


class _Hashing:
    """A file that is hashed while tar reads it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self.sha256.update(block)
        return block
