"""What the screens show of an upload: columns, samples (masked), findings in words, progress."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nuanxin.foundation.sheets.rules import split_mend
from nuanxin.foundation.sheets.rules.mapping import WHY_TEXTS
from nuanxin.foundation.vault.queries import keyring

from ..models import Upload
from ..rules import finding_text
from ..rules.masking import masked
from .targets import target

SAMPLES = "upload.samples"


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file on the mapping screen."""

    letter: str
    header: str
    field: str
    why: str
    doubt: str
    samples: list[str]
    hidden: bool


@dataclass(frozen=True)
class SampleRow:
    """A row of the file with its cells masked, in the order of the columns; cells of `bad` letters refuse the row,
    those of `noted` are only told."""

    number: int
    cells: list[str]
    bad: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FindingLine:
    """One problem of one cell, or of a row, in words."""

    row: int
    letter: str
    label: str
    cause: str
    mend: str
    refuse: bool


@dataclass(frozen=True)
class FindingGroup:
    """A kind of problem with how many rows have it, and the first of them."""

    label: str
    letter: str
    refuse: bool
    count: int
    lines: list[FindingLine]


def columns_of(upload: Upload, samples: int = 3) -> list[ColumnLine]:
    """The columns with the field in force, the reason for the proposal, and some masked values."""
    rows = _samples(upload)["first"]
    masks = target(upload.target).masks
    result = []
    for place, column in enumerate(upload.summary.get("columns", [])):
        field = upload.mapping.get(column["letter"], "")
        values = dict.fromkeys(cells[place] for _number, cells in rows if cells[place])
        doubt = column.get("doubt")
        result.append(
            ColumnLine(
                column["letter"],
                column["header"],
                field,
                str(WHY_TEXTS[column["why"]]),
                finding_text(doubt[0], doubt[1]) if doubt else "",
                [_mask(upload, field, value) for value in list(values)[:samples]],
                masks.get(field) == "hide",
            )
        )
    return result


def sample_rows(upload: Upload) -> list[SampleRow]:
    """The first rows."""
    return list(_masked_rows(upload, _samples(upload)["first"]))


def bad_rows(upload: Upload) -> list[SampleRow]:
    """The first refused rows; the letters of the bad cells are marked."""
    return list(_masked_rows(upload, _samples(upload)["bad"]))


def _masked_rows(upload: Upload, rows: list[Any]) -> Iterator[SampleRow]:
    letters = [column["letter"] for column in upload.summary.get("columns", [])]
    fields = [upload.mapping.get(letter, "") for letter in letters]
    marked: dict[tuple[int, bool], set[str]] = {}
    for kind in upload.summary.get("findings", []):
        for number, _params in kind["rows"]:
            marked.setdefault((number, kind["refuse"]), set()).add(kind["letter"])
    for number, cells in rows:
        shown = [_mask(upload, field, cell) for field, cell in zip(fields, cells, strict=True)]
        bad, noted = (frozenset(marked.get((number, refuse), ())) for refuse in (True, False))
        yield SampleRow(number, shown, bad, noted)


def findings(upload: Upload, *, rows: int = 20) -> list[FindingGroup]:
    """Kinds of problems, refusing ones and frequent ones first."""
    aim = target(upload.target)
    groups = []
    for kind in upload.summary.get("findings", []):
        label = aim.label_of(kind["field"]) if kind["field"] else ""
        lines = []
        for number, params in kind["rows"][:rows]:
            cause, mend = split_mend(finding_text(kind["code"], params))
            lines.append(FindingLine(number, kind["letter"], label, cause, mend, kind["refuse"]))
        groups.append(FindingGroup(label, kind["letter"], kind["refuse"], kind["count"], lines))
    return groups


def notes(upload: Upload) -> list[tuple[int | None, str]]:
    """What reading the sheet has left out or doubted: rows of totals, nameless columns, other sheets."""
    return [
        (row, finding_text(code, params)) for row, _letter, code, params in upload.summary.get("notes", [])
    ]


def missing_fields(upload: Upload) -> list[str]:
    """The fields for which the file has no column; those of members, whom few rosters name, are not counted."""
    aim = target(upload.target)
    held = set(upload.mapping.values())
    return [
        aim.label_of(spec.code)
        for spec in aim.fields
        if spec.code not in held and aim.masks.get(spec.code) != "hide"
    ]


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    percent: int
    running: bool
    silent: bool


def progress(upload: Upload) -> Progress:
    """How far a job is; `silent` when it has given no sign of life for a while and may be resumed."""
    from ..actions.committing import may_resume
    from ..enums import RUNNING

    total = max(upload.total_rows, 1)
    return Progress(
        upload.done_rows,
        upload.total_rows,
        min(100 * upload.done_rows // total, 100),
        upload.state in RUNNING,
        may_resume(upload),
    )


def _samples(upload: Upload) -> dict[str, Any]:
    text = keyring().open(SAMPLES, bytes(upload.samples))
    found: dict[str, Any] = json.loads(text) if text else {"first": [], "bad": []}
    return found


def _mask(upload: Upload, field: str, text: str) -> str:
    return masked(text, target(upload.target).masks.get(field, "" if field else "unknown"))
