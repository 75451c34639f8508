"""What the survey does behind a committed or undone import."""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from nuanxin.engines.intake.models import Upload
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope

from .actions.consolidate import consolidate
from .actions.enterprises import put_enterprises, take_enterprises_back
from .actions.refusal import SurveyRefused
from .actions.rounds import close_round
from .enums import RoundState
from .models import Round
from .queries.rounds import ledger_area


@app.task(queue="survey", name="survey.consolidate")
def consolidate_area(area: int, by: int | None = None) -> None:
    """Matches the rosters around an area and writes its ledger."""
    consolidate(area=ledger_area(area), by=by)


def consolidate_soon(area: int, by: int | None = None) -> None:
    """Asks for a consolidation; ten imports that come in together are matched once."""
    area = ledger_area(area)
    job = consolidate_area.configure(queueing_lock=f"consolidate:{area}", lock=f"ledger:{area}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(area=area, by=by)


AT_ONCE = 3_000
"""Standings of a round up to which it is closed while the person waits (a second or two); more are a job."""


@app.task(queue="survey", name="survey.close")
def close_later(round_id: int, by: int | None = None) -> None:
    """Ends a large round."""
    close_round(round_id=round_id, by=by)


def close(*, scope: Scope, round_id: int, by: int) -> bool:
    """Ends a round now, or asks the worker to where it is large. True when it is closed on return."""
    canvass = Round.objects.get(pk=round_id)
    if not scope.allows(Permission.SURVEY_RUN, canvass.area_id):
        raise Round.DoesNotExist
    if canvass.standings.count() <= AT_ONCE:
        close_round(scope=scope, round_id=round_id, by=by)
        return True
    if canvass.state != RoundState.OPEN:
        raise SurveyRefused("round_closed", _("这一轮摸排已经结束。"))
    job = close_later.configure(queueing_lock=f"close:{round_id}", lock=f"ledger:{canvass.area_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(round_id=round_id, by=by)
    return False


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
