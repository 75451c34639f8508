"""Opening and closing units; granting and revoking postings.

三员分立 (GB/T 22239-2019 8.1.5; dossier 4): the system administrator staffs the daily work, the security
administrator names the administrators, nobody grants to themself, and nobody holds two kinds of power.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.actions import AccessError, Refused
from nuanxin.foundation.access.enums import AccessFact, Permission, Sector
from nuanxin.foundation.access.models import Role
from nuanxin.foundation.access.rules import clash, granting_permission
from nuanxin.foundation.accounts.models import User
from nuanxin.foundation.facts import actions as facts
from nuanxin.registry.areas.models import Area

from .enums import UnitFact, UnitKind
from .models import Posting, Unit
from .queries import scope_of

MESSAGES = {
    "area": _("没有这个区域"),
    "area_refused": _("这个区域不在您的管理范围内"),
    "code": _("单位代码用字母、数字和横线"),
    "code_taken": _("单位代码 %(code)s 已被使用"),
    "lead_taken": _("这个区域已经有牵头部门"),
    "name": _("请填写单位名称"),
    "kind": _("没有这种单位类型"),
    "sectors": _("没有这个行业：%(sector)s"),
    "closed": _("单位已经撤销"),
    "postings": _("单位还有 %(count)d 个有效岗位，请先撤销"),
    "user": _("账号不存在或已停用"),
    "role": _("没有这个角色"),
    "self": _("不能给自己授权，也不能撤销自己的岗位"),
    "system_only": _("业务岗位由系统管理员授予和撤销"),
    "security_only": _("系统、安全、审计管理员的岗位由安全管理员授予和撤销"),
    "clash": _("三员分立：这个人已有的岗位和该角色不能由同一人担任"),
    "dates": _("结束日期不能早于开始日期"),
    "twice": _("这个人在该单位、该区域已有同样的岗位"),
    "revoked": _("岗位已经结束"),
}


@transaction.atomic
def open_unit(
    *,
    by: int | None,
    code: str,
    name: str,
    kind: str,
    area: int,
    sectors: Iterable[str] = (),
    parent: int | None = None,
    leads: bool = False,
) -> Unit:
    """A new unit. `by=None` is the installation itself (demo, import). Raises AccessError."""
    _check_area(by, Permission.UNITS_EDIT, area)
    if not name.strip():
        raise AccessError("name", MESSAGES["name"])
    if kind not in UnitKind.values:
        raise AccessError("kind", MESSAGES["kind"])
    if Unit.objects.filter(code=code).exists():
        raise AccessError("code_taken", MESSAGES["code_taken"], code=code)
    if leads and Unit.objects.filter(area_id=area, leads=True, closed_on=None).exists():
        raise AccessError("lead_taken", MESSAGES["lead_taken"])
    row = Unit(
        code=code,
        name=name.strip(),
        kind=kind,
        area_id=area,
        sectors=_checked_sectors(sectors),
        parent_id=parent,
        leads=leads,
    )
    try:
        row.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise AccessError("code", MESSAGES["code"]) from error
    row.save()
    facts.record(UnitFact.OPENED, subject=f"unit:{row.pk}", by=by, area=area, kind=kind)
    return row


@transaction.atomic
def close_unit(*, by: int | None, unit: int, today: date | None = None) -> Unit:
    """From today the unit acts no more. Its postings must have been revoked before: nobody loses work
    unseen."""
    row = Unit.objects.select_for_update().get(pk=unit)
    _check_area(by, Permission.UNITS_EDIT, row.area_id)
    if row.closed_on:
        raise AccessError("closed", MESSAGES["closed"])
    today = today or timezone.localdate()
    open_postings = row.postings.filter(Q(valid_to=None) | Q(valid_to__gt=today)).count()
    if open_postings:
        raise AccessError("postings", MESSAGES["postings"], count=open_postings)
    row.closed_on = today
    row.save(update_fields=["closed_on"])
    facts.record(UnitFact.CLOSED, subject=f"unit:{unit}", by=by, area=row.area_id)
    return row


@transaction.atomic
def grant_posting(
    *,
    by: int | None,
    user: int,
    unit: int,
    role: str,
    area: int,
    sectors: Iterable[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Posting:
    """Gives a person a role at a unit over an area. `valid_to` is the first day no longer valid.

    `by=None` is the installation itself (command line, demo): how the first three administrators come to be.
    Raises AccessError.
    """
    if by == user:
        raise Refused("self", MESSAGES["self"])
    today = timezone.localdate()
    valid_from = valid_from or today
    wanted = Role.objects.filter(code=role).first()
    if wanted is None:
        raise AccessError("role", MESSAGES["role"])
    # the person's row is held: two grants at once cannot each miss the other's clash
    person = User.objects.select_for_update().filter(pk=user, is_active=True).first()
    if person is None:
        raise AccessError("user", MESSAGES["user"])
    at = Unit.objects.filter(pk=unit, closed_on=None).first()
    if at is None:
        raise AccessError("closed", MESSAGES["closed"])
    needed = granting_permission(wanted.permissions)
    _check_area(by, needed, area, _grantor_message(needed))
    _check_area(by, needed, at.area_id)
    if valid_to is not None and valid_to < valid_from:
        raise AccessError("dates", MESSAGES["dates"])
    held = _permissions_held(user, valid_from)
    if clash(held | set(wanted.permissions)):
        raise AccessError("clash", MESSAGES["clash"])
    try:
        with transaction.atomic():
            row = Posting.objects.create(
                user=person,
                unit=at,
                role=wanted,
                area_id=area,
                sectors=_checked_sectors(sectors),
                valid_from=valid_from,
                valid_to=valid_to,
            )
    except IntegrityError as error:
        raise AccessError("twice", MESSAGES["twice"]) from error
    facts.record(
        AccessFact.POSTING_GRANTED,
        subject=f"posting:{row.pk}",
        by=by,
        area=area,
        user=user,
        unit=unit,
        role=role,
        sectors=row.sectors,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else None,
    )
    return row


@transaction.atomic
def revoke_posting(*, by: int | None, posting: int, today: date | None = None) -> Posting:
    """The posting does not count from today on, that is from the next request and the next batch of an
    export.

    Raises AccessError; Posting.DoesNotExist.
    """
    row = Posting.objects.select_for_update().select_related("role").get(pk=posting)
    if by == row.user_id:
        raise Refused("self", MESSAGES["self"])
    needed = granting_permission(row.role.permissions)
    _check_area(by, needed, row.area_id, _grantor_message(needed))
    today = today or timezone.localdate()
    if row.valid_to is not None and row.valid_to <= today:
        raise AccessError("revoked", MESSAGES["revoked"])
    row.valid_to = max(today, row.valid_from)
    row.save(update_fields=["valid_to"])
    facts.record(
        AccessFact.POSTING_REVOKED,
        subject=f"posting:{posting}",
        by=by,
        area=row.area_id,
        user=row.user_id,
        unit=row.unit_id,
        role=row.role.code,
    )
    return row


def _permissions_held(user: int, since: date) -> set[str]:
    """Everything the person's postings give from a day on, those that begin later included."""
    rows = Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gt=since), user_id=user)
    return {p for permissions in rows.values_list("role__permissions", flat=True) for p in permissions}


def _grantor_message(needed: Permission) -> str:
    return "security_only" if needed == Permission.SECURITY_ADMIN else "system_only"


def _check_area(by: int | None, permission: Permission, area: int, otherwise: str = "area_refused") -> None:
    """The one who acts holds the permission over the whole area, today, by the database and not by the
    page."""
    if not Area.objects.filter(pk=area).exists():
        raise AccessError("area", MESSAGES["area"])
    if by is None:
        return
    scope = scope_of(by, timezone.localdate())
    if not scope.may(permission):
        raise Refused(otherwise, MESSAGES[otherwise])
    if not scope.allows(permission, area):
        raise Refused("area_refused", MESSAGES["area_refused"])


def _checked_sectors(sectors: Iterable[str]) -> list[str]:
    wanted = sorted(set(sectors))
    for sector in wanted:
        if sector not in Sector.values:
            raise AccessError("sectors", MESSAGES["sectors"], sector=sector)
    return wanted
