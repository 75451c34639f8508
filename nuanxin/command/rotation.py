"""Sealing everything anew with the current key, in batches that can be cut short at any point.

A column is found by its `vault_purpose`. What is done is told by the first byte of each value, the version of
its key, so a second run goes on where the first one ended.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Func, Value

from nuanxin.foundation.vault.rules import CannotOpen, Keyring

BATCH = 2000
PASSES = 30


@dataclass
class Column:
    model: type[models.Model]
    field: Any
    sealed: int = 0
    broken: int = 0
    """Values that no key opens; they stay as they are."""
    left: int = 0
    """Rows that others held locked to the end."""

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.field.column}"


def sealed_columns() -> Iterator[Column]:
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if getattr(field, "vault_purpose", ""):
                yield Column(model, field)


def reseal(ring: Keyring, progress: Callable[[Column], None] = lambda column: None) -> list[Column]:
    """Every sealed value under the ring's current key."""
    columns = list(sealed_columns())
    for column in columns:
        for attempt in range(PASSES):
            _one_pass(ring, column)
            column.left = _outdated(column, ring).count() - column.broken
            if column.left <= 0:
                break
            time.sleep(min(0.2 * (attempt + 1), 2))  # rows that somebody is working on
        progress(column)
    return columns


def _one_pass(ring: Keyring, column: Column) -> None:
    last: Any = None
    column.broken = 0
    while True:
        with transaction.atomic():
            rows = _outdated(column, ring).select_for_update(skip_locked=True).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            batch = list(rows.values_list("pk", column.field.attname)[:BATCH])
            if not batch:
                return
            changed = []
            for pk, value in batch:
                try:
                    text = ring.open(column.field.vault_purpose, bytes(value))
                except CannotOpen:
                    column.broken += 1
                    continue
                changed.append((ring.seal(column.field.vault_purpose, text), pk))
            _write(column, changed)
            column.sealed += len(changed)
        last = batch[-1][0]


def _outdated(column: Column, ring: Keyring) -> models.QuerySet[Any]:
    version = Func(
        F(column.field.attname), Value(1), Value(1), function="substring", output_field=models.BinaryField()
    )
    done = [b"", bytes((ring.current,))]
    return (
        column.model._base_manager.exclude(**{f"{column.field.attname}__isnull": True})
        .annotate(key_version=version)
        .exclude(key_version__in=done)
    )


def _write(column: Column, changed: list[tuple[bytes, Any]]) -> None:
    quote = connection.ops.quote_name
    meta = column.model._meta
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {quote(str(column.field.column))} = %s"  # noqa: S608 (names of models)
            f" WHERE {quote(str(meta.pk.column))} = %s",
            changed,
        )
