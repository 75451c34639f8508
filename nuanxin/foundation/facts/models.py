from django.db import models
from django.db.models.functions import Now


class Fact(models.Model):
    """What happened, once, for ever: no personal data, no foreign keys; a trigger refuses change and
    removal."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=60)
    area = models.BigIntegerField(default=0)  # 15-digit code; 0: the whole installation
    sector = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=80)  # "worker:019a…", never a name
    actor = models.BigIntegerField(null=True)  # the user's id; null: the system itself
    quantity = models.IntegerField(default=1)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["area", "at"]),
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["actor", "at"]),
        ]


class Seal(models.Model):
    """A link of the chain over the facts: SM3 of the seal before and of the fact.

    It stands beside the fact and not in it: a fact is then never updated at all, for no reason and by nobody,
    and the chain may take a fact in when its transaction ends, which is not the order of the ids
    (docs/decisions, "seals beside the facts"). The position counts without gaps, so that a removed link
    shows.
    """

    position = models.BigIntegerField(primary_key=True)
    fact = models.BigIntegerField(unique=True)
    seal = models.BinaryField(max_length=32)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["position"]
