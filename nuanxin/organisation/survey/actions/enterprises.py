"""Rosters of firms into the ledger of firms, and out again when an import is undone."""

import json
from datetime import date
from uuid import UUID

from django.db import transaction

from nuanxin.engines.intake.enums import Verdict
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.enterprises.actions import remove_origin, upsert_enterprises

from ..models import EnterpriseSource
from .bulk import upsert
from .consolidate import lock_area


@transaction.atomic
def put_enterprises(*, upload: str | UUID, by: int | None) -> int:
    """The accepted rows of a committed roster become versions of firms. Returns the area of the roster."""
    sent = Upload.objects.get(pk=upload)
    lock_area(sent.area_id)
    as_of = date.fromisoformat(sent.context["as_of"]) if sent.context.get("as_of") else sent.created_at.date()
    ring = keyring()
    numbers, firms = [], []
    rows = Row.objects.filter(upload=sent, verdict__in=[Verdict.ACCEPTED, Verdict.NOTED]).order_by("number")
    for row in rows.iterator(chunk_size=2000):
        values = json.loads(ring.open("intake.row", row.content))["v"]
        values.setdefault("area", row.area_id or sent.area_id)
        values.setdefault("sector", row.sector or sent.sector or "other")
        numbers.append(row.pk)
        firms.append(values)
    ids = upsert_enterprises(firms, on=as_of, by=by, origin=f"upload:{sent.pk}")
    lines = [(row, firm, sent.context["round"]) for row, firm in zip(numbers, ids, strict=True)]
    upsert(EnterpriseSource, ("row_id", "enterprise_id", "round_id"), lines, key=["row_id"])
    return sent.area_id


@transaction.atomic
def take_enterprises_back(*, upload: str | UUID, by: int | None) -> int:
    """Firms that only this roster knew go; the others are again as they were before it."""
    sent = Upload.objects.get(pk=upload)
    lock_area(sent.area_id)
    EnterpriseSource.objects.filter(row__upload=sent).delete()
    remove_origin(f"upload:{sent.pk}", by=by)
    return sent.area_id
