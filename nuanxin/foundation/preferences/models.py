from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A name for a table's state: filters, columns, order. It shows nothing that the reader may not see.

    `unit_id` is set while the view is shared with the colleagues of that unit; units stand above, so it
    is no foreign key.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=2000, blank=True)
    unit_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["table", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "table", "name"], name="saved_view_once")]
        indexes = [models.Index(fields=["table", "unit_id"], name="saved_view_shared")]
