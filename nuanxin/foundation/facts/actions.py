"""Recording what happened, in the transaction in which it happens."""

from collections import defaultdict
from collections.abc import Callable

from django.db import transaction

from .enums import FactKind, TrailFact
from .models import Fact, Seal
from .queries import COLUMNS, ChainState, unsealed, verify_chain
from .rules import GENESIS, seal_of

_SEALING_LOCK = 7_260_411
"""Number of the advisory lock that lets one sealing job work at a time."""

Subscriber = Callable[[Fact], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def subscribe(kind: FactKind, subscriber: Subscriber) -> None:
    """Calls `subscriber` with each new fact of this kind, in the same transaction. For `AppConfig.ready`."""
    if subscriber not in _subscribers[kind.value]:
        _subscribers[kind.value].append(subscriber)


def record(
    kind: FactKind,
    /,
    *,
    subject: str,
    by: int | None,
    area: int = 0,
    sector: str = "",
    quantity: int = 1,
    **detail: object,
) -> Fact:
    """One fact. `by` is the user's id, None for the system; `detail` carries codes and counts, never personal
    data.

    Must be called inside a transaction: a fact without its change, or a change without its fact, may not
    exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is recorded inside the transaction of its change")
    fact = Fact.objects.create(
        kind=kind.value, subject=subject, actor=by, area=area, sector=sector, quantity=quantity, detail=detail
    )
    for subscriber in _subscribers[kind.value]:
        subscriber(fact)
    return fact


@transaction.atomic
def seal_facts(*, batch: int = 5000) -> int:
    """Puts up to `batch` facts that have no seal into the chain, by id; how many. Call until it answers 0.

    Two at once do no harm: the second finds the lock taken and answers 0. A fact whose transaction ends after
    facts with higher ids were sealed comes into the chain with the next batch.
    """
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = Seal.objects.order_by("-position").first()
    position, seal = (last.position, bytes(last.seal)) if last else (0, GENESIS)
    links = []
    for fact in unsealed().values(*COLUMNS)[:batch]:
        position, seal = position + 1, seal_of(seal, fact)
        links.append(Seal(position=position, fact=fact["id"], seal=seal))
    Seal.objects.bulk_create(links, batch_size=5000)
    return len(links)


@transaction.atomic
def note_export(*, by: int, area: int, columns: list[str]) -> None:
    """The audit administrator is audited too."""
    record(TrailFact.EXPORTED, subject="facts", by=by, area=area, columns=columns)


@transaction.atomic
def check_chain(*, by: int, area: int) -> ChainState:
    """Verifies the whole chain, and records who had it verified with what outcome."""
    state = verify_chain()
    record(
        TrailFact.VERIFIED,
        subject="facts",
        by=by,
        area=area,
        quantity=state.sealed,
        broken_at=state.broken_at,
    )
    return state
