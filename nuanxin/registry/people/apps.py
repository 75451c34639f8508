from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "nuanxin.registry.people"
    label = "people"
    verbose_name = _("从业人员")

    def ready(self) -> None:
        from nuanxin.foundation.facts.actions import subscribe
        from nuanxin.registry.enterprises.enums import EnterpriseFact

        from .actions.merging import follow_merge

        subscribe(EnterpriseFact.MERGED, follow_merge)
