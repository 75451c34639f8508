"""What the communities have done of the last round so far: calls, visits, finished tasks."""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from uuid_utils.compat import uuid7

from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.organisation.survey.actions.checks import Report, assign_checks, record_check
from nuanxin.organisation.survey.actions.rounds import finish_task
from nuanxin.organisation.survey.enums import CheckKind, CheckResult
from nuanxin.organisation.survey.models import Check, Round, Task

CALLS = 240
RESULTS = (
    (CheckResult.CONFIRMED, 70), (CheckResult.UNREACHABLE, 14), (CheckResult.LEFT, 8), (CheckResult.MOVED, 5), (CheckResult.REFUSED, 3),
)  # fmt: skip


def work_the_round(canvass: Round, day: date, *, by: int, rng: random.Random) -> None:
    """Assigns the round's checks, records some results and finishes two tasks in three of the smaller places."""
    scope = Scope(by, (Grant(canvass.area_id, frozenset({"survey.verify", "survey.run"}), 0),))
    assign_checks(scope=scope, round_id=canvass.pk, by=by)
    results, weights = [r for r, _ in RESULTS], [w for _, w in RESULTS]
    waiting = list(
        Check.objects.filter(round=canvass).exclude(reason="left").order_by("area_id", "id")[: CALLS * 8]
    )
    for check in sorted(rng.sample(waiting, min(CALLS, len(waiting) // 2)), key=lambda c: str(c.pk)):
        at = timezone.make_aware(
            datetime.combine(day - timedelta(days=rng.randrange(1, 9)), time(9 + rng.randrange(8), 20))
        )
        kind = CheckKind.VISIT if rng.random() < 0.3 else CheckKind.PHONE
        record_check(
            scope=scope, by=by,
            report=Report(check.pk, uuid7(), kind, rng.choices(results, weights)[0], at),
        )  # fmt: skip
    tasks = list(Task.objects.filter(round=canvass).order_by("area_id"))
    for task in tasks[: len(tasks) * 2 // 3]:
        finish_task(scope=scope, task_id=task.pk, by=by)
