"""Areas, grids, stored files, deliveries."""

from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.media.actions import accept_document
from nuanxin.foundation.notices.models import Delivery
from nuanxin.registry.areas.enums import GRID_FILE
from tests import cast
from tests.cast import Cast
from tests.registry.areas.shapes import whole

from . import Behind, behind


@behind("console:area", "console:area_load")
def county(c: Cast) -> Behind:
    return Behind({"code": cast.area(cast.COUNTY).code}, secrets=["湖南省长沙市长沙县"])


@behind("console:grids")
def community(c: Cast) -> Behind:
    return Behind({"code": cast.area(cast.COMMUNITY).code}, secrets=["望仙桥社区"], data={"datum": "wgs84"})


@behind("console:grids_preview")
def grid_file(c: Cast) -> Behind:
    code = cast.area(cast.COMMUNITY).code
    return Behind(
        {"code": code, "file_id": _file(c, code)}, secrets=["望仙桥社区", "第1网格"], data={"datum": "wgs84"}
    )


@behind("console:file")
def file(c: Cast) -> Behind:
    # the route asks only for staff: the file's owner asks for the permission to edit its place
    cast.post(c.owner, "areas-editor", permissions=[Permission.AREAS_EDIT])
    cast.post(c.outsider, "areas-editor", cast.OTHER_COUNTY, permissions=[Permission.AREAS_EDIT])
    return Behind({"file_id": _file(c, cast.area(cast.COMMUNITY).code)}, secrets=["第1网格"])


def _file(c: Cast, code: int):
    return accept_document(
        whole(), by=c.owner.pk, now=timezone.localtime(), name="网格.geojson", area=code, kind=GRID_FILE
    ).pk


@behind("console:outbox_retry")
def delivery(c: Cast) -> Behind:
    # the system administrator's, of whatever district: messages belong to the installation
    row = Delivery.objects.create(key="matrix", text="有新的核实任务", template="task", state="given_up")
    return Behind({"delivery": row.pk}, secrets=["有新的核实任务"], everywhere=True)
