"""Uploads of a unit."""

from nuanxin.engines.intake.actions import receive_upload, set_mapping
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Grant, Scope
from tests import cast
from tests.cast import Cast
from tests.engines.intake.files import person, xlsx

from . import Behind, behind


@behind(
    "console:import",
    "console:import_columns",
    "console:import_sheet",
    "console:import_commit",
    "console:import_undo",
    "console:import_discard",
    "console:import_progress",
    "console:import_errors",
    "console:import_problems",
)
def upload(c: Cast) -> Behind:
    unit, area = cast.unit(cast.COUNTY), cast.area(cast.STREET)
    scope = Scope(None, (Grant(cast.COUNTY, frozenset({Permission.IMPORT}), unit.pk),))
    row = receive_upload(
        by=c.owner.pk, scope=scope, unit=unit.pk, area=area.pk, target="workers", data=xlsx([person(1)]),
        filename="橘洲骑手名册.xlsx",
    )  # fmt: skip
    set_mapping(by=c.owner.pk, scope=scope, upload=row.pk, mapping=row.mapping)
    return Behind({"upload": row.pk}, secrets=["橘洲骑手名册", "外卖骑手"])


@behind("console:import_template")
def template(c: Cast) -> Behind:
    return Behind({"target": "workers"}, everywhere=True)
