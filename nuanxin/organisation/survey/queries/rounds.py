"""Rounds, their tasks and what changed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from nuanxin.engines.intake.rules.target import ContextOffer, NoContext
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope, area_range

from ..enums import Change, Party, RoundState, TaskState
from ..models import Check, Pair, Round, Standing, Task


def rounds(scope: Scope) -> QuerySet[Round]:
    """The rounds that touch an area in which the person verifies, runs or matches; the newest first."""
    condition = Q(pk__in=[])
    for permission in (Permission.SURVEY_RUN, Permission.SURVEY_VERIFY, Permission.SURVEY_MATCH, Permission.IMPORT):
        for grant in scope.grants_for(permission):
            lower, upper = area_range(grant.area)
            condition |= Q(area_id__gte=lower, area_id__lt=upper) | Q(area_id__in=_above(grant.area))
    return Round.objects.filter(condition).select_related("area").order_by("-starts_on", "area_id")


def get_round(scope: Scope, round_id: int) -> Round:
    """One of them. Raises Round.DoesNotExist."""
    return rounds(scope).get(pk=round_id)


def open_round_for(area: int) -> Round | None:
    """The open round whose area contains this one (or equals it); the innermost where a city has one too."""
    return Round.objects.filter(state=RoundState.OPEN, area_id__in=_above(area)).order_by("-area_id").first()


def ledger_area(area: int) -> int:
    """The area whose rosters are matched together: that of the innermost round around a place, else its county."""
    found = Round.objects.filter(area_id__in=_above(area)).order_by("-area_id").values_list("area_id", flat=True).first()
    return found if found is not None else area // 10**9 * 10**9


def _above(area: int) -> set[int]:
    """An area and all that contain it."""
    return {area // 10**n * 10**n for n in (13, 11, 9, 6, 3, 0)}


def tasks(scope: Scope, round_id: int) -> QuerySet[Task]:
    """The tasks of a round inside the scope, by area."""
    return (
        Task.objects.filter(
            within(scope, Permission.SURVEY_VERIFY, sector=None) | within(scope, Permission.SURVEY_RUN, sector=None),
            round_id=round_id,
        )
        .select_related("area", "unit", "round")
        .order_by("area_id")
    )


@dataclass(frozen=True)
class TaskLine:
    """A task with the figures that its unit works on."""

    task: Task
    people: int
    new: int
    left: int
    moved: int
    checks: int
    checked: int


def task_lines(scope: Scope, round_id: int) -> list[TaskLine]:
    """Tasks with their figures, in three queries whatever their number."""
    found = list(tasks(scope, round_id))
    standing = (
        Standing.objects.filter(round_id=round_id)
        .values("area_id")
        .annotate(
            people=Count("pk", filter=~Q(change=Change.LEFT)),
            new=Count("pk", filter=Q(change=Change.NEW)),
            left=Count("pk", filter=Q(change=Change.LEFT)),
            moved=Count("pk", filter=Q(change=Change.MOVED)),
        )
        .order_by("area_id")
    )
    checks = (
        Check.objects.filter(round_id=round_id)
        .values("area_id")
        .annotate(checks=Count("pk"), checked=Count("pk", filter=~Q(result="")))
        .order_by("area_id")
    )
    by_area = [dict(s) for s in standing] + [dict(c) for c in checks]
    lines = []
    for task in found:
        lower, upper = area_range(task.area_id)
        inner = [f for f in by_area if lower <= f["area_id"] < upper]
        totals = {k: sum(f.get(k, 0) for f in inner) for k in ("people", "new", "left", "moved", "checks", "checked")}
        lines.append(TaskLine(task, **totals))
    return lines


@dataclass(frozen=True)
class RoundSummary:
    """The head of a round's page."""

    changes: dict[str, int]
    tasks_done: int
    tasks: int
    open_pairs: int
    checks: int
    checked: int
    differences: int

    @property
    def people(self) -> int:
        """Found in this round."""
        return sum(n for how, n in self.changes.items() if how != Change.LEFT)


def summary(scope: Scope, canvass: Round) -> RoundSummary:
    """Figures of a round inside the scope, in five queries."""
    standings = Standing.objects.filter(
        within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN), round=canvass
    )
    counts = dict(standings.values_list("change").annotate(n=Count("pk")).order_by("change"))
    done = tasks(scope, canvass.pk).aggregate(n=Count("pk"), done=Count("pk", filter=Q(state=TaskState.DONE)))
    pairs = Pair.objects.filter(
        within(scope, Permission.SURVEY_MATCH), inside(canvass.area_id), state="open"
    ).count()
    checks = Check.objects.filter(within(scope, Permission.SURVEY_VERIFY), round=canvass).aggregate(
        n=Count("pk"), done=Count("pk", filter=~Q(result=""))
    )
    return RoundSummary(
        {str(c): counts.get(c, 0) for c in Change}, done["done"], done["n"], pairs, checks["n"], checks["done"],
        differences(scope, canvass).count(),
    )  # fmt: skip


def expected_parties(canvass: Round) -> int:
    """Which of the three sent anything in this round: nobody is missed who has not spoken at all."""
    mask = 0
    for parties in Standing.objects.filter(round=canvass).order_by().values_list("parties", flat=True).distinct():
        mask |= parties
    return mask


def differences(
    scope: Scope, canvass: Round, *, missing: Party | None = None, settled: bool = False
) -> QuerySet[Standing]:
    """三方比对: persons found in the round whom not all of the parties that sent rosters have named."""
    expected = expected_parties(canvass)
    found = (
        Standing.objects.filter(
            within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN), round=canvass
        )
        .exclude(change=Change.LEFT)
        .exclude(parties=expected)
        .select_related("worker", "area")
        .order_by("area_id", "worker_id")
    )
    found = found.exclude(settled="") if settled else found.filter(settled="")
    if missing is not None:
        found = found.annotate(bit=F("parties").bitand(missing.value)).filter(bit=0)
    return found


def changed(scope: Scope, canvass: Round, how: Change) -> QuerySet[Standing]:
    """New, moved or not found again, for the list behind a figure."""
    return (
        Standing.objects.filter(
            within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN), round=canvass, change=how
        )
        .select_related("worker", "area")
        .order_by("area_id", "worker_id")
    )


def due_tasks(scope: Scope, today: date) -> QuerySet[Task]:
    """Unfinished tasks of open rounds at the person's own place (not of a whole district), by due day."""
    return (
        Task.objects.filter(
            within(scope, Permission.SURVEY_VERIFY, sector=None), round__state=RoundState.OPEN
        )
        .exclude(state=TaskState.DONE)
        .select_related("area", "round")
        .order_by("due_on", "area_id")
    )


def context_of(area: int) -> ContextOffer:
    """The round to which a roster of an area belongs. Raises NoContext while none is open."""
    canvass = open_round_for(area)
    if canvass is None:
        raise NoContext(_("这个区域没有进行中的摸排轮次，请先在“摸排轮次”里开始一轮。"))
    return ContextOffer({"round": canvass.pk}, canvass.name)
