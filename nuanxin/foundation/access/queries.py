"""A scope as a condition of the database; roles; alerts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum

from nuanxin.foundation.facts.models import Fact

from .enums import AccessFact, AlertKind, Permission
from .models import AccessAlert, Role
from .rules import Scope, UnmaskLimits, area_range


def within(scope: Scope, permission: str, *, area: str = "area_id", sector: str | None = "sector") -> Q:
    """The rows for which `scope` holds `permission`; name the columns that carry area and sector.

    `sector=None` is for rows without one; a posting limited to sectors then sees the rows of its area.
    """
    condition = Q(pk__in=[])
    for grant in scope.grants_for(permission):
        lower, upper = area_range(grant.area)
        part = Q(**{f"{area}__gte": lower, f"{area}__lt": upper})
        if sector is not None and grant.sectors is not None:
            part &= Q(**{f"{sector}__in": sorted(grant.sectors)})
        condition |= part
    return condition


def inside(area_code: int, *, area: str = "area_id") -> Q:
    """The rows that stand inside an area."""
    lower, upper = area_range(area_code)
    return Q(**{f"{area}__gte": lower, f"{area}__lt": upper})


def roles() -> QuerySet[Role]:
    """All roles. Their contents are no secret: staff may know what a role can do."""
    return Role.objects.order_by("-built_in", "code")


def role(code: str) -> Role | None:
    return Role.objects.filter(code=code).first()


def alerts(scope: Scope, *, open_only: bool = False) -> QuerySet[AccessAlert]:
    """The alerts of the security administrator's area, open ones first."""
    found = AccessAlert.objects.filter(within(scope, Permission.SECURITY_ADMIN, area="area", sector=None))
    if open_only:
        return found.filter(handled_at=None).order_by("-at", "-id")
    return found.order_by(F("handled_at").desc(nulls_first=True), "-at", "-id")


def alerts_in_state(found: QuerySet[AccessAlert], state: str) -> QuerySet[AccessAlert]:
    """`open` or `done`."""
    return found.filter(handled_at__isnull=state == "open")


def alert(scope: Scope, alert_id: int) -> AccessAlert | None:
    return alerts(scope).filter(pk=alert_id).first()


def open_alerts(scope: Scope) -> int:
    """How many alerts wait for the security administrator."""
    return alerts(scope, open_only=True).count()


def recent_unmasks(user: int, limit: int = 10) -> list[Fact]:
    """The last full numbers a person opened, with the reasons: what the security administrator judges by."""
    return list(Fact.objects.filter(actor=user, kind=AccessFact.UNMASKED).order_by("-id")[:limit])


def unmask_limits() -> UnmaskLimits:
    """The thresholds of this installation (`NUANXIN_UNMASK_ALERT`, `NUANXIN_UNMASK_STOP`)."""
    return UnmaskLimits(alert=settings.UNMASK_ALERT_PER_HOUR, stop=settings.UNMASK_STOP_PER_HOUR)


def unmask_stopped(user: int) -> bool:
    """Whether opening full numbers is stopped for this person until a security administrator lifts it."""
    return AccessAlert.objects.filter(about=user, kind=AlertKind.UNMASK_STOPPED, handled_at=None).exists()


def unmasked_since(user: int, now: datetime) -> int:
    """How many full numbers the person has opened in the hour before `now`, or since the last stop was
    lifted."""
    since = now - timedelta(hours=1)
    lifted = (
        AccessAlert.objects.filter(about=user, kind=AlertKind.UNMASK_STOPPED, handled_at__gt=since)
        .order_by("-handled_at")
        .values_list("handled_at", flat=True)
        .first()
    )
    opened = Fact.objects.filter(actor=user, kind=AccessFact.UNMASKED, at__gt=lifted or since)
    return opened.aggregate(total=Sum("quantity"))["total"] or 0
