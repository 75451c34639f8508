"""Who sees which uploads: a unit's own people, and the people of the lead unit of the area."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope, area_range
from nuanxin.foundation.accounts.models import User
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.units.models import Unit

from ..models import Upload


def visible(scope: Scope) -> Q:
    """The uploads that a person may see and handle; those without a sector are everybody's of the unit."""
    condition = Q(pk__in=[])
    for grant in scope.grants_for(Permission.IMPORT):
        lower, upper = area_range(grant.area)
        inside = Q(area_id__gte=lower, area_id__lt=upper)
        if grant.sectors is not None:
            inside &= Q(sector__in=["", *sorted(grant.sectors)])
        whose = Q(unit_id=grant.unit_id)
        if grant.sectors is None:
            whose |= Q(Exists(Unit.objects.filter(pk=grant.unit_id, leads=True)))
        condition |= inside & whose
    return condition


def uploads(scope: Scope) -> QuerySet[Upload]:
    """The uploads of the scope with the name of who sent them (`sender`), the newest first."""
    return (
        Upload.objects.filter(visible(scope))
        .select_related("unit", "area")
        .annotate(sender=Subquery(User.objects.filter(pk=OuterRef("created_by")).values("name")[:1]))
        .defer("samples", "mapping", "summary")
        .order_by("-created_at", "-id")
    )


def get_upload(scope: Scope, upload: UUID) -> Upload:
    """One of them. Raises Upload.DoesNotExist."""
    return Upload.objects.select_related("unit", "area", "file").filter(visible(scope)).get(pk=upload)


def upload_name(upload: Upload) -> str:
    """What the person called the file: for the screen, never for a header or a log."""
    return keyring().open("upload.filename", bytes(upload.filename))


def sender_units(scope: Scope) -> QuerySet[Unit]:
    """The units for which a person may send files in: the own ones; a lead's people for all units of their area."""
    grants = scope.grants_for(Permission.IMPORT)
    leading = Unit.objects.filter(
        leads=True, closed_on=None, pk__in=[g.unit_id for g in grants if g.sectors is None]
    )
    covered = Q(pk__in=[g.unit_id for g in grants])
    for grant in grants:
        lower, upper = area_range(grant.area)
        covered |= Q(area_id__gte=lower, area_id__lt=upper) & Q(
            Exists(leading.filter(pk=grant.unit_id).order_by())
        )
    return Unit.objects.filter(covered, closed_on=None).select_related("area").order_by("area_id", "code")


def may_send_for(scope: Scope, unit: int, area: int, sector: str) -> bool:
    """Whether a file of this unit for this place and sector may be sent in."""
    for grant in scope.grants_for(Permission.IMPORT):
        if not grant.covers(area, sector):
            continue
        if grant.unit_id == unit:
            return True
        lower, upper = area_range(grant.area)
        leads = Unit.objects.filter(pk=grant.unit_id, leads=True, closed_on=None)
        if (
            grant.sectors is None
            and Unit.objects.filter(
                Exists(leads.order_by()), pk=unit, area_id__gte=lower, area_id__lt=upper
            ).exists()
        ):
            return True
    return False
