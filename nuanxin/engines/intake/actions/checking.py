"""The preview: every row checked, counts known, nothing written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.sheets.rules import SheetRefused, Table

from ..enums import IntakeFact, UploadState
from ..errors import IntakeError
from ..models import Upload
from ..queries.targets import target
from ..queries.uploads import get_upload
from ..rules import Checked
from .mapping import mapping_faults
from .reading import SAMPLE_ROWS, checked, hidden_letters, read, seal_samples

INLINE_ROWS = 2000
LISTED_ROWS = 200
"""How many rows the preview names for each kind of problem; the error file has them all."""

CHECKABLE = (UploadState.RECEIVED, UploadState.CHECKED)


@transaction.atomic
def check_upload(*, by: int | None, scope: Scope, upload: UUID) -> Upload:
    """Checks small files at once (CHECKED), large ones in a job (CHECKING). Raises IntakeError."""
    from ..jobs import check_job

    found = get_upload(scope, upload)
    found = Upload.objects.select_for_update(of=("self",)).select_related("unit", "file").get(pk=found.pk)
    if found.state not in CHECKABLE:
        raise IntakeError("state", state=found.get_state_display())
    if faults := mapping_faults(target(found.target), found.mapping):
        raise faults[0]
    if found.total_rows <= INLINE_ROWS:
        return run_check(found, by=by)
    found.state, found.progress_at = UploadState.CHECKING, timezone.now()
    found.save(update_fields=["state", "progress_at"])
    check_job.defer(upload=str(found.pk), by=by)
    return found


@transaction.atomic
def run_check(
    upload: Upload, *, by: int | None, table: Table | None = None, done: Checked | None = None
) -> Upload:
    """Checks now. `table` and `done` save the work to a caller who has read and checked already."""
    try:
        table = table or read(upload)
    except (SheetRefused, IntakeError) as error:
        upload.state, upload.error = UploadState.REFUSED, str(error)[:400]
        upload.save(update_fields=["state", "error"])
        record(
            IntakeFact.REFUSED,
            subject=f"upload:{upload.pk}",
            by=by,
            area=upload.area_id,
            sector=upload.sector,
        )
        return upload
    done = done or checked(upload, table)
    verdicts = done.verdicts()
    upload.accepted, upload.noted, upload.refused = (verdicts.count(v) for v in (0, 1, 2))
    upload.total_rows = len(table)
    upload.summary = {**upload.summary, **summarise(upload, table, done)}
    worst = [i for i in range(len(table)) if verdicts[i] == 2][:SAMPLE_ROWS]
    upload.samples = seal_samples(upload, table, hidden_letters(upload), worst)
    upload.state, upload.error, upload.progress_at = UploadState.CHECKED, "", timezone.now()
    upload.save()
    record(
        IntakeFact.CHECKED, subject=f"upload:{upload.pk}", by=by, area=upload.area_id, sector=upload.sector,
        quantity=len(table), refused=upload.refused, noted=upload.noted,
    )  # fmt: skip
    return upload


def summarise(upload: Upload, table: Table, done: Checked) -> dict[str, Any]:
    """Findings by kind with the first rows of each, columns without a field, rows that the file repeats."""
    letters = {field: letter for letter, field in upload.mapping.items() if field}
    kinds: dict[tuple[bool, str, str], list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for index, field, code, params, refuse in done.findings:
        kinds[refuse, field, code].append((table.row_numbers[index], params))
    findings = [
        {
            "field": field,
            "letter": letters.get(field, ""),
            "code": code,
            "refuse": refuse,
            "count": len(rows),
            "rows": rows[:LISTED_ROWS],
        }
        for (refuse, field, code), rows in sorted(
            kinds.items(), key=lambda kind: (not kind[0][0], -len(kind[1]))
        )
    ]
    return {
        "findings": findings,
        "repeated": _repeated(table),
        "withheld": max(map(len, _withheld_filled(table, done, letters)), default=0),
    }


def _repeated(table: Table) -> int:
    """Rows that are equal to an earlier one in all cells."""
    return len(table) - len(set(zip(*(map(str, column.values) for column in table.columns), strict=True)))


def _withheld_filled(table: Table, done: Checked, letters: dict[str, str]) -> list[list[int]]:
    """By field the rows with a filled cell that is not kept, for want of consent."""
    columns = {column.letter: column for column in table.columns}
    return [
        [i for i in rows if columns[letters[field]].values[i] != ""]
        for field, rows in done.withheld.items()
        if letters.get(field) in columns
    ]
