import uuid

from django.db import models

from nuanxin.foundation.vault.fields import SealedField


class StoredFile(models.Model):
    """A file that was accepted. It lies under a random name; the name a person gave it may name a person,
    so that one is sealed."""

    NAME, KEY = "media.file.name", "media.file.key"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # which checker decides who may open it: queries.register
    path = models.CharField(max_length=100, unique=True)  # in the storage: "2026/09/<random>.webp"
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    mime = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels, for pictures
    height = models.PositiveIntegerField(null=True, blank=True)
    name = SealedField(NAME)
    # the file's own key, in hexadecimal, sealed: rotation seals the key anew and leaves the bytes; empty: not sealed
    data_key = SealedField(KEY)
    area = models.BigIntegerField(default=0)  # 15-digit code of the place that owns it
    created_by = models.BigIntegerField(null=True)  # the user's id; null: the system
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["sha256"])]
