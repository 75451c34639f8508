from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveyConfig(AppConfig):
    name = "nuanxin.organisation.survey"
    label = "survey"
    verbose_name = _("摸排")

    def ready(self) -> None:
        from nuanxin.foundation.facts.actions import subscribe
        from nuanxin.registry.enterprises.enums import EnterpriseFact

        from .actions.checklist import follow_merge

        subscribe(EnterpriseFact.MERGED, follow_merge)
