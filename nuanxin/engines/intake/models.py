from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import CombinedExpression
from uuid_utils.compat import uuid7

from nuanxin.foundation.access.enums import Sector
from nuanxin.foundation.media.models import StoredFile
from nuanxin.foundation.vault.fields import IndexField, SealedField
from nuanxin.registry.areas.models import Area
from nuanxin.registry.units.models import Unit

from .enums import LIVE, UploadState, Verdict


class Upload(models.Model):
    """One file that a unit sent in for one target ("workers", "enterprises", later "stations").

    `context` names what the target needs beside the file (the survey round) and `as_of`, the day the file speaks
    of (数据截止日期). `done_rows` is the number of data rows whose chunk is committed: after a crash the import goes
    on behind it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    target = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="+"
    )  # rows may not stand outside it
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)  # for rows that name none
    context = models.JSONField(default=dict, blank=True)
    # null: the file was refused and is not kept
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    filename = SealedField("upload.filename")  # people write names into file names
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=UploadState.choices, default=UploadState.RECEIVED)
    sheet = models.CharField(max_length=120, blank=True)  # empty for text files, which have none
    header_row = models.PositiveIntegerField(null=True, blank=True)  # null: found by the reader
    mapping = models.JSONField(default=dict, blank=True)  # column letter → field code
    summary = models.JSONField(default=dict, blank=True)  # counts, problem codes with rows; no cell values
    samples = SealedField("upload.samples")  # the first rows and the first bad ones, for the screens
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    noted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)
    progress_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the job at work
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            # the same sheet of the same file is imported once for a purpose; after an undo it may come again
            models.UniqueConstraint(
                F("target"),
                F("unit"),
                F("sha256"),
                F("sheet"),
                # another 数据截止日期 does not make it another file
                CombinedExpression(F("context"), "-", Value("as_of"), output_field=models.JSONField()),
                condition=Q(state__in=LIVE),
                name="intake_same_file_once",
            )
        ]


class Row(models.Model):
    """One data row of an imported file, kept for ever behind what was made of it.

    `content` opens to `{"c": [cells as text], "v": {field: normalised value}}`. `fingerprint` is the blind index of
    the values: an equal row of a later file is known again without opening anything.
    """

    id = models.BigAutoField(primary_key=True)
    # no index of its own: the unique key below begins with it; every index costs the import 5 µs a row
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()  # row of the file, from 1
    verdict = models.PositiveSmallIntegerField(choices=Verdict.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    content = SealedField("intake.row")
    fingerprint = IndexField()
    problems = models.JSONField(
        default=list, blank=True
    )  # [column letter, field, code, params] each; no values

    class Meta:
        ordering = ["upload_id", "number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="intake_row_once")]
        indexes = [models.Index(fields=["fingerprint"], name="intake_row_fingerprint")]


class LearnedHeader(models.Model):
    """How a unit's people head a column, learned when they correct the mapping on the screen."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=30)
    header = models.CharField(max_length=120)  # normalised
    field = models.CharField(max_length=40)  # empty: "ignore this column"
    learned_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["unit_id", "target", "header"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "target", "header"], name="intake_header_learned_once")
        ]
