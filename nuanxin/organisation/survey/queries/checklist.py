"""六清: which facts of a firm are clear, firm by firm and area by area (dossier 1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside, within
from nuanxin.foundation.access.rules import Scope, area_parent, area_range
from nuanxin.foundation.accounts.queries import names
from nuanxin.registry.areas.queries.places import children, labels
from nuanxin.registry.enterprises.models import EnterpriseVersion
from nuanxin.registry.enterprises.queries.ledger import active, enterprise, enterprises

from ..models import ChecklistItem, ChecklistMark


def items_for(area: int, *, retired: bool = False) -> list[ChecklistItem]:
    """The list that holds at a place: that of the nearest area above with one of its own."""
    around = [area]
    while around[-1]:
        around.append(area_parent(around[-1]))
    found = ChecklistItem.objects.filter(area_id__in=around).order_by("-area_id", "position", "id")
    nearest: list[ChecklistItem] = []
    for item in sorted(found, key=lambda i: (around.index(i.area_id), i.position, i.pk)):
        if nearest and item.area_id != nearest[0].area_id:
            break
        nearest.append(item)
    return nearest if retired else [i for i in nearest if not i.retired_on]


def items(scope: Scope, area: int) -> list[ChecklistItem]:
    """All items of an area's own list, for the screen that edits it; empty outside the scope."""
    found = ChecklistItem.objects.filter(within(scope, Permission.SURVEY_RUN, sector=None), area_id=area)
    return list(found.order_by("position", "id"))


def county_of(area: int) -> int:
    """The district whose list holds at a place; wider areas have their own."""
    return area // 10**9 * 10**9 or area


@dataclass(frozen=True)
class MarkLine:
    """An item at a firm: clear since when and by whom, or not yet."""

    item: ChecklistItem
    mark: ChecklistMark | None
    who: str


def of_enterprise(scope: Scope, pk: UUID, *, on: date | None = None) -> list[MarkLine]:
    """The list of one firm as of a day. Raises Enterprise.DoesNotExist outside the scope."""
    version = enterprise(scope, pk)
    day = on or timezone.localdate()
    marks = {
        m.item_id: m
        for m in ChecklistMark.objects.filter(enterprise_id=pk, marked_on__lte=day).order_by("id")
    }
    who = names(m.marked_by for m in marks.values())
    return [
        MarkLine(item, mark := marks.get(item.pk), who.get(mark.marked_by or 0, "") if mark else "")
        for item in items_for(version.area_id)
    ]


def clear(rows: QuerySet[EnterpriseVersion], wanted: Sequence[ChecklistItem]) -> QuerySet[EnterpriseVersion]:
    """The firms for which every one of the items is clear."""
    for item in wanted:
        rows = rows.filter(
            Exists(ChecklistMark.objects.filter(enterprise=OuterRef("enterprise_id"), item=item))
        )
    return rows


def with_marks(rows: QuerySet[EnterpriseVersion]) -> QuerySet[EnterpriseVersion]:
    """Adds `clear_items`: how many items in force are clear, for the ledger's column."""
    return rows.annotate(
        clear_items=Count(
            "enterprise__marks",
            filter=Q(enterprise__marks__item__retired_on=None),
            distinct=True,
        )
    )


@dataclass(frozen=True)
class Completion:
    """One area: firms in business, how many are clear in each item, and in all of them."""

    area: int
    name: str
    firms: int
    by_item: Sequence[int]
    complete: int
    has_below: bool

    @property
    def rate(self) -> float | None:
        return self.complete / self.firms if self.firms else None

    @property
    def marked_rate(self) -> float | None:
        """Marks made of the marks to make."""
        wanted = self.firms * len(self.by_item)
        return sum(self.by_item) / wanted if wanted else None


@dataclass(frozen=True)
class CompletionTable:
    items: Sequence[ChecklistItem]
    lines: Sequence[Completion]
    total: Completion


def completion(scope: Scope, area: int) -> CompletionTable:
    """The areas directly below `area` (a firm that stands in `area` itself is in the total), in four queries."""
    wanted = items_for(area)
    firms = active(enterprises(scope)).filter(inside(area)).order_by()
    places = dict(firms.values_list("enterprise_id", "area_id"))
    marked: dict[UUID, set[int]] = {}
    marks = ChecklistMark.objects.filter(item__in=wanted, enterprise__in=firms.values("enterprise_id"))
    for firm, item in marks.values_list("enterprise_id", "item_id"):
        marked.setdefault(firm, set()).add(item)
    below = list(children(area))
    lines = []
    for child in below:
        lower, upper = area_range(child.code)
        lines.append(
            _line(
                child.code, child.name, [f for f, a in places.items() if lower <= a < upper], marked, wanted
            )
        )
    name = labels([area]).get(area, "")
    total = _line(area, name, list(places), marked, wanted)
    return CompletionTable(wanted, [line for line in lines if line.firms or len(below) < 60], total)


def _line(
    area: int,
    name: str,
    firms: Sequence[UUID],
    marked: dict[UUID, set[int]],
    wanted: Iterable[ChecklistItem],
) -> Completion:
    ids = [item.pk for item in wanted]
    by_item = [sum(1 for firm in firms if item in marked.get(firm, ())) for item in ids]
    complete = sum(1 for firm in firms if ids and marked.get(firm, set()) >= set(ids))
    return Completion(area, name, len(firms), by_item, complete, area % 1000 == 0)


def unclear(scope: Scope, area: int, item: ChecklistItem | None = None) -> QuerySet[EnterpriseVersion]:
    """The worklist behind the table: firms in business where the item (any item) is not clear."""
    rows = active(enterprises(scope)).filter(inside(area))
    wanted = [item] if item else items_for(area)
    return rows.exclude(pk__in=clear(rows.order_by(), wanted).values("pk"))
