from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class BusinessModel(TextChoices):
    DIRECT = "direct", _("直营")
    FRANCHISE = "franchise", _("加盟")
    AGENT = "agent", _("代理")
    UNKNOWN = "", _("未填")


class EnterpriseStatus(TextChoices):
    ACTIVE = "active", _("在营")
    CLOSED = "closed", _("停业注销")
    MOVED = "moved", _("迁出")


class Formation(TextChoices):
    """组建方式 (dossier 1)."""

    STANDALONE = "standalone", _("单独组建")
    JOINT = "joint", _("联合组建")
    INDUSTRY = "industry", _("行业联建")
    BUILDING = "building", _("楼宇共建")
    NONE = "none", _("未组建")
    UNKNOWN = "", _("未填")


class LinkKind(TextChoices):
    """How a firm stands to the head of its chain (沿链组建)."""

    FRANCHISE = "franchise", _("加盟")
    PARTNER = "partner", _("合作")
    DOWNSTREAM = "downstream", _("下游")


class EnterpriseFact(FactKind):
    REGISTERED = "enterprises.enterprise.registered", _("登记企业")
    CHANGED = "enterprises.enterprise.changed", _("修改企业")
    CLOSED = "enterprises.enterprise.closed", _("企业停业或迁出")
    MERGED = "enterprises.enterprise.merged", _("合并企业")
    UNDONE = "enterprises.import.undone", _("撤销导入的企业信息")
    LINKED = "enterprises.link.added", _("建立企业关联")
    SITE_ADDED = "enterprises.site.added", _("新增站点")
    EXPORTED = "enterprises.ledger.exported", _("导出企业台账")
