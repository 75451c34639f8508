"""Writing the grids of a file that was checked."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from nuanxin.foundation.facts.actions import record

from ..enums import AreaFact, Datum, Source
from ..models import Area, Outline
from ..queries.gridplan import plan_grids
from ..rules import area_parent
from ..rules.gridfile import Draft, GridPlan
from ..rules.names import sounds
from ..rules.outlines import rings_of, square_metres


class GridsRefused(Exception):
    """The file has errors, or warnings that nobody confirmed; `plan` says which."""

    code = "grids_refused"

    def __init__(self, plan: GridPlan) -> None:
        super().__init__(_("文件有错误或未确认的提醒，没有写入任何网格。"))
        self.plan = plan
        self.params: dict[str, object] = {"errors": len(plan.errors), "warnings": len(plan.warnings)}


@transaction.atomic
def import_grids(
    *, data: bytes, target: int, on: date, by: int | None, datum: Datum = Datum.WGS84, confirmed: bool = False
) -> GridPlan:
    """Writes the grids and outlines of a GeoJSON file into a place, all or none.

    The file is checked anew, since others may have drawn meanwhile. `confirmed`: a person accepts the
    warnings (gaps, overhang). Raises GridsRefused.
    """
    # two imports into one place would each find it free of the other's grids
    street = target // 10**6 * 10**6
    list(Area.objects.select_for_update().filter(code__in={street, target}).order_by("code"))
    plan = plan_grids(data, target=target, datum=datum)
    if plan.errors or (plan.warnings and not confirmed) or not (plan.grids or plan.outlines):
        raise GridsRefused(plan)
    parents = dict(
        Area.objects.filter(code__in={area_parent(d.code) for d in plan.grids}).values_list(
            "code", "full_name"
        )
    )
    Area.objects.bulk_create(
        [_area(d, parents.get(area_parent(d.code), ""), on) for d in plan.grids],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "full_name", "pinyin", "initials", "lon", "lat", "valid_to"],
    )
    Outline.objects.bulk_create(
        [_outline(d) for d in (*plan.grids, *plan.outlines)],
        update_conflicts=True,
        unique_fields=["area"],
        update_fields=["rings", "west", "south", "east", "north", "square_metres", "imported_at"],
    )
    record(
        AreaFact.GRIDS_IMPORTED,
        subject=f"area:{target}",
        by=by,
        area=target,
        quantity=len(plan.grids),
        replaced=len(plan.replaced),
        outlines=len(plan.outlines),
        confirmed=[p.code for p in plan.warnings],
    )
    return plan


def _area(draft: Draft, above: str, on: date) -> Area:
    pinyin, initials = sounds(draft.name)
    inside = draft.geometry.representative_point()
    return Area(
        code=draft.code,
        name=draft.name,
        full_name=(above + draft.name)[:200],
        pinyin=pinyin,
        initials=initials,
        source=Source.LOCAL,
        valid_from=on,
        lon=inside.x,
        lat=inside.y,
    )


def _outline(draft: Draft) -> Outline:
    west, south, east, north = draft.geometry.bounds
    return Outline(
        area_id=draft.code,
        rings=rings_of(draft.geometry),
        west=west,
        south=south,
        east=east,
        north=north,
        square_metres=square_metres(draft.geometry),
    )
