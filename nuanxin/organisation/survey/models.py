from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from nuanxin.engines.intake.models import Row
from nuanxin.foundation.access.enums import Sector
from nuanxin.foundation.vault.fields import SealedField
from nuanxin.registry.areas.models import Area
from nuanxin.registry.enterprises.models import Enterprise
from nuanxin.registry.people.models import Worker
from nuanxin.registry.units.models import Unit

from .enums import Change, CheckKind, CheckResult, PairState, RoundState, TaskState


class Round(models.Model):
    """One canvass of an area, quarterly by default (F55: 每季度一次拉网式摸排)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)  # 2026年第四季度
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    spoken = models.JSONField(default=dict, blank=True)  # of whom its rosters speak: rules.rounds.Spoken
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="next")

    class Meta:
        ordering = ["area_id", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["area", "starts_on"], name="survey_round_once"),
            models.UniqueConstraint(fields=["area"], condition=Q(state="open"), name="survey_one_open_round"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="survey_round_has_days"),
        ]


class Task(models.Model):
    """What one street or community has to do in a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tasks")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.TODO)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["round_id", "area_id"]
        constraints = [models.UniqueConstraint(fields=["round", "area"], name="survey_task_once")]


class Source(models.Model):
    """Behind every person of the ledger: the source rows that speak of them, and how sure that is."""

    row = models.OneToOneField(Row, on_delete=models.CASCADE, primary_key=True, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    confidence = models.FloatField(default=1.0)
    decided_by = models.BigIntegerField(null=True)  # null: the matching did it

    class Meta:
        ordering = ["worker_id", "row_id"]


class EnterpriseSource(models.Model):
    """Behind every enterprise of the ledger: the source rows that speak of it."""

    row = models.OneToOneField(Row, on_delete=models.CASCADE, primary_key=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["enterprise_id", "row_id"]


class Pair(models.Model):
    """Two source rows that may be one person: for a human to say. A decision holds for all later matching.

    Rows, not workers: persons come and go with merges, the rows behind them stay.
    """

    left = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    confidence = models.FloatField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.OPEN)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # what the merge moved, by ids, so that it can be undone: gone, rows, checks, consents, declarations
    merged = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-confidence", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="survey_pair_in_order"),
            models.UniqueConstraint(fields=["left", "right"], name="survey_pair_once"),
        ]
        indexes = [models.Index(fields=["area", "state", "-confidence"], name="survey_pair_queue")]


class Standing(models.Model):
    """How a person stands in a round: who named them, what changed, where they were found."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="standings")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="standings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector.choices)
    change = models.CharField(max_length=10, choices=Change.choices)
    parties = models.PositiveSmallIntegerField(default=0)  # bits of enums.Party
    missing = models.PositiveSmallIntegerField(default=0)  # bits of those whose rosters ought to name the person
    settled = models.CharField(max_length=120, blank=True)  # how a difference between the parties was settled
    settled_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["round_id", "worker_id"]
        constraints = [models.UniqueConstraint(fields=["round", "worker"], name="survey_standing_once")]
        indexes = [models.Index(fields=["round", "area", "change"], name="survey_standing_area")]


class Check(models.Model):
    """A verification to be made, or made, by phone or by visit, by a community's worker.

    `client_key` is made on the phone: what was recorded without a network arrives once, however often it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="checks")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, null=True, blank=True, related_name="checks")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, null=True, blank=True, related_name="checks"
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    kind = models.CharField(max_length=10, choices=CheckKind.choices, default=CheckKind.PHONE)
    reason = models.CharField(max_length=40, blank=True)  # code: new, left, doubtful, missing_phone, one_party …
    assignee = models.BigIntegerField(null=True)  # user id; null: anybody of the area's unit
    result = models.CharField(max_length=12, choices=CheckResult.choices, blank=True)
    remark = SealedField("check.remark")
    client_key = models.UUIDField(null=True, blank=True, unique=True)
    recorded_by = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(null=True, blank=True)  # when it was done, by the phone's clock
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["area_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(worker__isnull=False, enterprise=None) | Q(worker=None, enterprise__isnull=False),
                name="survey_check_of_one",
            ),
        ]
        indexes = [models.Index(fields=["round", "area", "result"], name="survey_check_list")]


class Attempt(models.Model):
    """One result as a phone sent it, under the key that the phone made: sent again, it is known and changes nothing.

    A person who could not be reached is tried again, so a check has several.
    """

    client_key = models.UUIDField(primary_key=True)
    check_of = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="attempts")
    kind = models.CharField(max_length=10, choices=CheckKind.choices)
    result = models.CharField(max_length=12, choices=CheckResult.choices)
    recorded_by = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["check_of_id", "recorded_at", "client_key"]


class ChecklistItem(models.Model):
    """One of the facts that must be clear of a firm (六清, dossier 1): a district words its own."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    hint = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["area_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["area", "code"], name="survey_item_once")]


class ChecklistMark(models.Model):
    """That an item is clear for an enterprise, since when and by whom."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="marks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, related_name="marks")
    marked_on = models.DateField()
    marked_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["enterprise_id", "item_id"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "item"], name="survey_mark_once")]
