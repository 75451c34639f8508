"""Recording what happened, in the transaction in which it happens."""

from collections import defaultdict
from collections.abc import Callable

from django.db import transaction

from .enums import FactKind
from .models import Fact

Subscriber = Callable[[Fact], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def subscribe(kind: FactKind, subscriber: Subscriber) -> None:
    """Calls `subscriber` with each new fact of this kind, in the same transaction. For `AppConfig.ready`."""
    if subscriber not in _subscribers[kind.value]:
        _subscribers[kind.value].append(subscriber)


def record(
    kind: FactKind,
    *,
    subject: str,
    by: int | None,
    area: int = 0,
    sector: str = "",
    quantity: int = 1,
    **detail: object,
) -> Fact:
    """One fact. `by` is the user's id, None for the system; `detail` carries codes and counts, never personal data.

    Must be called inside a transaction: a fact without its change, or a change without its fact, may not exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is recorded inside the transaction of its change")
    fact = Fact.objects.create(
        kind=kind.value, subject=subject, actor=by, area=area, sector=sector, quantity=quantity, detail=detail
    )
    for subscriber in _subscribers[kind.value]:
        subscriber(fact)
    return fact
