"""Committed rosters made directly: what the survey finds when an import is through."""

import json
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from nuanxin.engines.intake.enums import UploadState, Verdict
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.foundation.media.models import StoredFile
from nuanxin.foundation.vault.queries import keyring
from nuanxin.organisation.survey.actions.rounds import open_round
from nuanxin.organisation.survey.models import Round, Source
from nuanxin.registry.people.models import Worker
from tests.cast import COUNTY, area, unit

TODAY = date(2026, 11, 20)
_numbers = count(1)

WANG = {"name": "王志强", "idno": "430121199003078211", "phone": "13873100001"}
WANG_AGAIN = {"name": "王志强", "phone": "13873100001", "employer": "长沙云帆快递有限公司"}
LI = {"name": "李红梅", "idno": "430121198812120443", "phone": "13873100002"}


def canvass(day: date = TODAY) -> Round:
    """The open round of the county, opened when there is none."""
    area(COUNTY)
    found = Round.objects.filter(area_id=COUNTY, state="open").first()
    return found or open_round(area=COUNTY, by=None, today=day)


def roster(
    *people: dict[str, Any], kind: str = "department", at: int = COUNTY, sector: str = "courier",
    of: Round | None = None, as_of: date = TODAY, target: str = "workers",
) -> Upload:  # fmt: skip
    """A committed roster with one row for each of `people`; `area` in a row is its place."""
    of = of or canvass()
    number = next(_numbers)
    file = StoredFile.objects.create(kind="intake", path=f"t/{number}", sha256=f"{number:064}", size=1, mime="text/csv")
    area(at)
    upload = Upload.objects.create(
        target=target, unit=unit(at, kind, f"u{number}"), area_id=COUNTY, sector=sector,
        context={"round": of.pk, "as_of": as_of.isoformat()}, file=file, sha256=f"{number:064}", state=UploadState.COMMITTED, committed_at=timezone.now(),
    )  # fmt: skip
    for index, person in enumerate(people, 2):
        values = {k: v for k, v in person.items() if k not in ("area", "sector")}
        content = keyring().seal("intake.row", json.dumps({"c": list(map(str, values.values())), "v": values}))
        Row.objects.create(
            upload=upload, number=index, verdict=Verdict.ACCEPTED, area_id=person.get("area", at),
            sector=person.get("sector", sector), content=content,
        )  # fmt: skip
    return upload


def undo(upload: Upload) -> None:
    """As the importer leaves an undone roster."""
    upload.state = UploadState.UNDONE
    upload.save(update_fields=["state"])


def worker_of(upload: Upload, number: int = 2) -> Worker:
    """The person whom a row of a roster is about."""
    return Worker.objects.get(pk=Source.objects.get(row__upload=upload, row__number=number).worker_id)


def people() -> int:
    """Persons in the ledger."""
    return Worker.objects.exclude(status="merged").count()


def day_before(days: int) -> date:
    return TODAY - timedelta(days=days)
