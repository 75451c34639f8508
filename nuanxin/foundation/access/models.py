from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.Model):
    """A named set of permissions, edited by the security administrator; built-in ones come with the system."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    permissions = ArrayField(models.CharField(max_length=40), default=list)
    built_in = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
