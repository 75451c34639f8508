"""A checked row as one sealed text, and the fingerprint by which an equal row is known again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from nuanxin.foundation.sheets.rules.table import Column, Table
from nuanxin.foundation.vault.rules import Keyring

from .checker import Checked

CONTENT = "intake.row"
FINGERPRINT = "intake.row.fingerprint"

PackedRow = tuple[int, int, int, str, bytes, bytes, list[list[Any]]]
"""number, verdict, area, sector, content, fingerprint, problems."""


class RowPacker:
    """Packs the rows of one checked table. `target` is part of the fingerprint."""

    def __init__(
        self, ring: Keyring, target: str, table: Table, columns: dict[str, Column], checked: Checked
    ):
        self._ring = ring
        self._fingerprint = f"{FINGERPRINT}.{target}"
        self._table = table
        self._checked = checked
        self._verdicts = checked.verdicts()
        self._letters = {field: column.letter for field, column in columns.items()}
        self._places = {column.letter: place for place, column in enumerate(table.columns)}
        self._cells = [_plain(column) for column in table.columns]
        for field, gone in checked.withheld.items():
            texts = self._cells[self._places[self._letters[field]]]
            for index in gone:
                texts[index] = ""
        self._findings: dict[int, list[list[Any]]] = {}
        for index, field, code, params, _refuse in checked.findings:
            self._findings.setdefault(index, []).append([self._letters.get(field, ""), field, code, params])

    def rows(self, start: int, stop: int) -> Iterator[PackedRow]:
        """The rows from `start` to before `stop`, each sealed as it is asked for."""
        checked, ring, fingerprint = self._checked, self._ring, self._fingerprint
        seal, index_of, dumps = ring.seal, ring.index, orjson.dumps
        # in one order whatever the layout of the file, so that equal rows have equal fingerprints
        fields = sorted(checked.values)
        value_rows = zip(*(checked.values[f][start:stop] for f in fields), strict=True)
        cell_rows = zip(*(cells[start:stop] for cells in self._cells), strict=True)
        no_findings: list[list[Any]] = []
        for index, (values, cells) in enumerate(zip(value_rows, cell_rows, strict=True), start):
            known = dumps({f: v for f, v in zip(fields, values, strict=True) if v is not None}).decode()
            content = f'{{"c":{dumps(cells).decode()},"v":{known}}}'
            yield (
                self._table.row_numbers[index],
                self._verdicts[index],
                checked.areas[index],
                checked.sectors[index],
                seal(CONTENT, content),
                index_of(fingerprint, known) or b"",
                self._findings.get(index, no_findings),
            )


def _plain(column: Column) -> list[str]:
    """The cells as text; of a destroyed number what is left to see."""
    texts: Sequence[Any] = column.texts()
    return list(texts) if set(map(type, texts)) <= {str} else list(map(str, texts))


def open_row(ring: Keyring, content: bytes) -> dict[str, Any]:
    """`{"c": [...], "v": {...}}` of a sealed row."""
    opened: dict[str, Any] = orjson.loads(ring.open(CONTENT, content))
    return opened
