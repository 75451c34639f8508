from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from uuid_utils.compat import uuid7

from nuanxin.foundation.access.enums import Sector
from nuanxin.foundation.vault.fields import IndexField, SealedField
from nuanxin.registry.areas.models import Area
from nuanxin.registry.units.models import Unit

from .enums import BusinessModel, EnterpriseStatus, Formation, LinkKind


class DateRange(Func):
    """The days on which a version holds, first included, last not."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Platform(models.Model):
    """A platform or brand for which people work; sources name it in many ways (`aliases`)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60, unique=True)
    sector = models.CharField(max_length=20, choices=Sector.choices)
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering = ["code"]


class Enterprise(models.Model):
    """A firm of the survey as an identity; what is known of it stands in its versions (一企一档)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    credit_code = models.CharField(max_length=18, null=True, blank=True, unique=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class EnterpriseVersion(models.Model):
    """What was known of an enterprise from one day until the next version; the current one has no end.

    The columns are those of the 新业态企业摸排表 (dossier 5). Counts of members are figures of the firm,
    never names; null means not asked yet, zero means none. A version replaced on its own first day keeps
    its row without any day (`valid_to` = `valid_from`): the history shows every change, an import can be undone.
    `industry_owner` and `territory_owner` hold only what was set by hand; otherwise `rules.owners` derives them.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, blank=True)  # the name without spaces and kinds of brackets
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    chars = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector.choices, default=Sector.OTHER)
    industry_code = models.CharField(max_length=4, blank=True)  # GB/T 4754-2017
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    business_model = models.CharField(max_length=20, choices=BusinessModel.choices, blank=True)
    status = models.CharField(
        max_length=10, choices=EnterpriseStatus.choices, default=EnterpriseStatus.ACTIVE
    )
    registered_address = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    principal = models.CharField(max_length=60, blank=True)
    phone = SealedField("enterprise.phone")
    phone_index = IndexField()
    staff_full = models.PositiveIntegerField(null=True, blank=True)
    staff_part = models.PositiveIntegerField(null=True, blank=True)
    staff_crowd = models.PositiveIntegerField(null=True, blank=True)
    members_full = models.PositiveIntegerField(null=True, blank=True)
    members_probationary = models.PositiveIntegerField(null=True, blank=True)
    members_floating = models.PositiveIntegerField(null=True, blank=True)
    applicants = models.PositiveIntegerField(null=True, blank=True)
    activists = models.PositiveIntegerField(null=True, blank=True)
    formation = models.CharField(max_length=20, choices=Formation.choices, blank=True)
    party_org = models.CharField(max_length=120, blank=True)
    party_org_since = models.CharField(max_length=10, blank=True)  # 2023, 2023-05 or 2023-05-18, as known
    secretary = models.CharField(max_length=60, blank=True)
    instructor = models.CharField(max_length=60, blank=True)
    mass_orgs = models.CharField(max_length=60, blank=True)
    charter_clause = models.BooleanField(null=True, blank=True)
    not_formed_reason = models.CharField(max_length=200, blank=True)
    surveyor = models.CharField(max_length=60, blank=True)
    surveyed_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)
    industry_owner = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    territory_owner = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.BigIntegerField(null=True)
    origin = models.CharField(
        max_length=60, blank=True
    )  # "upload:<id>" when a roster said so; empty: by hand
    # columns set by hand: rosters imported later do not overwrite them
    held = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    class Meta:
        ordering = ["enterprise_id", "valid_from", "id"]
        indexes = [
            models.Index(fields=["name_key"], condition=Q(valid_to=None), name="enterprise_current_name"),
            models.Index(fields=["origin"], condition=~Q(origin=""), name="enterprise_origin"),
            models.Index(
                fields=["area", "sector"], condition=Q(valid_to=None), name="enterprise_current_area"
            ),
            GinIndex(fields=["chars"], name="enterprise_chars"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(valid_to=None), name="enterprise_one_current_version"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="enterprise_version_in_order",
            ),
            ExclusionConstraint(
                name="enterprise_versions_do_not_overlap",
                expressions=[
                    ("enterprise", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Site(models.Model):
    """网点站点 of an enterprise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    crs = models.CharField(max_length=10, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise_id", "name", "id"]


class EnterpriseLink(models.Model):
    """The head of a chain and a firm of it, from day to day."""

    head = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="links_down")
    member = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="links_up")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["head_id", "member_id", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=~Q(head=F("member")), name="enterprise_not_linked_to_itself"),
            models.UniqueConstraint(
                fields=["head", "member", "kind"], condition=Q(valid_to=None), name="enterprise_link_once"
            ),
        ]
