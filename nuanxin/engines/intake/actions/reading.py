"""From a stored file to a table and its columns by field; shared by every step that looks into the file."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.utils import timezone

from nuanxin.foundation.media.queries import contents
from nuanxin.foundation.sheets.rules import Column, Table, read_table
from nuanxin.foundation.sheets.rules.cells import texts
from nuanxin.foundation.vault.queries import keyring

from ..errors import IntakeError
from ..models import Upload
from ..queries.context import check_context
from ..queries.targets import target
from ..queries.uploads import upload_name
from ..rules import Checked

SAMPLES = "upload.samples"
SAMPLE_ROWS = 20


@contextmanager
def without_collector() -> Iterator[None]:
    """A table is a million small objects without cycles; the collector would walk through all of them again and
    again (a tenth of the time of an import)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read(upload: Upload) -> Table:
    """The table of an upload as it was received: its sheet, its header row. Raises SheetRefused, IntakeError."""
    if upload.file is None:
        raise IntakeError("lost")
    try:
        with contents(upload.file) as stored:
            data = stored.read()
    except FileNotFoundError as error:
        raise IntakeError("lost") from error
    return read_table(data, upload_name(upload), sheet=upload.sheet or None, header_row=upload.header_row)


def by_field(table: Table, mapping: Mapping[str, str]) -> dict[str, Column]:
    """The columns by the field that the mapping gives them; columns to be ignored are left out."""
    return {field: column for column in table.columns if (field := mapping.get(column.letter))}


def checked(upload: Upload, table: Table, today: date | None = None) -> Checked:
    """Every row of a table checked by the upload's target."""
    context = check_context(upload, today or timezone.localdate())
    return target(upload.target).check(by_field(table, upload.mapping), len(table), context)


def seal_samples(upload: Upload, table: Table, hidden: set[str], bad: list[int]) -> bytes:
    """The first rows and some bad ones, sealed, so that screens need not read the file again.

    Columns of `hidden` letters (membership, hardship) are not kept there.
    """

    def shown(indexes: Iterable[int]) -> list[list[Any]]:
        indexes = list(indexes)
        cells = [
            [""] * len(indexes) if column.letter in hidden else texts([column.values[i] for i in indexes])
            for column in table.columns
        ]
        return [
            [table.row_numbers[index], [str(column[place]) for column in cells]]
            for place, index in enumerate(indexes)
        ]

    content = {"first": shown(range(min(SAMPLE_ROWS, len(table)))), "bad": shown(bad)}
    return keyring().seal(SAMPLES, json.dumps(content, ensure_ascii=False))


def hidden_letters(upload: Upload) -> set[str]:
    """The columns whose cells are never shown, masked or not."""
    masks = target(upload.target).masks
    return {letter for letter, field in upload.mapping.items() if masks.get(field) == "hide"}
