"""The peers: django-import-export with bulk inserts and the same checks, the ORM's bulk_create, a bare COPY.

All write the same 15 columns into a plain table of the same database, unsealed.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from bench.intake.roster import COLUMNS, HEADERS
from nuanxin.foundation.codes.rules import parse_name, parse_phone, parse_resident_id
from nuanxin.foundation.sheets.rules.dates import parse_date
from nuanxin.organisation.survey.rules.field_words import (
    CONSENT,
    EDUCATION,
    KIND,
    SEX,
    YES_NO,
    key,
    sector_of,
)

BATCH = 5000


class Person(models.Model):
    """The plain table of the peers."""

    for _name in COLUMNS:
        locals()[_name] = models.CharField(max_length=120, blank=True)
    del _name

    class Meta:
        app_label = "bench_intake"
        indexes = [models.Index(fields=["number"], name="bench_person_number")]


def make_table() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Person)


def empty_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_intake_person RESTART IDENTITY")


def _checks(today: date) -> dict[str, Any]:
    """The checks of our own target, as functions of one cell."""

    def word(words: dict[str, Any]) -> Any:
        return lambda text: str(words[key(text)])

    return {
        "name": parse_name,
        "sex": word(SEX),
        "birth": parse_date,
        "idno": lambda text: parse_resident_id(text, today=today),
        "phone": parse_phone,
        "education": word(EDUCATION),
        "sector": sector_of,
        "kind": word(KIND),
        "union": word(YES_NO),
        "consent": word(CONSENT),
        "since": parse_date,
    }


def import_export(data: bytes, today: date, *, shortcuts: bool) -> tuple[float, float, int]:
    """Seconds of reading the workbook, seconds of importing, rows written.

    Bulk inserts in batches with the checks of each field, everything else as it comes; with `shortcuts` also every
    switch that its documentation names for speed: no look-up of rows that are there, no differences kept.
    """
    from import_export import fields, resources, widgets
    from import_export.formats.base_formats import XLSX

    class Checked(widgets.CharWidget):
        def __init__(self, check: Any) -> None:
            super().__init__()
            self.check = check

        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
            text = super().clean(value, row, **kwargs) or ""
            return self.check(text) if text else ""

    checks = _checks(today)
    declared = {
        column: fields.Field(
            column_name=header,
            attribute=column,
            widget=Checked(checks[column]) if column in checks else widgets.CharWidget(),
        )
        for header, column in zip(HEADERS, COLUMNS, strict=True)
    }
    meta = type(
        "Meta",
        (),
        {
            "model": Person, "fields": COLUMNS, "import_id_fields": ("number",), "use_bulk": True, "batch_size": BATCH,
            "use_transactions": True,
            **({
                "import_id_fields": (), "force_init_instance": True, "skip_diff": True, "skip_html_diff": True,
            } if shortcuts else {}),
        },
    )  # fmt: skip
    resource = type("PersonResource", (resources.ModelResource,), {**declared, "Meta": meta})()
    began = time.perf_counter()
    dataset = XLSX().create_dataset(data)
    read = time.perf_counter()
    result = resource.import_data(dataset, dry_run=False, raise_errors=False)
    done = time.perf_counter()
    assert not result.has_errors(), result.row_errors()[:1]
    return read - began, done - read, Person.objects.count()


def bulk_create(lines: list[list[Any]]) -> float:
    """Seconds of the ORM without any check."""
    began = time.perf_counter()
    with transaction.atomic():
        for start in range(0, len(lines), BATCH):
            Person.objects.bulk_create(
                Person(**dict(zip(COLUMNS, map(str, line), strict=True)))
                for line in lines[start : start + BATCH]
            )
    return time.perf_counter() - began


def bare_copy(lines: list[list[Any]]) -> float:
    """Seconds of a COPY without any check."""
    quoted = ", ".join(f'"{column}"' for column in COLUMNS)
    began = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY bench_intake_person ({quoted}) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(list(map(str, line)))
    return time.perf_counter() - began


__all__ = ["bare_copy", "bulk_create", "empty_table", "import_export", "make_table"]
