"""Rounds, their tasks and what changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from nuanxin.engines.intake.rules.target import ContextOffer, NoContext
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope, area_range
from nuanxin.registry.areas.models import Area
from nuanxin.registry.people.enums import WorkerStatus
from nuanxin.registry.people.models import Engagement, Worker
from nuanxin.registry.people.queries.rosters import search

from ..enums import Change, CheckResult, Party, RoundState, TaskState
from ..models import Check, Pair, Round, Standing, Task
from ..rules.rounds import next_quarter_after, quarter


def rounds(scope: Scope) -> QuerySet[Round]:
    """The rounds that touch an area in which the person verifies, runs or matches; the newest first."""
    condition = Q(pk__in=[])
    for permission in (Permission.SURVEY_RUN, Permission.SURVEY_VERIFY, Permission.SURVEY_MATCH, Permission.IMPORT):
        for grant in scope.grants_for(permission):
            lower, upper = area_range(grant.area)
            condition |= Q(area_id__gte=lower, area_id__lt=upper) | Q(area_id__in=_above(grant.area))
    return Round.objects.filter(condition).select_related("area").order_by("-starts_on", "area_id")


def with_progress(found: QuerySet[Round]) -> QuerySet[Round]:
    """Adds `jobs` and `jobs_done`, the number of tasks, for the list of rounds."""
    return found.annotate(jobs=Count("tasks"), jobs_done=Count("tasks", filter=Q(tasks__state=TaskState.DONE)))


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
    by_area: list[dict[str, Any]] = [*map(dict, standing), *map(dict, checks)]
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
    """Which of the three sent anything in this round."""
    mask = 0
    masks = Standing.objects.filter(round=canvass).order_by().values_list("parties", "missing").distinct()
    for parties, missing in masks:
        mask |= parties | missing
    return mask


def differences(
    scope: Scope, canvass: Round, *, missing: Party | None = None, settled: bool = False
) -> QuerySet[Standing]:
    """三方比对: persons found in the round whom an office that speaks of such people has not named."""
    found = (
        Standing.objects.filter(
            within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN), round=canvass
        )
        .filter(missing__gt=0)
        .select_related("worker", "area")
        .order_by("area_id", "worker_id")
    )
    found = found.exclude(settled="") if settled else found.filter(settled="")
    if missing is None:
        return found
    return missed_by(found, missing)


def missed_by(rows: QuerySet[Standing], party: int) -> QuerySet[Standing]:
    """Those whom this party ought to have named."""
    return rows.annotate(bit=F("missing").bitand(int(party))).filter(bit__gt=0)


def found_in(scope: Scope, canvass: Round) -> QuerySet[Standing]:
    """Everybody who stands in a round, with the place of the round before as `former` and what a check found."""
    before = Standing.objects.filter(round=canvass.previous_id or 0, worker=OuterRef("worker"))
    checked = Check.objects.filter(round=canvass, worker=OuterRef("worker")).exclude(result="").order_by("-recorded_at", "id")
    return (
        Standing.objects.filter(
            within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN), round=canvass
        )
        .annotate(
            former=Subquery(before.values("area__name")[:1]),
            former_area=Subquery(before.values("area_id")[:1]),
            checked=Subquery(checked.values("result")[:1]),
        )
        .select_related("area", "worker")
        .prefetch_related(works_of("worker__engagements"))
        .order_by("area_id", "worker_id")
    )


def works_of(path: str) -> Prefetch:
    """For whom, beside a person in a list: fills `worker.works`, one query."""
    return Prefetch(path, Engagement.objects.select_related("platform").order_by("-valid_from", "id"), to_attr="works")


def employer_of(worker: Worker) -> str:
    """For whom the person works, of what `works_of` has fetched: the firm as written, else the platform."""
    named = [w.employer_text or (w.platform.name if w.platform else "") for w in worker.works]  # type: ignore[attr-defined]
    return "、".join(list(dict.fromkeys(filter(None, named)))[:2])


def search_people(rows: QuerySet[Standing], text: str) -> QuerySet[Standing]:
    """Standings of persons by 汉字, pinyin, initials or a full number."""
    return rows.filter(worker__in=search(Worker.objects.all(), text).order_by().values("pk"))


@dataclass(frozen=True)
class Closing:
    """What ending a round now would mean, and what is still open in it."""

    leaving: int
    leaving_by_sector: list[tuple[str, int]]
    kept_by_visit: int
    open_tasks: int
    open_checks: int
    open_pairs: int
    differences: int

    @property
    def unfinished(self) -> bool:
        return bool(self.open_tasks or self.open_checks or self.open_pairs or self.differences)


def closing(scope: Scope, canvass: Round) -> Closing:
    """The preview of `close_round`: whoever no roster and no visit of the round has found becomes "left"."""
    missing = Standing.objects.filter(round=canvass, change=Change.LEFT, worker__status=WorkerStatus.ACTIVE)
    met = Check.objects.filter(
        round=canvass, worker=OuterRef("worker"), result__in=[CheckResult.CONFIRMED, CheckResult.CORRECTED]
    )
    counted = missing.annotate(met=Exists(met))
    by_sector = dict(
        counted.filter(met=False).values_list("sector").annotate(n=Count("pk")).order_by("-n", "sector")
    )
    figures = summary(scope, canvass)
    return Closing(
        sum(by_sector.values()), [(str(dict(Sector.choices).get(s, s)), n) for s, n in by_sector.items()],
        counted.filter(met=True).count(), figures.tasks - figures.tasks_done, figures.checks - figures.checked,
        figures.open_pairs, figures.differences,
    )  # fmt: skip


@dataclass(frozen=True)
class Background:
    """What the worker does for a round's ledger just now."""

    closing: bool
    failed: bool
    matching: bool


