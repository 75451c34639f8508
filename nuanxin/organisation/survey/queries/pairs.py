"""The review queue, and the rows behind a person."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from nuanxin.engines.matching.rules import REASONS, explain
from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.accounts.queries import names
from nuanxin.foundation.codes.rules import mask_id, mask_phone, mask_plate
from nuanxin.registry.enterprises.models import Platform
from nuanxin.registry.people.enums import EngagementKind, Sex

from ..enums import PairState
from ..models import Pair, Source
from ..rules.golden import SourceRow, whole
from ..rules.spelling import Pieces, numbers_side_by_side, side_by_side
from ..rules.worker_fields import PARTY_FIELDS, WORKER_FIELDS
from .sources import source_rows

MASKS = {"idno": mask_id, "phone": mask_phone, "plate": mask_plate}


@dataclass(frozen=True)
class SourceLine:
    """A source row as a screen may show it: numbers masked, with where it came from."""

    row: int
    number: int
    unit: str
    place: str
    upload: UUID
    as_of: date | None
    values: dict[str, Any]
    confidence: float
    decided_by: int | None
    worker: UUID


@dataclass(frozen=True)
class FieldLine:
    """One field of two rows: both spellings in pieces, whether it speaks for one person, and how much."""

    label: str
    left: Pieces
    right: Pieces
    level: str  # agrees, close, differs, missing; empty: not compared
    weight: float  # in bits, see FieldComparison
    note: str


@dataclass(frozen=True)
class PairView:
    """Two rows side by side with what speaks for and against one person."""

    pair: Pair
    left: SourceLine
    right: SourceLine
    fields: list[FieldLine]
    reasons: list[str]
    decided_by: str


def queue(scope: Scope, *, area: int | None = None) -> QuerySet[Pair]:
    """Open pairs inside the scope; the most likely ones first (they take a second each)."""
    found = Pair.objects.filter(within(scope, Permission.SURVEY_MATCH), state=PairState.OPEN)
    if area is not None:
        found = found.filter(inside(area))
    return found.select_related("area").order_by("-confidence", "id")


def following(scope: Scope, after: int | None = None, seen: Collection[int] = ()) -> Pair | None:
    """The open pair to look at behind another one (decided or not), from the beginning again after the last.

    Neither that one nor one of `seen`; None when there is no other.
    """
    waiting = queue(scope).exclude(pk__in=[*seen, *([after] if after else [])])
    last = Pair.objects.filter(pk=after).values_list("confidence", flat=True).first() if after else None
    if last is not None:
        behind = waiting.filter(Q(confidence__lt=last) | Q(confidence=last, pk__gt=after or 0))
        if found := behind.first():
            return found
    return waiting.first()


def likely(scope: Scope, least: float) -> QuerySet[Pair]:
    """Open pairs of at least this confidence where the person runs the survey: what may be decided in bulk."""
    return (
        queue(scope).filter(within(scope, Permission.SURVEY_RUN), confidence__gte=least).exclude(reasons__overlap=DOUBTS)
    )


DOUBTS = ["shared_phone_of_many", "shared_id", "different_birthdate", "id_two_digits_off", "name_surname_differs"]
"""Pairs with one of these are looked at one by one, however likely they are."""


def likely_counts(scope: Scope, steps: Sequence[float]) -> list[tuple[float, int]]:
    """How many open pairs there are from each confidence on; one query."""
    found = likely(scope, 0).order_by().aggregate(**{f"n{i}": Count("pk", filter=Q(confidence__gte=s)) for i, s in enumerate(steps)})
    return [(step, found[f"n{i}"]) for i, step in enumerate(steps)]


def decided(scope: Scope) -> QuerySet[Pair]:
    """What was decided, the latest first."""
    return (
        Pair.objects.filter(within(scope, Permission.SURVEY_MATCH), state__in=[PairState.SAME, PairState.DISTINCT])
        .exclude(decided_at=None)
        .select_related("area")
        .order_by("-decided_at", "id")
    )


def pair_view(scope: Scope, pair_id: int) -> PairView:
    """One pair, opened and masked. Raises Pair.DoesNotExist outside the scope."""
    pair = Pair.objects.filter(within(scope, Permission.SURVEY_MATCH)).select_related("area").get(pk=pair_id)
    found = views([pair])
    if not found:
        raise Pair.DoesNotExist
    return found[0]


def views(pairs: Sequence[Pair]) -> list[PairView]:
    """Some pairs, opened and masked, in a fixed number of queries; those whose rows are gone are left out."""
    ids = [row for pair in pairs for row in (pair.left_id, pair.right_id)]
    rows = {r.id: r for r in source_rows(0, only=ids)}
    lines = {line.row: line for line in _lines(ids, rows)}
    who = names(p.decided_by for p in pairs)
    platforms = platform_names()
    result = []
    for pair in pairs:
        left, right = lines.get(pair.left_id), lines.get(pair.right_id)
        if left is not None and right is not None:
            fields = _fields(rows[left.row], rows[right.row], left, right, platforms)
            reasons = [_(REASONS[r]) for r in pair.reasons if r in REASONS and r not in TRIVIAL]
            result.append(PairView(pair, left, right, fields, reasons, who.get(pair.decided_by or 0, "")))
    return result


def platform_names() -> dict[str, str]:
    """Codes and names of the platforms; rosters are kept with codes."""
    return dict(Platform.objects.values_list("code", "name"))


LABELS = {f.code: f.label for f in WORKER_FIELDS}
COMPARED = {"name": "name", "phone": "phone", "idno": "idno", "plate": "plate", "work": "employer"}
TRIVIAL = ("same_county", "same_source")
"""Nearly always so, and nobody's reason."""
MORE = ("birth", "sex", "site", "kind", "since")


