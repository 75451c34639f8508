"""A person's notices, and the outbox of the system administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.vault.queries import keyring

from .models import PHONE, Delivery, Notice
from .providers import DEFAULT, provider_path


def unread_count(user_id: int) -> int:
    """For the bell in the head of every page: one query on a partial index."""
    return Notice.objects.filter(user=user_id, read_at=None).count()


def of_user(user_id: int, *, unread: bool = False) -> QuerySet[Notice]:
    mine = Notice.objects.filter(user=user_id)
    return mine.filter(read_at=None) if unread else mine


@dataclass(frozen=True)
class OutboxRow:
    """A delivery as the administrator sees it: the number masked, `138****1234`."""

    id: int
    phone: str
    text: str
    template: str
    state: str
    state_label: str
    attempts: int
    next_try: datetime | None
    created_at: datetime
    sent_at: datetime | None
    error: str
    can_retry: bool


def deliveries(scope: Scope, *, state: str = "") -> QuerySet[Delivery]:
    """All deliveries for a system administrator, none for anybody else."""
    if not scope.may(Permission.SYSTEM_ADMIN):
        return Delivery.objects.none()
    return Delivery.objects.filter(state=state) if state else Delivery.objects.all()


def outbox_rows(rows: list[Delivery]) -> list[OutboxRow]:
    """Deliveries of one page, with their numbers masked."""
    ring = keyring()
    return [
        OutboxRow(
            id=row.pk,
            phone=_masked(ring.open(PHONE, bytes(row.phone))),
            text=row.text,
            template=row.template,
            state=row.state,
            state_label=row.get_state_display(),
            attempts=row.attempts,
            next_try=row.next_try,
            created_at=row.created_at,
            sent_at=row.sent_at,
            error=row.error,
            can_retry=row.state == "given_up",
        )
        for row in rows
    ]


def by_state(scope: Scope) -> dict[str, int]:
    """How many deliveries are in each state."""
    counted = deliveries(scope).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted)


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def sends_for_real() -> bool:
    """Whether messages leave the house; False while the outbox takes them."""
    return provider_path() != DEFAULT
