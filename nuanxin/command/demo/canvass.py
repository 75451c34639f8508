"""What the communities have done of the last round so far: calls, visits, finished tasks."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from uuid_utils.compat import uuid7

from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.organisation.survey.actions.checklist import adopt_default, mark
from nuanxin.organisation.survey.actions.checks import Report, assign_checks, record_check
from nuanxin.organisation.survey.actions.rounds import finish_task
from nuanxin.organisation.survey.enums import CheckKind, CheckResult
from nuanxin.organisation.survey.models import Check, Round, Task
from nuanxin.registry.enterprises.models import EnterpriseVersion

CALLS = 240
CLEAR = 0.7
"""Share of the firms of which all six facts are clear by now; of most others some are."""
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


def tick_the_checklist(district: int, end: int, day: date, *, by: int, rng: random.Random) -> None:
    """六清: adopted in each county of a district, and ticked for the firms as far as they are known."""
    firms: dict[int, list[UUID]] = defaultdict(list)
    current = EnterpriseVersion.objects.filter(area_id__gte=district, area_id__lt=end, valid_to=None)
    for firm, area in current.order_by("area_id", "name").values_list("enterprise_id", "area_id"):
        firms[area // 10**9 * 10**9].append(firm)
    for county, here in firms.items():
        items = [item.pk for item in adopt_default(by=by, area=county)]
        rng.shuffle(here)
        done = int(len(here) * CLEAR)
        mark(by=by, enterprises=here[:done], items=items, on=day)
        mark(by=by, enterprises=here[done : done + done // 4], items=items[:4], on=day)
