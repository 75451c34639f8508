from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class CommandFact(FactKind):
    DEMO_BUILT = "command.demo.built", _("建立演示数据")
