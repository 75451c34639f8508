"""The navigation of the console, as data. Screens that are not there yet, or not permitted, are skipped."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope

TODAY, LEDGER, SURVEY, FIGURES, SYSTEM = _("今日"), _("台账"), _("摸排"), _("指标"), _("系统")
P = Permission


@dataclass(frozen=True)
class Entry:
    """One line. `permission` None: every member of staff. `also`: further path prefixes that light it."""

    group: Promise
    label: Promise
    url_name: str
    icon: str
    permission: Permission | None = None
    also: tuple[str, ...] = ()


ENTRIES: Sequence[Entry] = (
    Entry(TODAY, _("我的今日工作"), "console:home", icon="home"),
    Entry(TODAY, _("通知"), "console:notices", icon="bell"),
    Entry(LEDGER, _("企业"), "console:enterprises", icon="building-store", permission=P.ENTERPRISES_VIEW),
    Entry(LEDGER, _("从业人员"), "console:workers", icon="motorbike", permission=P.WORKERS_VIEW),
    Entry(LEDGER, _("一台账三名册"), "console:ledger", icon="clipboard-list", permission=P.ENTERPRISES_VIEW),
    Entry(LEDGER, _("党员名册"), "console:party", icon="flag", permission=P.PARTY_VIEW),
    Entry(SURVEY, _("摸排轮次"), "console:rounds", icon="calendar-stats", permission=P.SURVEY_VERIFY),
    Entry(SURVEY, _("导入表格"), "console:imports", icon="file-upload", permission=P.IMPORT),
    Entry(SURVEY, _("疑似重复"), "console:pairs", icon="git-merge", permission=P.SURVEY_MATCH),
    Entry(SURVEY, _("核实"), "console:checks", icon="phone-call", permission=P.SURVEY_VERIFY),
    Entry(SURVEY, _("三方比对"), "console:differences", icon="arrows-diff", permission=P.SURVEY_VERIFY),
    Entry(SURVEY, _("六清清单"), "console:checklist", icon="list-check", permission=P.SURVEY_RUN),
    Entry(FIGURES, _("指标总览"), "console:indicators", icon="chart-bar", permission=P.INDICATORS_VIEW),
    Entry(SYSTEM, _("账号"), "console:accounts", icon="users", permission=P.SYSTEM_ADMIN),
    Entry(SYSTEM, _("单位"), "console:units", icon="building-bank", permission=P.UNITS_EDIT),
    Entry(SYSTEM, _("区域和网格"), "console:areas", icon="map-2", permission=P.AREAS_EDIT),
    Entry(SYSTEM, _("账号安全"), "console:guarded_accounts", icon="user-search", permission=P.SECURITY_ADMIN),
    Entry(SYSTEM, _("工作日历"), "console:calendar", icon="calendar"),
    Entry(SYSTEM, _("角色和授权"), "console:roles", icon="shield-lock", permission=P.SECURITY_ADMIN),
    Entry(SYSTEM, _("安全告警"), "console:alerts", icon="alert-triangle", permission=P.SECURITY_ADMIN),
    Entry(SYSTEM, _("审计记录"), "console:audit", icon="history", permission=P.AUDIT_ADMIN),
    Entry(SYSTEM, _("短信发件箱"), "console:outbox", icon="mail", permission=P.SYSTEM_ADMIN),
)


@dataclass(frozen=True)
class Line:
    label: str
    url: str
    icon: str
    current: bool


def navigation(request: HttpRequest) -> list[tuple[str, list[Line]]]:
    """The groups with the lines that this person may open; the longest address that fits the page is lit."""
    scope = getattr(request, "scope", Scope())
    found: list[tuple[Promise, Entry, str]] = []
    for entry in ENTRIES:
        if entry.permission is not None and not scope.may(entry.permission):
            continue
        try:
            found.append((entry.group, entry, reverse(entry.url_name)))
        except NoReverseMatch:
            continue
    lit = max((u for _g, e, u in found if _fits(request.path, u, e)), key=len, default="")
    groups: dict[str, list[Line]] = {}
    for group, entry, url in found:
        groups.setdefault(str(group), []).append(Line(str(entry.label), url, entry.icon, url == lit))
    return list(groups.items())


def _fits(path: str, url: str, entry: Entry) -> bool:
    if entry.url_name == "console:home":
        return path == url
    return any(path.startswith(prefix) for prefix in (url, *entry.also))
