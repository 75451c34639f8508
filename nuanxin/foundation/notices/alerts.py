"""A security alert reaches the security administrators."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from nuanxin.foundation.facts.models import Fact

from . import actions


def tell_security(fact: Fact) -> None:
    """Subscribed to `AccessFact.ALERT_RAISED`: a notice to each of the users in the fact's `notify`.

    Which alert it is stands in the fact; who did what is read there, not in the notice.
    """
    users = [int(user) for user in fact.detail.get("notify", ())]
    if not users:
        return
    try:
        link = reverse("console:audit")
    except NoReverseMatch:
        link = ""
    actions.notify(
        users,
        kind=fact.kind,
        title=_("安全告警：有人在短时间内查看了大量完整号码，请核查。")
        if fact.detail.get("reason", "unmask") == "unmask"
        else _("安全告警：请在审计记录中核查。"),
        link=link,
        key=f"fact:{fact.pk}",
    )
