from django.db import models
from django.db.models.functions import Now


class Fact(models.Model):
    """What happened, once, for ever: no personal data, no foreign keys; a trigger refuses change and removal."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=60)
    area = models.BigIntegerField(default=0)  # 15-digit code; 0: the whole installation
    sector = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=80)  # "worker:019a…", never a name
    actor = models.BigIntegerField(null=True)  # the user's id; null: the system itself
    quantity = models.IntegerField(default=1)
    detail = models.JSONField(default=dict)
    seal = models.BinaryField(null=True)  # SM3 over the previous seal and this row, set by the sealing job

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["area", "at"]),
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["actor", "at"]),
        ]
