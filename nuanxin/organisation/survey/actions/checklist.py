"""六清: the district's list, and the marks on firms."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nuanxin.foundation.facts import actions as facts
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.enterprises.models import EnterpriseVersion

from ..enums import SurveyFact
from ..models import ChecklistItem, ChecklistMark

DEFAULT = (
    ("owners", gettext_lazy("出资人清"), gettext_lazy("投资人、实际控制人是谁")),
    ("business", gettext_lazy("经营状况清"), gettext_lazy("经营地点、规模、是否正常经营")),
    ("staff", gettext_lazy("职工队伍清"), gettext_lazy("从业人数、用工形式、分布")),
    ("members", gettext_lazy("党员队伍清"), gettext_lazy("党员人数，只记数字，不记姓名")),
    ("party_org", gettext_lazy("党组织清"), gettext_lazy("是否组建、组建方式、隶属关系")),
    ("party_work", gettext_lazy("党组织运行清"), gettext_lazy("书记、班子、活动是否正常")),
)
"""The six of dossier 1 (Hubei's five with workers and members apart); a district words its own."""


class ChecklistRefused(Exception):
    """What cannot be done with the list. `str()` is the sentence for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def adopt_default(*, by: int | None, area: int) -> list[ChecklistItem]:
    """The six items as a district's own list, when it has none yet."""
    if not ChecklistItem.objects.filter(area_id=area).exists():
        ChecklistItem.objects.bulk_create(
            ChecklistItem(area_id=area, code=code, name=str(name), hint=str(hint), position=n)
            for n, (code, name, hint) in enumerate(DEFAULT)
        )
        facts.record(
            SurveyFact.CHECKLIST_CHANGED, subject=f"checklist:{area}", by=by, area=area, quantity=len(DEFAULT)
        )
    return list(ChecklistItem.objects.filter(area_id=area).order_by("position", "id"))


@transaction.atomic
def save_item(
    *, by: int | None, area: int, name: str, hint: str = "", item: int | None = None
) -> ChecklistItem:
    """A new item at the end of the area's list, or another wording of one. Raises ChecklistRefused."""
    if not name.strip():
        raise ChecklistRefused("name", _("请填写清单项目的名称"))
    items = ChecklistItem.objects.select_for_update().filter(area_id=area).order_by("position", "id")
    known = list(items)
    if any(i.name == name.strip() and i.pk != item and not i.retired_on for i in known):
        raise ChecklistRefused("twice", _("已有同名的项目"))
    if item is None:
        row = ChecklistItem(area_id=area, code=f"item-{len(known) + 1}", position=len(known))
    else:
        row = items.get(pk=item)
    row.name, row.hint = name.strip()[:40], hint.strip()[:200]
    row.save()
    facts.record(SurveyFact.CHECKLIST_CHANGED, subject=f"checklist:{area}", by=by, area=area, item=row.pk)
    return row


@transaction.atomic
def retire_item(*, by: int | None, area: int, item: int, on: date, back: bool = False) -> None:
    """An item is asked no more from `on`; its marks stay and count again when it comes back."""
    row = ChecklistItem.objects.select_for_update().get(area_id=area, pk=item)
    row.retired_on = None if back else on
    row.save(update_fields=["retired_on"])
    facts.record(
        SurveyFact.CHECKLIST_CHANGED,
        subject=f"checklist:{area}",
        by=by,
        area=area,
        item=item,
        retired=not back,
    )


@transaction.atomic
def reorder_items(*, by: int | None, area: int, order: Sequence[int]) -> None:
    """The list in this order; items that are not named come after."""
    rows = list(ChecklistItem.objects.select_for_update().filter(area_id=area).order_by("position", "id"))
    place = {pk: n for n, pk in enumerate(order)}
    for n, row in enumerate(sorted(rows, key=lambda r: (place.get(r.pk, len(order)), r.position))):
        row.position = n
    ChecklistItem.objects.bulk_update(rows, ["position"])
    facts.record(SurveyFact.CHECKLIST_CHANGED, subject=f"checklist:{area}", by=by, area=area)


@transaction.atomic
def mark(
    *,
    by: int | None,
    enterprises: Iterable[UUID],
    items: Sequence[int],
    on: date,
    clear: bool = True,
    note: str = "",
) -> int:
    """Ticks (or with `clear=False` unticks) items at firms, one or many; how many marks changed.

    The caller has found the firms within the scope. One fact per area and sector, with its quantity.
    """
    firms = list(enterprises)
    known = set(
        ChecklistMark.objects.filter(enterprise_id__in=firms, item_id__in=items).values_list(
            "enterprise_id", "item_id"
        )
    )
    if clear:
        wanted = [(f, i) for f in firms for i in items if (f, i) not in known]
        ChecklistMark.objects.bulk_create(
            [
                ChecklistMark(enterprise_id=f, item_id=i, marked_on=on, marked_by=by, note=note.strip()[:200])
                for f, i in wanted
            ],
            batch_size=1000,
            ignore_conflicts=True,
        )
    else:
        wanted = list(known)
        ChecklistMark.objects.filter(enterprise_id__in=firms, item_id__in=items).delete()
    places = {
        pk: (area, sector)
        for pk, area, sector in EnterpriseVersion.objects.filter(
            enterprise_id__in={f for f, _item in wanted}, valid_to=None
        ).values_list("enterprise_id", "area_id", "sector")
    }
    counts = Counter(places[f] for f, _item in wanted if f in places)
    kind = SurveyFact.CLEAR_MARKED if clear else SurveyFact.CLEAR_UNMARKED
    for (area, sector), quantity in sorted(counts.items()):
        facts.record(
            kind,
            subject=f"checklist:{area}",
            by=by,
            area=area,
            sector=sector,
            quantity=quantity,
            items=list(items),
        )
    return len(wanted)


def follow_merge(fact: Fact) -> None:
    """Marks of a firm that was merged into another go over to it (subscribed to EnterpriseFact.MERGED)."""
    keep, gone = UUID(fact.detail["keep"]), UUID(fact.detail["gone"])
    have = ChecklistMark.objects.filter(enterprise_id=keep).values("item_id")
    ChecklistMark.objects.filter(enterprise_id=gone, item_id__in=have).delete()
    ChecklistMark.objects.filter(enterprise_id=gone).update(enterprise_id=keep)
