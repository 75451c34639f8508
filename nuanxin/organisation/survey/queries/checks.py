"""The list that a community's worker takes along, and what came back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_noop as N_

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules import mask_phone
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.units.models import Posting
from nuanxin.registry.units.queries import in_force

from ..enums import CheckResult, RoundState
from ..models import Check
from .rounds import employer_of, works_of

REASONS = {
    "new": N_("新出现"), "moved": N_("变动"), "left": N_("本轮未再出现"), "doubtful": N_("疑似重复"), "missing_phone": N_("缺电话"),
    "chosen": N_("指定核实"), "one_party": N_("三方不一致"),
}  # fmt: skip


@dataclass(frozen=True)
class CheckLine:
    """One line of the list. The phone number is whole only where it is needed to call, never on a list."""

    id: UUID
    name: str
    place: str
    sector: str
    employer: str
    phone: str
    callable: bool  # there is a whole number to call
    kind: str
    reason: str
    result: str
    recorded_at: str


def my_checks(scope: Scope, user_id: int, *, round_id: int | None = None) -> QuerySet[Check]:
    """Checks of open rounds that the person may do: assigned to the person, or to nobody in particular."""
    found = Check.objects.filter(
        within(scope, Permission.SURVEY_VERIFY),
        Q(assignee=user_id) | Q(assignee=None),
        round__state=RoundState.OPEN,
    )
    if round_id is not None:
        found = found.filter(round_id=round_id)
    return found.select_related("worker", "area", "round").order_by("area_id", "id")


def todo(scope: Scope, user_id: int) -> QuerySet[Check]:
    """Those without a result, or whose person could not be reached yet."""
    return my_checks(scope, user_id).filter(result__in=["", CheckResult.UNREACHABLE])


def finished(scope: Scope, user_id: int) -> QuerySet[Check]:
    """What the person has recorded in open rounds, the latest first."""
    return (
        my_checks(scope, user_id)
        .exclude(result="")
        .filter(recorded_by=user_id)
        .order_by("-recorded_at", "id")
    )


def waiting(scope: Scope, user_id: int) -> tuple[int, date | None]:
    """How many are to do, and the day on which the first of their rounds ends; one query."""
    found = todo(scope, user_id).order_by().aggregate(n=Count("pk"), due=Min("round__ends_on"))
    return found["n"], found["due"]


def lines(checks: QuerySet[Check]) -> list[CheckLine]:
    """Checks as the phone's list shows them; two queries."""
    ring = keyring()
    found = list(checks.prefetch_related(works_of("worker__engagements")))
    result = []
    for check in found:
        worker = check.worker
        if worker is None:
            continue
        employer = employer_of(worker)
        phone = ring.open("person.phone", worker.phone)
        result.append(
            CheckLine(
                check.pk,
                worker.name,
                check.area.name,
                check.sector,
                employer,
                mask_phone(phone) if phone and "*" not in phone else phone,
                bool(phone) and "*" not in phone,
                check.kind,
                check.reason,
                check.result,
                check.recorded_at.isoformat() if check.recorded_at else "",
            )
        )
    return result


def done_today(scope: Scope, user_id: int, today: date) -> int:
    """How many results the person has brought in today."""
    return Check.objects.filter(
        within(scope, Permission.SURVEY_VERIFY), recorded_by=user_id, recorded_at__date=today
    ).count()


def assignees(scope: Scope, area: int, today: date) -> list[tuple[int, str]]:
    """Staff who may verify somewhere inside an area: (user id, name and unit)."""
    found = (
        Posting.objects.filter(
            in_force(today), inside(area), within(scope, Permission.SURVEY_RUN, sector=None),
            role__permissions__contains=[Permission.SURVEY_VERIFY.value],
        )
        .order_by("area_id", "user__name", "user_id")
        .values_list("user_id", "user__name", "unit__name")
    )  # fmt: skip
    return [(user, f"{name} · {unit}") for user, name, unit in dict.fromkeys(found)]


def remark(check: Check) -> str:
    """What the visitor wrote."""
    return keyring().open("check.remark", check.remark)
