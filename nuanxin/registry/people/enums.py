from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class WorkerStatus(TextChoices):
    ACTIVE = "active", _("在册")
    LEFT = "left", _("已离开")
    MERGED = "merged", _("已并入他人")


class Sex(TextChoices):
    MALE = "m", _("男")
    FEMALE = "f", _("女")
    UNKNOWN = "", _("未填")


class EngagementKind(TextChoices):
    """用工形式."""

    FULL = "full", _("全职")
    PART = "part", _("兼职")
    CROWD = "crowd", _("众包")
    UNKNOWN = "", _("未填")


class Membership(TextChoices):
    """Self-declared, optional, sealed; never shown outside the Party rosters (dossier 6.4)."""

    FULL = "full", _("正式党员")
    PROBATIONARY = "probationary", _("预备党员")
    FLOATING = "floating", _("流动党员")


class ConsentPurpose(TextChoices):
    """PIPL Arts 13–17, 29: one consent a purpose, as easy to withdraw as to give."""

    LEDGER = "ledger", _("纳入服务台账")
    CONTACT = "contact", _("电话联系核实")
    PARTY = "party", _("党员身份登记")
    HARDSHIP = "hardship", _("困难情况登记")


class PeopleFact(FactKind):
    REGISTERED = "people.worker.registered", _("登记从业人员")
    CHANGED = "people.worker.changed", _("修改从业人员")
    LEFT = "people.worker.left", _("从业人员离开")
    RETURNED = "people.worker.returned", _("从业人员返回")
    MERGED = "people.worker.merged", _("合并从业人员")
    SPLIT = "people.worker.split", _("拆分从业人员")
    OPENED = "people.worker.opened", _("打开个人信息")
    ROSTER_EXPORTED = "people.roster.exported", _("导出名册")
    CONSENT_GIVEN = "people.consent.given", _("同意")
    CONSENT_WITHDRAWN = "people.consent.withdrawn", _("撤回同意")
    DECLARED = "people.membership.declared", _("党员身份自愿登记")
    DECLARATION_WITHDRAWN = "people.membership.withdrawn", _("撤回党员身份登记")
