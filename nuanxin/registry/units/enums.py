from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class UnitKind(TextChoices):
    LEAD = "lead", _("牵头部门")
    DEPARTMENT = "department", _("行业部门")
    STREET = "street", _("镇街")
    COMMUNITY = "community", _("社区（村）")
    PLATFORM = "platform", _("平台企业")
    HOST = "host", _("驿站依托单位")
    OTHER = "other", _("其他")


class UnitFact(FactKind):
    OPENED = "unit.opened", _("设立单位")
    CHANGED = "unit.changed", _("修改单位")
    CLOSED = "unit.closed", _("撤销单位")
