"""The offices' files go through the ordinary import; what is true of their rows is remembered beside it."""

from dataclasses import dataclass, field

from nuanxin.engines.intake.actions import run_check, set_mapping
from nuanxin.engines.intake.actions.at_once import Prepared, commit_prepared
from nuanxin.engines.intake.actions.reading import checked, without_collector
from nuanxin.engines.intake.actions.receiving import receive_with_table
from nuanxin.engines.intake.models import Row
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import inside
from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.organisation.survey.actions.enterprises import put_enterprises
from nuanxin.organisation.survey.enums import PairState
from nuanxin.organisation.survey.models import Pair
from nuanxin.organisation.survey.queries.rounds import ledger_area, open_round_for
from nuanxin.registry.units.models import Unit

from .rosters import Roster

TOLD = {"工作片区": "area", "常驻地": "area", "常跑商圈": "area", "所属机构": "employer", "配送类型": "kind",
        "网点名称": "employer", "配送站（公司）": "employer"}  # fmt: skip
"""Headers that nobody can know before somebody has said so once; the unit's dictionary remembers them."""


@dataclass
class Truth:
    """Which invented person is behind which source row."""

    person: dict[int, int] = field(default_factory=dict)

    def decisions(self, area: int) -> list[tuple[int, bool]]:
        """What somebody who knows everybody would say to the open questions of an area, the surest first."""
        asked = Pair.objects.filter(inside(area), state=PairState.OPEN).order_by("-confidence", "id")
        return [
            (pk, self.person[left] == self.person[right])
            for pk, left, right in asked.values_list("pk", "left_id", "right_id")
        ]


def send(roster: Roster, *, by: int, truth: Truth) -> str:
    """Receives, checks and imports one file in this process. Returns its counts in words."""
    unit = Unit.objects.get(code=roster.unit)
    area = ledger_area(unit.area_id)
    canvass = open_round_for(area)
    assert canvass is not None
    scope = Scope(by, (Grant(area, frozenset({Permission.IMPORT}), unit.pk),))
    with without_collector():
        upload, table = receive_with_table(
            by=by, scope=scope, unit=unit.pk, area=area, target=roster.target, data=roster.data,
            filename=roster.filename, sector=roster.sector,
            context={"round": canvass.pk, "as_of": roster.as_of.isoformat()}, sheet=None,
        )  # fmt: skip
        assert table is not None, upload.error
        told = {c["letter"]: TOLD[c["header"]] for c in upload.summary["columns"] if c["header"] in TOLD}
        if told:
            upload = set_mapping(by=by, scope=scope, upload=upload.pk, mapping=told)
        found = checked(upload, table)
        run_check(upload, by=by, table=table, done=found)
        upload = commit_prepared(Prepared(upload, table, found), by=by, scope=scope)
    if roster.target == "enterprises":
        put_enterprises(upload=upload.pk, by=by)
    else:
        rows = Row.objects.filter(upload=upload).order_by("number").values_list("pk", flat=True)
        truth.person.update(zip(rows, roster.truth, strict=True))
    return f"接收 {upload.accepted}，有提示 {upload.noted}，拒收 {upload.refused}"
