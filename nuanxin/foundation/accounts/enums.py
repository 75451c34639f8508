from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.facts.enums import FactKind


class AccountFact(FactKind):
    OPENED = "account.opened", _("开通账号")
    CHANGED = "account.changed", _("修改账号")
    CLOSED = "account.closed", _("停用账号")
    REOPENED = "account.reopened", _("恢复账号")
    SIGNED_IN = "account.signed_in", _("登录")
    SIGNED_OUT = "account.signed_out", _("退出登录")
    TIMED_OUT = "account.timed_out", _("长时间未操作，自动退出")
    SIGN_IN_FAILED = "account.sign_in.failed", _("登录失败")
    LOCKED = "account.locked", _("账号因多次登录失败锁定")
    UNLOCKED = "account.unlocked", _("解除账号锁定")
    PASSWORD_CHANGED = "account.password.changed", _("修改密码")
    PASSWORD_RESET = "account.password.reset", _("重置密码")
    SESSIONS_ENDED = "account.sessions.ended", _("强制下线")
    SECOND_FACTOR_ON = "account.second_factor.on", _("启用动态口令")
    SECOND_FACTOR_OFF = "account.second_factor.off", _("停用动态口令")
    SECOND_FACTOR_FAILED = "account.second_factor.failed", _("动态口令错误")
    SECOND_FACTOR_RESET = "account.second_factor.reset", _("重置动态口令")
