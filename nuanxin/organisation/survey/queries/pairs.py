"""The review queue, and the rows behind a person."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from nuanxin.engines.matching.rules import FieldComparison, explain
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules import mask_id, mask_phone, mask_plate

from ..enums import PairState
from ..models import Pair, Source
from ..rules.golden import SourceRow, whole
from .sources import source_rows

MASKS = {"idno": mask_id, "phone": mask_phone, "plate": mask_plate}


@dataclass(frozen=True)
class SourceLine:
    """A source row as a screen may show it: numbers masked, with where it came from."""

    row: int
    number: int
    unit: str
    upload: UUID
    as_of: date | None
    values: dict[str, Any]
    confidence: float
    decided_by: int | None
    worker: UUID


@dataclass(frozen=True)
class PairView:
    """Two rows side by side with what speaks for and against one person."""

    pair: Pair
    left: SourceLine
    right: SourceLine
    comparison: list[FieldComparison]


def queue(scope: Scope, *, area: int | None = None) -> QuerySet[Pair]:
    """Open pairs inside the scope; the most likely ones first (they take a second each)."""
    found = Pair.objects.filter(within(scope, Permission.SURVEY_MATCH), state=PairState.OPEN)
    if area is not None:
        found = found.filter(inside(area))
    return found.select_related("area").order_by("-confidence", "id")


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
    rows = {r.id: r for r in source_rows(0, only=[pair.left_id, pair.right_id])}
    if len(rows) < 2:
        raise Pair.DoesNotExist
    lines = {line.row: line for line in _lines([pair.left_id, pair.right_id], rows)}
    comparison = explain(_flat(rows[pair.left_id]), _flat(rows[pair.right_id]))
    return PairView(pair, lines[pair.left_id], lines[pair.right_id], comparison)


def sources_of(scope: Scope, worker_id: UUID) -> list[SourceLine]:
    """Every source row behind a person: nothing of what was merged is lost. Empty outside the scope."""
    found = Source.objects.filter(
        within(scope, Permission.WORKERS_VIEW, area="worker__area_id", sector="worker__sector"), worker_id=worker_id
    ).values_list("row_id", flat=True)
    ids = list(found)
    return _lines(ids, {r.id: r for r in source_rows(0, only=ids)})


def _lines(ids: list[int], rows: dict[int, SourceRow]) -> list[SourceLine]:
    sources = (
        Source.objects.filter(row_id__in=ids).select_related("row__upload__unit").order_by("row_id")
    )
    lines = []
    for source in sources:
        row = rows.get(source.row_id)
        if row is not None:
            lines.append(
                SourceLine(
                    source.row_id, source.row.number, source.row.upload.unit.name, source.row.upload_id, row.as_of,
                    masked(row.values), source.confidence, source.decided_by, source.worker_id,
                )  # fmt: skip
            )
    return lines


def masked(values: dict[str, Any]) -> dict[str, Any]:
    """Values with their numbers masked; what came masked stays as it came. Membership is left out (dossier 6.4)."""
    hidden = {"political", "floating", "hardship"}
    return {
        k: MASKS[k](str(v)) if k in MASKS and whole(str(v)) else v for k, v in values.items() if k not in hidden
    }


def _flat(row: SourceRow) -> dict[str, str]:
    v = row.values
    return {
        "source": row.party.name, "name": str(v.get("name", "")), "phone": str(v.get("phone", "")),
        "idno": str(v.get("idno", "")), "plate": str(v.get("plate", "")),
        "employer": str(v.get("employer") or v.get("platform") or ""), "industry": row.sector,
        "county": str(row.area // 10**9),
    }  # fmt: skip
