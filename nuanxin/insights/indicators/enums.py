from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class Period(TextChoices):
    """How a figure stands to time (dossier 7)."""

    STOCK = "stock", _("时点数")
    FLOW = "flow", _("本轮发生数")
    RATE = "rate", _("比率")


class IndicatorFact(FactKind):
    EXPORTED = "indicators.table.exported", _("导出指标表")
