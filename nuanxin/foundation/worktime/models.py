from django.db import models

from .enums import DayKind


class CalendarDay(models.Model):
    """A day of an imported notice. It goes before what the package of holidays says for the same year."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=10, choices=DayKind.choices)
    name = models.CharField(max_length=40, blank=True)  # 春节
    source = models.CharField(max_length=120)  # 国办发明电〔2026〕7号

    class Meta:
        ordering = ["day"]
