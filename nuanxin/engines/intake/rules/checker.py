"""Checking by column: each different text of a column is looked at once, however many rows repeat it.

A `Checker` gathers values (None where a cell says nothing) and findings for the rows of one table. A finding that
refuses stops its row; a note is told, and the row is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nuanxin.foundation.codes.rules import CodeRefused, Masked
from nuanxin.foundation.sheets.rules.cells import Kind
from nuanxin.foundation.sheets.rules.table import Column


class CellFinding(NamedTuple):
    """`at` counts the data rows from 0; `field` is empty for the row as a whole. `params` hold no cell values
    that could name a person."""

    at: int
    field: str
    code: str
    params: dict[str, Any]
    refuse: bool


class Fault(NamedTuple):
    """What a parser says of a text that it does not take as it is; `value` is what remains of it."""

    code: str
    params: dict[str, Any]
    refuse: bool
    value: Any = None


Parser = Callable[[Any], Any]
"""Text (or converted value) → value, or a `Fault`; may raise CodeRefused."""


@dataclass(slots=True)
class Checked:
    """One entry per data row everywhere. `values` keeps the order of the fields: equal rows read equal."""

    size: int
    values: dict[str, list[Any]]
    areas: list[int]
    sectors: list[str]
    findings: list[CellFinding]
    withheld: dict[str, list[int]]
    """Cells by field and row that are not kept at all, not even as text (membership without consent)."""

    def verdicts(self) -> bytearray:
        """0 accepted, 1 noted, 2 refused (enums.Verdict)."""
        verdicts = bytearray(self.size)
        for index, _field, _code, _params, refuse in self.findings:
            if refuse:
                verdicts[index] = 2
            elif not verdicts[index]:
                verdicts[index] = 1
        return verdicts


class Checker:
    """The columns of one table by field, and what has been found in them so far."""

    def __init__(self, columns: Mapping[str, Column], size: int) -> None:
        self.columns = columns
        self.size = size
        self.values: dict[str, list[Any]] = {}
        self.findings: list[CellFinding] = []
        self.withheld: dict[str, list[int]] = {}

    def note(self, index: int, field: str, code: str, **params: Any) -> None:
        self.findings.append(CellFinding(index, field, code, params, False))

    def refuse(self, index: int, field: str, code: str, **params: Any) -> None:
        self.findings.append(CellFinding(index, field, code, params, True))

    def get(self, field: str) -> Sequence[Any]:
        """The values of a field so far; all None when the table has no such column."""
        found = self.values.get(field)
        return found if found is not None else [None] * self.size

    def convert(self, field: str, kind: Kind = "text", *, refuse: bool = True) -> list[Any] | None:
        """The cells of a column as a kind; None when there is no such column. Keeps the findings."""
        column = self.columns.get(field)
        if column is None:
            return None
        converted = column.convert(kind)
        for index, code, params, severity in map(_parts, converted.findings):
            self.findings.append(CellFinding(index, field, code, params, refuse and severity == "refuse"))
        return converted.values

    def take(
        self, field: str, kind: Kind = "text", parse: Parser | None = None, *, refuse: bool = True
    ) -> list[Any] | None:
        """Converts and parses a column and keeps its values. `refuse=False`: what cannot be read is only noted."""
        values = self.convert(field, kind, refuse=refuse)
        if values is None:
            return None
        if parse is not None:
            values = self.parse(field, values, parse, refuse=refuse)
        self.values[field] = values
        return values

    def parse(self, field: str, values: list[Any], parse: Parser, *, refuse: bool = True) -> list[Any]:
        """`parse` for every value that is there. Masked values are kept and noted."""
        answers = list(map(_Memory(parse).__getitem__, values))
        kinds = set(map(type, answers))
        if Masked in kinds:
            self.findings.extend(
                CellFinding(index, field, "cell.masked", {}, False)
                for index, answer in enumerate(answers)
                if type(answer) is Masked
            )
        if Fault in kinds:
            for index, answer in enumerate(answers):
                if type(answer) is Fault:
                    self.findings.append(
                        CellFinding(index, field, answer.code, answer.params, refuse and answer.refuse)
                    )
                    answers[index] = answer.value
        return answers

    def text(self, field: str, limit: int) -> list[Any] | None:
        """A column of free text; what is longer than the ledger's column is cut, with a note."""
        values = self.take(field, refuse=False)
        if values is not None and max(map(len, filter(None, values)), default=0) > limit:
            for index, value in enumerate(values):
                if value is not None and len(value) > limit:
                    self.note(index, field, "text.long", limit=limit)
                    values[index] = value[:limit]
        return values

    def withhold(self, field: str, keep: Sequence[bool]) -> None:
        """Forgets the cells of a column in the rows where `keep` is false."""
        if field not in self.columns:
            return
        values = self.values.get(field)
        gone = [index for index, kept in enumerate(keep) if not kept]
        self.withheld[field] = gone
        if values is not None:
            for index in gone:
                values[index] = None

    def done(self, areas: list[int], sectors: list[str]) -> Checked:
        self.findings.sort(key=lambda f: f.at)
        return Checked(self.size, self.values, areas, sectors, self.findings, self.withheld)


class _Memory(dict[Any, Any]):
    """Remembers the answer for each different text; forgets when a column has nothing but different ones."""

    LIMIT = 50_000

    def __init__(self, parse: Parser) -> None:
        super().__init__({None: None})
        self._parse = parse

    def __missing__(self, text: Any) -> Any:
        try:
            answer = self._parse(text)
        except CodeRefused as refused:
            answer = Fault(refused.code, refused.params, True)
        if len(self) < self.LIMIT:
            self[text] = answer
        return answer


def _parts(finding: Any) -> tuple[int, str, dict[str, Any], str]:
    return finding.index, finding.code, finding.params, finding.severity
