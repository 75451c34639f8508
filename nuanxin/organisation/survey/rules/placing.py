"""Where a row stands: its sector, its area, its platform; the same for workers and for enterprises."""

from __future__ import annotations

import re

from nuanxin.engines.intake.rules import CheckContext, Checker, PlaceAnswer, name_key
from nuanxin.foundation.access.enums import Sector

from .field_words import sector_of

_CUT = re.compile(r"\s*[/／|｜、－—\-]\s*")
_SITE_END = re.compile(r"(?:站|点|部|队|店|片区|网格|仓)$")


def put_in_sector(checker: Checker, context: CheckContext) -> list[str]:
    """The sector of every row: what its text names, else the upload's. Refuses sectors that are not the unit's."""
    sectors = [context.sector or Sector.OTHER.value] * checker.size
    texts = checker.convert("sector", refuse=False)
    if texts is None:
        return sectors
    known: dict[str, str] = {}
    values: list[str | None] = [None] * checker.size
    for index, text in enumerate(texts):
        if text is None:
            continue
        if text not in known:
            known[text] = sector_of(text)
        if not (sector := known[text]):
            checker.note(index, "sector", "sector.unknown")
            continue
        if context.sectors is not None and sector not in context.sectors:
            checker.refuse(index, "sector", "sector.outside", sector=Sector(sector).label)
            continue
        sectors[index] = values[index] = sector
    checker.values["sector"] = values
    return sectors


def put_in_place(checker: Checker, context: CheckContext) -> list[int]:
    """The area of every row: its own word, else its address, else the upload's. Refuses places outside."""
    areas = [context.area] * checker.size
    values: list[int | None] = [None] * checker.size
    words, finer = checker.convert("area", refuse=False), checker.convert("community", refuse=False)
    texts = words or [None] * checker.size
    for index, (wide, small) in enumerate(zip(texts, finer or [None] * checker.size, strict=True)):
        if wide is None and small is None:
            continue
        column, answer = _place(context, wide, small)
        if answer.outcome == "found":
            areas[index] = values[index] = answer.code
        elif answer.outcome == "outside":
            checker.refuse(index, column, "area.outside")
        elif answer.outcome != "wide":
            checker.note(index, column, f"area.{answer.outcome}")
        if column == "area" and small is not None and answer.outcome in ("found", "wide"):
            checker.note(index, "community", "community.unknown")
    addresses = checker.text("address", 200)
    for index, address in enumerate(addresses or ()):
        # an address that names no place, or one elsewhere, says nothing: people live and register where they like
        if address is None or texts[index] is not None or (finer and finer[index] is not None):
            continue
        answer = context.place(address, True)
        if answer.outcome == "found":
            areas[index] = values[index] = answer.code
    if words is not None or finer is not None or addresses is not None:
        checker.values["area"] = values
    return areas


def _place(context: CheckContext, wide: str | None, small: str | None) -> tuple[str, PlaceAnswer]:
    """What 街道 and 社区 in two columns mean together, and the column that says it. The name of a community alone may
    be that of several; one that the street does not have leaves the street.
    """
    if small is None or wide is None:
        return ("area", _find(context, wide or "")) if small is None else ("community", _find(context, small))
    both = context.place(small if small.startswith(wide) else wide + small, False)
    if both.outcome == "found":
        return "community", both
    street = _find(context, wide)
    if street.outcome not in ("found", "outside"):
        alone = _find(context, small)
        if alone.outcome == "found":
            return "community", alone
    return "area", street


def _find(context: CheckContext, text: str) -> PlaceAnswer:
    answer = context.place(text, False)
    if answer.outcome == "unknown":
        longer = context.place(text, True)  # 星沙街道开元路1号: the place with more behind it
        return longer if longer.outcome == "found" else answer
    return answer


def split_platform(checker: Checker, context: CheckContext) -> None:
    """平台/站点: the platform's code, the site behind it; an unknown platform counts as the employer's name."""
    texts = checker.convert("platform", refuse=False)
    employers = checker.text("employer", 120)
    sites = checker.text("site", 120)
    if texts is None:
        return
    platforms: list[str | None] = [None] * checker.size
    known: dict[str, tuple[str, str]] = {}
    employers = list(employers or [None] * checker.size)
    sites = list(sites or [None] * checker.size)
    for index, text in enumerate(texts):
        if text is None:
            continue
        if text not in known:
            known[text] = _platform(text, context)
        code, site = known[text]
        if code:
            platforms[index] = code
            if site and sites[index] is None:
                sites[index] = site[:120]
        elif employers[index] is None:
            checker.note(index, "platform", "platform.unknown")
            employers[index] = text[:120]
    checker.values.update(platform=platforms, employer=employers, site=sites)


def _platform(text: str, context: CheckContext) -> tuple[str, str]:
    """(code, site): 美团 → meituan; 美团/星沙站 and 美团星沙站 → meituan, 星沙站; a company's full name → nothing."""
    if code := context.platforms.get(name_key(text)):
        return code, ""
    head, *rest = _CUT.split(text, maxsplit=1)
    if rest and (code := context.platforms.get(name_key(head))):
        return code, rest[0].strip()
    if _SITE_END.search(text):
        for end in range(len(text) - 1, 1, -1):
            if code := context.platforms.get(name_key(text[:end])):
                return code, text[end:].strip("（）() ")
    return "", ""
