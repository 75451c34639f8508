"""Saved views that a person may use."""

from django.db.models import Q, QuerySet

from nuanxin.foundation.access.rules import Scope

from .models import SavedView


def saved_views(scope: Scope, *, table: str) -> QuerySet[SavedView]:
    """The person's own views of a table, and those shared in the units where the person holds a posting."""
    units = {g.unit_id for g in scope.grants}
    mine = Q(user_id=scope.user_id) if scope.user_id else Q(pk__in=[])
    return SavedView.objects.filter(mine | Q(unit_id__in=units), table=table).order_by("name", "pk")


def own_views(*, by: int) -> QuerySet[SavedView]:
    """All views that a person keeps, table by table."""
    return SavedView.objects.filter(user_id=by).order_by("table", "name", "pk")
