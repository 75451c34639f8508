from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharedConfig(AppConfig):
    name = "nuanxin.web.shared"
    label = "web_shared"
    verbose_name = _("公用界面")
