"""From source rows to the ledger: match, link, write persons, ask about the doubtful, stand in the round."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from nuanxin.engines.intake.enums import UploadState
from nuanxin.engines.intake.models import Upload
from nuanxin.engines.matching.rules import Matching, match
from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.facts.actions import record
from nuanxin.registry.people.enums import PeopleFact, WorkerStatus
from nuanxin.registry.people.models import Consent, PartyDeclaration, Worker

from ..enums import PairState, Party, SurveyFact
from ..models import Check, Pair, Round, Source, Standing
from ..queries.sources import WORKERS, links, source_rows
from ..rules.golden import Golden, SourceRow, born
from ..rules.rounds import Spoken, change, party_of
from .bulk import copy_in, upsert
from .ledger import write_ledger

LOCK_SPACE = 0x5E1
ASK_FROM = 0.25
"""Less likely pairs are nearly always namesakes: a person's minutes are worth more than finding one in ten of them."""


@dataclass(frozen=True)
class Outcome:
    """Counts of one consolidation."""

    rows: int
    people: int
    new: int
    changed: int
    merged: int
    doubtful: int


def lock_area(area: int) -> None:
    """One consolidation, merge or split at a time in a county; waits, and ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, area // 10**9])


@transaction.atomic
def consolidate(*, area: int, by: int | None) -> Outcome:
    """Brings the ledger of an area (a county, as a rule) in line with its committed rosters and human decisions.

    Running it twice changes nothing. What people decided (same, different, corrected, left) always holds.
    """
    lock_area(area)
    linked = links(area)
    rows = {r.id: r for r in source_rows(area)}
    linked = {row: worker for row, worker in linked.items() if row in rows}
    stand_in = _stand_ins(rows, linked)
    matching = _match(rows, linked, stand_in, area)
    groups, sure, absorbed = _people(rows, linked, stand_in, matching)
    _link(groups, sure, linked, rows)
    for gone, survivor in absorbed.items():
        absorb(gone, survivor, by=by)
    written = write_ledger(groups, area=area, by=by)
    _drop_unsourced(area, set(groups))
    doubtful = _ask(matching, groups, rows, stand_in, area)
    _note_spoken(area, rows.values())
    write_standings(area, written.people)
    outcome = Outcome(len(rows), len(groups), written.new, written.changed, len(absorbed), doubtful)
    record(
        SurveyFact.MATCHED, subject=f"area:{area}", by=by, area=area, quantity=len(rows),
        people=outcome.people, new=outcome.new, doubtful=doubtful,
    )  # fmt: skip
    return outcome


def frame(rows: Iterable[SourceRow]) -> pl.DataFrame:
    """Rows as the matching wants them."""
    keys = ("name", "phone", "idno", "plate")
    columns: dict[str, list[object]] = {k: [] for k in ("id", "source", *keys, "employer", "industry", "county")}
    for row in rows:
        v = row.values
        columns["id"].append(row.id)
        columns["source"].append(row.party.name)
        for key in keys:
            columns[key].append(str(v.get(key, "")))
        columns["employer"].append(v.get("employer") or v.get("platform") or "")
        columns["industry"].append(row.sector)
        columns["county"].append(str(row.area // 10**9))
    return pl.DataFrame(columns, schema={k: pl.Int64 if k == "id" else pl.String for k in columns})


def _stand_ins(rows: dict[int, SourceRow], linked: dict[int, UUID]) -> dict[int, int]:
    """Of a person's rows that say the same, one stands for all: rounds add rows, not work."""
    first: dict[tuple[Hashable, ...], int] = {}
    result = {}
    for row in rows.values():
        v = row.values
        who = linked.get(row.id, row.id)
        key = (who, v.get("name"), v.get("idno"), v.get("phone"), v.get("plate"), v.get("employer"), row.sector)
        result[row.id] = first.setdefault(key, row.id)
    return result


def _match(
    rows: dict[int, SourceRow], linked: dict[int, UUID], stand_in: dict[int, int], area: int
) -> Matching:
    same: list[tuple[int, int]] = []
    last: dict[UUID, int] = {}
    for row, worker in linked.items():
        representative = stand_in[row]
        if worker in last and last[worker] != representative:
            same.append((last[worker], representative))
        last[worker] = representative
    distinct: list[tuple[int, int]] = []
    decided = Pair.objects.filter(inside(area), state__in=[PairState.SAME, PairState.DISTINCT])
    for left, right, state in decided.order_by("pk").values_list("left_id", "right_id", "state"):
        if left in rows and right in rows and stand_in[left] != stand_in[right]:
            (same if state == PairState.SAME else distinct).append((stand_in[left], stand_in[right]))
    wanted = set(stand_in.values())
    return match(frame(r for r in rows.values() if r.id in wanted), known_same=same, known_distinct=distinct)


