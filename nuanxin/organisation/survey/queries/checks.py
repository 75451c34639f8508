"""The list that a community's worker takes along, and what came back."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules import mask_phone
from nuanxin.foundation.vault.queries import keyring

from ..enums import CheckResult, RoundState
from ..models import Check

REASONS = {
    "new": "新出现", "moved": "变动", "left": "本轮未再出现", "doubtful": "疑似重复", "missing_phone": "缺电话",
    "chosen": "指定核实", "one_party": "三方不一致",
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
    kind: str
    reason: str
    result: str
    recorded_at: str


def my_checks(scope: Scope, user_id: int, *, round_id: int | None = None) -> QuerySet[Check]:
    """Checks of open rounds that the person may do: assigned to the person, or to nobody in particular."""
    found = Check.objects.filter(
        within(scope, Permission.SURVEY_VERIFY), Q(assignee=user_id) | Q(assignee=None), round__state=RoundState.OPEN
    )
    if round_id is not None:
        found = found.filter(round_id=round_id)
    return found.select_related("worker", "area", "round").order_by("area_id", "id")


def todo(scope: Scope, user_id: int) -> QuerySet[Check]:
    """Those without a result, or whose person could not be reached yet."""
    return my_checks(scope, user_id).filter(result__in=["", CheckResult.UNREACHABLE])


def lines(checks: QuerySet[Check]) -> list[CheckLine]:
    """Checks as the phone's list shows them; three queries."""
    ring = keyring()
    found = list(checks.prefetch_related("worker__engagements__platform"))
    result = []
    for check in found:
        worker = check.worker
        if worker is None:
            continue
        work = next(iter(worker.engagements.all()), None)
        employer = "" if work is None else work.employer_text or (work.platform.name if work.platform else "")
        phone = ring.open("person.phone", worker.phone)
        result.append(
            CheckLine(
                check.pk, worker.name, check.area.name, check.sector, employer,
                mask_phone(phone) if phone and "*" not in phone else phone, check.kind,
                check.reason, check.result, check.recorded_at.isoformat() if check.recorded_at else "",
            )  # fmt: skip
        )
    return result


def remark(check: Check) -> str:
    """What the visitor wrote."""
    return keyring().open("check.remark", check.remark)
