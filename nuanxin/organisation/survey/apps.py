from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveyConfig(AppConfig):
    name = "nuanxin.organisation.survey"
    label = "survey"
    verbose_name = _("摸排")

    def ready(self) -> None:
        from dataclasses import replace

        from nuanxin.engines.intake.actions import register_target
        from nuanxin.registry.enterprises.queries.dossier import add_section

        from . import jobs
        from .queries.firm_sources import sources_section
        from .queries.rounds import context_of
        from .rules.enterprise_fields import ENTERPRISES
        from .rules.worker_fields import WORKERS

        register_target(
            replace(
                WORKERS,
                context_form=context_of,
                on_committed=jobs.workers_changed,
                on_undone=jobs.workers_changed,
            )
        )
        register_target(
            replace(
                ENTERPRISES,
                context_form=context_of,
                on_committed=jobs.enterprises_committed,
                on_undone=jobs.enterprises_undone,
            )
        )
        from nuanxin.foundation.facts.actions import subscribe
        from nuanxin.registry.enterprises.enums import EnterpriseFact

        from .actions.checklist import follow_merge

        subscribe(EnterpriseFact.MERGED, follow_merge)
        add_section(sources_section)
