from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nuanxin.web.shared.context import provide


class ConsoleConfig(AppConfig):
    name = "nuanxin.web.console"
    label = "console"
    verbose_name = _("工作台")

    def ready(self) -> None:
        from . import frame
        from .nav import navigation

        provide("nav", navigation)
        provide("links", frame.links)
        provide("unread", frame.unread)
        provide("area_name", frame.area_name)
        provide("area_choices", frame.area_choices)
