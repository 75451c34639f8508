from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "nuanxin.foundation.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from nuanxin.foundation.access.enums import AccessFact
        from nuanxin.foundation.facts.actions import subscribe

        from .alerts import tell_security

        subscribe(AccessFact.ALERT_RAISED, tell_security)
