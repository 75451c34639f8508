"""The refused rows as a file in the layout they came in."""

from __future__ import annotations

from typing import IO
from uuid import UUID

from django.db import transaction

from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules import MESSAGES as CODE_MESSAGES
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.sheets.rules import Problem, write_error_file

from ..enums import IntakeFact
from ..models import Upload
from ..queries.uploads import get_upload
from ..rules import MESSAGES
from .reading import by_field, checked, read


@transaction.atomic
def write_errors(*, by: int | None, scope: Scope, upload: UUID, out: IO[bytes], noted: bool = False) -> int:
    """Writes the refused rows (with `noted` also those taken with a note); how many. A fact: whole numbers leave."""
    found: Upload = get_upload(scope, upload)
    table = read(found)
    columns = by_field(table, found.mapping)
    problems = [
        Problem(
            row=table.row_numbers[index],
            column_letter=columns[field].letter if field in columns else "",
            header=columns[field].header if field in columns else "",
            field=field,
            code=code,
            params=params,
            severity="refuse" if refuse or noted else "note",
        )
        for index, field, code, params, refuse in checked(found, table).findings
    ]
    count = write_error_file(out, table, problems, MESSAGES, CODE_MESSAGES)
    record(
        IntakeFact.ERRORS_OPENED, subject=f"upload:{found.pk}", by=by, area=found.area_id, sector=found.sector,
        quantity=count,
    )  # fmt: skip
    return count
