"""Reading the trail.

The facts stand below `access`, so a scope is taken here for what it offers, not by its class: `Reader` names
it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from .models import Fact, Seal
from .rules import GENESIS, seal_of

COLUMNS = ("id", "at", "kind", "area", "sector", "subject", "actor", "quantity", "detail")
"""What a seal covers."""

AUDIT = "audit.admin"
"""The permission that opens the trail (access.enums.Permission.AUDIT_ADMIN)."""

LATE = 1_000_000
"""How far behind the newest sealed fact the sealing job looks for transactions that ended late."""


class Reader(Protocol):
    def grants_for(self, permission: str) -> tuple[Any, ...]: ...


@dataclass(frozen=True)
class TrailFilter:
    """What the audit administrator looks for; everything left empty is not asked."""

    kind: str = ""
    subject: str = ""
    actor: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def trail(scope: Reader, wanted: TrailFilter | None = None) -> QuerySet[Fact]:
    """The facts that the audit administrator may read, newest first.

    Facts without an area (a role changed, a sign-in under a name that does not exist) concern the whole
    installation; every audit administrator reads them.
    """
    wanted = wanted or TrailFilter()
    facts = Fact.objects.filter(_readable(scope)).order_by("-id")
    if wanted.kind:
        # "access." asks for a whole family of kinds
        family = wanted.kind.endswith(".")
        facts = facts.filter(kind__startswith=wanted.kind) if family else facts.filter(kind=wanted.kind)
    if wanted.subject:
        facts = facts.filter(subject=wanted.subject)
    if wanted.actor is not None:
        facts = facts.filter(actor=wanted.actor)
    if wanted.since:
        facts = facts.filter(at__gte=wanted.since)
    if wanted.until:
        facts = facts.filter(at__lt=wanted.until)
    return facts


def search(facts: QuerySet[Fact], text: str, actors: Iterable[int] = ()) -> QuerySet[Fact]:
    """Facts whose subject begins with the text, or that one of `actors` did or underwent."""
    subjects = [f"user:{a}" for a in actors]
    return facts.filter(Q(subject__startswith=text) | Q(actor__in=list(actors)) | Q(subject__in=subjects))


def about(subject: str) -> QuerySet[Fact]:
    """What happened to one record, newest first. The caller has checked that the reader may see the
    record."""
    return Fact.objects.filter(subject=subject).order_by("-id")


def unsealed() -> QuerySet[Fact]:
    """Facts that are not yet in the chain, by id."""
    newest = Seal.objects.aggregate(newest=Max("fact"))["newest"] or 0
    sealed = Seal.objects.filter(fact=OuterRef("id"))
    return Fact.objects.filter(id__gt=newest - LATE).exclude(Exists(sealed)).order_by("id")


@dataclass(frozen=True)
class ChainState:
    """What checking the chain has found; `broken_at` names the first fact whose seal does not fit."""

    sealed: int
    unsealed: int
    broken_at: int | None
    head: bytes

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def verify_chain() -> ChainState:
    """Computes every seal anew. Finds facts that were changed, removed or put in after they were sealed.

    The end of the chain cut off together with its facts cannot be seen from inside: the audit administrator
    notes the head (shown on the screen) and compares it.
    """
    seal, broken = GENESIS, None
    for position, (link, fact) in enumerate(_pairs(), start=1):
        if fact is None or link.position != position or seal_of(seal, fact) != bytes(link.seal):
            broken = link.fact
            break
        seal = bytes(link.seal)
    sealed = Seal.objects.count()
    return ChainState(sealed, Fact.objects.count() - sealed, broken, seal)


def head() -> bytes:
    """The newest seal, for the record of the audit administrator."""
    last = Seal.objects.order_by("-position").first()
    return bytes(last.seal) if last else GENESIS


def _pairs(batch: int = 5000) -> Iterator[tuple[Seal, dict[str, Any] | None]]:
    after = 0
    while links := list(Seal.objects.filter(position__gt=after).order_by("position")[:batch]):
        facts = {f["id"]: f for f in Fact.objects.filter(id__in=[k.fact for k in links]).values(*COLUMNS)}
        yield from ((link, facts.get(link.fact)) for link in links)
        after = links[-1].position


def _readable(scope: Reader) -> Q:
    grants = scope.grants_for(AUDIT)
    condition = Q(area=0) if grants else Q(pk__in=[])
    for grant in grants:
        lower, upper = grant.bounds
        condition |= Q(area__gte=lower, area__lt=upper)
    return condition
