from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from nuanxin.foundation.access.enums import Sector
from nuanxin.foundation.vault.fields import IndexField, SealedField
from nuanxin.registry.areas.models import Area
from nuanxin.registry.enterprises.models import Enterprise, Platform, Site

from .enums import ConsentPurpose, EngagementKind, Sex, WorkerStatus


class Worker(models.Model):
    """A person of the ledger: one row a person, whatever the number of platforms and of source rows behind it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=40, blank=True)
    chars = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_month = models.CharField(max_length=7, blank=True)  # 1990-01
    id_number = SealedField("person.idno")
    id_index = IndexField()
    phone = SealedField("person.phone")
    phone_index = IndexField()
    plate = SealedField("person.plate")
    plate_index = IndexField()
    education = models.CharField(max_length=20, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")  # 常驻
    sector = models.CharField(max_length=20, choices=Sector.choices, default=Sector.OTHER)  # main one
    union_member = models.BooleanField(null=True, blank=True)
    injury_cover = models.BooleanField(null=True, blank=True)
    hardship = SealedField("person.hardship")
    note = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=WorkerStatus.choices, default=WorkerStatus.ACTIVE)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    doubtful = models.BooleanField(default=False)  # an open pair of the review queue names this person
    verified_on = models.DateField(null=True, blank=True)
    # columns set by hand or by a verification: rosters imported later do not overwrite them
    held = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    first_seen = models.DateField()
    last_seen = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [
            # the list in its usual order, the figures by area × sector from the index alone, the list by name
            models.Index(fields=["area", "id"], name="worker_list", condition=Q(status="active")),
            models.Index(
                fields=["area", "sector"],
                include=["verified_on", "doubtful"],
                name="worker_figures",
                condition=Q(status="active"),
            ),
            models.Index(fields=["pinyin", "id"], name="worker_by_name", condition=Q(status="active")),
            models.Index(fields=["id_index"], name="worker_id_index", condition=Q(id_index__isnull=False)),
            models.Index(
                fields=["phone_index"], name="worker_phone_index", condition=Q(phone_index__isnull=False)
            ),
            models.Index(
                fields=["plate_index"], name="worker_plate_index", condition=Q(plate_index__isnull=False)
            ),
            GinIndex(fields=["chars"], name="worker_chars"),
            models.Index(fields=["initials"], opclasses=["varchar_pattern_ops"], name="worker_initials"),
            models.Index(fields=["pinyin"], opclasses=["varchar_pattern_ops"], name="worker_pinyin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status=WorkerStatus.MERGED), name="worker_merged_is_marked"
            ),
        ]


class Engagement(models.Model):
    """For whom a person works, from day to day; two platforms at a time are two rows."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="engagements")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, null=True, blank=True, related_name="engagements"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="engagements"
    )
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    employer_text = models.CharField(
        max_length=120, blank=True
    )  # as the source wrote it, when no firm is known
    kind = models.CharField(max_length=10, choices=EngagementKind.choices, blank=True)
    sector = models.CharField(max_length=20, choices=Sector.choices, default=Sector.OTHER)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["worker_id", "valid_from", "id"]
        indexes = [
            models.Index(fields=["area", "worker"], name="engagement_area_worker"),
            models.Index(fields=["enterprise", "valid_to"], name="engagement_enterprise"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="engagement_has_days"
            ),
        ]


class Consent(models.Model):
    """A person's consent for one purpose, with how it was given."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["worker_id", "purpose", "given_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "purpose"], condition=Q(withdrawn_on=None), name="consent_one_in_force"
            )
        ]


class PartyDeclaration(models.Model):
    """A member's own, revocable declaration; its content is sealed and kept apart from the roster of workers.

    `detail` opens to JSON: political (Membership), ethnicity, education, joined_on, confirmed_on, organisation, origin,
    destination, reported_on, contact (columns of the 党员名册, dossier 5).
    """

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="declarations")
    detail = SealedField("person.party")
    floating = models.BooleanField(default=False)
    declared_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["worker_id", "declared_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(withdrawn_on=None), name="declaration_one_in_force"
            )
        ]
