from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from .enums import AlertKind


class Role(models.Model):
    """A named set of permissions, edited by the security administrator; built-in ones come with the
    system."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    permissions = ArrayField(models.CharField(max_length=40), default=list)
    built_in = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]


class AccessAlert(models.Model):
    """Something the security administrator has to look at. An open stop alert is the stop itself.

    `about` and `handled_by` are users' ids; accounts stand above this app, so they are no foreign keys.
    """

    kind = models.CharField(max_length=30, choices=AlertKind.choices)
    at = models.DateTimeField(db_default=Now())
    about = models.BigIntegerField()
    area = models.BigIntegerField(default=0)
    sector = models.CharField(max_length=20, blank=True)
    quantity = models.IntegerField(default=0)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.BigIntegerField(null=True, blank=True)
    handled_note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["about", "kind", "handled_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["about", "kind"], condition=models.Q(handled_at=None), name="one_open_alert_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(handled_at=None, handled_by=None)
                | models.Q(handled_at__isnull=False, handled_by__isnull=False),
                name="alert_is_handled_by_somebody",
            ),
        ]