def _fields(
    a: SourceRow, b: SourceRow, left: SourceLine, right: SourceLine, platforms: Mapping[str, str]
) -> list[FieldLine]:
    found = []
    for line in explain(_flat(a), _flat(b)):
        code = COMPARED.get(line.field)
        if code is None:
            continue
        texts = (_said(a, code, platforms), _said(b, code, platforms))
        if code in MASKS:
            pieces = numbers_side_by_side(*texts, mask=MASKS[code])
        else:
            pieces = side_by_side(*texts)
        label = _("单位和行业") if code == "employer" else _(LABELS[code])
        found.append(FieldLine(label, *pieces, line.level, line.weight, _(REASONS[line.code])))
    for code in MORE:
        texts = (_said(a, code, platforms), _said(b, code, platforms))
        if any(texts):
            found.append(FieldLine(_(LABELS[code]), *side_by_side(*texts), "", 0.0, ""))
    found.append(FieldLine(_("所在地"), *side_by_side(left.place, right.place), "", 0.0, ""))
    return found


def _said(row: SourceRow, code: str, platforms: Mapping[str, str]) -> str:
    """What the row says of a field, in words."""
    v = row.values
    if code == "sector":
        return str(dict(Sector.choices).get(row.sector, ""))
    if code == "employer":
        named = (platforms.get(v.get("platform", ""), v.get("platform", "")), v.get("employer", ""), _said(row, "sector", platforms))
        return " · ".join(filter(None, map(str, named)))
    text = str(v.get(code) or "")
    if code == "sex":
        return str(dict(Sex.choices).get(text, text)) if text else ""
    if code == "kind":
        return str(dict(EngagementKind.choices).get(text, text)) if text else ""
    return text[:7] if code in ("birth", "since") else text


def sources_of(scope: Scope, worker_id: UUID) -> list[SourceLine]:
    """Every source row behind a person: nothing of what was merged is lost. Empty outside the scope."""
    found = Source.objects.filter(
        within(scope, Permission.WORKERS_VIEW, area="worker__area_id", sector="worker__sector"), worker_id=worker_id
    ).values_list("row_id", flat=True)
    ids = list(found)
    return _lines(ids, {r.id: r for r in source_rows(0, only=ids)})


def _lines(ids: list[int], rows: dict[int, SourceRow]) -> list[SourceLine]:
    sources = (
        Source.objects.filter(row_id__in=ids)
        .select_related("row__upload__unit", "row__upload__area", "row__area")
        .order_by("row_id")
    )
    platforms = platform_names()
    lines = []
    for source in sources:
        row = rows.get(source.row_id)
        if row is not None:
            lines.append(
                SourceLine(
                    source.row_id, source.row.number, source.row.upload.unit.name,
                    (source.row.area or source.row.upload.area).name, source.row.upload_id, row.as_of,
                    masked({**row.values, "platform": platforms.get(row.values.get("platform", ""), row.values.get("platform", ""))}),
                    source.confidence, source.decided_by, source.worker_id,
                )
            )
    return lines


LONG = re.compile(r"[0-9０-９Xx]{7,}")
HIDDEN = {*PARTY_FIELDS, "floating", "hardship"}


def masked(values: dict[str, Any]) -> dict[str, Any]:
    """Values with their numbers masked; what came masked stays as it came. Membership is left out (dossier 6.4)."""
    return {k: _masked(k, v) for k, v in values.items() if k not in HIDDEN}


def _masked(code: str, value: Any) -> Any:
    text = str(value)
    if code in MASKS:
        return MASKS[code](text) if whole(text) else text
    if code == "birth":
        return text[:4]
    if code == "address":
        return f"{text[:6]}…" if len(text) > 6 else text
    return LONG.sub(lambda m: m[0][:2] + "*" * (len(m[0]) - 4) + m[0][-2:], value) if isinstance(value, str) else value


def cells(line: SourceLine) -> list[tuple[str, str]]:
    """A source row as (label, value), in the order of the roster's fields."""
    words = {"sex": dict(Sex.choices), "kind": dict(EngagementKind.choices)}
    shown = []
    for code, label in LABELS.items():
        if code in ("area", "sector"):
            continue  # codes; the place stands in the head of the row
        value = line.values.get(code)
        if value not in (None, ""):
            text = _("是") if value is True else _("否") if value is False else str(words.get(code, {}).get(value, value))
            shown.append((_(label), text))
    return shown


def _flat(row: SourceRow) -> dict[str, str]:
    v = row.values
    return {
        "source": row.party.name, "name": str(v.get("name", "")), "phone": str(v.get("phone", "")),
        "idno": str(v.get("idno", "")), "plate": str(v.get("plate", "")),
        "employer": str(v.get("employer") or v.get("platform") or ""), "industry": row.sector,
        "county": str(row.area // 10**9),
    }  # fmt: skip
