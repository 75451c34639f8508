"""Accepting and removing files."""

import hashlib
import secrets
import tempfile
from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.vault.queries import keyring
from nuanxin.foundation.vault.rules import seal_stream

from .enums import FileKind, MediaFact
from .models import StoredFile
from .rules import MIME, Refused, clean_picture, sniff

LARGEST_DOCUMENT = 200 * 1024 * 1024
"""Bytes; 200,000 rows of 15 columns have about 30 MB as .xlsx."""


@transaction.atomic
def accept_photo(
    data: bytes, *, by: int | None, now: datetime, area: int = 0, kind: str = FileKind.PHOTO, name: str = ""
) -> StoredFile:
    """Keeps a photo, cleaned (`rules.clean_picture`). Raises Refused with a sentence for the person."""
    picture = clean_picture(data)
    return _store(
        ContentFile(picture.data),
        StoredFile(
            kind=kind,
            sha256=hashlib.sha256(picture.data).hexdigest(),
            size=len(picture.data),
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            area=area,
            created_by=by,
        ),
        suffix=picture.suffix,
        name=name,
        now=now,
    )


@transaction.atomic
def accept_document(
    content: bytes | IO[bytes],
    *,
    by: int | None,
    now: datetime,
    name: str = "",
    area: int = 0,
    kind: str = FileKind.DOCUMENT,
) -> StoredFile:
    """Keeps a spreadsheet, PDF, text document or GeoJSON as it is, sealed; large ones are read in pieces.

    Rosters hold numbers of people, so no document lies readable on the disk. Raises Refused.
    """
    file = ContentFile(content) if isinstance(content, bytes) else File(content)
    file.seek(0)
    suffix = sniff(file.read(4096), name)
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    largest = getattr(settings, "NUANXIN_LARGEST_DOCUMENT", LARGEST_DOCUMENT)
    for piece in file.chunks():
        digest.update(piece)
        size += len(piece)
        if size > largest:
            raise Refused(
                "too_large", _("文件超过 %(most)s MB，请分开上传。") % {"most": largest // 1024 // 1024}
            )
    file.seek(0)
    key = secrets.token_bytes(16)
    row = StoredFile(
        kind=kind, sha256=digest.hexdigest(), size=size, mime=MIME[suffix], area=area, created_by=by,
        data_key=keyring().seal(StoredFile.KEY, key.hex()),
    )  # fmt: skip
    with tempfile.TemporaryFile() as sealed:
        for piece in seal_stream(key, file.chunks()):
            sealed.write(piece)
        return _store(File(sealed), row, suffix=suffix, name=name, now=now)


def _store(content: File, row: StoredFile, *, suffix: str, name: str, now: datetime) -> StoredFile:
    # the name on disk is random: neither a person's name nor the order of uploads can be read from it
    row.path = default_storage.save(f"{now:%Y/%m}/{secrets.token_hex(16)}{suffix}", content)
    row.name = keyring().seal(StoredFile.NAME, name[-200:])
    try:
        row.save(force_insert=True)
        record(
            MediaFact.FILE_STORED,
            subject=f"file:{row.pk}",
            by=row.created_by,
            area=row.area,
            file=row.kind,
            size=row.size,
        )
    except Exception:
        default_storage.delete(row.path)
        raise
    return row


@transaction.atomic
def remove(file: StoredFile, *, by: int | None) -> None:
    """Deletes a file and its row; the bytes go when the removal is committed."""
    path, pk, area = file.path, file.pk, file.area
    file.delete()
    record(MediaFact.FILE_REMOVED, subject=f"file:{pk}", by=by, area=area)
    transaction.on_commit(lambda: default_storage.delete(path))


@transaction.atomic
def opened(file: StoredFile, *, by: int) -> None:
    """A document was handed out: rosters hold personal data. Photos are not counted, every list shows
    them.
    """
    if not file.mime.startswith("image/"):
        record(MediaFact.FILE_OPENED, subject=f"file:{file.pk}", by=by, area=file.area, file=file.kind)


def sweep(*, before: datetime) -> int:
    """Deletes bytes that no row knows (their transaction was rolled back) and that are older than
    `before`.
    """
    known = set(StoredFile.objects.values_list("path", flat=True))
    gone = 0
    for year in default_storage.listdir("")[0]:
        for month in default_storage.listdir(year)[0]:
            for name in default_storage.listdir(f"{year}/{month}")[1]:
                path = f"{year}/{month}/{name}"
                if path not in known and default_storage.get_modified_time(path) < before:
                    default_storage.delete(path)
                    gone += 1
    return gone
