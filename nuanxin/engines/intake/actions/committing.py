"""Rows into the database: chunk by chunk, each with its progress in one transaction, so that a kill loses nothing.

The number of committed rows is compared and set in every chunk's transaction. A second process at work on the same
upload (a job taken up again while the first still runs, a person pressing 继续) finds another number and stops.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.sheets.rules import SheetRefused, Table
from nuanxin.foundation.vault.queries import keyring

from ..enums import IntakeFact, UploadState, Verdict
from ..errors import AlreadyImported, IntakeError
from ..models import Row, Upload
from ..queries.targets import target
from ..queries.uploads import get_upload
from ..rules import Checked, RowPacker
from .checking import CHECKABLE
from .mapping import mapping_faults
from .reading import by_field, checked, read, without_collector
from .receiving import same_file

log = logging.getLogger(__name__)

CHUNK = 5000
SILENCE = timedelta(seconds=60)
"""Without progress for so long, an import counts as stopped and may be resumed by hand."""

COPY_ROWS = (
    "COPY intake_row (upload_id, number, verdict, area_id, sector, content, fingerprint, problems)"
    " FROM STDIN WITH (FORMAT BINARY)"
)
COPY_TYPES = ("uuid", "int4", "int2", "int8", "text", "bytea", "bytea", "jsonb")


def commit_upload(*, by: int | None, scope: Scope, upload: UUID) -> Upload:
    """Queues the import, or resumes one that has stopped. Raises IntakeError; AlreadyImported when the same file
    is being imported by somebody else: the database decides who was first."""
    try:
        with transaction.atomic():
            return _queue(by=by, scope=scope, upload=upload)
    except IntegrityError:
        raise _held_by_another(get_upload(scope, upload)) from None


def _queue(*, by: int | None, scope: Scope, upload: UUID) -> Upload:
    from ..jobs import commit_job

    found = Upload.objects.select_for_update().get(pk=get_upload(scope, upload).pk)
    if found.state in CHECKABLE:
        if faults := mapping_faults(target(found.target), found.mapping):
            raise faults[0]
        if found.state == UploadState.CHECKED and found.refused == found.total_rows:
            raise IntakeError("nothing", total=found.total_rows)
        kind = IntakeFact.QUEUED
    elif may_resume(found):
        kind = IntakeFact.RESUMED
    else:
        raise IntakeError("state", state=found.get_state_display())
    found.state, found.error, found.progress_at = UploadState.QUEUED, "", timezone.now()
    found.save(update_fields=["state", "error", "progress_at"])
    record(
        kind,
        subject=f"upload:{found.pk}",
        by=by,
        area=found.area_id,
        sector=found.sector,
        quantity=found.total_rows,
    )
    commit_job.defer(upload=str(found.pk), by=by)
    return found


def may_resume(upload: Upload) -> bool:
    """Failed, or at work without any progress for a while."""
    if upload.state == UploadState.FAILED:
        return True
    silent = upload.progress_at is None or timezone.now() - upload.progress_at > SILENCE
    return upload.state in (UploadState.QUEUED, UploadState.COMMITTING) and silent


def _held_by_another(upload: Upload) -> AlreadyImported:
    holders = same_file(upload).filter(sheet=upload.sheet).exclude(pk=upload.pk).order_by("created_at")
    return AlreadyImported(holders.values_list("pk", flat=True)[0])


def run_commit(
    upload: UUID,
    *,
    by: int | None,
    table: Table | None = None,
    done: Checked | None = None,
    after_chunk: Callable[[int], None] | None = None,
) -> bool:
    """Imports a queued upload from where it stands to its end; False when another process has taken it over.

    `table` and `done` save the work to a caller who has read and checked already; `after_chunk` is told the number
    of committed rows.
    """
    begun = Upload.objects.filter(pk=upload, state__in=[UploadState.QUEUED, UploadState.COMMITTING])
    if not begun.update(state=UploadState.COMMITTING, progress_at=timezone.now()):
        return False
    found = Upload.objects.select_related("unit", "area", "file").get(pk=upload)
    try:
        with without_collector():
            table = table or read(found)
            done = done or checked(found, table)
        if found.total_rows != len(table):
            raise IntakeError("count", rows=len(table), total=found.total_rows)
        packer = RowPacker(keyring(), found.target, table, by_field(table, found.mapping), done)
        with without_collector():
            for start in range(found.done_rows, len(table), CHUNK):
                stop = min(start + CHUNK, len(table))
                if not _write_chunk(found, packer, start, stop):
                    return False
                if after_chunk is not None:
                    after_chunk(stop)
        return _finish(found, by=by)
    except Exception as error:
        _failed(found, error, by=by)
        return False


@transaction.atomic
def _write_chunk(upload: Upload, packer: RowPacker, start: int, stop: int) -> bool:
    """One chunk and the progress it makes, both or neither; False when the progress is not ours any more."""
    ours = Upload.objects.filter(pk=upload.pk, state=UploadState.COMMITTING, done_rows=start)
    if not ours.update(done_rows=stop, progress_at=timezone.now()):
        return False
    with connection.cursor() as cursor, cursor.copy(COPY_ROWS) as copy:
        copy.set_types(COPY_TYPES)
        write, pk = copy.write_row, upload.pk
        # each row is sealed as it is sent, while the server is busy with the ones before
        for row in packer.rows(start, stop):
            write((pk, *row))
    return True


@transaction.atomic
def _finish(upload: Upload, *, by: int | None) -> bool:
    """COMMITTED, with one fact for every area and sector, and the target's turn queued: all in one transaction."""
    from ..jobs import committed_job

    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state != UploadState.COMMITTING or locked.done_rows != locked.total_rows:
        return False
    groups = list(
        Row.objects.filter(upload=locked)
        .values_list("verdict", "area_id", "sector")
        .annotate(n=Count("pk"))
        .order_by()
    )
    totals = {v: sum(n for verdict, _a, _s, n in groups if verdict == v) for v in Verdict}
    if sum(totals.values()) != locked.total_rows:
        raise IntakeError("count", rows=sum(totals.values()), total=locked.total_rows)
    locked.accepted, locked.noted, locked.refused = (totals[v] for v in Verdict)
    locked.state, locked.committed_at, locked.progress_at = (
        UploadState.COMMITTED,
        timezone.now(),
        timezone.now(),
    )
    locked.save()
    taken: dict[tuple[int, str], int] = {}
    for verdict, area, sector, n in groups:
        if verdict != Verdict.REFUSED:
            taken[area, sector] = taken.get((area, sector), 0) + n
    for (area, sector), n in sorted(taken.items()):
        record(
            IntakeFact.COMMITTED, subject=f"upload:{locked.pk}", by=by, area=area, sector=sector, quantity=n,
            target=locked.target,
        )  # fmt: skip
    committed_job.defer(upload=str(locked.pk))
    return True


@transaction.atomic
def _failed(upload: Upload, error: Exception, *, by: int | None) -> None:
    """What is committed stays; the person reads why it stopped and can go on."""
    readable = isinstance(error, IntakeError | SheetRefused)
    if not readable:
        # without the message: the database's may quote a row
        log.error("import %s stopped: %s", upload.pk, type(error).__name__, exc_info=None)
    text = str(error) if readable else str(IntakeError("fault", kind=type(error).__name__))
    changed = Upload.objects.filter(pk=upload.pk, state=UploadState.COMMITTING).update(
        state=UploadState.FAILED, error=text[:400], progress_at=timezone.now()
    )
    if changed:
        record(
            IntakeFact.FAILED, subject=f"upload:{upload.pk}", by=by, area=upload.area_id, sector=upload.sector,
            kind=type(error).__name__,
        )  # fmt: skip
