from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class DayKind(TextChoices):
    """What the State Council's yearly notice makes of a day that the week alone would decide otherwise."""

    WORK = "work", _("上班（调休）")
    HOLIDAY = "holiday", _("放假")


class DaySource(TextChoices):
    PACKAGE = "package", _("随系统提供")
    NOTICE = "notice", _("导入的放假通知")


class WorktimeFact(FactKind):
    CALENDAR_IMPORTED = "worktime.calendar.imported", _("导入放假安排")
