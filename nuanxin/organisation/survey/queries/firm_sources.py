"""The source rows behind an enterprise, for its dossier."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.queries import within
from nuanxin.foundation.access.rules import Scope
from nuanxin.registry.enterprises.models import EnterpriseVersion
from nuanxin.registry.enterprises.queries.dossier import Section

from ..models import EnterpriseSource

MOST = 50


def sources_section(scope: Scope, enterprise: UUID, day: date) -> Section | None:
    """Which roster named the firm, in which row, in which round; up to `day`. One query; None outside the scope."""
    visible = EnterpriseVersion.objects.filter(within(scope, Permission.ENTERPRISES_VIEW), enterprise=enterprise)
    found = (
        EnterpriseSource.objects.filter(enterprise_id=enterprise, enterprise__in=visible.values("enterprise"))
        .select_related("row__upload__unit", "round")
        .order_by("-row_id")[:MOST]
    )
    rows = []
    for source in found:
        sent = source.row.upload
        told = date.fromisoformat(sent.context["as_of"]) if sent.context.get("as_of") else None
        if told and told > day:
            continue
        arrived = timezone.localdate(sent.committed_at) if sent.committed_at else None
        rows.append((sent.unit.name, _("第 %(row)s 行") % {"row": source.row.number}, told or arrived, source.round.name))
    return Section(_("来源"), (_("来自"), _("表中位置"), _("数据日期"), _("轮次")), rows) if rows else None
