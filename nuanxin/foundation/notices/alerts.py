"""A security alert reaches the security administrators."""

from collections.abc import Callable, Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import AlertKind
from nuanxin.foundation.facts.models import Fact

from . import actions

Audience = Callable[[int], Iterable[int]]
_audiences: list[Audience] = []


def audience(find: Audience) -> None:
    """Names who is told of alerts in an area: `find(area)` gives user ids. For `AppConfig.ready` of the app that
    knows postings, which stands above this one."""
    if find not in _audiences:
        _audiences.append(find)


def tell_security(fact: Fact) -> None:
    """Subscribed to `AccessFact.ALERT_RAISED`: one notice to each of the users in the fact's `notify`, and to
    those whom the audiences name.

    Which kind of alert it is may be said; about whom is read on the alert's own screen.
    """
    users = {int(user) for user in fact.detail.get("notify", ())}
    for find in _audiences:
        users.update(find(fact.area))
    if not users:
        return
    kind = fact.detail.get("kind", "")
    what = AlertKind(kind).label if kind in AlertKind.values else _("请核查")
    try:
        link = reverse("console:alerts")
    except NoReverseMatch:
        link = ""
    actions.notify(
        users,
        kind=fact.kind,
        title=_("安全告警：%(what)s") % {"what": what},
        link=link,
        key=f"fact:{fact.pk}",
    )
