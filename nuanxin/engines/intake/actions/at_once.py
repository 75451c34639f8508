"""An import in one process: the file is read once and checked once. For the command line, the demo and the bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.sheets.rules import Table

from ..models import Upload
from ..queries.targets import target as target_of
from ..rules import Checked
from .checking import run_check
from .committing import commit_upload, run_commit
from .mapping import mapping_faults
from .reading import checked, without_collector
from .receiving import receive_with_table


@dataclass(frozen=True)
class Prepared:
    """An upload that was received and checked; without `table` it was refused (`upload.error` says why)."""

    upload: Upload
    table: Table | None
    checked: Checked | None


def prepare_import(
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
) -> Prepared:
    """Receives and checks a file, with the columns as they are proposed. Raises IntakeError, AlreadyImported."""
    with without_collector():
        upload, table = receive_with_table(
            by=by, scope=scope, unit=unit, area=area, target=target, data=data, filename=filename,
            sector=sector, context=context, sheet=sheet,
        )  # fmt: skip
        if table is None:
            return Prepared(upload, None, None)
        if faults := mapping_faults(target_of(target), upload.mapping):
            raise faults[0]
        found = checked(upload, table)
        return Prepared(run_check(upload, by=by, table=table, done=found), table, found)


def commit_prepared(
    prepared: Prepared, *, by: int | None, scope: Scope, after_chunk: Callable[[int], None] | None = None
) -> Upload:
    """Imports what was prepared, in this process. Raises IntakeError, AlreadyImported."""
    upload = prepared.upload
    commit_upload(by=by, scope=scope, upload=upload.pk)
    run_commit(upload.pk, by=by, table=prepared.table, done=prepared.checked, after_chunk=after_chunk)
    upload.refresh_from_db()
    return upload
