from django.contrib.postgres.fields import ArrayField
from django.db import models

from nuanxin.foundation.access.rules import area_level, area_parent


class Area(models.Model):
    """A province, city, county, street, village or grid. The code says what lies inside what (dossier 3)."""

    code = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=200)  # 湖南省长沙市长沙县星沙街道
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # null: in force
    lon = models.FloatField(null=True, blank=True)  # a point inside, WGS-84
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    @property
    def level(self) -> int:
        """0 country … 6 grid."""
        return area_level(self.code)

    @property
    def parent_code(self) -> int:
        return area_parent(self.code)


class AreaChange(models.Model):
    """An old code and what it became, from which day: 342102 → 341281 → 3416xx (亳州)."""

    old = models.BigIntegerField()
    new = models.BigIntegerField()
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["on", "old", "new"]
        constraints = [models.UniqueConstraint(fields=["old", "new", "on"], name="area_change_once")]


class GridOutline(models.Model):
    """The outline of a grid (WGS-84), as rings of [lon, lat]; the box stands beside it for the index."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, primary_key=True, related_name="outline")
    rings = models.JSONField()  # GeoJSON MultiPolygon coordinates
    box = ArrayField(models.FloatField(), size=4)  # west, south, east, north
    imported_at = models.DateTimeField(auto_now_add=True)
