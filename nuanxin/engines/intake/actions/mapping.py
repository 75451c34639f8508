"""Which column is what: proposed by the reader, corrected by a person, remembered for the unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.sheets.rules import SheetRefused, Table
from nuanxin.foundation.sheets.rules.mapping import (
    IGNORE,
    mapping_problems,
    normalise_header,
    suggest_mapping,
    twice_mapped,
)

from ..enums import IntakeFact, UploadState
from ..errors import IntakeError
from ..models import LearnedHeader, Upload
from ..queries.targets import target
from ..queries.uploads import get_upload
from ..rules import Target

CHANGEABLE = (UploadState.RECEIVED, UploadState.CHECKED)
HEADER_LIMIT = 120


def propose(upload: Upload, table: Table) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Column letter → field (empty: leave out), and for the screen why each was proposed."""
    learned = dict(
        LearnedHeader.objects.filter(unit=upload.unit_id, target=upload.target).values_list("header", "field")
    )
    fields = target(upload.target).fields
    proposals = suggest_mapping(table, fields, learned)
    mapping = {p.column.letter: p.field or "" for p in proposals}
    doubts = {
        p.column_letter: [p.code, {k: str(v) for k, v in p.params.items()}]
        for p in mapping_problems(proposals, fields)
        if p.column_letter
    }
    columns = [
        {
            "letter": p.column.letter,
            "header": p.column.header,
            "proposed": p.field or "",
            "why": p.why,
            "doubt": doubts.get(p.column.letter),
        }
        for p in proposals
    ]
    return mapping, columns


def mapping_faults(aim: Target, mapping: Mapping[str, str]) -> list[IntakeError]:
    """What keeps a mapping from being used: a field twice, a needed field nowhere."""
    held = {field for field in mapping.values() if field}
    faults = [
        IntakeError("mapping.twice", label=aim.label_of(field), letters="、".join(letters))
        for field, letters in twice_mapped(mapping).items()
    ]
    faults += [
        IntakeError("mapping.required", label=aim.label_of(spec.code))
        for spec in aim.fields
        if spec.required and spec.code not in held
    ]
    if aim.one_of and not held & set(aim.one_of):
        faults.append(IntakeError("mapping.one_of", labels="、".join(map(aim.label_of, aim.one_of))))
    return faults


@transaction.atomic
def set_mapping(*, by: int | None, scope: Scope, upload: UUID, mapping: Mapping[str, str]) -> Upload:
    """Takes a person's choice for the columns; where it differs from the proposal the unit's dictionary learns it.

    Raises IntakeError with the first fault; nothing is changed then.
    """
    found = _changeable(scope, upload)
    aim = target(found.target)
    chosen = {
        c["letter"]: mapping.get(c["letter"], found.mapping.get(c["letter"], ""))
        for c in found.summary["columns"]
    }
    for field in filter(None, chosen.values()):
        if aim.spec(field) is None:
            raise IntakeError("mapping.unknown", field=field)
    if faults := mapping_faults(aim, chosen):
        raise faults[0]
    corrected = [c for c in found.summary["columns"] if chosen[c["letter"]] != c["proposed"]]
    for column in corrected:
        LearnedHeader.objects.update_or_create(
            unit_id=found.unit_id,
            target=found.target,
            header=normalise_header(column["header"])[:HEADER_LIMIT],
            defaults={"field": chosen[column["letter"]] or IGNORE},
        )
    if chosen != found.mapping or found.state != UploadState.RECEIVED:
        found.mapping, found.state = chosen, UploadState.RECEIVED
        found.save(update_fields=["mapping", "state"])
    if corrected:
        record(
            IntakeFact.HEADER_LEARNED, subject=f"upload:{found.pk}", by=by, area=found.area_id, sector=found.sector,
            quantity=len(corrected), target=found.target, fields=sorted(chosen[c["letter"]] for c in corrected),
        )  # fmt: skip
    else:
        record(
            IntakeFact.MAPPED, subject=f"upload:{found.pk}", by=by, area=found.area_id, sector=found.sector
        )
    return found


@transaction.atomic
def choose_sheet(
    *, by: int | None, scope: Scope, upload: UUID, sheet: str | None = None, header_row: int | None = None
) -> Upload:
    """Reads the file anew with another sheet or header row, and proposes its columns. Raises SheetRefused."""
    from .reading import read
    from .receiving import describe

    found = _changeable(scope, upload)
    if sheet and sheet not in found.summary.get("sheets", []):
        raise SheetRefused("sheet.missing", sheet=sheet)
    sheets = found.summary.get("sheets", [])
    other = bool(sheet) and sheet != found.sheet
    found.sheet = sheet or found.sheet
    found.header_row = header_row if header_row else (None if other else found.header_row)
    describe(found, read(found))
    found.summary["sheets"] = sheets
    found.state = UploadState.RECEIVED
    found.save()
    record(
        IntakeFact.MAPPED, subject=f"upload:{found.pk}", by=by, area=found.area_id, sector=found.sector,
        header_row=found.header_row,
    )  # fmt: skip
    return found


def _changeable(scope: Scope, upload: UUID) -> Upload:
    found = get_upload(scope, upload)
    found = Upload.objects.select_for_update(of=("self",)).select_related("unit", "file").get(pk=found.pk)
    if found.state not in CHANGEABLE:
        raise IntakeError("state", state=found.get_state_display())
    return found
