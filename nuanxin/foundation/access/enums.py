from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class Permission(TextChoices):
    """Everything a role can allow. A route names one of these or stands on the public list."""

    CONSOLE = "console", _("进入工作台")
    AREAS_EDIT = "areas.edit", _("维护区域和网格")
    UNITS_EDIT = "units.edit", _("维护单位")
    ENTERPRISES_VIEW = "enterprises.view", _("查看企业")
    ENTERPRISES_EDIT = "enterprises.edit", _("维护企业")
    WORKERS_VIEW = "workers.view", _("查看从业人员（脱敏）")
    WORKERS_UNMASK = "workers.unmask", _("查看完整证件号和电话（需填事由）")
    WORKERS_EDIT = "workers.edit", _("维护从业人员")
    PARTY_VIEW = "party.view", _("查看党员名册")
    EXPORT = "export", _("导出名册")
    IMPORT = "import", _("上传和导入表格")
    SURVEY_RUN = "survey.run", _("组织摸排轮次")
    SURVEY_VERIFY = "survey.verify", _("电话核实和现场走访")
    SURVEY_MATCH = "survey.match", _("处理疑似重复")
    INDICATORS_VIEW = "indicators.view", _("查看指标")
    SYSTEM_ADMIN = "system.admin", _("系统管理：账号、单位、参数")
    SECURITY_ADMIN = "security.admin", _("安全管理：角色、授权、告警")
    AUDIT_ADMIN = "audit.admin", _("审计管理：查看审计记录")


class Sector(TextChoices):
    """行业条线 (dossier 3: own enumeration, with GB/T 4754 and the occupation classification beside it)."""

    COURIER = "courier", _("快递")
    DELIVERY = "delivery", _("外卖配送")
    RIDE_HAIL = "ride_hail", _("网约车")
    TRUCK = "truck", _("货运")
    STREAMER = "streamer", _("网络直播")
    CHAUFFEUR = "chauffeur", _("代驾")
    ECOMMERCE = "ecommerce", _("电子商务")
    OTHER = "other", _("其他新业态")


class AlertKind(TextChoices):
    """What the security administrator is told of."""

    UNMASK_MANY = "unmask.many", _("一小时内查看完整证件号过多")
    UNMASK_STOPPED = "unmask.stopped", _("查看完整证件号已被暂停")
    SIGN_IN_LOCKED = "sign_in.locked", _("账号因多次登录失败被锁定")


class AccessFact(FactKind):
    ROLE_CHANGED = "access.role.changed", _("修改角色")
    POSTING_GRANTED = "access.posting.granted", _("授予岗位")
    POSTING_REVOKED = "access.posting.revoked", _("撤销岗位")
    UNMASKED = "access.unmasked", _("查看完整证件号或电话")
    ALERT_RAISED = "access.alert.raised", _("安全告警")
    ALERT_HANDLED = "access.alert.handled", _("处理安全告警")
