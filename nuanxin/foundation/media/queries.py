"""Opening files, only after the owning app's check."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, cast
from uuid import UUID

from django.core.files.storage import default_storage

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.vault.queries import keyring
from nuanxin.foundation.vault.rules import open_stream

from .models import StoredFile

IN_MEMORY = 8 * 1024 * 1024
Checker = Callable[[Scope, StoredFile], bool]
_checkers: dict[str, Checker] = {}


def register(kind: str, checker: Checker) -> None:
    """Names who may open files of a kind. For `AppConfig.ready` of the app that owns them.

    Raises ValueError when two apps claim one kind.
    """
    if _checkers.setdefault(kind, checker) is not checker:
        raise ValueError(f"files of kind {kind} have a checker already")


def openable(scope: Scope, file_id: UUID) -> StoredFile | None:
    """The file when the person may open it; None when not, when unknown, and for a kind nobody answers
    for.
    """
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or file.kind not in _checkers:
        return None
    return file if _checkers[file.kind](scope, file) else None


def contents(file: StoredFile) -> IO[bytes]:
    """The bytes, opened for reading. Raises FileNotFoundError when the storage lost them, CannotOpen when they or
    the keys are not those of the file.
    """
    stored: IO[bytes] = default_storage.open(file.path, "rb")
    if not file.data_key:
        return stored
    key = bytes.fromhex(keyring().open(StoredFile.KEY, file.data_key))
    plain = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the caller reads and closes it)
    with stored:
        open_stream(key, stored, file.size, plain)
    plain.seek(0)
    return cast(IO[bytes], plain)


def original_name(file: StoredFile) -> str:
    """What the person called it: for the screen of those who may open it, never for a header or a log."""
    return keyring().open(StoredFile.NAME, bytes(file.name))


def download_name(file: StoredFile) -> str:
    """A name for the download that says nothing about its content: nuanxin-20260918-1f3a9c.xlsx."""
    created: datetime = file.created_at
    return f"nuanxin-{created:%Y%m%d}-{file.pk.hex[-6:]}.{file.path.rpartition('.')[2]}"
