"""Which column holds which field: by what a department chose before, by header, and by the look of the values.

Every field gets at most one column; what else would fit is reported, so that a person decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from .cells import Kind
from .problems import Problem
from .shapes import TELLING, share_of_kind
from .table import Column, Table
from .tidy import squeeze

Why = Literal["learned", "ignored", "alias", "pattern", "similar", "values", "rival", "nothing"]

WHY_TEXTS: dict[str, Any] = {
    "learned": _("以前这样对应过"),
    "ignored": _("以前选择了不导入"),
    "alias": _("列名相同"),
    "pattern": _("列名符合常见写法"),
    "similar": _("列名相近"),
    "values": _("内容相符"),
    "rival": _("另一列更合适"),
    "nothing": _("未能识别"),
}

# A learned entry with this value: the department does not want the column.
IGNORE = ""
ACCEPTED = 0.55
SURE = 0.75
_SIMILAR = 0.75
_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field that columns are mapped to. `aliases` are other headers for it, `pattern` a regex for headers."""

    code: str
    label: str
    kind: Kind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`field` is None when the column stays out; `rival` is then the field it would fit, held by another column.

    `doubtful`: the header fits and the values do not.
    """

    column: Column
    field: str | None
    confidence: float
    why: Why
    rival: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    column: int
    field: str
    why: Why
    doubtful: bool = False


def normalise_header(header: str) -> str:
    """The key under which a choice is learned: no spaces, signs or letter case; the words in brackets stay."""
    return _SIGNS.sub("", squeeze(header)).lower()


def suggest_mapping(
    table: Table, fields: Sequence[FieldSpec], learned: Mapping[str, str] | None = None
) -> list[ColumnMapping]:
    """One entry per column of the table, in its order. `learned`: normalised header → field code or IGNORE."""
    learned = learned or {}
    known = {field.code for field in fields}
    ignored = {
        place
        for place, column in enumerate(table.columns)
        if learned.get(normalise_header(column.header)) == IGNORE
    }
    candidates: list[_Candidate] = []
    for place, column in enumerate(table.columns):
        if place in ignored:
            continue
        choice = learned.get(normalise_header(column.header))
        if choice in known:
            candidates.append(_Candidate(1.0, place, str(choice), "learned"))
            continue
        for field in fields:
            if candidate := _by_header(place, column, field):
                candidates.append(candidate)
    chosen = _assign(candidates)
    _add_by_values(table, fields, ignored, chosen)
    wanted: dict[int, _Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: c.score):
        wanted[candidate.column] = candidate
    result = []
    for place, column in enumerate(table.columns):
        if place in ignored:
            result.append(ColumnMapping(column, None, 1.0, "ignored"))
        elif hit := chosen.get(place):
            result.append(
                ColumnMapping(column, hit.field, round(hit.score, 2), hit.why, doubtful=hit.doubtful)
            )
        elif place in wanted:
            result.append(ColumnMapping(column, None, 0.0, "rival", rival=wanted[place].field))
        else:
            result.append(ColumnMapping(column, None, 0.0, "nothing"))
    return result


def _by_header(place: int, column: Column, field: FieldSpec) -> _Candidate | None:
    score, why = _header_score(column, field)
    if not score:
        return None
    share = share_of_kind(column.values, field.kind)
    doubtful = False
    if share is not None:
        if share < 0.2 and why != "alias":
            return None
        doubtful = share < 0.2
        score = score - 0.2 if doubtful else min(score + 0.04 * share, 0.99)
    return _Candidate(score, place, field.code, why, doubtful) if score >= ACCEPTED else None


def _header_score(column: Column, field: FieldSpec) -> tuple[float, Why]:
    leaf = column.parts[-1] if column.parts else ""
    forms = [
        normalise_header(column.header),
        normalise_header(_BRACKETS.sub("", column.header)),
        normalise_header(leaf),
    ]
    names = [normalise_header(name) for name in (field.label, *field.aliases)]
    for loss, form in enumerate(forms):
        if form and form in names:
            return 0.95 - 0.02 * loss, "alias"
    if field.pattern and re.search(field.pattern, forms[0]):
        return 0.8, "pattern"
    best = 0.0
    for form in filter(None, forms[:2]):
        for name in filter(None, names):
            if len(name) >= 2 and len(form) >= 2 and (name in form or form in name):
                best = max(best, 0.62 + 0.15 * min(len(name), len(form)) / max(len(name), len(form)))
            elif (ratio := fuzz.ratio(form, name) / 100) >= _SIMILAR:
                best = max(best, 0.8 * ratio)
    return (best, "similar") if best else (0.0, "nothing")


def _assign(candidates: list[_Candidate]) -> dict[int, _Candidate]:
    """Best first. A column that lost its best field takes another one only when that is sure by itself."""
    chosen: dict[int, _Candidate] = {}
    taken: set[str] = set()
    lost: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.column)):
        if candidate.column in chosen:
            continue
        if candidate.field in taken:
            lost.add(candidate.column)
        elif candidate.column not in lost or candidate.score >= SURE:
            chosen[candidate.column] = candidate
            taken.add(candidate.field)
    return chosen


def _add_by_values(
    table: Table, fields: Sequence[FieldSpec], ignored: set[int], chosen: dict[int, _Candidate]
) -> None:
    """Columns whose header says nothing, when exactly one of them looks like exactly one field still open."""
    taken = {candidate.field for candidate in chosen.values()}
    for kind in TELLING:
        open_fields = [field for field in fields if field.kind == kind and field.code not in taken]
        fitting = [
            (place, share)
            for place, column in enumerate(table.columns)
            if place not in chosen
            and place not in ignored
            and (share := share_of_kind(column.values, kind)) is not None
            and share >= 0.8
        ]
        if len(open_fields) == 1 and len(fitting) == 1:
            ((place, share),) = fitting
            chosen[place] = _Candidate(0.7 * share, place, open_fields[0].code, "values")
            taken.add(open_fields[0].code)


def mapping_problems(mappings: Iterable[ColumnMapping], fields: Sequence[FieldSpec]) -> list[Problem]:
    """Required fields without a column (refuse), fields that several columns fit and doubtful columns (note)."""
    labels = {field.code: field.label for field in fields}
    mappings = list(mappings)
    holders = {mapping.field: mapping.column for mapping in mappings if mapping.field}
    problems = [
        Problem(None, "", "", field.code, "mapping.missing", {"label": field.label})
        for field in fields
        if field.required and field.code not in holders
    ]
    rivals: defaultdict[str, list[Column]] = defaultdict(list)
    for mapping in mappings:
        if mapping.rival in holders:
            rivals[str(mapping.rival)].append(mapping.column)
    for code, columns in rivals.items():
        headers = "”“".join(column.header for column in [holders[code], *columns])
        params = {"headers": headers, "label": labels[code]}
        letter = columns[0].letter
        problems.append(Problem(None, letter, columns[0].header, code, "mapping.duplicate", params, "note"))
    for mapping in mappings:
        if mapping.doubtful and mapping.field:
            params = {"header": mapping.column.header, "label": labels[mapping.field]}
            letter = mapping.column.letter
            problems.append(
                Problem(None, letter, mapping.column.header, mapping.field, "mapping.doubt", params, "note")
            )
    return problems


def twice_mapped(choice: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Field → columns, for the fields to which a person's own choice (column letter → field) gives several."""
    columns: defaultdict[str, list[str]] = defaultdict(list)
    for letter, field in choice.items():
        if field:
            columns[field].append(letter)
    return {field: letters for field, letters in columns.items() if len(letters) > 1}
