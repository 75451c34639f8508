from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func

from nuanxin.foundation.access.enums import Sector
from nuanxin.foundation.access.models import Role
from nuanxin.foundation.accounts.models import User
from nuanxin.registry.areas.models import Area

from .enums import UnitKind


class Unit(models.Model):
    """An office that acts: the lead department, a line department, a street, a community, a station's host.

    Which unit leads is data (牵头部门 moved from 组织部 to 社会工作部; dossier 0.7): `leads` marks it for its
    area.
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    sectors = ArrayField(models.CharField(max_length=20, choices=Sector.choices), default=list, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    leads = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["area_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(leads=True, closed_on=None), name="one_lead_unit_per_area"
            )
        ]


class Posting(models.Model):
    """A person's role at a unit, over an area and some sectors (empty: all), from one day to the day before
    another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="postings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    sectors = ArrayField(models.CharField(max_length=20, choices=Sector.choices), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["user_id", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="posting_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="posting_once_at_a_time",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("unit"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("area"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which the posting counts, as people say it; None: open."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None
