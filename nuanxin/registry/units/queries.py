"""Postings as the scope of a request; units and postings as lists."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Mod
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Grant, Scope, clash
from nuanxin.foundation.accounts import queries as account_queries
from nuanxin.foundation.accounts.models import User
from nuanxin.registry.areas.models import Area

from .models import Posting, Unit


def in_force(today: date, prefix: str = "") -> Q:
    """Postings that count on a day: begun, not ended, at a unit that is open, of an active account."""
    return (
        Q(**{f"{prefix}valid_from__lte": today})
        & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": today}))
        & (Q(**{f"{prefix}unit__closed_on": None}) | Q(**{f"{prefix}unit__closed_on__gt": today}))
        & Q(**{f"{prefix}user__is_active": True})
    )


def scope_of(user_id: int | None, today: date) -> Scope:
    """What a person may do today, read from the database in one query. The web asks once for every
    request."""
    if user_id is None:
        return Scope()
    rows = (
        Posting.objects.filter(in_force(today), user_id=user_id)
        .order_by("id")
        .values_list("area_id", "role__permissions", "unit_id", "sectors")
    )
    found = [
        Grant(area, frozenset(permissions), unit, frozenset(sectors) if sectors else None)
        for area, permissions, unit, sectors in rows
    ]
    if clash(p for grant in found for p in grant.permissions):
        # granting refuses it, but a role may have been changed under a posting: then neither power is given
        found = [replace(grant, permissions=grant.permissions & {Permission.CONSOLE}) for grant in found]
    return Scope(user_id, tuple(found))


def still_in_force(scope: Scope, today: date | None = None) -> bool:
    """Whether everything that `scope` was given is still given: to be asked for each batch of a long export.

    A posting revoked, shortened or narrowed since the work began answers False; one added does not matter.
    The caller then stops and removes what it has written.
    """
    if scope.user_id is None:
        return False
    return scope.part_of(scope_of(scope.user_id, today or timezone.localdate()))


def units_in(
    scope: Scope, permission: str = Permission.UNITS_EDIT, *, closed: bool = False
) -> QuerySet[Unit]:
    """The units that stand in the areas of the scope, with the number of postings in force as `staff`."""
    found = Unit.objects.filter(within(scope, permission, sector=None))
    if not closed:
        found = found.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
    today = timezone.localdate()
    return (
        found.select_related("area", "parent")
        .annotate(staff=Count("postings__user", filter=in_force(today, "postings__"), distinct=True))
        .order_by("area_id", "code")
    )


def unit(scope: Scope, unit_id: int, permission: str = Permission.UNITS_EDIT) -> Unit | None:
    return units_in(scope, permission, closed=True).filter(pk=unit_id).first()


def search_units(units: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    return units.filter(Q(name__icontains=text) | Q(code__icontains=text))


def postings_at(at: Unit) -> QuerySet[Posting]:
    """The postings at a unit, those in force first; who may see the unit has been asked before."""
    return at.postings.select_related("user", "role", "area").order_by(
        F("valid_to").desc(nulls_first=True), "user__name", "id"
    )


def unit_by_code(code: str) -> Unit | None:
    """For imports and the demo, which name units by their code."""
    return Unit.objects.filter(code=code).first()


def lead_unit(area: int) -> Unit | None:
    """The unit that leads in an area (牵头部门)."""
    return Unit.objects.filter(area_id=area, leads=True, closed_on=None).first()


def postings(scope: Scope, permission: str) -> QuerySet[Posting]:
    """The postings over areas that the administrator looks after, newest first."""
    return (
        Posting.objects.filter(within(scope, permission, sector=None))
        .select_related("user", "unit", "role", "area")
        .order_by("-valid_from", "-id")
    )


def postings_of(user_id: int) -> QuerySet[Posting]:
    """All postings of a person, the newest first; who may see the person has been asked before."""
    return (
        Posting.objects.filter(user_id=user_id)
        .select_related("unit", "role", "area")
        .order_by("-valid_from", "-id")
    )


def staff(scope: Scope, permission: str) -> QuerySet[User]:
    """The accounts an administrator keeps, with `roles`, the names of the roles they hold today."""
    held = in_force(timezone.localdate(), "postings__")
    return account_queries.staff(scope, permission).annotate(
        roles=ArrayAgg("postings__role__name", filter=held, distinct=True, default=Value([]))
    )


def areas_for(scope: Scope, permission: str, most: int = 600) -> Sequence[Area]:
    """The areas to choose from in a form: as deep as the list stays readable."""
    inside = Area.objects.filter(within(scope, permission, area="code", sector=None), valid_to=None)
    for below in (1, 10**3, 10**6, 10**9):
        found = list(inside.annotate(rest=Mod("code", below)).filter(rest=0).order_by("code")[: most + 1])
        if len(found) <= most:
            break
    return found[:most]


def holders(permission: str, area: int, today: date) -> list[int]:
    """The users who hold a permission over an area today: whom to notify. Widest posting first."""
    rows = (
        Posting.objects.filter(in_force(today), role__permissions__contains=[permission])
        .order_by("area_id", "user_id")
        .values_list("user_id", "area_id", "unit_id")
    )
    found = {user: None for user, at, _unit in rows if Grant(at, frozenset(), 0).covers(area)}
    return list(found)


def security_administrators(area: int) -> list[int]:
    """Who is told of a security alert in an area: whoever administers security there, else in the
    installation."""
    today = timezone.localdate()
    there = holders(Permission.SECURITY_ADMIN, area, today)
    if there:
        return there
    everywhere = Posting.objects.filter(
        in_force(today), role__permissions__contains=[Permission.SECURITY_ADMIN.value]
    )
    return sorted(set(everywhere.values_list("user_id", flat=True)))
