from django.db.models import TextChoices


class FactKind(TextChoices):
    """Parent of every app's kinds of facts: `class SurveyFact(FactKind): ROUND_OPENED =
    "survey.round.opened", _("…")`."""


def kind_label(kind: str) -> str:
    """What a kind is called in the reader's language; the kind itself when no app declares it any more."""
    for kinds in FactKind.__subclasses__():
        if kind in kinds.values:
            return str(kinds(kind).label)
    return kind
