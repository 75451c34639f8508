from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AreasConfig(AppConfig):
    name = "nuanxin.registry.areas"
    label = "areas"
    verbose_name = _("区域")

    def ready(self) -> None:
        from nuanxin.foundation.media.queries import register

        from .enums import GRID_FILE
        from .queries.gridplan import may_open

        register(GRID_FILE, may_open)