def _people(
    rows: dict[int, SourceRow], linked: dict[int, UUID], stand_in: dict[int, int], matching: Matching
) -> tuple[dict[UUID, list[SourceRow]], dict[int, float], dict[UUID, UUID]]:
    """Rows by person, how sure each row's place is, and which persons turned out to be another (gone → survivor)."""
    cluster = dict(zip(matching.clusters["id"], matching.clusters["cluster"], strict=True))
    sure = dict(zip(matching.clusters["id"], matching.clusters["confidence"], strict=True))
    members: dict[object, list[SourceRow]] = defaultdict(list)
    for row in rows.values():
        members[cluster[stand_in[row.id]]].append(row)
    claimed: set[UUID] = set()
    absorbed: dict[UUID, UUID] = {}
    groups: dict[UUID, list[SourceRow]] = {}
    for found in sorted(members.values(), key=lambda m: (-sum(r.id in linked for r in m), m[0].id)):
        known = sorted({linked[r.id] for r in found if r.id in linked} - claimed, key=str)
        worker = known[0] if known else uuid7()
        claimed.update(known)
        absorbed.update(dict.fromkeys(known[1:], worker))
        groups[worker] = found
    return groups, {r: sure[stand_in[r]] for r in rows}, absorbed


def _link(
    groups: dict[UUID, list[SourceRow]], sure: dict[int, float], linked: dict[int, UUID], rows: dict[int, SourceRow]
) -> None:
    """Source lines only where the person is another than before; deferred foreign keys let persons come after."""
    lines = [
        (row.id, worker, row.round_id, round(float(sure[row.id]), 4), None)
        for worker, members in groups.items()
        for row in members
        if linked.get(row.id) != worker
    ]
    columns = ("row_id", "worker_id", "round_id", "confidence", "decided_by")
    if linked:
        upsert(Source, columns, lines, key=["row_id"])
    else:
        copy_in(Source, columns, lines)


def absorb(gone: UUID, survivor: UUID, *, by: int | None) -> None:
    """`gone` was `survivor` all along: what hangs on it moves over, the row stays and says where it went."""
    worker = Worker.objects.select_for_update().get(pk=gone)
    Check.objects.filter(worker_id=gone).update(worker_id=survivor)
    held = Consent.objects.filter(worker_id=survivor).values_list("purpose", flat=True)
    worker.consents.exclude(purpose__in=list(held)).update(worker_id=survivor)
    if not PartyDeclaration.objects.filter(worker_id=survivor).exists():
        worker.declarations.update(worker_id=survivor)
    worker.engagements.all().delete()
    worker.standings.all().delete()
    worker.status, worker.merged_into_id, worker.doubtful = WorkerStatus.MERGED, survivor, False
    worker.save(update_fields=["status", "merged_into", "doubtful"])
    record(
        PeopleFact.MERGED, subject=f"worker:{gone}", by=by, area=worker.area_id, sector=worker.sector,
        into=str(survivor),
    )  # fmt: skip


def _drop_unsourced(area: int, kept: set[UUID]) -> None:
    """After an undo: persons whom no roster names any more go, unless somebody else has worked with them since."""
    withdrawn = Source.objects.filter(inside(area, area="row__upload__area_id")).exclude(
        row__upload__state=UploadState.COMMITTED
    )
    persons = set(withdrawn.values_list("worker_id", flat=True)) - kept
    withdrawn.delete()
    if not persons:
        return
    touched = set(
        Check.objects.filter(worker_id__in=persons).exclude(result="").values_list("worker_id", flat=True)
    )
    Worker.objects.filter(pk__in=touched).update(status=WorkerStatus.LEFT)
    Worker.objects.filter(merged_into_id__in=persons - touched).update(merged_into=None, status=WorkerStatus.LEFT)
    Worker.objects.filter(pk__in=persons - touched).delete()


