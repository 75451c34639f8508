from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "nuanxin.registry.units"
    label = "units"
    verbose_name = _("单位")

    def ready(self) -> None:
        from nuanxin.foundation.notices.alerts import audience

        from .queries import security_administrators

        audience(security_administrators)