def background(canvass: Round) -> Background:
    """One query of the jobs. A failed closing counts until the round is closed or closing is asked for again."""
    jobs = ProcrastinateJob.objects.filter(
        lock=f"ledger:{canvass.area_id}", status__in=["todo", "doing", "failed"]
    ).order_by("-id")[:20]
    close = next((j for j in jobs if j.task_name == "survey.close" and j.args.get("round_id") == canvass.pk), None)
    matching = any(j.task_name == "survey.consolidate" and j.status != "failed" for j in jobs)
    is_open = canvass.state == RoundState.OPEN
    running = close is not None and close.status != "failed" and is_open
    return Background(running, is_open and close is not None and close.status == "failed", matching)


@dataclass(frozen=True)
class Proposal:
    """The next round of an area."""

    area: Area
    name: str
    starts_on: date
    ends_on: date
    last: Round | None


def proposal(area: int, today: date) -> Proposal:
    """What `open_round` would open: the present quarter, or the one after the last round."""
    last = Round.objects.filter(area_id=area).order_by("-starts_on").first()
    name, first, end = quarter(today)
    if last is not None and first <= last.ends_on:
        name, first, end = next_quarter_after(last.ends_on)
    return Proposal(Area.objects.get(pk=area), name, first, end, last)


def runnable(scope: Scope) -> list[Area]:
    """The counties (streets, communities) of the postings with which a person runs rounds."""
    codes = {g.area for g in scope.grants_for(Permission.SURVEY_RUN)}
    return list(Area.objects.filter(pk__in=codes).order_by("code"))


def reasons_waiting(scope: Scope, canvass: Round) -> dict[str, int]:
    """How many have no check in the round yet, by the reason for which they would get one; one query."""
    open_ones = Standing.objects.filter(within(scope, Permission.SURVEY_RUN), round=canvass).exclude(
        worker_id__in=Check.objects.filter(round=canvass, worker__isnull=False).values("worker_id")
    )
    sure = Q(worker__doubtful=False)
    return open_ones.aggregate(
        doubtful=Count("pk", filter=~sure),
        new=Count("pk", filter=sure & Q(change=Change.NEW)),
        moved=Count("pk", filter=sure & Q(change=Change.MOVED)),
        left=Count("pk", filter=sure & Q(change=Change.LEFT)),
        missing_phone=Count("pk", filter=sure & Q(change=Change.STAYED, worker__phone_index=None)),
    )


def with_works(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """Adds for whom each person works, see `employer_of`."""
    return rows.prefetch_related(works_of("worker__engagements"))


def open_differences(scope: Scope) -> list[tuple[int, str, date, int]]:
    """Open rounds with unsettled differences of the scope: (id, name, last day, how many); two queries."""
    mine = within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN)
    found = (
        Standing.objects.filter(mine, round__state=RoundState.OPEN, missing__gt=0, settled="")
        .order_by("round_id").values_list("round_id", "round__name", "round__ends_on").annotate(n=Count("pk"))
    )  # fmt: skip
    return list(found)


def changed(scope: Scope, canvass: Round, how: Change) -> QuerySet[Standing]:
    """New, moved or not found again, for the list behind a figure."""
    return (
        Standing.objects.filter(
            within(scope, Permission.SURVEY_VERIFY) | within(scope, Permission.SURVEY_RUN), round=canvass, change=how
        )
        .select_related("worker", "area")
        .order_by("area_id", "worker_id")
    )


def due_tasks(scope: Scope, today: date | None = None) -> QuerySet[Task]:
    """Unfinished tasks of open rounds where the person verifies, by due day; with `today` those due until then."""
    until = {} if today is None else {"due_on__lte": today}
    return (
        Task.objects.filter(
            within(scope, Permission.SURVEY_VERIFY, sector=None), round__state=RoundState.OPEN, **until
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
