"""Writing the ledger: persons and their engagements as the source rows behind them say, only where they differ."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.vault.queries import keyring
from nuanxin.foundation.vault.rules import Keyring
from nuanxin.registry.enterprises.models import EnterpriseVersion, Platform
from nuanxin.registry.people.enums import ConsentPurpose, PeopleFact, WorkerStatus
from nuanxin.registry.people.models import Consent, Engagement, PartyDeclaration, Worker
from nuanxin.registry.people.rules import search_keys

from ..enums import CheckResult, RoundState
from ..models import Check, Round
from ..rules.golden import EngagementFound, Golden, SourceRow, golden, whole
from .bulk import copy_in, upsert

SEALED = {"id_number": ("person.idno", "idno"), "phone": ("person.phone", "phone"), "plate": ("person.plate", "plate")}
INDEX = {"id_number": "id_index", "phone": "phone_index", "plate": "plate_index"}
COLUMNS = (
    "id", "name", "pinyin", "initials", "chars", "sex", "birth_month", "id_number", "id_index", "phone",
    "phone_index", "plate", "plate_index", "education", "area_id", "sector", "union_member", "injury_cover",
    "hardship", "note", "status", "merged_into_id", "doubtful", "verified_on", "held", "first_seen", "last_seen",
)  # fmt: skip
PARTY_FIELDS = ("political", "ethnicity", "joined_on", "confirmed_on", "organisation", "origin", "destination",
                "reported_on", "contact")  # fmt: skip


@dataclass
class Written:
    """What the writing did."""

    new: int = 0
    changed: int = 0
    people: dict[UUID, Golden] = field(default_factory=dict)


def write_ledger(groups: Mapping[UUID, Sequence[SourceRow]], *, area: int, by: int | None) -> Written:
    """Makes each person of `groups` as their rows say. Must run inside the consolidation's transaction and lock.

    Columns in `held` (set by hand or by a verification) stay. A person found to have left stays so until a later
    roster names them again.
    """
    people = {worker: golden(rows) for worker, rows in groups.items()}
    known = Worker.objects.filter(_of(groups, area, "pk"))
    before = {w.pk: w for w in known.order_by("pk") if w.pk in groups}
    context = _Context.load(area, before)
    lines, new, changed = [], Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for worker, person in people.items():
        old = before.get(worker)
        values = _columns(worker, person, old, context)
        if old is None:
            new[person.area, person.sector] += 1
        elif any(getattr(old, c) != values[c] for c in COLUMNS):
            changed[person.area, person.sector] += 1
        else:
            continue
        lines.append([values[c] for c in COLUMNS])
    if before:
        upsert(Worker, COLUMNS, lines, key=["id"], keep=["doubtful", "verified_on", "held", "merged_into_id"])
    else:
        copy_in(Worker, COLUMNS, lines)
    _write_engagements(people, context, area if before else None)
    _write_declarations(groups)
    for kind, counts in ((PeopleFact.REGISTERED, new), (PeopleFact.CHANGED, changed)):
        for (place, sector), quantity in sorted(counts.items()):
            record(kind, subject=f"survey:{area}", by=by, area=place, sector=sector, quantity=quantity)
    return Written(new.total(), changed.total(), people)


FEW = 500


def _of(workers: Collection[UUID], area: int, column: str) -> Q:
    """The rows of some persons; of many, those of the whole area, from which the caller picks."""
    if len(workers) <= FEW:
        return Q(**{f"{column}__in": list(workers)})
    return inside(area, area="area_id" if column == "pk" else "worker__area_id")


@dataclass
class _Context:
    ring: Keyring
    firms: dict[str, UUID]
    platforms: dict[str, Platform]
    rounds: list[Round]
    left_on: dict[UUID, date]
    before: dict[UUID, Worker]
    met: dict[UUID, set[int]]

    @classmethod
    def load(cls, area: int, before: dict[UUID, Worker]) -> "_Context":
        firms: dict[str, UUID] = {}
        versions = EnterpriseVersion.objects.filter(inside(area), valid_to=None).order_by("-enterprise_id")
        for enterprise, name in versions.values_list("enterprise_id", "name"):
            firms[firm_key(name)] = enterprise
        left = Check.objects.filter(
            _of(before, area, "worker_id"), result=CheckResult.LEFT, recorded_at__isnull=False
        ).order_by("recorded_at")
        met: dict[UUID, set[int]] = defaultdict(set)
        found = Check.objects.filter(_of(before, area, "worker_id"), result__in=[CheckResult.CONFIRMED, CheckResult.CORRECTED])
        for worker, canvass in found.order_by().values_list("worker_id", "round_id"):
            met[worker].add(canvass)
        return cls(
            keyring(),
            firms,
            {p.code: p for p in Platform.objects.order_by("code")},
            list(Round.objects.filter(area_id=area).order_by("starts_on")),
            {w: timezone.localdate(at) for w, at in left.values_list("worker_id", "recorded_at")},
            before,
            met,
        )

    def gone(self, worker: UUID, person: Golden) -> date | None:
        """The day on which a verification found that the person had left, unless a later roster speaks again."""
        day = self.left_on.get(worker)
        return day if day and person.last_seen <= day else None

    def settled_by_hand(self, worker: UUID, person: Golden) -> bool:
        """Somebody wrote "left" or "is back" since the last roster that names the person: that word stands."""
        old = self.before.get(worker)
        if old is None:
            return False
        if old.status == WorkerStatus.LEFT:
            return old.last_seen >= person.last_seen and worker not in self.left_on
        return old.last_seen > person.last_seen

    def ends(self, worker: UUID, found: EngagementFound) -> date | None:
        """An engagement ends with the next round that closed without naming it again and without meeting the person."""
        starts = {r.pk: i for i, r in enumerate(self.rounds)}
        known = [starts[r] for r in self.met.get(worker, ()) if r in starts]
        following = self.rounds[max([starts.get(found.last_round, len(self.rounds)), *known]) + 1 :]
        return next((r.ends_on for r in following[:1] if r.state == RoundState.CLOSED), None)


def firm_key(name: str) -> str:
    """Firm names compared without brackets, spaces and width."""
    return "".join(c for c in name if c not in " ()（）·-\u3000").lower()


def _columns(worker: UUID, person: Golden, old: Worker | None, context: _Context) -> dict[str, Any]:
    v = person.values
    pinyin, initials, chars = search_keys(v["name"])
    ends = [context.ends(worker, e) for e in person.engagements]
    left = context.gone(worker, person) or (ends and all(ends))
    row: dict[str, Any] = {
        "id": worker, "name": v["name"][:60], "pinyin": pinyin, "initials": initials, "chars": chars,
        "sex": v.get("sex", ""), "birth_month": str(v.get("birth", ""))[:7],
        "education": str(v.get("education", ""))[:20], "area_id": person.area, "sector": person.sector,
        "union_member": v.get("union"), "injury_cover": v.get("injury"), "note": str(v.get("note", ""))[:200],
        "status": WorkerStatus.LEFT if left else WorkerStatus.ACTIVE, "merged_into_id": None, "doubtful": False,
        "verified_on": None, "held": [], "first_seen": person.first_seen, "last_seen": person.last_seen,
    }  # fmt: skip
    for column, (purpose, code) in SEALED.items():
        text = v.get(code, "")
        row[column], row[INDEX[column]] = _sealed(context.ring, purpose, text, getattr(old, column) if old else None)
    row["hardship"], _ = _sealed(
        context.ring, "person.hardship", str(v.get("hardship", "")), old.hardship if old else None
    )
    if old is not None:
        keep = {"doubtful", "verified_on", "held", "merged_into_id"} | set(old.held)
        keep |= {"status", "last_seen"} if context.settled_by_hand(worker, person) else set()
        keep |= {"pinyin", "initials", "chars"} if "name" in keep else set()
        keep |= {INDEX[c] for c in keep & set(INDEX)}
        for column in keep:
            row[column] = getattr(old, column)
        for column in ("id_index", "phone_index", "plate_index", "id_number", "phone", "plate", "hardship"):
            if isinstance(getattr(old, column), memoryview):
                setattr(old, column, bytes(getattr(old, column)))
            if isinstance(row[column], memoryview):
                row[column] = bytes(row[column])
    return row


def _sealed(ring: Keyring, purpose: str, text: str, old: bytes | memoryview | None) -> tuple[bytes, bytes | None]:
    """Sealed value and index; the old seal stays while it holds the same text, so that nothing changes for nothing."""
    sealed = bytes(old) if old and ring.open(purpose, old) == text else ring.seal(purpose, text)
    return sealed, ring.index(purpose, text) if whole(text) else None


ENGAGEMENT = ("worker_id", "enterprise_id", "site_id", "platform_id", "employer_text", "kind", "sector", "area_id",
              "valid_from", "valid_to")  # fmt: skip


def _write_engagements(people: Mapping[UUID, Golden], context: _Context, area: int | None) -> None:
    """`area`: None when all persons are new, so that there is nothing to compare with."""
    Key = tuple[str, int | None, str]
    old: dict[UUID, dict[Key, Engagement]] = defaultdict(dict)
    if area is not None:
        for e in Engagement.objects.filter(_of(people, area, "worker_id")).order_by("pk"):
            if e.worker_id in people:
                old[e.worker_id][e.employer_text, e.platform_id, e.sector] = e
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for worker, person in people.items():
        if context.settled_by_hand(worker, person):
            old.pop(worker, None)
            continue
        gone = context.gone(worker, person)
        before = context.before.get(worker)
        moved = before.area_id if before and "area_id" in before.held else None
        for found in person.engagements:
            employer = found.work.employer[:120]
            brand = context.platforms.get(found.work.platform)
            platform = brand.pk if brand else None
            firm = context.firms.get(firm_key(employer)) if employer else None
            end = gone or context.ends(worker, found)
            if end is not None and end < found.valid_from:
                end = found.valid_from
            values = (worker, firm, None, platform, employer, found.kind, found.work.sector,
                      moved or found.area, found.valid_from, end)  # fmt: skip
            known = old[worker].pop((employer, platform, found.work.sector), None) if worker in old else None
            if known is None:
                new.append(values)
            elif tuple(getattr(known, c) for c in ENGAGEMENT) != values:
                changed.append((known.pk, *values))
    if gone_by := [e.pk for engagements in old.values() for e in engagements.values()]:
        Engagement.objects.filter(pk__in=gone_by).delete()
    if changed:
        upsert(Engagement, ("id", *ENGAGEMENT), changed, key=["id"])
    copy_in(Engagement, ENGAGEMENT, new)


def _write_declarations(groups: Mapping[UUID, Sequence[SourceRow]]) -> None:
    """Membership and consent, only from rows whose person agreed, and never again once withdrawn (dossier 6.4)."""
    agreed = {w: [r for r in rows if r.values.get("consent") is True] for w, rows in groups.items()}
    agreed = {w: rows for w, rows in agreed.items() if rows}
    declared = set(PartyDeclaration.objects.filter(worker_id__in=list(agreed)).values_list("worker_id", flat=True))
    consented = set(
        Consent.objects.filter(worker_id__in=list(agreed), purpose=ConsentPurpose.LEDGER).values_list(
            "worker_id", flat=True
        )
    )
    ring = keyring()
    declarations, consents = [], []
    for worker, rows in agreed.items():
        best = min(rows, key=lambda r: r.order)
        if worker not in consented:
            consents.append((worker, ConsentPurpose.LEDGER.value, best.as_of, None, "roster"))
        member = next((r for r in sorted(rows, key=lambda r: r.order) if r.values.get("political")), None)
        if member is not None and worker not in declared:
            detail = {c: member.values[c] for c in PARTY_FIELDS if member.values.get(c)}
            floating = bool(member.values.get("floating"))
            sealed = ring.seal("person.party", json.dumps(detail, ensure_ascii=False))
            declarations.append((worker, sealed, floating, member.as_of, None))
    copy_in(Consent, ("worker_id", "purpose", "given_on", "withdrawn_on", "evidence"), consents)
    copy_in(PartyDeclaration, ("worker_id", "detail", "floating", "declared_on", "withdrawn_on"), declarations)
