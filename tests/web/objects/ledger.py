"""Enterprises, persons, rosters and the checklist."""

from nuanxin.organisation.survey.actions.checklist import adopt_default
from nuanxin.registry.enterprises.actions import register_enterprise
from tests import cast
from tests.cast import Cast
from tests.registry.people.people import JULY, worker

from . import Behind, behind

FIRM, PERSON = "橘洲快递有限公司", "单晓橘"


def firm() -> str:
    cast.area(cast.COMMUNITY)
    made = register_enterprise(by=None, on=JULY, name=FIRM, area_id=cast.COMMUNITY, sector="courier", phone="13873100009")
    return str(made.pk)


@behind(
    "console:enterprise",
    "console:enterprise_change",
    "console:enterprise_close",
    "console:enterprise_site",
    "console:enterprise_link",
    "console:enterprise_merge",
    "console:enterprise_phone",
)
def enterprise(c: Cast) -> Behind:
    return Behind({"enterprise": firm()}, secrets=[FIRM, "13873100009"])


@behind("console:checklist_mark")
def marked(c: Cast) -> Behind:
    cast.area(cast.COUNTY)
    items = adopt_default(by=None, area=cast.COUNTY)
    return Behind({"enterprise": firm()}, secrets=[FIRM], data={"item": items[0].pk, "clear": "1"})


@behind("console:checklist_item")
def item(c: Cast) -> Behind:
    cast.area(cast.COUNTY)
    return Behind({}, data={"county": str(cast.COUNTY), "name": "出资人"})


@behind(
    "console:worker",
    "console:worker_change",
    "console:worker_status",
    "console:worker_consent",
    "console:worker_declaration",
)
def person(c: Cast) -> Behind:
    row = worker(PERSON, numbers={"phone": "13873100008", "id_number": "430121199003078211"})
    return Behind({"worker": row.pk}, secrets=[PERSON, "13873100008", "430121199003078211"])


@behind("console:worker_number")
def number(c: Cast) -> Behind:
    made = person(c)
    return Behind(made.kwargs, made.secrets, data={"field": "phone", "reason": "核实身份"})
