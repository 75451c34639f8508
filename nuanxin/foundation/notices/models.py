from django.conf import settings
from django.db import models
from django.db.models import Q

from nuanxin.foundation.vault.fields import SealedField

from .enums import DeliveryState

PHONE = "notices.phone"
"""The purpose under which phone numbers are sealed here."""


class Notice(models.Model):
    """A line in a person's in-app list. The text names places and counts, never a worker."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=300, blank=True)  # a path of this system
    key = models.CharField(max_length=120, blank=True)  # one notice per user and key; empty: no such promise
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="notice_once")
        ]


class Delivery(models.Model):
    """A short message and what became of it. One per idempotency key, however often it was asked for."""

    key = models.CharField(max_length=120, unique=True)
    phone = SealedField(PHONE)
    template = models.CharField(max_length=60)  # which kind of message, for providers that approve templates
    text = models.CharField(max_length=300)  # no personal data
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=120, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)  # the provider's receipt
    error = models.CharField(max_length=200, blank=True)
    area = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try"], condition=Q(state__in=["queued", "failed"]), name="delivery_due"
            )
        ]


class OutboxMessage(models.Model):
    """What the default provider "sent": kept where the system administrator can read it, instead of a real
    message.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="outbox")
    phone = SealedField(PHONE)
    text = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
