"""Keeping and dropping saved views: a convenience of the person, not an event, so no fact is recorded."""

from django.db import transaction
from django.utils.translation import gettext as _

from nuanxin.foundation.access.rules import Scope

from .models import SavedView

MOST = 50


class ViewRefused(Exception):
    """The view cannot be kept; `.code` says why, the text says it to the person."""

    def __init__(self, code: str, message: str, field: str = "name") -> None:
        super().__init__(message)
        self.code, self.field = code, field


@transaction.atomic
def save_view(scope: Scope, *, table: str, name: str, query: str, shared: bool, by: int) -> SavedView:
    """Keeps a view under a name; the same name again replaces it."""
    name = " ".join(name.split())
    if not name:
        raise ViewRefused("name_missing", _("请给视图起个名字"))
    if len(name) > 30:
        raise ViewRefused("name_long", _("视图名称最多 30 个字"))
    if len(query) > 2000:
        raise ViewRefused("query_long", _("筛选条件太多，无法保存为视图"))
    own = SavedView.objects.filter(user_id=by, table=table)
    if own.count() >= MOST and not own.filter(name=name).exists():
        raise ViewRefused("too_many", _("每张表最多保存 50 个视图，请先删除不用的"))
    unit = min((g.unit_id for g in scope.grants), default=None) if shared else None
    view, _new = SavedView.objects.update_or_create(
        user_id=by, table=table, name=name, defaults={"query": query, "unit_id": unit}
    )
    return view


@transaction.atomic
def drop_view(*, view: int, by: int) -> bool:
    """Drops one's own view. False when there is none: somebody else's stays."""
    dropped, _rows = SavedView.objects.filter(pk=view, user_id=by).delete()
    return bool(dropped)
