"""A file comes in: who may, is it here already, can it be read, what are its columns."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.db.models.expressions import CombinedExpression, F, Value
from django.db.models.fields.json import JSONField
from django.utils import timezone

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.media.actions import accept_document
from nuanxin.foundation.media.rules import Refused
from nuanxin.foundation.sheets.rules import SheetRefused, Table, read_table
from nuanxin.foundation.vault.queries import keyring

from ..enums import LIVE, IntakeFact, UploadState
from ..errors import AlreadyImported, IntakeError, NotYours
from ..models import Upload
from ..queries.targets import registered
from ..queries.uploads import may_send_for
from .mapping import propose
from .reading import seal_samples

FILE_KIND = "intake.upload"
FILENAME = "upload.filename"
NO_SHEETS = (".csv", ".tsv", ".txt")


def receive_upload(
    *,
    by: int | None,
    scope: Scope,
    unit: int,
    area: int,
    target: str,
    data: bytes,
    filename: str,
    sector: str = "",
    context: dict[str, Any] | None = None,
    sheet: str | None = None,
) -> Upload:
    """The upload in state RECEIVED with its columns proposed, or REFUSED with the reason in `error`.

    Raises AlreadyImported, found by the hash before anything is parsed, and NotYours.
    """
    return receive_with_table(
        by=by, scope=scope, unit=unit, area=area, target=target, data=data, filename=filename,
        sector=sector, context=context, sheet=sheet,
    )[0]  # fmt: skip


@transaction.atomic
def receive_with_table(
    *,
    by: int | None,
    scope: Scope,
    unit: int,
    area: int,
    target: str,
    data: bytes,
    filename: str,
    sector: str,
    context: dict[str, Any] | None,
    sheet: str | None,
) -> tuple[Upload, Table | None]:
    """As `receive_upload`, with the table for a caller that goes on in the same process."""
    if target not in registered:
        raise IntakeError("target")
    if not may_send_for(scope, unit, area, sector):
        raise NotYours("not_yours")
    upload = Upload(
        target=target,
        unit_id=unit,
        area_id=area,
        sector=sector,
        context=context or {},
        filename=keyring().seal(FILENAME, filename[-200:]),
        sha256=hashlib.sha256(data).hexdigest(),
        created_by=by,
    )
    _refuse_twice(upload, sheet)
    try:
        table = read_table(data, filename, sheet=sheet)
        upload.file = accept_document(
            data, by=by, now=timezone.now(), name=filename, area=area, kind=FILE_KIND
        )
    except (SheetRefused, Refused) as refused:
        return _refused(upload, refused, by), None
    describe(upload, table)
    upload.save(force_insert=True)
    record(
        IntakeFact.RECEIVED, subject=f"upload:{upload.pk}", by=by, area=area, sector=sector,
        quantity=len(table), target=target,
    )  # fmt: skip
    return upload, table


def describe(upload: Upload, table: Table) -> None:
    """Puts on the upload what reading has shown: sheet, header, columns with proposals, samples."""
    upload.sheet = "" if table.filename.lower().endswith(NO_SHEETS) else table.sheet
    upload.header_row = table.header_row
    upload.total_rows = len(table)
    sheets = [upload.sheet, *table.other_sheets] if upload.sheet else []
    upload.mapping, columns = propose(upload, table)
    upload.summary = {
        "sheets": sheets,
        "header_height": table.header_height,
        "columns": columns,
        "notes": [[p.row, p.column_letter, p.code, dict(p.params)] for p in table.notes],
    }
    from .reading import hidden_letters

    upload.samples = seal_samples(upload, table, hidden_letters(upload), [])


def same_file(upload: Upload) -> Any:
    """The uploads that hold this very file for the same unit and purpose."""
    context = {k: v for k, v in upload.context.items() if k != "as_of"}
    return Upload.objects.alias(
        purpose=CombinedExpression(F("context"), "-", Value("as_of"), output_field=JSONField())
    ).filter(
        target=upload.target,
        unit_id=upload.unit_id,
        sha256=upload.sha256,
        purpose=Value(context, JSONField()),
        state__in=LIVE,
    )


def _refuse_twice(upload: Upload, sheet: str | None) -> None:
    holders = {h.sheet: h for h in same_file(upload).only("sheet", "summary").order_by("created_at")}
    if not holders or (sheet is not None and sheet not in holders):
        return
    holder = holders[sheet] if sheet is not None else next(iter(holders.values()))
    left = [name for name in holder.summary.get("sheets", []) if name not in holders]
    raise AlreadyImported(holder.pk, left)


def _refused(upload: Upload, refused: Exception, by: int | None) -> Upload:
    upload.state = UploadState.REFUSED
    upload.error = str(refused)[:400]
    upload.save(force_insert=True)
    record(
        IntakeFact.REFUSED, subject=f"upload:{upload.pk}", by=by, area=upload.area_id, sector=upload.sector,
        code=getattr(refused, "code", ""), target=upload.target,
    )  # fmt: skip
    return upload
