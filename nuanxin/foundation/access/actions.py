"""Changing roles, and watching who opens full numbers."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nuanxin.foundation.facts import actions as facts

from . import queries
from .enums import AccessFact, AlertKind, Permission
from .models import AccessAlert, Role
from .rules import clash, reason_fault

_UNMASK_LOCK = 7_260_412
"""First number of the advisory lock that makes one person's openings count one after the other."""


class AccessError(Exception):
    """Something that the access rules refuse. `str()` is the sentence for the person."""

    def __init__(self, code: str, message: object, /, **params: object) -> None:
        super().__init__(code)
        self.code, self.message, self.params = code, message, params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


class Refused(AccessError):
    """The person may not do this."""


class UnmaskRefused(AccessError):
    """The full number is not shown."""


MESSAGES = {
    "clash": gettext_lazy(
        "系统、安全、审计三个管理员的权限不能放在同一角色，也不能和日常业务放在一起（三员分立）"
    ),
    "unknown_permission": gettext_lazy("没有这个权限：%(permission)s"),
    "built_in_admin": gettext_lazy("三个管理员角色是系统内置的，不能修改"),
    "name": gettext_lazy("请填写角色名称"),
    "handled": gettext_lazy("这条告警已经处理过了"),
    "own_alert": gettext_lazy("不能处理关于自己的告警"),
    "handling_note": gettext_lazy("请写明核查结果"),
}


@transaction.atomic
def change_role(*, by: int | None, code: str, name: str, permissions: Iterable[str]) -> Role:
    """Makes or changes a role. Raises AccessError.

    The roles of the three administrators stay as they came: changing one's own role would be granting to
    oneself. Postings that hold the role have the new permissions from their next request on.
    """
    wanted = sorted(set(permissions))
    for permission in wanted:
        if permission not in Permission.values:
            raise AccessError("unknown_permission", MESSAGES["unknown_permission"], permission=permission)
    if not name.strip():
        raise AccessError("name", MESSAGES["name"])
    if clash(wanted):
        raise AccessError("clash", MESSAGES["clash"])
    role = Role.objects.select_for_update().filter(code=code).first() or Role(code=code)
    before = set(role.permissions)
    if {p for p in before | set(wanted) if p.endswith(".admin")} and by is not None:
        raise Refused("built_in_admin", MESSAGES["built_in_admin"])
    role.name, role.permissions = name.strip(), wanted
    role.full_clean()
    role.save()
    facts.record(
        AccessFact.ROLE_CHANGED,
        subject=f"role:{code}",
        by=by,
        added=sorted(set(wanted) - before),
        removed=sorted(before - set(wanted)),
    )
    return role


@transaction.atomic
def raise_alert(
    *, kind: AlertKind, about: int, area: int = 0, sector: str = "", quantity: int = 0
) -> AccessAlert | None:
    """Tells the security administrator, once while the same alert about the same person is open (then
    None)."""
    alert, new = AccessAlert.objects.get_or_create(
        kind=kind,
        about=about,
        handled_at=None,
        defaults={"area": area, "sector": sector, "quantity": quantity},
    )
    if not new:
        return None
    facts.record(
        AccessFact.ALERT_RAISED,
        subject=f"alert:{alert.pk}",
        by=None,
        area=area,
        sector=sector,
        kind=kind.value,
        about=about,
        count=quantity,
    )
    return alert


@transaction.atomic
def handle_alert(*, by: int, alert: int, note: str) -> AccessAlert:
    """A security administrator has looked at it and writes down the outcome; a stop is lifted by this.

    Raises AccessError; AccessAlert.DoesNotExist.
    """
    row = AccessAlert.objects.select_for_update().get(pk=alert)
    if row.about == by:
        raise Refused("own_alert", MESSAGES["own_alert"])
    if row.handled_at is not None:
        raise AccessError("handled", MESSAGES["handled"])
    if reason_fault(note):
        raise AccessError("handling_note", MESSAGES["handling_note"])
    row.handled_at, row.handled_by, row.handled_note = timezone.now(), by, note.strip()[:200]
    row.save(update_fields=["handled_at", "handled_by", "handled_note"])
    facts.record(
        AccessFact.ALERT_HANDLED,
        subject=f"alert:{row.pk}",
        by=by,
        area=row.area,
        kind=row.kind,
        about=row.about,
    )
    return row


@transaction.atomic
def note_unmask(
    *,
    by: int,
    subject: str,
    reason: str,
    area: int,
    sector: str = "",
    quantity: int = 1,
    now: datetime | None = None,
) -> int:
    """Call before full numbers are shown, in the transaction that reads them; how many the hour has now.

    PIPL Art. 51 (least authority, operations recorded) against the insider who opens 500 numbers in an hour:
    a reason is asked, every opening is a fact, past the first threshold the security administrator is
    alerted, at the second one it stops until an administrator lifts it. The opening that reaches the limit
    still succeeds and leaves the stop behind: a refusal, which rolls its transaction back, has nothing that
    it must write.

    Raises UnmaskRefused with the sentence for the person.
    """
    fault = reason_fault(reason)
    if fault == "short":
        raise UnmaskRefused("reason_short", _("请写明查看完整信息的事由（至少 4 个字）"))
    if fault == "number":
        raise UnmaskRefused("reason_number", _("事由会写入审计记录，请不要填写证件号或电话号码"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_UNMASK_LOCK, by % 2**31])
    limits = queries.unmask_limits()
    stopped = _("本小时查看的完整证件号已达 %(limit)d 个，已暂停查看并通知安全管理员；核查解除后可以继续。")
    if queries.unmask_stopped(by):
        raise UnmaskRefused("stopped", stopped, limit=limits.stop)
    total = queries.unmasked_since(by, now or timezone.now()) + quantity
    if total > limits.stop:
        raise UnmaskRefused(
            "too_many",
            _("一小时内最多查看 %(limit)d 个完整证件号，再看 %(quantity)d 个会超出。请缩小范围或稍后再试。"),
            limit=limits.stop,
            quantity=quantity,
        )
    facts.record(
        AccessFact.UNMASKED,
        subject=subject,
        by=by,
        area=area,
        sector=sector,
        quantity=quantity,
        reason=reason.strip(),
    )
    if total > limits.alert:
        raise_alert(kind=AlertKind.UNMASK_MANY, about=by, area=area, sector=sector, quantity=total)
    if total >= limits.stop:
        raise_alert(kind=AlertKind.UNMASK_STOPPED, about=by, area=area, sector=sector, quantity=total)
    return total