def _ask(
    matching: Matching,
    groups: dict[UUID, list[SourceRow]],
    rows: dict[int, SourceRow],
    stand_in: dict[int, int],
    area: int,
) -> int:
    """The review queue: one question for two persons, the surest pair of rows; decided ones are not asked again."""
    person = {row.id: worker for worker, members in groups.items() for row in members}
    asked = matching.pairs.filter(pl.col("band") == "review").sort(
        "confidence", "left", "right", descending=[True, False, False]
    )
    decided = {
        frozenset((person.get(a), person.get(b)))
        for a, b in Pair.objects.filter(inside(area), state=PairState.DISTINCT).values_list("left_id", "right_id")
    }
    lines, seen = [], set[frozenset[UUID | None]]()
    for left, right, confidence, reasons in asked.select("left", "right", "confidence", "reasons").iter_rows():
        two = frozenset((person[left], person[right]))
        if confidence < ASK_FROM or _born_apart(rows[left], rows[right]):
            continue
        if len(two) == 2 and two not in seen and two not in decided:
            seen.add(two)
            a, b = sorted((left, right))
            row = rows[a]
            lines.append((a, b, row.area, row.sector, float(confidence), list(reasons), PairState.OPEN.value, None, None))
    asked_now = {(line[0], line[1]) for line in lines}
    before = Pair.objects.filter(inside(area), state__in=[PairState.OPEN, PairState.STALE])
    # those asked again keep their number: somebody has the question on the screen
    gone = [pk for pk, a, b, state in before.values_list("pk", "left_id", "right_id", "state")
            if state == PairState.STALE or (a, b) not in asked_now]  # fmt: skip
    Pair.objects.filter(pk__in=gone).delete()
    columns = ("left_id", "right_id", "area_id", "sector", "confidence", "reasons", "state", "decided_by", "decided_at")
    upsert(Pair, columns, lines, key=["left_id", "right_id"], keep=["state", "decided_by", "decided_at"])
    doubtful = {w for two in seen for w in two if w is not None}
    Worker.objects.filter(inside(area), doubtful=True).exclude(pk__in=doubtful).update(doubtful=False)
    Worker.objects.filter(pk__in=doubtful, doubtful=False).update(doubtful=True)
    return len(seen)


def _born_apart(one: SourceRow, other: SourceRow) -> bool:
    """Namesakes: both rows know the month of birth, and it is another one."""
    a, b = born(one.values), born(other.values)
    return bool(a and b and a != b)


def _note_spoken(area: int, rows: Iterable[SourceRow]) -> None:
    """Keeps with each round of whom its rosters speak."""
    sectors, platforms, areas = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set), defaultdict[int, set[int]](set)
    for row in rows:
        if row.party == Party.DEPARTMENT:
            sectors[row.round_id].add(row.sector)
        elif row.party == Party.PLATFORM and row.values.get("platform"):
            platforms[row.round_id].add(row.values["platform"])
    sent = Upload.objects.filter(inside(area), target=WORKERS, state=UploadState.COMMITTED).order_by("pk")
    for context, kind, place in sent.values_list("context", "unit__kind", "unit__area_id"):
        if party_of(kind) == Party.COMMUNITY:
            areas[context.get("round", 0)].add(place)
    for canvass in Round.objects.filter(area_id=area):
        spoken = Spoken(frozenset(sectors[canvass.pk]), frozenset(platforms[canvass.pk]), frozenset(areas[canvass.pk]))
        if canvass.spoken != spoken.to_json():
            Round.objects.filter(pk=canvass.pk).update(spoken=spoken.to_json())


def write_standings(area: int, people: dict[UUID, Golden], *, only: set[UUID] | None = None) -> None:
    """New, stayed, moved or left against the round before, and who named the person, for every round of the area."""
    rounds = list(Round.objects.filter(area_id=area).order_by("starts_on"))
    columns = ("round_id", "worker_id", "area_id", "sector", "change", "parties", "missing", "settled", "settled_by")
    for canvass in rounds:
        lines = []
        spoken = Spoken.from_json(canvass.spoken)
        for worker, person in people.items():
            now, before = person.places.get(canvass.pk), person.places.get(canvass.previous_id or 0)
            if now is None and before is None:
                continue
            how = change(now, before)
            place = (now or before or (person.area, None))[0]
            named = person.parties.get(canvass.pk, 0)
            missing = spoken.missing(now, named) if now is not None else 0
            lines.append((canvass.pk, worker, place, person.sector, how.value, named, missing, "", None))
        if only is None:
            canvass.standings.exclude(worker_id__in={line[1] for line in lines}).delete()
        upsert(Standing, columns, lines, key=["round_id", "worker_id"], keep=["settled", "settled_by"])

