"""What the worker does: checking large files, importing, and telling the target afterwards."""

from uuid import UUID

from procrastinate.contrib.django import app

from .actions.checking import run_check
from .actions.committing import run_commit
from .enums import UploadState
from .models import Upload
from .queries.targets import target


@app.task(queue="intake", name="intake.check")
def check_job(upload: str, by: int | None = None) -> None:
    """The preview of a large file; does nothing when it has been made or given up meanwhile."""
    found = (
        Upload.objects.select_related("unit", "file").filter(pk=upload, state=UploadState.CHECKING).first()
    )
    if found is not None:
        run_check(found, by=by)


@app.task(queue="intake", name="intake.commit")
def commit_job(upload: str, by: int | None = None) -> None:
    """The import; after a kill the job is run again and goes on where the rows end."""
    run_commit(UUID(upload), by=by)


@app.task(queue="intake", name="intake.committed", retry=3)
def committed_job(upload: str) -> None:
    """Tells the target that the rows are there, unless the import was undone before its turn came."""
    found = Upload.objects.filter(pk=upload, state=UploadState.COMMITTED).first()
    if found is not None:
        target(found.target).on_committed(found.pk)


@app.task(queue="intake", name="intake.undone", retry=3)
def undone_job(upload: str) -> None:
    """Tells the target that the rows count no more."""
    found = Upload.objects.filter(pk=upload, state=UploadState.UNDONE).first()
    if found is not None:
        target(found.target).on_undone(found.pk)
