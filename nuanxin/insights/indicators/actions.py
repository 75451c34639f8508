"""A table of figures leaves the house."""

from django.db import transaction

from nuanxin.foundation.facts import actions as facts

from .enums import IndicatorFact


@transaction.atomic
def note_table_export(*, by: int, code: str, area: int, lines: int) -> None:
    """Written down before the file is made: which figure, of which area, in how many lines."""
    facts.record(IndicatorFact.EXPORTED, subject=f"indicator:{code}", by=by, area=area, quantity=lines)
