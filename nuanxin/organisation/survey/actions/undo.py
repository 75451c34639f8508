"""A decision about a doubtful pair is taken back, and the question is open again."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.actions import record
from nuanxin.registry.people.enums import WorkerStatus
from nuanxin.registry.people.models import Consent, PartyDeclaration, Worker

from ..enums import PairState, SurveyFact
from ..models import Check, Pair, Source
from ..queries.rounds import ledger_area
from .busy import lock_or_refuse
from .pairs import rebuild
from .refusal import SurveyRefused


@transaction.atomic
def undo_decision(*, scope: Scope, pair_id: int, by: int) -> Pair:
    """Opens a decided pair again. Rows that were merged by it come apart as they were before.

    Raises Pair.DoesNotExist outside the scope; SurveyRefused where nothing was decided, or where the merge cannot
    be told apart any more (then the person's 来源 page splits it row by row).
    """
    pair = Pair.objects.get(pk=pair_id)
    if not scope.allows(Permission.SURVEY_MATCH, pair.area_id, pair.sector):
        raise Pair.DoesNotExist
    area = ledger_area(pair.area_id)
    lock_or_refuse(area)
    pair = Pair.objects.select_for_update().get(pk=pair_id)
    if pair.state not in (PairState.SAME, PairState.DISTINCT):
        raise SurveyRefused("open", _("这一对现在没有可以撤回的判断。"))
    if pair.reasons == ["split"]:
        raise SurveyRefused("split", _("这是拆分时留下的记录，不能在这里撤回。"))
    was, people = pair.state, _people(pair)
    if len(people) < 2:
        raise SurveyRefused("gone", _("其中一条记录已随导入撤销，不能撤回。"))
    if was == PairState.SAME and len(set(people.values())) == 1:
        _apart(pair, next(iter(people.values())), area=area, by=by)
        people = _people(pair)
    pair.state, pair.decided_by, pair.decided_at, pair.merged = PairState.OPEN, None, None, None
    pair.save(update_fields=["state", "decided_by", "decided_at", "merged"])
    _ask_again(set(people.values()))
    record(
        SurveyFact.PAIR_REOPENED, subject=f"pair:{pair.pk}", by=by, area=pair.area_id, sector=pair.sector,
        was=was, workers=sorted(str(w) for w in set(people.values())),
    )  # fmt: skip
    return pair


def _people(pair: Pair) -> dict[int, UUID]:
    rows = Source.objects.filter(row_id__in=[pair.left_id, pair.right_id])
    return dict(rows.values_list("row_id", "worker_id"))


def _apart(pair: Pair, holder: UUID, *, area: int, by: int) -> None:
    """What the merge moved goes back to the person whom it came from."""
    before = pair.merged or {}
    back = set(Source.objects.filter(row_id__in=before.get("rows", []), worker_id=holder).values_list("row_id", flat=True))
    if not back or len(back & {pair.left_id, pair.right_id}) != 1:
        raise SurveyRefused(
            "split_by_hand", _("这两行在别处已经并为一人，无法整体撤回。请到该人员的“来源”页，勾选要拆出的行。")
        )
    gone = UUID(before["gone"])
    Worker.objects.filter(pk=gone).update(status=WorkerStatus.ACTIVE, merged_into=None)
    Source.objects.filter(row_id__in=back).update(worker_id=gone, decided_by=by)
    for name, model in (("checks", Check), ("consents", Consent), ("declarations", PartyDeclaration)):
        model.objects.filter(pk__in=before.get(name, []), worker_id=holder).update(worker_id=gone)  # type: ignore[attr-defined]
    rebuild({holder, gone}, area=area, by=by)


def _ask_again(workers: set[UUID]) -> None:
    """Both are doubtful again, and so is every other "same" that would join them at the next consolidation."""
    of = dict(Source.objects.filter(worker_id__in=workers).values_list("row_id", "worker_id"))
    between = Pair.objects.filter(Q(left_id__in=of) & Q(right_id__in=of), state__in=[PairState.SAME, PairState.STALE])
    apart = [p.pk for p in between.order_by("pk") if of[p.left_id] != of[p.right_id]]
    Pair.objects.filter(pk__in=apart).update(state=PairState.OPEN, decided_by=None, decided_at=None, merged=None)
    Worker.objects.filter(pk__in=workers).update(doubtful=True)
