"""The rosters of persons as of a day: who stands in them, how they are searched and narrowed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules.phone import parse_phone
from nuanxin.foundation.codes.rules.plate import parse_plate
from nuanxin.foundation.codes.rules.refusal import CodeRefused
from nuanxin.foundation.codes.rules.resident_id import parse_resident_id
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.enterprises.models import EnterpriseVersion
from nuanxin.registry.enterprises.queries.ledger import on_day
from nuanxin.registry.enterprises.rules import characters, parse_record_key

from ..enums import WorkerStatus
from ..models import Engagement, PartyDeclaration, Worker


def workers(
    scope: Scope, *, on: date | None = None, permission: str = Permission.WORKERS_VIEW
) -> QuerySet[Worker]:
    """The persons on the ledger on a day, each once, by place; `place_id` and `line` are area and sector then.

    Today these are the persons in status 在册. For an earlier day the engagements of that day say who was there
    and where; of several that at the person's present place and sector counts, else the oldest. The scope
    looks at the place of the day: a street's roster of the last quarter stays the street's.
    """
    today = timezone.localdate()
    rows: Any
    if on is None or on >= today:
        rows = Worker.objects.filter(status=WorkerStatus.ACTIVE).annotate(
            place_id=F("area_id"), line=F("sector")
        )
    else:
        rows = _on_past_day(on)
    return rows.filter(within(scope, permission, area="place_id", sector="line")).order_by("place_id", "id")


def gone(scope: Scope, *, permission: str = Permission.WORKERS_VIEW) -> QuerySet[Worker]:
    """Those who have left, the last first; by their last place."""
    return (
        Worker.objects.filter(within(scope, permission), status=WorkerStatus.LEFT)
        .annotate(place_id=F("area_id"), line=F("sector"))
        .order_by("-last_seen", "id")
    )


def named_by(
    scope: Scope, standings: QuerySet[Any], *, permission: str = Permission.WORKERS_VIEW
) -> QuerySet[Worker]:
    """The persons of rows that stand above this app (how persons stand in a round), at the place of those rows."""
    return (
        Worker.objects.filter(standings__in=standings)
        .annotate(place_id=F("standings__area_id"), line=F("standings__sector"))
        .filter(within(scope, permission, area="place_id", sector="line"))
        .order_by("place_id", "id")
    )


def _on_past_day(day: date) -> QuerySet[Worker]:
    """Each person with any engagement on the day, joined to the one of them that tells the place."""
    better = Engagement.objects.filter(on_day(day), worker=OuterRef("pk")).exclude(pk=OuterRef("work"))
    here = Q(area_id=OuterRef("area_id"), sector=OuterRef("sector"))
    older = Q(valid_from__lt=OuterRef("begun")) | Q(valid_from=OuterRef("begun"), pk__lt=OuterRef("work"))
    elsewhere = ~Q(place_id=F("area_id")) | ~Q(line=F("sector"))
    return (
        Worker.objects.alias(
            work=F("engagements__pk"), begun=F("engagements__valid_from"), ended=F("engagements__valid_to")
        )
        .annotate(place_id=F("engagements__area_id"), line=F("engagements__sector"))
        .filter(Q(begun__lte=day) & (Q(ended=None) | Q(ended__gt=day)))
        .exclude(status=WorkerStatus.MERGED)
        .exclude(elsewhere & Exists(better.filter(here | older)))
        .exclude(~elsewhere & Exists(better.filter(here & older)))
    )


def with_work(rows: QuerySet[Worker], *, on: date | None = None) -> QuerySet[Worker]:
    """Adds what a list shows of the work: `row.works` (the engagements of the day) in a fixed number of queries."""
    day = on or timezone.localdate()
    firm = EnterpriseVersion.objects.filter(on_day(day), enterprise=OuterRef("enterprise_id"))
    works = (
        Engagement.objects.filter(on_day(day))
        .select_related("platform", "site")
        .annotate(firm=Subquery(firm.values("name")[:1]))
        .order_by("valid_from", "id")
    )
    return rows.select_related("area").prefetch_related(Prefetch("engagements", works, to_attr="works"))


def search(rows: QuerySet[Worker], text: str) -> QuerySet[Worker]:
    """By 汉字 (any part of the name), pinyin or initials from their beginning, a full number, 编号."""
    text = text.strip()
    if key := parse_record_key("W", text):
        return rows.filter(pk=key)
    signs = characters(text)
    if not signs:
        return rows
    condition = _by_number(text)
    if condition is not None:
        return rows.filter(condition)
    if not text.isascii():
        found = rows.filter(chars__contains=signs)
        return found.filter(name__contains=text) if len(text) > 1 else found
    word = "".join(c for c in text.lower() if c.isalnum())
    return rows.filter(Q(initials__startswith=word) | Q(pinyin__startswith=word))


def _by_number(text: str) -> Q | None:
    """The person with this very number, by the blind index; None when the text is no number."""
    if not any(c.isdigit() for c in text):
        return None
    readers = (
        ("phone_index", "person.phone", parse_phone),
        ("id_index", "person.idno", lambda t: parse_resident_id(t, today=timezone.localdate())),
        ("plate_index", "person.plate", parse_plate),
    )
    for column, purpose, parse in readers:
        try:
            number = str(parse(text))
        except CodeRefused:
            continue
        return Q(**{column: keyring().index(purpose, number)})
    return Q(pk__in=[])


def working_for(
    rows: QuerySet[Worker], platforms: Sequence[str], *, on: date | None = None
) -> QuerySet[Worker]:
    """Those who work for one of these platforms (codes)."""
    return rows.filter(Exists(_works(on).filter(platform__code__in=platforms)))


def engaged_as(rows: QuerySet[Worker], kinds: Sequence[str], *, on: date | None = None) -> QuerySet[Worker]:
    """Those engaged in one of these ways."""
    return rows.filter(Exists(_works(on).filter(kind__in=kinds)))


def engaged_at(rows: QuerySet[Worker], enterprise: str, *, on: date | None = None) -> QuerySet[Worker]:
    """Those who work for an enterprise: its id, its 编号 or a part of its name."""
    works = _works(on)
    if key := parse_record_key("E", enterprise):
        return rows.filter(Exists(works.filter(enterprise_id=key)))
    named = EnterpriseVersion.objects.filter(name__icontains=enterprise, valid_to=None)
    said = Q(enterprise__in=named.values("enterprise_id")) | Q(employer_text__icontains=enterprise)
    return rows.filter(Exists(works.filter(said)))


def _works(on: date | None) -> QuerySet[Engagement]:
    return Engagement.objects.filter(on_day(on or timezone.localdate()), worker=OuterRef("pk"))


def verified(rows: QuerySet[Worker], yes: bool = True) -> QuerySet[Worker]:
    """Those whose record somebody has checked with them, ever."""
    return rows.filter(verified_on__isnull=not yes)


def doubtful(rows: QuerySet[Worker], yes: bool = True) -> QuerySet[Worker]:
    """Those named by an open pair of the review queue."""
    return rows.filter(doubtful=yes)


def members(
    scope: Scope, *, on: date | None = None, floating: bool | None = None
) -> QuerySet[PartyDeclaration]:
    """The declarations in force on a day, of persons inside the scope of PARTY_VIEW; only what was declared.

    A declaration taken back stands on no day any more: withdrawing is meant to be complete.
    """
    day = on or timezone.localdate()
    found = PartyDeclaration.objects.filter(
        within(scope, Permission.PARTY_VIEW, area="worker__area_id", sector="worker__sector"),
        declared_on__lte=day,
        withdrawn_on=None,
        worker__status=WorkerStatus.ACTIVE,
    )
    if floating is not None:
        found = found.filter(floating=floating)
    return found.select_related("worker__area").order_by("worker__area_id", "worker__pinyin", "id")


def search_members(rows: QuerySet[PartyDeclaration], text: str) -> QuerySet[PartyDeclaration]:
    """As `search`, over the persons of the declarations."""
    return rows.filter(worker__in=search(Worker.objects.all(), text))
