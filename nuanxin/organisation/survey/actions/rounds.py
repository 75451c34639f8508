"""Rounds of the survey: opened by the lead unit, worked by streets and communities, closed with their changes."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import LONG_NUMBER, Scope, area_level
from nuanxin.foundation.facts.actions import record
from nuanxin.registry.areas.models import Area
from nuanxin.registry.units.enums import UnitKind
from nuanxin.registry.units.models import Unit

from ..enums import RoundState, SurveyFact, TaskState
from ..models import Round, Standing, Task
from ..rules.rounds import next_quarter_after, quarter
from .consolidate import consolidate
from .refusal import SurveyRefused

__all__ = ["SurveyRefused", "close_round", "finish_task", "open_round", "reopen_task", "settle_difference", "settle_many"]


@transaction.atomic
def open_round(
    *, area: int, by: int | None, today: date, starts_on: date | None = None, ends_on: date | None = None, name: str = "",
    scope: Scope | None = None,
) -> Round:  # fmt: skip
    """Opens the next round of a county: the quarter after the last round, at least the present one.

    One task for each street of the area (or each community where it is a street, or the area itself), at the unit
    that stands there. Raises SurveyRefused while another round is open, Area.DoesNotExist outside the scope
    (None: the system itself).
    """
    if scope is not None and not scope.allows(Permission.SURVEY_RUN, area):
        raise Area.DoesNotExist
    Area.objects.select_for_update().get(pk=area)
    last = Round.objects.filter(area_id=area).order_by("-starts_on").first()
    if last is not None and last.state == RoundState.OPEN:
        raise SurveyRefused("round_open", _("“%(name)s”还没有结束，请先结束再开新一轮。") % {"name": last.name})
    proposed = quarter(today)
    if last is not None and proposed[1] <= last.ends_on:
        proposed = next_quarter_after(last.ends_on)
    starts_on, ends_on = starts_on or proposed[1], ends_on or proposed[2]
    if ends_on < starts_on:
        raise SurveyRefused("dates", _("结束日期不能早于开始日期。"))
    if last is not None and starts_on <= last.starts_on:
        raise SurveyRefused("order", _("新一轮必须在“%(name)s”之后开始。") % {"name": last.name})
    canvass = Round.objects.create(
        area_id=area, name=name or quarter(starts_on)[0], starts_on=starts_on, ends_on=ends_on, previous=last
    )
    places = _places(area)
    units = _units(area)
    Task.objects.bulk_create(
        Task(round=canvass, area_id=place, unit_id=units.get(place), due_on=ends_on) for place in places
    )
    record(
        SurveyFact.ROUND_OPENED, subject=f"round:{canvass.pk}", by=by, area=area, quantity=len(places),
        starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat(),
    )  # fmt: skip
    return canvass


def _places(area: int) -> list[int]:
    """The areas one level down to streets and then communities, whichever exist; the area itself otherwise."""
    inner = list(Area.objects.filter(inside(area, area="code"), valid_to=None).values_list("code", flat=True))
    for level in (4, 5):
        if places := sorted(c for c in inner if c != area and area_level(c) == level):
            return places
    return [area]


def _units(area: int) -> dict[int, int]:
    units = Unit.objects.filter(
        inside(area), kind__in=[UnitKind.STREET, UnitKind.COMMUNITY], closed_on=None
    ).order_by("-pk")
    return dict(units.values_list("area_id", "pk"))


@transaction.atomic
def finish_task(*, scope: Scope, task_id: int, by: int, note: str = "") -> Task:
    """The street or community says that it is through with its area in this round."""
    task = _task(scope, task_id)
    if task.state != TaskState.DONE:
        task.state, task.done_at, task.done_by, task.note = TaskState.DONE, timezone.now(), by, note[:200]
        task.save(update_fields=["state", "done_at", "done_by", "note"])
        record(SurveyFact.TASK_DONE, subject=f"task:{task.pk}", by=by, area=task.area_id)
    return task


@transaction.atomic
def reopen_task(*, scope: Scope, task_id: int, by: int) -> Task:
    """Takes the word "finished" back while the round is open."""
    task = _task(scope, task_id)
    if task.state == TaskState.DONE:
        task.state, task.done_at, task.done_by = TaskState.DOING, None, None
        task.save(update_fields=["state", "done_at", "done_by"])
        record(SurveyFact.TASK_REOPENED, subject=f"task:{task.pk}", by=by, area=task.area_id)
    return task


def _task(scope: Scope, task_id: int) -> Task:
    task = Task.objects.select_for_update(of=["self"]).select_related("round").get(pk=task_id)
    if not scope.allows(Permission.SURVEY_VERIFY, task.area_id):
        raise Task.DoesNotExist
    if task.round.state != RoundState.OPEN:
        raise SurveyRefused("round_closed", _("这一轮摸排已经结束，不能再修改任务。"))
    return task


@transaction.atomic
def close_round(*, round_id: int, by: int | None, scope: Scope | None = None) -> dict[str, int]:
    """Ends a round: whoever it did not find again is "left" with its last day. Returns the changes by kind.

    Raises Round.DoesNotExist outside the scope (None: the system itself).
    """
    canvass = Round.objects.select_for_update().get(pk=round_id)
    if scope is not None and not scope.allows(Permission.SURVEY_RUN, canvass.area_id):
        raise Round.DoesNotExist
    if canvass.state == RoundState.CLOSED:
        raise SurveyRefused("round_closed", _("这一轮摸排已经结束。"))
    canvass.state = RoundState.CLOSED
    canvass.save(update_fields=["state"])
    consolidate(area=canvass.area_id, by=by)
    changes = list(Standing.objects.filter(round=canvass).order_by("pk").values_list("change", flat=True))
    counts = {how: changes.count(how) for how in sorted(set(changes))}
    record(SurveyFact.ROUND_CLOSED, subject=f"round:{round_id}", by=by, area=canvass.area_id, changes=counts)
    return counts


@transaction.atomic
def settle_difference(*, scope: Scope, standing_id: int, how: str, by: int) -> Standing:
    """Says how a difference of the three-party check was settled; the text is shown beside it."""
    standing = Standing.objects.get(pk=standing_id)
    if not settle_many(scope=scope, standings=[standing_id], how=how, by=by):
        raise Standing.DoesNotExist
    standing.refresh_from_db()
    return standing


@transaction.atomic
def settle_many(*, scope: Scope, standings: Collection[int], how: str, by: int) -> int:
    """The same word for many differences; those outside the scope are left. One fact for each area and sector.

    An empty word opens them again. Returns how many were changed.
    """
    how = how.strip()
    if LONG_NUMBER.search(how):
        raise SurveyRefused("number", _("处理结果里请不要写证件号或电话号码。"))
    allowed = within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN)
    chosen = list(Standing.objects.select_for_update().filter(allowed, pk__in=standings).order_by("pk"))
    counts = Counter((s.area_id, s.sector) for s in chosen)
    Standing.objects.filter(pk__in=[s.pk for s in chosen]).update(settled=how[:120], settled_by=by if how else None)
    kind = SurveyFact.DIFFERENCE_SETTLED if how else SurveyFact.DIFFERENCE_REOPENED
    for (area, sector), quantity in sorted(counts.items()):
        subject = f"worker:{chosen[0].worker_id}" if len(chosen) == 1 else f"area:{area}"
        record(kind, subject=subject, by=by, area=area, sector=sector, quantity=quantity)
    return len(chosen)
