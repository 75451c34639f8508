"""One person of the ledger: opened, changed, left, come back, agreed, withdrawn."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.actions import note_unmask
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules.phone import parse_phone
from nuanxin.foundation.codes.rules.plate import parse_ebike_plate, parse_plate
from nuanxin.foundation.codes.rules.refusal import CodeRefused
from nuanxin.foundation.codes.rules.resident_id import parse_resident_id
from nuanxin.foundation.codes.rules.text import parse_name
from nuanxin.foundation.facts import actions as facts
from nuanxin.foundation.vault.queries import keyring

from ..enums import ConsentPurpose, EngagementKind, PeopleFact, WorkerStatus
from ..models import Consent, Engagement, Worker
from ..rules import PLAIN, PURPOSES, SEALED, search_keys, whole


class WorkerRefused(Exception):
    """What cannot be done with a person's record. `str()` is the sentence for the reader; `field` the place."""

    def __init__(self, code: str, *, field: str = "", message: object = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field
        self.message = message or MESSAGES[code]

    def __str__(self) -> str:
        return str(self.message)


MESSAGES = {
    "masked": _("带 * 的号码不完整，不能保存；不改就请留空"),
    "merged": _("这个人的记录已并入另一条，请到那一条修改"),
    "not_left": _("此人在册，不需要恢复"),
    "field": _("这一项不能这样修改"),
    "area": _("请选择常驻的街道或社区"),
    "agreed": _("这项同意已经登记"),
    "not_agreed": _("没有生效中的同意可以撤回"),
}


@transaction.atomic
def open_worker(*, scope: Scope, worker_id: UUID, by: int | None) -> Worker:
    """The person's row is opened: looking at one person is a fact. Raises Worker.DoesNotExist outside the scope.

    Called once for every visit of the person's page, before anything of it is shown.
    """
    worker = Worker.objects.select_related("area", "merged_into").get(pk=worker_id)
    if not scope.allows(Permission.WORKERS_VIEW, worker.area_id, worker.sector):
        raise Worker.DoesNotExist
    _record(PeopleFact.OPENED, worker, by)
    return worker


@transaction.atomic
def unmask(*, scope: Scope, worker_id: UUID, field: str, reason: str, by: int) -> str:
    """The full number (or the hardship) of a person, for a reason; the watch on openings counts it.

    Raises Worker.DoesNotExist outside the scope, UnmaskRefused with the sentence for the reader.
    """
    if field not in PURPOSES:
        raise WorkerRefused("field", field=field)
    worker = Worker.objects.get(pk=worker_id)
    if not scope.allows(Permission.WORKERS_UNMASK, worker.area_id, worker.sector):
        raise Worker.DoesNotExist
    note_unmask(
        by=by, subject=f"worker:{worker.pk}", reason=reason, area=worker.area_id, sector=worker.sector
    )
    return keyring().open(PURPOSES[field], getattr(worker, field))


@transaction.atomic
def change_worker(*, worker_id: UUID, by: int | None, on: date | None = None, **changes: Any) -> bool:
    """Corrects a person; False when nothing is different. What is set by hand is held against later rosters.

    `id_number`, `phone`, `plate` and `hardship` are plain text; a number with `*` in it is refused unless it is
    only the mask of what is there. A move (another `area` or `sector`) ends the engagements there and begins
    them here on `on`, so that figures of earlier days stay. Raises Worker.DoesNotExist, WorkerRefused.
    """
    worker = _locked(worker_id)
    day = on or timezone.localdate()
    different = []
    for column, value in _by_column(changes).items():
        if _put(worker, column, value):
            different.append(column)
    if not different:
        return False
    if "name" in different:
        worker.pinyin, worker.initials, worker.chars = search_keys(worker.name)
    worker.held = sorted({*worker.held, *different})
    try:
        worker.clean_fields(exclude=["id_number", "phone", "plate", "hardship", "id_index", "phone_index"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise WorkerRefused("invalid", field=field, message=messages[0]) from error
    if {"area_id", "sector"} & set(different):
        _move(worker, day)
    worker.save()
    _record(PeopleFact.CHANGED, worker, by, columns=different)
    return True


@transaction.atomic
def leave(*, worker_id: UUID, by: int | None, on: date) -> bool:
    """The person no longer works here from `on`; False when the ledger says so already."""
    worker = _locked(worker_id)
    if worker.status == WorkerStatus.LEFT:
        return False
    _end_engagements(worker, on)
    worker.status = WorkerStatus.LEFT
    worker.save(update_fields=["status"])
    _record(PeopleFact.LEFT, worker, by)
    return True


@transaction.atomic
def return_worker(*, worker_id: UUID, by: int | None, on: date) -> None:
    """A person who had left works here again from `on`, for whom they last worked. Raises WorkerRefused."""
    worker = _locked(worker_id)
    if worker.status != WorkerStatus.LEFT:
        raise WorkerRefused("not_left")
    last = Engagement.objects.filter(worker=worker).order_by("-valid_to", "-valid_from", "-id").first()
    again = last or Engagement(worker=worker, kind=EngagementKind.UNKNOWN)
    again.pk, again.area_id, again.sector = None, worker.area_id, worker.sector
    again.valid_from, again.valid_to = on, None
    again.save()
    worker.status, worker.last_seen = WorkerStatus.ACTIVE, max(worker.last_seen, on)
    worker.save(update_fields=["status", "last_seen"])
    _record(PeopleFact.RETURNED, worker, by)


@transaction.atomic
def give_consent(
    *, worker_id: UUID, by: int | None, purpose: ConsentPurpose, on: date, evidence: str = ""
) -> Consent:
    """The person agrees to one purpose. Raises WorkerRefused when that consent is in force already."""
    worker = _locked(worker_id)
    consent, new = Consent.objects.get_or_create(
        worker=worker,
        purpose=purpose,
        withdrawn_on=None,
        defaults={"given_on": on, "evidence": evidence.strip()},
    )
    if not new:
        raise WorkerRefused("agreed")
    # which purpose is not written down: 党员身份登记 would say who is a member
    _record(PeopleFact.CONSENT_GIVEN, worker, by)
    return consent


@transaction.atomic
def withdraw_consent(*, worker_id: UUID, by: int | None, purpose: ConsentPurpose, on: date) -> None:
    """As easy as giving it. Without the consent for the hardship, what was said of it is removed as well."""
    worker = _locked(worker_id)
    if not Consent.objects.filter(worker=worker, purpose=purpose, withdrawn_on=None).update(withdrawn_on=on):
        raise WorkerRefused("not_agreed")
    if purpose == ConsentPurpose.HARDSHIP and worker.hardship:
        worker.hardship = b""
        worker.save(update_fields=["hardship"])
    _record(PeopleFact.CONSENT_WITHDRAWN, worker, by)


def _locked(worker_id: UUID) -> Worker:
    worker = Worker.objects.select_for_update().get(pk=worker_id)
    if worker.status == WorkerStatus.MERGED:
        raise WorkerRefused("merged")
    return worker


def _by_column(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {("area_id" if c == "area" else c): v for c, v in changes.items()}


def _put(worker: Worker, column: str, value: Any) -> bool:
    """Sets one column; whether it is different now."""
    text = value.strip() if isinstance(value, str) else value
    if column in SEALED:
        return _put_number(worker, column, text or "")
    if column == "hardship":
        if keyring().open("person.hardship", bytes(worker.hardship)) == (text or ""):
            return False
        worker.hardship = keyring().seal("person.hardship", text or "")
        return True
    if column not in PLAIN:
        raise WorkerRefused("field", field=column)
    if column == "area_id" and not text:
        raise WorkerRefused("area", field="area")
    if column == "name":
        text = _parsed("name", lambda: parse_name(text or ""))
    if getattr(worker, column) == text:
        return False
    setattr(worker, column, text)
    return True


def _put_number(worker: Worker, column: str, text: str) -> bool:
    purpose, index = SEALED[column]
    before = keyring().open(purpose, getattr(worker, column))
    parsers = {
        "phone": lambda: parse_phone(text),
        "id_number": lambda: parse_resident_id(text, today=timezone.localdate()),
        "plate": lambda: _plate(text),
    }
    number = str(_parsed(column, parsers[column])) if text and text != before else text
    if number == before:
        return False
    if number and not whole(number):
        raise WorkerRefused("masked", field=column)
    setattr(worker, column, keyring().seal(purpose, number))
    setattr(worker, index, keyring().index(purpose, number))
    return True


def _plate(text: str) -> str:
    """A plate of the state, else an e-bike's, which every city makes as it likes."""
    try:
        return parse_plate(text)
    except CodeRefused:
        return parse_ebike_plate(text)


def _parsed(field: str, parse: Any) -> str:
    try:
        return parse()
    except CodeRefused as error:
        raise WorkerRefused("invalid", field=field, message=str(error)) from error


def _move(worker: Worker, day: date) -> None:
    """Engagements in force go on at the new place from `day`; those begun on that very day are moved."""
    current = list(Engagement.objects.filter(worker=worker, valid_to=None).order_by("id"))
    for engagement in current:
        if engagement.valid_from < day:
            Engagement.objects.filter(pk=engagement.pk).update(valid_to=day)
            engagement.pk, engagement.valid_from = None, day
        engagement.area_id, engagement.sector = worker.area_id, worker.sector
        engagement.save()


def _end_engagements(worker: Worker, on: date) -> None:
    for engagement in Engagement.objects.filter(worker=worker, valid_to=None).order_by("id"):
        engagement.valid_to = max(on, engagement.valid_from)
        engagement.save(update_fields=["valid_to"])


def _record(kind: PeopleFact, worker: Worker, by: int | None, **detail: Any) -> None:
    facts.record(
        kind,
        subject=f"worker:{worker.pk}",
        by=by,
        area=worker.area_id,
        sector=worker.sector,
        **detail,
    )
