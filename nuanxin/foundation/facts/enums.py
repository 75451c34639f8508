from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FactKind(TextChoices):
    """Parent of every app's kinds of facts: `class SurveyFact(FactKind): ROUND_OPENED =
    "survey.round.opened", _("…")`."""


def kind_label(kind: str) -> str:
    """What a kind is called in the reader's language; the kind itself when no app declares it any more."""
    for kinds in FactKind.__subclasses__():
        if kind in kinds.values:
            return str(kinds(kind).label)
    return kind


class TrailFact(FactKind):
    EXPORTED = "facts.trail.exported", _("导出审计记录")
    VERIFIED = "facts.trail.verified", _("校验审计链")


def kinds() -> list[tuple[str, str]]:
    """Every kind that some app declares, with its label, for filters."""
    return sorted((k.value, str(k.label)) for family in FactKind.__subclasses__() for k in family)
