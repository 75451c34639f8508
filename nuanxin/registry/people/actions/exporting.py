"""A roster leaves the house: a fact for each area and sector, with how many (PIPL Art. 51, dossier 4)."""

from collections.abc import Iterable

from django.db import transaction

from nuanxin.foundation.access.actions import note_unmask
from nuanxin.foundation.facts import actions as facts
from nuanxin.foundation.facts.enums import FactKind


@transaction.atomic
def note_export(
    *, by: int, kind: FactKind, list_name: str, places: Iterable[tuple[int, str, int]], reason: str = ""
) -> int:
    """`places`: (area, sector, how many). With a `reason` the sheet carries full numbers, which the watch counts.

    Called before the first row is written: what is written down and then breaks off does no harm, the
    reverse would. Raises UnmaskRefused; then nothing is written down.
    """
    total = 0
    for area, sector, quantity in places:
        if reason:
            note_unmask(
                by=by,
                subject=f"export:{list_name}",
                reason=reason,
                area=area,
                sector=sector,
                quantity=quantity,
            )
        facts.record(
            kind,
            subject=f"export:{list_name}",
            by=by,
            area=area,
            sector=sector,
            quantity=quantity,
            full=bool(reason),
        )
        total += quantity
    return total
