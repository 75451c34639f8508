"""我的今日工作: what is due, collected from those who know.

An area of the console appends its provider in its views module (imported by `console.urls`):

    @todo
    def uploads_to_check(scope, user) -> list[WorkItem]:
        return [WorkItem(title=_("…"), url=reverse(…), icon="file-alert", due=…, detail=…)]

A provider asks the database at most twice and gives lines for groups ("12 对疑似重复"), not one per record.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nuanxin.foundation.access.rules import Scope


@dataclass(frozen=True)
class WorkItem:
    """One line of the day. `due` None: no fixed day, listed last. `count` is shown as a badge."""

    title: str
    url: str
    icon: str = "list-check"
    due: dt.date | None = None
    detail: str = ""
    count: int | None = None

    def urgency(self, today: dt.date) -> str:
        """overdue, today, soon (within a week) or later."""
        if self.due is None:
            return "later"
        if self.due < today:
            return "overdue"
        if self.due == today:
            return "today"
        return "soon" if self.due <= today + dt.timedelta(days=7) else "later"


Provider = Callable[[Scope, Any], Iterable[WorkItem]]
providers: list[Provider] = []


def todo(provider: Provider) -> Provider:
    """Adds a provider; each once."""
    if provider not in providers:
        providers.append(provider)
    return provider


def work_of(scope: Scope, user: Any) -> list[WorkItem]:
    """All lines, the most urgent first."""
    items = [item for provider in providers for item in provider(scope, user)]
    return sorted(items, key=lambda i: (i.due or dt.date.max, i.title))
