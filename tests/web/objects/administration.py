"""Accounts, postings, units, roles, alerts, saved views."""

from nuanxin.foundation.access.actions import raise_alert
from nuanxin.foundation.access.enums import AlertKind
from nuanxin.foundation.preferences.models import SavedView
from tests import cast
from tests.cast import Cast

from . import Behind, behind


@behind(
    "console:account",
    "console:account_change",
    "console:account_close",
    "console:account_reopen",
    "console:account_reset_password",
    "console:guarded_account",
    "console:account_unlock",
    "console:account_end_sessions",
    "console:account_reset_second_factor",
)
def account(c: Cast) -> Behind:
    kept = cast.user("kept-account", at=cast.STREET, name="柳叶舟")
    return Behind({"user": kept.pk}, ["kept-account", "柳叶舟"], data={"name": "新名字"})


@behind("console:posting_new", "console:admin_posting_new")
def posting_form(c: Cast) -> Behind:
    kept = cast.user("kept-account", at=cast.STREET, name="柳叶舟")
    data = {"unit": cast.unit(cast.STREET).pk, "role": "street", "area": cast.STREET}
    return Behind({"user": kept.pk}, ["kept-account", "柳叶舟"], data=data)


@behind("console:posting_revoke")
def posting(c: Cast) -> Behind:
    return Behind({"posting": cast.person("street", cast.STREET).postings.get().pk})


@behind("console:admin_posting_revoke")
def admin_posting(c: Cast) -> Behind:
    return Behind({"posting": cast.person("audit_admin", cast.STREET).postings.get().pk})


@behind("console:unit", "console:unit_close")
def unit(c: Cast) -> Behind:
    kept = cast.unit(cast.STREET, kind="street", code="kept-unit")
    return Behind({"unit": kept.pk}, [kept.code, kept.name])


@behind("console:role")
def role(c: Cast) -> Behind:
    return Behind({"code": cast.role("street").code}, everywhere=True)


@behind("console:alert")
def alert(c: Cast) -> Behind:
    who = cast.user("kept-account", at=cast.STREET, name="柳叶舟")
    raised = raise_alert(kind=AlertKind.UNMASK_MANY, about=who.pk, area=cast.STREET, quantity=77)
    return Behind({"alert": raised.pk}, ["柳叶舟"], data={"note": "已与本人核实，季度集中核查"})


@behind("console:drop_view")
def saved_view(c: Cast) -> Behind:
    kept = SavedView.objects.create(user=c.owner, table="workers", name="我的骑手视图", query="q=1")
    return Behind({"view": kept.pk}, ["我的骑手视图"])
