"""一企一档: everything known of one enterprise on a day, and how it came to be known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.accounts.queries import names
from nuanxin.foundation.codes.rules.masking import mask_phone
from nuanxin.foundation.facts.enums import kind_label
from nuanxin.foundation.facts.queries import about
from nuanxin.foundation.vault.queries import keyring

from ..enums import EnterpriseFact
from ..models import Enterprise, EnterpriseLink, EnterpriseVersion, Site
from ..rules import LABELS, PLAIN_COLUMNS, Owners
from .ledger import Offices, enterprise, enterprises, on_day


@dataclass(frozen=True)
class Section:
    """A part of the page that another app fills: a table of texts under a title."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


_providers: list[Callable[[Scope, UUID, date], Section | None]] = []


def add_section(provider: Callable[[Scope, UUID, date], Section | None]) -> None:
    """`provider(scope, enterprise, day)` gives a section of the page, None for nothing. For `AppConfig.ready`."""
    if provider not in _providers:
        _providers.append(provider)


@dataclass(frozen=True)
class Difference:
    """One column of a change: its name, what stood there, what stands there now."""

    column: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryEntry:
    """A change, or something that happened: what, from which day, written down when and by whom."""

    version: EnterpriseVersion | None
    title: str
    valid_from: date | None
    at: datetime
    who: str
    from_roster: bool = False
    replaced: bool = False  # on its own first day by a later one: it never counted
    differences: Sequence[Difference] = ()


@dataclass(frozen=True)
class Staff:
    """Persons of the ledger engaged here on the day, by sector and kind of work."""

    sector: str
    kind: str
    people: int


@dataclass(frozen=True)
class Dossier:
    on: date
    today: date
    current: EnterpriseVersion  # today's, by which access was decided
    version: EnterpriseVersion | None  # the one of the day; None: not on file yet
    owners: Owners | None
    phone: str  # masked
    sites: Sequence[Site]
    links_up: Sequence[tuple[EnterpriseLink, str]]
    links_down: Sequence[tuple[EnterpriseLink, str]]
    staff: Sequence[Staff]
    people: int  # distinct persons, of whom one may work in two ways
    history: Sequence[HistoryEntry]
    sections: Sequence[Section] = field(default=())

    @property
    def staff_said(self) -> int | None:
        """How many the firm itself names, None when it names none."""
        if self.version is None:
            return None
        said = [self.version.staff_full, self.version.staff_part, self.version.staff_crowd]
        known = [n for n in said if n is not None]
        return sum(known) if known else None


def dossier(scope: Scope, pk: UUID, *, on: date | None = None) -> Dossier:
    """The page of an enterprise as of `on` (default: today), in a number of queries that does not grow.

    Raises Enterprise.DoesNotExist outside the scope.
    """
    today = timezone.localdate()
    day = on or today
    current = enterprise(scope, pk)
    versions = list(
        EnterpriseVersion.objects.filter(enterprise_id=pk)
        .select_related("area", "platform", "industry_owner", "territory_owner")
        .order_by("valid_from", "id")
    )
    version = next(
        (v for v in versions if v.valid_from <= day and (v.valid_to is None or v.valid_to > day)), None
    )
    phone = keyring().open("enterprise.phone", bytes(version.phone)) if version else ""
    staff, people = _staff(pk, day)
    up, down = _links(scope, pk, day)
    return Dossier(
        on=day,
        today=today,
        current=current,
        version=version,
        owners=Offices().of(version) if version else None,
        phone=mask_phone(phone) if phone else "",
        sites=list(
            Site.objects.filter(on_day(day), enterprise_id=pk).select_related("area").order_by("name", "id")
        ),
        links_up=up,
        links_down=down,
        staff=staff,
        people=people,
        history=_history(pk, versions),
        sections=[s for provider in _providers if (s := provider(scope, pk, day)) is not None],
    )


def _staff(pk: UUID, day: date) -> tuple[list[Staff], int]:
    """Counts of persons; the table of engagements stands above this app and is reached by its relation."""
    holds = Q(engagements__valid_from__lte=day) & (
        Q(engagements__valid_to=None) | Q(engagements__valid_to__gt=day)
    )
    found = (
        Enterprise.objects.filter(holds, pk=pk)
        .values("engagements__sector", "engagements__kind")
        .annotate(people=Count("engagements__worker", distinct=True))
        .order_by("-people", "engagements__sector", "engagements__kind")
    )
    total = Enterprise.objects.filter(holds, pk=pk).aggregate(n=Count("engagements__worker", distinct=True))
    return [
        Staff(row["engagements__sector"], row["engagements__kind"], row["people"]) for row in found
    ], total["n"]


_Links = list[tuple[EnterpriseLink, str]]


def _links(scope: Scope, pk: UUID, day: date) -> tuple[_Links, _Links]:
    """The chain above and below, each firm with its name of the day; firms outside the scope are not named."""
    links = list(
        EnterpriseLink.objects.filter(on_day(day)).filter(Q(head_id=pk) | Q(member_id=pk)).order_by("id")
    )
    others = {link.member_id if link.head_id == pk else link.head_id for link in links}
    known = dict(
        enterprises(scope, on=day).filter(enterprise_id__in=others).values_list("enterprise_id", "name")
    )
    up = [(k, known[k.head_id]) for k in links if k.member_id == pk and k.head_id in known]
    down = [(k, known[k.member_id]) for k in links if k.head_id == pk and k.member_id in known]
    return up, down


_HAPPENED = (EnterpriseFact.MERGED, EnterpriseFact.SITE_ADDED, EnterpriseFact.LINKED)


def _history(pk: UUID, versions: Sequence[EnterpriseVersion]) -> list[HistoryEntry]:
    """Every change of the columns, and what else happened; the newest first."""
    happened = list(about(f"enterprise:{pk}").filter(kind__in=[k.value for k in _HAPPENED]))
    who = names([*(v.recorded_by for v in versions), *(f.actor for f in happened)])
    entries = []
    before: EnterpriseVersion | None = None
    for version in versions:
        entries.append(
            HistoryEntry(
                version=version,
                title=str(EnterpriseFact.CHANGED.label if before else EnterpriseFact.REGISTERED.label),
                valid_from=version.valid_from,
                at=version.recorded_at,
                who=who.get(version.recorded_by or 0, ""),
                from_roster=bool(version.origin),
                replaced=version.valid_to == version.valid_from,
                differences=_differences(before, version),
            )
        )
        before = version
    entries += [
        HistoryEntry(None, kind_label(f.kind), None, f.at, who.get(f.actor or 0, "")) for f in happened
    ]
    return sorted(entries, key=lambda e: e.at, reverse=True)


def _differences(before: EnterpriseVersion | None, after: EnterpriseVersion) -> list[Difference]:
    if before is None:
        return []
    found = [
        Difference(column, str(LABELS[column]), shown(before, column), shown(after, column))
        for column in PLAIN_COLUMNS
        if getattr(before, column) != getattr(after, column)
    ]
    if before.phone_index != after.phone_index:
        found.append(Difference("phone", str(LABELS["phone"]), "", ""))
    return found


def shown(version: EnterpriseVersion, column: str) -> str:
    """The value of a column as a person reads it; nothing for nothing."""
    label = getattr(version, f"get_{column}_display", None)
    if label is not None:
        return str(label()) if getattr(version, column) else ""
    value = getattr(version, column)
    if value is None:
        return ""
    if column.endswith("_id"):
        return str(getattr(version, column.removesuffix("_id")).name)
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return value.isoformat() if isinstance(value, date) else str(value)
