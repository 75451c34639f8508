from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nuanxin.web.shared.context import provide


class ConsoleConfig(AppConfig):
    name = "nuanxin.web.console"
    label = "console"
    verbose_name = _("工作台")

    def ready(self) -> None:
        from .nav import navigation

        provide("nav", navigation)
