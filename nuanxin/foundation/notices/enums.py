from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class DeliveryState(TextChoices):
    QUEUED = "queued", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("失败，将重试")
    GIVEN_UP = "given_up", _("已放弃")


class NoticeFact(FactKind):
    SMS_QUEUED = "notices.sms.queued", _("短信待发送")
    SMS_GIVEN_UP = "notices.sms.given_up", _("短信放弃发送")
