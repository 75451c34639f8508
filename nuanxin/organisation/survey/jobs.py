"""What the survey does behind a committed or undone import."""

from procrastinate.contrib.django import app

from .actions.consolidate import consolidate
from .actions.enterprises import put_enterprises, take_enterprises_back
from .actions.pairs import county_of


@app.task(queue="survey", queueing_lock=None, name="survey.consolidate")
def consolidate_area(area: int, by: int | None = None) -> None:
    """Matches the rosters of the area's county and writes its ledger."""
    consolidate(area=county_of(area), by=by)


@app.task(queue="survey", name="survey.put_enterprises")
def enterprises_committed(upload: str, by: int | None = None) -> None:
    """Brings the firms of a committed roster into the ledger of firms, then links the workers to them."""
    consolidate(area=county_of(put_enterprises(upload=upload, by=by)), by=by)


@app.task(queue="survey", name="survey.undo_enterprises")
def enterprises_undone(upload: str, by: int | None = None) -> None:
    """Takes the firms of an undone roster out again."""
    consolidate(area=county_of(take_enterprises_back(upload=upload, by=by)), by=by)
