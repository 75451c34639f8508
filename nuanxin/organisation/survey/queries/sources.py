"""The source rows behind the ledger."""

import json
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from nuanxin.engines.intake.enums import UploadState, Verdict
from nuanxin.engines.intake.models import Row
from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.vault.queries import keyring

from ..models import Round, Source
from ..rules.golden import SourceRow
from ..rules.rounds import party_of

WORKERS, ENTERPRISES = "workers", "enterprises"


def source_rows(area: int, *, target: str = WORKERS, only: list[int] | None = None) -> Iterator[SourceRow]:
    """The accepted rows of all committed rosters of an area (or those of `only`), opened, in their order.

    For the matching alone: it sees whole numbers, no screen does, so there is no scope.
    """
    rounds = {r.pk: r for r in Round.objects.all()}
    rows = Row.objects.filter(
        Q(pk__in=only) if only is not None else inside(area, area="upload__area_id"),
        upload__target=target,
        upload__state=UploadState.COMMITTED,
        verdict__in=[Verdict.ACCEPTED, Verdict.NOTED],
    ).order_by("id")
    ring = keyring()
    for pk, content, place, sector, wide, kind, context, committed in rows.values_list(
        "pk", "content", "area_id", "sector", "upload__area_id", "upload__unit__kind", "upload__context",
        "upload__committed_at",
    ).iterator(chunk_size=5000):  # fmt: skip
        canvass = rounds.get(context.get("round", 0))
        if canvass is None:
            continue  # a file that belongs to no round says nothing of the ledger
        as_of = date.fromisoformat(context["as_of"]) if context.get("as_of") else timezone.localdate(committed)
        values = json.loads(ring.open("intake.row", content))["v"]
        yield SourceRow(
            pk, canvass.pk, canvass.starts_on, as_of, party_of(kind), place or wide, sector, values
        )


def links(area: int) -> dict[int, UUID]:
    """Row → person, for all linked rows of rosters of an area."""
    return dict(
        Source.objects.filter(inside(area, area="row__upload__area_id")).values_list("row_id", "worker_id")
    )
