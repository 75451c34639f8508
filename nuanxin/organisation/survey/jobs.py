"""What the survey does behind a committed or undone import."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from nuanxin.engines.intake.models import Upload

from .actions.consolidate import consolidate
from .actions.enterprises import put_enterprises, take_enterprises_back
from .queries.rounds import ledger_area


@app.task(queue="survey", name="survey.consolidate")
def consolidate_area(area: int, by: int | None = None) -> None:
    """Matches the rosters around an area and writes its ledger."""
    consolidate(area=ledger_area(area), by=by)


def consolidate_soon(area: int, by: int | None = None) -> None:
    """Asks for a consolidation; ten imports that come in together are matched once."""
    area = ledger_area(area)
    job = consolidate_area.configure(queueing_lock=f"consolidate:{area}", lock=f"ledger:{area}")
    with suppress(AlreadyEnqueued):
        job.defer(area=area, by=by)


def workers_changed(upload: UUID) -> None:
    """A roster of people was committed or undone."""
    area, by = Upload.objects.values_list("area_id", "created_by").get(pk=upload)
    consolidate_soon(area, by)


def enterprises_committed(upload: UUID) -> None:
    """Brings the firms of a committed roster into the ledger of firms, then links the workers to them."""
    by = Upload.objects.values_list("created_by", flat=True).get(pk=upload)
    consolidate_soon(put_enterprises(upload=upload, by=by), by)


def enterprises_undone(upload: UUID) -> None:
    """Takes the firms of an undone roster out again."""
    by = Upload.objects.values_list("created_by", flat=True).get(pk=upload)
    consolidate_soon(take_enterprises_back(upload=upload, by=by), by)
