"""企业台账: the enterprises on file on a day, as their versions of that day."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope, area_parent
from nuanxin.foundation.codes.rules.phone import parse_phone
from nuanxin.foundation.codes.rules.refusal import CodeRefused
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.areas.models import Area
from nuanxin.registry.units.enums import UnitKind
from nuanxin.registry.units.models import Unit

from ..enums import EnterpriseStatus
from ..models import Enterprise, EnterpriseVersion, Platform
from ..rules import Owners, characters, name_key, owners, parse_record_key


def on_day(day: date) -> Q:
    """The versions that hold on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def enterprises(
    scope: Scope, *, on: date | None = None, permission: str = Permission.ENTERPRISES_VIEW
) -> QuerySet[EnterpriseVersion]:
    """The enterprises on file on a day (default: today), whatever their status, by area and name.

    An entry that was merged into another counts on no day: it never was a firm of its own.
    """
    return (
        EnterpriseVersion.objects.filter(
            within(scope, permission),
            on_day(on or timezone.localdate()),
            enterprise__merged_into=None,
        )
        .select_related("enterprise", "area", "platform", "industry_owner", "territory_owner")
        .order_by("area_id", "name", "enterprise_id")
    )


def active(rows: QuerySet[EnterpriseVersion]) -> QuerySet[EnterpriseVersion]:
    """Those in business: what the figure "enterprises on file" counts."""
    return rows.filter(status=EnterpriseStatus.ACTIVE)


def enterprise(scope: Scope, pk: UUID, *, permission: str = Permission.ENTERPRISES_VIEW) -> EnterpriseVersion:
    """The version of today, or the last one. Raises Enterprise.DoesNotExist outside the scope."""
    found = (
        EnterpriseVersion.objects.filter(within(scope, permission), enterprise_id=pk, valid_to=None)
        .select_related("enterprise__merged_into", "area", "platform", "industry_owner", "territory_owner")
        .first()
    )
    if found is None:
        raise Enterprise.DoesNotExist
    return found


def search(rows: QuerySet[EnterpriseVersion], text: str) -> QuerySet[EnterpriseVersion]:
    """By 汉字 (any part of the name), pinyin, initials, credit code, phone or 编号."""
    text = text.strip()
    if key := parse_record_key("E", text):
        return rows.filter(enterprise_id=key)
    signs = characters(text)
    if not signs:
        return rows
    if not text.isascii():
        found = rows.filter(chars__contains=signs)
        return found.filter(name__icontains=text) if len(text) > 1 else found
    word = "".join(c for c in text.lower() if c.isalnum())
    condition = Q(initials__contains=word) | Q(pinyin__contains=word) | Q(name_key__contains=word)
    condition |= Q(enterprise__credit_code__startswith=text.upper())
    return rows.filter(condition | _by_phone(text))


def _by_phone(text: str) -> Q:
    try:
        number = str(parse_phone(text))
    except CodeRefused:
        return Q(pk__in=[])
    return Q(phone_index=keyring().index("enterprise.phone", number))


def owned_by(rows: QuerySet[EnterpriseVersion], unit: Unit) -> QuerySet[EnterpriseVersion]:
    """The enterprises in a unit's area and, for a department, in the sectors it answers for."""
    found = rows.filter(inside(unit.area_id))
    if unit.kind == UnitKind.DEPARTMENT:
        found = found.filter(Q(sector__in=unit.sectors, industry_owner=None) | Q(industry_owner=unit))
    return found


class Offices:
    """The units that can own an enterprise, read once for many rows."""

    def __init__(self) -> None:
        kinds = (UnitKind.DEPARTMENT, UnitKind.STREET, UnitKind.COMMUNITY)
        self._units = list(Unit.objects.filter(kind__in=kinds, closed_on=None).order_by("id"))

    def of(self, version: EnterpriseVersion) -> Owners:
        """Who answers for the enterprise: by hand, else by the rule."""
        return owners(
            version.area_id,
            version.sector,
            self._units,
            industry=version.industry_owner,
            territory=version.territory_owner,
        )


def platforms() -> list[Platform]:
    """The platforms of the catalogue, for choices: code and name."""
    return list(Platform.objects.order_by("code"))


def by_name(scope: Scope, text: str, *, limit: int = 10) -> QuerySet[EnterpriseVersion]:
    """Firms to choose from while typing, the shortest names first."""
    return search(enterprises(scope), text).order_by(Length("name"), "name", "enterprise_id")[:limit]


def one_named(
    scope: Scope, text: str, *, permission: str = Permission.ENTERPRISES_VIEW
) -> EnterpriseVersion | None:
    """The one firm with this 编号 or whole name; None when there is none, or several."""
    rows = enterprises(scope, permission=permission)
    key = parse_record_key("E", text.strip())
    wanted = rows.filter(enterprise_id=key) if key else rows.filter(name_key=name_key(text))
    found = list(wanted[:2])
    return found[0] if len(found) == 1 else None


def places(scope: Scope, permission: str) -> list[tuple[int, str]]:
    """The streets and communities where the person may put a firm, for a choice: code and name."""
    inner = within(scope, permission, area="code", sector=None)
    areas = Area.objects.filter(inner, valid_to=None, level__in=[3, 4, 5]).order_by("code")
    names = {}
    choices = []
    for area in areas[:3000]:
        names[area.code] = area.name
        above = names.get(area_parent(area.code)) if area.level == 5 else None
        choices.append((area.code, f"{above} · {area.name}" if above else area.name))
    return choices
