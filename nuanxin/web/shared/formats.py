"""How dates, numbers and masked values are written. None is written as nothing."""

import datetime as dt
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def _chinese() -> bool:
    return (translation.get_language() or "zh").startswith("zh")


def date(value: dt.date | dt.datetime | None, style: str = "long") -> str:
    """2025年3月1日; "short": 2025-03-01."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if style == "short":
        return value.isoformat()
    if _chinese():
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b} {value.year}"


def datetime(value: dt.datetime | None, style: str = "long") -> str:
    """2025年3月1日 14:05; "short": 2025-03-01 14:05."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{date(local.date(), style)} {local:%H:%M}"


def ago(value: dt.datetime | None) -> str:
    """3 分钟前; from a week on, the date."""
    if not value:
        return ""
    seconds = (timezone.now() - value).total_seconds()
    if seconds < 60:
        return _("刚刚")
    if seconds < 3600:
        n = int(seconds // 60)
        return ngettext("%(n)d 分钟前", "%(n)d 分钟前", n) % {"n": n}
    if seconds < 86400:
        n = int(seconds // 3600)
        return ngettext("%(n)d 小时前", "%(n)d 小时前", n) % {"n": n}
    if seconds < 7 * 86400:
        n = int(seconds // 86400)
        return ngettext("%(n)d 天前", "%(n)d 天前", n) % {"n": n}
    return date(value)


def number(value: Any, digits: int = 0) -> str:
    """12,345; with `digits` decimal places."""
    return "" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """0.256 → 25.6%."""
    return "" if value is None else f"{value * 100:.{digits}f}%"
