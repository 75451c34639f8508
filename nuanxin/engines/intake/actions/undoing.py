"""An import taken back, and a file given up before it was imported."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.media.actions import remove

from ..enums import IntakeFact, UploadState
from ..errors import IntakeError
from ..models import Upload
from ..queries.uploads import get_upload
from .committing import may_resume

UNDOABLE = (UploadState.COMMITTED, UploadState.FAILED)
GIVEN_UP = (UploadState.RECEIVED, UploadState.CHECKED, UploadState.REFUSED)


@transaction.atomic
def undo_upload(*, by: int | None, scope: Scope, upload: UUID) -> Upload:
    """UNDONE: the rows stay, sealed, but count no more; the target takes back what it made of them."""
    from ..jobs import undone_job

    found = Upload.objects.select_for_update().get(pk=get_upload(scope, upload).pk)
    if found.state not in UNDOABLE and not may_resume(found):
        raise IntakeError("state", state=found.get_state_display())
    was_committed = found.state == UploadState.COMMITTED
    found.state, found.undone_at = UploadState.UNDONE, timezone.now()
    found.save(update_fields=["state", "undone_at"])
    record(
        IntakeFact.UNDONE, subject=f"upload:{found.pk}", by=by, area=found.area_id, sector=found.sector,
        quantity=found.accepted + found.noted, target=found.target,
    )  # fmt: skip
    if was_committed:
        undone_job.defer(upload=str(found.pk))
    return found


@transaction.atomic
def discard_upload(*, by: int | None, scope: Scope, upload: UUID) -> None:
    """Removes an upload of which nothing was written, with its file."""
    found = Upload.objects.select_for_update().get(pk=get_upload(scope, upload).pk)
    if found.state not in GIVEN_UP:
        raise IntakeError("state", state=found.get_state_display())
    file = found.file
    record(
        IntakeFact.DISCARDED, subject=f"upload:{found.pk}", by=by, area=found.area_id, sector=found.sector,
        quantity=found.total_rows,
    )  # fmt: skip
    found.delete()
    if file is not None and not Upload.objects.filter(file=file).exists():
        remove(file, by=by)
