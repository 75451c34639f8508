from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Mod
from django.db.models.lookups import Exact

from nuanxin.foundation.access.rules import area_parent

from .enums import Source


def _level() -> Case:
    """The level as the database reads it from the trailing zeros; the same as `access.rules.area_level`."""
    zeros = {0: 15, 1: 13, 2: 11, 3: 9, 4: 6, 5: 3}
    return Case(
        *(When(Exact(Mod("code", Value(10**n)), Value(0)), then=Value(level)) for level, n in zeros.items()),
        default=Value(6),
    )


class Area(models.Model):
    """A province, city, county, street, village or grid. The code says what lies inside what (dossier 3)."""

    code = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=200)  # 湖南省长沙市长沙县星沙街道
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    level = models.GeneratedField(
        expression=_level(), output_field=models.SmallIntegerField(), db_persist=True
    )  # 0 country … 6 grid: enums.Level
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.LOCAL)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # null: in force
    lon = models.FloatField(null=True, blank=True)  # a point inside, WGS-84
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"])]

    @property
    def parent_code(self) -> int:
        return area_parent(self.code)


class AreaChange(models.Model):
    """An old code and what it became, from which day: 342102 → 341281 → 341602 (亳州 → 谯城区).

    Where old and new are equal the place only took another name. Where only the year is known, `on` is its
    first day.
    """

    old = models.BigIntegerField()
    new = models.BigIntegerField()
    on = models.DateField()
    old_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["on", "old", "new"]
        indexes = [models.Index(fields=["new"])]
        constraints = [
            models.UniqueConstraint(fields=["old", "new", "on", "old_name"], name="area_change_once")
        ]


def box_of(west: str, south: str, east: str, north: str) -> Func:
    """The box over four columns, as the index below stores it."""
    corner = {"function": "point", "output_field": models.TextField()}
    return Func(
        Func(F(west), F(south), **corner),
        Func(F(east), F(north), **corner),
        function="box",
        output_field=models.TextField(),
    )


class Outline(models.Model):
    """The outline of a grid or of its community (WGS-84).

    The box stands beside it, because only a box has an index: `polygon @> point` uses none (DESIGN 4). The
    exact test follows on the few rows that the box leaves.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, primary_key=True, related_name="outline")
    rings = models.JSONField()  # coordinates of a GeoJSON MultiPolygon
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    square_metres = models.FloatField()
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [GistIndex(box_of("west", "south", "east", "north"), name="outline_box")]
