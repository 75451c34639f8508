"""Rounds, doubtful pairs, verification, differences."""

import json
from datetime import date
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.actions.pairs import decide_many
from nuanxin.organisation.survey.models import Check, Round, Source, Standing, Task
from tests.cast import COUNTY, Cast
from tests.organisation.survey.questions import asked
from tests.organisation.survey.roster import LI, WANG, canvass, roster

from . import Behind, behind


def _round() -> Round:
    found = canvass(date(2026, 11, 20))
    if not Standing.objects.filter(round=found).exists():
        roster(WANG, LI)
        roster(WANG, kind="platform")
        consolidate(area=COUNTY, by=None)
        Round.objects.filter(pk=found.pk).update(name="长沙县冬季摸排")
    return found


SECRETS = ["长沙县冬季摸排", "王志强", "李红梅"]


@behind("console:round", "console:round_people", "console:round_assign", "console:round_differences",
        "console:round_differences_done")  # fmt: skip
def a_round(c: Cast) -> Behind:
    return Behind({"canvass": _round().pk}, secrets=SECRETS, data={"reasons": "new", "kind": "phone"})


@behind("console:round_progress")
def at_work(c: Cast) -> Behind:
    return Behind({"canvass": _round().pk}, secrets=SECRETS)


@behind("console:round_close")
def closing(c: Cast) -> Behind:
    return Behind({"canvass": _round().pk}, secrets=SECRETS, data={"sure": "1"})


@behind("console:round_task")
def task(c: Cast) -> Behind:
    found = _round()
    return Behind({"canvass": found.pk, "task": Task.objects.filter(round=found).first().pk}, secrets=SECRETS)


def _check() -> Check:
    worker = Source.objects.filter(worker__name="王志强").first().worker_id
    return Check.objects.create(round=_round(), worker_id=worker, area_id=COUNTY, sector="courier")


@behind("console:check_call")
def call(c: Cast) -> Behind:
    _round()
    return Behind({"check": _check().pk}, secrets=[WANG["phone"], "王志强"])


@behind("console:checks_sync")
def sync(c: Cast) -> Behind:
    _round()
    report = {"client_key": str(uuid4()), "check": str(_check().pk), "kind": "phone", "result": "confirmed",
              "at": timezone.now().isoformat()}  # fmt: skip
    return Behind({}, data={"sent": json.dumps({"now": timezone.now().isoformat(), "reports": [report]})})


@behind("console:pair_decide")
def pair(c: Cast) -> Behind:
    return Behind({"pair": asked().pk}, secrets=["刘建国"], data={"same": "1"})


@behind("console:pair_next")
def next_pair(c: Cast) -> Behind:
    asked()
    return Behind({}, secrets=["刘建国"])


@behind("console:pair_undo")
def decided(c: Cast) -> Behind:
    found = asked()
    decide_many(decisions=[(found.pk, False)], by=c.owner.pk)
    return Behind({"pair": found.pk}, secrets=["刘建国"])


@behind("console:worker_sources")
def sources(c: Cast) -> Behind:
    _round()
    row = Source.objects.filter(worker__name="王志强").first()
    return Behind({"worker": row.worker_id}, secrets=["王志强", "138****0001"], data={"row": row.row_id})


@behind("console:differences_settle")
def difference(c: Cast) -> Behind:
    found = _round()
    row = Standing.objects.get(round=found, worker__name="李红梅").pk
    data = {"_list": reverse("console:round_differences", args=[found.pk]), "row": row, "said": "1", "how": "平台已补报"}
    return Behind({}, secrets=SECRETS, data=data)
