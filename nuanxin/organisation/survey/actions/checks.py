"""Verification by phone and by visit, recorded on a phone that may have no network."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nuanxin.foundation.access.actions import note_unmask
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.people.enums import WorkerStatus
from nuanxin.registry.people.models import Worker

from ..enums import Change, CheckKind, CheckResult, RoundState, SurveyFact
from ..models import Attempt, Check, Round, Standing
from ..queries.rounds import ledger_area
from .busy import lock_or_refuse
from .pairs import rebuild
from .refusal import SurveyRefused

CORRECTABLE = ("phone", "name", "note")
"""What a visitor may correct on the spot; everything else goes through the person's page."""


@dataclass(frozen=True)
class Report:
    """One result as the phone sends it. `client_key` is made once on the phone and never again."""

    check: UUID
    client_key: UUID
    kind: CheckKind
    result: CheckResult
    at: datetime
    remark: str = ""
    corrections: dict[str, str] | None = None


@transaction.atomic
def assign_checks(
    *, scope: Scope, round_id: int, by: int, reasons: Collection[str] = (), assignee: int | None = None,
    workers: Collection[UUID] | None = None, kind: CheckKind = CheckKind.PHONE,
) -> int:  # fmt: skip
    """Makes the list of a round: the new, the moved, those not found again, the doubtful, those without a phone.

    Persons with an open check of the round are left out, so that pressing twice makes no second list. Returns how
    many were made.
    """
    canvass = Round.objects.get(pk=round_id)
    if canvass.state != RoundState.OPEN:
        raise SurveyRefused("round_closed", _("这一轮摸排已经结束，不能再派任务。"))
    standings = (
        Standing.objects.filter(within(scope, Permission.SURVEY_RUN), round=canvass)
        .exclude(worker_id__in=Check.objects.filter(round=canvass, worker__isnull=False).values("worker_id"))
        .select_related("worker")
        .order_by("area_id", "worker_id")
    )
    if workers is not None:
        standings = standings.filter(worker_id__in=list(workers))
    made = []
    for standing in standings.iterator(chunk_size=2000):
        reason = _reason(standing)
        if workers is not None:
            reason = reason or "chosen"
        if reason and (not reasons or reason in reasons):
            made.append(
                Check(
                    round=canvass, worker_id=standing.worker_id, area_id=standing.area_id, sector=standing.sector,
                    kind=kind, reason=reason, assignee=assignee,
                )
            )
    Check.objects.bulk_create(made, batch_size=2000)
    if made:
        record(SurveyFact.CHECKS_ASSIGNED, subject=f"round:{round_id}", by=by, area=canvass.area_id, quantity=len(made))
    return len(made)


def _reason(standing: Standing) -> str:
    if standing.worker.doubtful:
        return "doubtful"
    if standing.change in (Change.NEW, Change.MOVED, Change.LEFT):
        return str(standing.change)
    if standing.worker.phone_index is None:
        return "missing_phone"
    return ""


@transaction.atomic
def record_check(*, scope: Scope, report: Report, by: int) -> Check:
    """Takes one result in. The same `client_key` again changes nothing and is not an error: phones resend.

    Raises Check.DoesNotExist outside the scope; SurveyRefused when another result stands already (it is kept; the
    second one is shown to the person who sent it) or the time is in the future.
    """
    check = Check.objects.select_for_update(of=["self"]).select_related("round").get(pk=report.check)
    if not scope.allows(Permission.SURVEY_VERIFY, check.area_id, check.sector):
        raise Check.DoesNotExist
    if check.attempts.filter(client_key=report.client_key).exists():
        return check  # sent again, or two sendings at once: the second waited for the first
    if check.result and check.result != CheckResult.UNREACHABLE:
        raise SurveyRefused(
            "checked", _("这一条已经有核实结果：%(result)s。您的结果没有覆盖它。") % {"result": check.get_result_display()}
        )
    now = timezone.now()
    if report.at > now + timedelta(minutes=10):
        raise SurveyRefused("clock", _("手机时间比服务器快，请校准手机时间后重新提交。"))
    Attempt.objects.create(
        client_key=report.client_key, check_of=check, kind=report.kind, result=report.result, recorded_by=by,
        recorded_at=report.at, received_at=now,
    )  # fmt: skip
    check.kind, check.result, check.client_key = report.kind, report.result, report.client_key
    check.remark = keyring().seal("check.remark", report.remark.strip()[:500])
    check.recorded_by, check.recorded_at, check.received_at = by, report.at, now
    check.save()
    record(
        SurveyFact.CHECKED, subject=f"check:{check.pk}", by=by, area=check.area_id, sector=check.sector,
        result=str(report.result), kind=str(report.kind),
    )  # fmt: skip
    if check.worker_id is not None:
        _apply(check, report.corrections or {}, by)
    return check


@transaction.atomic
def call_number(*, scope: Scope, check_id: UUID, by: int) -> str:
    """The whole phone number of somebody who is to be verified, to call it: an opening like any other (fault 40).

    Only while the check waits for a result and is the person's own or nobody's. Raises Check.DoesNotExist,
    UnmaskRefused, SurveyRefused when there is no number to call.
    """
    check = Check.objects.select_related("worker", "round").get(pk=check_id)
    mine = check.assignee in (None, by) and scope.allows(Permission.SURVEY_VERIFY, check.area_id, check.sector)
    if not mine or check.worker is None or check.result not in ("", CheckResult.UNREACHABLE):
        raise Check.DoesNotExist
    if check.round.state != RoundState.OPEN:
        raise SurveyRefused("round_closed", _("这一轮摸排已经结束，不再拨打核实。"))
    number = keyring().open("person.phone", check.worker.phone)
    if not number or "*" in number:
        raise SurveyRefused("no_number", _("名册里没有完整的电话，请改为上门走访。"))
    note_unmask(
        by=by, subject=f"worker:{check.worker_id}", reason=str(CheckKind.PHONE.label), area=check.area_id,
        sector=check.sector,
    )  # fmt: skip
    return number


def _apply(check: Check, corrections: dict[str, str], by: int) -> None:
    """What a result means for the ledger: confirmed and corrected verify the person, left ends the engagements."""
    from nuanxin.registry.people.actions import change_worker

    assert check.worker_id is not None and check.recorded_at is not None
    worker = Worker.objects.select_for_update().get(pk=check.worker_id)
    day = timezone.localdate(check.recorded_at)
    if check.result in (CheckResult.CONFIRMED, CheckResult.CORRECTED):
        worker.verified_on = day
        worker.save(update_fields=["verified_on"])
    changes: dict[str, Any] = {k: v.strip() for k, v in corrections.items() if k in CORRECTABLE and v.strip()}
    if check.result == CheckResult.CORRECTED and changes:
        change_worker(worker_id=worker.pk, by=by, **changes)
    if check.result == CheckResult.LEFT and worker.status == WorkerStatus.ACTIVE:
        area = ledger_area(worker.area_id)
        lock_or_refuse(area)
        rebuild({worker.pk}, area=area, by=by)
