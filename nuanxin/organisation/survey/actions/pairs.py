"""What people decide about doubtful pairs, and how a wrong merge comes apart again."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.registry.people.models import Consent, PartyDeclaration, Worker

from ..enums import PairState, SurveyFact
from ..models import Check, Pair, Round, Source
from ..queries.pairs import likely
from ..queries.rounds import ledger_area
from ..queries.sources import source_rows
from ..rules.golden import SourceRow
from .busy import lock_or_refuse
from .consolidate import absorb, write_standings
from .ledger import write_ledger
from .refusal import SurveyRefused


@transaction.atomic
def decide_pair(*, scope: Scope, pair_id: int, same: bool, by: int) -> Pair:
    """Same person: the two are merged at once. Different: they are never asked about or merged again.

    Raises Pair.DoesNotExist outside the scope, SurveyRefused when somebody else has decided meanwhile.
    """
    pair = Pair.objects.only("area_id", "sector").get(pk=pair_id)
    if not scope.allows(Permission.SURVEY_MATCH, pair.area_id, pair.sector):
        raise Pair.DoesNotExist
    area = ledger_area(pair.area_id)
    lock_or_refuse(area)
    pair = Pair.objects.select_for_update().get(pk=pair_id)
    if pair.state != PairState.OPEN:
        raise SurveyRefused("decided", _("这一对已经由别人判断过了：%(state)s。") % {"state": pair.get_state_display()})
    people = dict(Source.objects.filter(row_id__in=[pair.left_id, pair.right_id]).values_list("row_id", "worker_id"))
    if len(people) < 2:
        raise SurveyRefused("gone", _("其中一条记录已随导入撤销，这一对不再需要判断。"))
    pair.state = PairState.SAME if same else PairState.DISTINCT
    pair.decided_by, pair.decided_at = by, timezone.now()
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    two = sorted(set(people.values()), key=str)
    record(
        SurveyFact.PAIR_MERGED if same else SurveyFact.PAIR_DISTINCT, subject=f"pair:{pair.pk}", by=by,
        area=pair.area_id, sector=pair.sector, workers=[str(w) for w in two],
    )  # fmt: skip
    if same and len(two) == 2:
        survivor, gone = two
        pair.merged = snapshot(gone)
        pair.save(update_fields=["merged"])
        Source.objects.filter(worker_id=gone).update(worker_id=survivor, decided_by=by)
        absorb(gone, survivor, by=by)
        rebuild({survivor}, area=area, by=by)
        _retire_answered({survivor})
    _settle_doubt(set(two))
    return pair


@transaction.atomic
def decide_many(*, decisions: Sequence[tuple[int, bool]], by: int) -> int:
    """Many decisions (pair, same person?) at a stroke, merges and all; the pairs are of one ledger.

    For the lead unit's bulk action and the demo: the caller has asked the scope. Pairs decided meanwhile are left.
    One fact for each area and sector. Returns how many were decided.
    """
    wanted = dict(decisions)
    first = Pair.objects.filter(pk__in=wanted).order_by("pk").values_list("area_id", flat=True).first()
    if first is None:
        return 0
    ledger = ledger_area(first)
    lock_or_refuse(ledger)
    counts = Counter[tuple[bool, int, str]]()
    now = timezone.now()
    open_pairs = list(Pair.objects.select_for_update().filter(pk__in=wanted, state=PairState.OPEN).order_by("pk"))
    for pair in open_pairs:
        same = wanted[pair.pk]
        pair.state = PairState.SAME if same else PairState.DISTINCT
        pair.decided_by, pair.decided_at = by, now
        counts[same, pair.area_id, pair.sector] += 1
    Pair.objects.bulk_update(open_pairs, ["state", "decided_by", "decided_at"], batch_size=2000)
    for (same, area, sector), quantity in sorted(counts.items()):
        kind = SurveyFact.PAIR_MERGED if same else SurveyFact.PAIR_DISTINCT
        record(kind, subject=f"area:{area}", by=by, area=area, sector=sector, quantity=quantity)
    touched = _merge_all([p for p in open_pairs if p.state == PairState.SAME], ledger, by)
    _settle_doubt(touched | _people_of(open_pairs))
    return len(open_pairs)


MOST_AT_ONCE = 500


def decide_likely(*, scope: Scope, least: float, expected: int, by: int) -> int:
    """All likely pairs are the same person, as the preview showed them; at most MOST_AT_ONCE, the surest first.

    Raises SurveyRefused when it is no longer the number that the person has confirmed.
    """
    found = list(likely(scope, least).values_list("pk", "area_id"))
    if len(found) != expected:
        raise SurveyRefused("changed", _("数量已有变化，现在是 %(n)d 对，请重新确认。") % {"n": len(found)})
    ledgers: dict[int, list[tuple[int, bool]]] = {}
    for pk, area in found[:MOST_AT_ONCE]:
        ledgers.setdefault(ledger_area(area), []).append((pk, True))
    return sum(decide_many(decisions=decisions, by=by) for decisions in ledgers.values())


def _people_of(pairs: Iterable[Pair]) -> set[UUID]:
    rows = {row for pair in pairs for row in (pair.left_id, pair.right_id)}
    return set(Source.objects.filter(row_id__in=rows).values_list("worker_id", flat=True))


def _merge_all(pairs: Sequence[Pair], ledger: int, by: int) -> set[UUID]:
    """Persons joined by the pairs become the oldest of them; chains of pairs are followed to their end."""
    rows = {row for pair in pairs for row in (pair.left_id, pair.right_id)}
    of = dict(Source.objects.filter(row_id__in=rows).values_list("row_id", "worker_id"))
    into: dict[UUID, UUID] = {}

    def end(worker: UUID) -> UUID:
        while worker in into:
            worker = into[worker]
        return worker

    for pair in pairs:
        if pair.left_id in of and pair.right_id in of:
            survivor, gone = sorted((end(of[pair.left_id]), end(of[pair.right_id])), key=str)
            if gone != survivor:
                into[gone] = survivor
                pair.merged = snapshot(gone)
    Pair.objects.bulk_update(pairs, ["merged"], batch_size=2000)
    for gone in into:
        Source.objects.filter(worker_id=gone).update(worker_id=end(gone), decided_by=by)
        absorb(gone, end(gone), by=by)
    survivors = {end(w) for w in into}
    if survivors:
        rebuild(survivors, area=ledger, by=by)
        _retire_answered(survivors)
    return survivors


def snapshot(worker: UUID) -> dict[str, object]:
    """What hangs on a person before another takes it over, by ids: `undo_decision` puts it back."""
    hanging = {
        "checks": Check.objects.filter(worker_id=worker),
        "consents": Consent.objects.filter(worker_id=worker),
        "declarations": PartyDeclaration.objects.filter(worker_id=worker),
    }
    return {
        "gone": str(worker),
        "rows": sorted(Source.objects.filter(worker_id=worker).values_list("row_id", flat=True)),
        **{name: [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)] for name, rows in hanging.items()},
    }


def _retire_answered(workers: set[UUID]) -> None:
    """Open questions whose two rows are one person by now need no answer."""
    rows = Source.objects.filter(worker_id__in=workers)
    of = dict(rows.values_list("row_id", "worker_id"))
    open_pairs = Pair.objects.filter(state=PairState.OPEN, left_id__in=of, right_id__in=of).order_by("pk")
    answered = [pk for pk, left, right in open_pairs.values_list("pk", "left_id", "right_id") if of[left] == of[right]]
    Pair.objects.filter(pk__in=answered).update(state=PairState.STALE)


@transaction.atomic
def split_worker(*, scope: Scope, worker_id: UUID, rows: Collection[int], by: int) -> UUID:
    """Takes source rows out of a person; they become a person of their own, and stay apart in all later matching.

    Returns the new person's id. Raises SurveyRefused when no row or every row is chosen.
    """
    worker = Worker.objects.get(pk=worker_id)
    if not scope.allows(Permission.SURVEY_MATCH, worker.area_id, worker.sector):
        raise Worker.DoesNotExist
    area = ledger_area(worker.area_id)
    lock_or_refuse(area)
    held = set(Source.objects.select_for_update().filter(worker_id=worker_id).values_list("row_id", flat=True))
    out = set(rows) & held
    if not out or out == held or out != set(rows):
        raise SurveyRefused("rows", _("请选择要拆出的来源行：至少一行，且至少留下一行。"))
    fresh = uuid7()
    Source.objects.filter(row_id__in=out).update(worker_id=fresh, decided_by=by)
    now = timezone.now()
    for left in sorted(out):
        for right in sorted(held - out):
            Pair.objects.update_or_create(
                left_id=min(left, right), right_id=max(left, right),
                defaults={"state": PairState.DISTINCT, "decided_by": by, "decided_at": now},
                create_defaults={
                    "area_id": worker.area_id, "sector": worker.sector, "confidence": 0.0, "reasons": ["split"],
                    "state": PairState.DISTINCT, "decided_by": by, "decided_at": now,
                },
            )  # fmt: skip
    rebuild({worker_id, fresh}, area=area, by=by)
    record(
        SurveyFact.SPLIT, subject=f"worker:{worker_id}", by=by, area=worker.area_id, sector=worker.sector,
        quantity=len(out), into=str(fresh),
    )  # fmt: skip
    return fresh


def rebuild(workers: set[UUID], *, area: int, by: int | None) -> None:
    """Writes a few persons anew from their rows. The caller holds the area's lock."""
    of = dict(Source.objects.filter(worker_id__in=workers).values_list("row_id", "worker_id"))
    groups: dict[UUID, list[SourceRow]] = {}
    for row in source_rows(area, only=list(of)):
        groups.setdefault(of[row.id], []).append(row)
    written = write_ledger(groups, area=area, by=by)
    for canvass in Round.objects.filter(area_id=area):
        canvass.standings.filter(worker_id__in=workers - set(groups)).delete()
    write_standings(area, written.people, only=workers)


def _settle_doubt(workers: set[UUID]) -> None:
    """A person is doubtful as long as an open pair names one of the rows behind the person."""
    rows = Source.objects.filter(worker_id__in=workers).values_list("row_id", "worker_id")
    of = dict(rows)
    open_rows = set[int]()
    for left, right in Pair.objects.filter(state=PairState.OPEN, left_id__in=of).values_list("left_id", "right_id"):
        open_rows |= {left, right}
    for left, right in Pair.objects.filter(state=PairState.OPEN, right_id__in=of).values_list("left_id", "right_id"):
        open_rows |= {left, right}
    still = {of[r] for r in open_rows if r in of}
    Worker.objects.filter(pk__in=workers - still).update(doubtful=False)
