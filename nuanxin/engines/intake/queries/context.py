"""What a check may know: gathered once for an upload, so that the check itself reads nothing."""

from collections.abc import Callable
from datetime import date

from nuanxin.foundation.access.rules import area_level, area_parent, area_range
from nuanxin.registry.areas.enums import Level
from nuanxin.registry.areas.queries import resolver
from nuanxin.registry.areas.rules.resolver import AreaResolver, Outcome
from nuanxin.registry.enterprises.models import Platform

from ..models import Upload
from ..rules import CheckContext, PlaceAnswer, name_key


def check_context(upload: Upload, today: date) -> CheckContext:
    """Today, the upload's place and sector, the sectors of its unit, places by name, platforms by alias."""
    sectors = upload.unit.sectors
    return CheckContext(
        today=today,
        area=upload.area_id,
        sector=upload.sector,
        sectors=frozenset(sectors) if sectors else None,
        place=place_finder(upload.area_id),
        platforms=platform_codes(),
    )


def platform_codes() -> dict[str, str]:
    """Code of every platform by its code, its name and its aliases."""
    found: dict[str, str] = {}
    for code, name, aliases in Platform.objects.order_by("code").values_list("code", "name", "aliases"):
        for word in (code, name, *aliases):
            found.setdefault(name_key(word), code)
    return found


def place_finder(area: int) -> Callable[[str, bool], PlaceAnswer]:
    """Finds places by text: inside the area first, then around it and in the whole country, to know what is
    elsewhere. Built when the first text comes."""
    lower, upper = area_range(area)
    rings: list[AreaResolver] = []
    known: dict[tuple[str, bool], PlaceAnswer] = {}

    def find(text: str, address: bool) -> PlaceAnswer:
        key = (text, address)
        if key not in known:
            if not rings:
                rings.extend(resolver(code) for code in _around(area))
            if len(known) > 100_000:
                known.clear()
            known[key] = _answer(text, address, rings, lower, upper)
        return known[key]

    return find


def _around(area: int) -> list[int]:
    """The area, the city around it (streets of the neighbours), the country down to counties."""
    city = area
    while area_level(city) > Level.CITY:
        city = area_parent(city)
    return list(dict.fromkeys((area, city, 0)))


def _answer(text: str, address: bool, rings: list[AreaResolver], lower: int, upper: int) -> PlaceAnswer:
    inside = rings[0].resolve(text, address=address)
    if inside.outcome is Outcome.FOUND and inside.code is not None:
        # the area's own name says nothing new, but it is a place inside
        return PlaceAnswer("found", inside.code)
    if inside.outcome is Outcome.AMBIGUOUS:
        return PlaceAnswer("several")
    if inside.outcome is Outcome.OUTSIDE and _around_us(inside.candidates, lower, upper):
        return PlaceAnswer("wide")
    for ring in rings[1:]:
        wider = ring.resolve(text, address=address)
        if wider.outcome is Outcome.FOUND and wider.code is not None:
            if _around_us((wider.code,), lower, upper):
                return PlaceAnswer("wide")
            return PlaceAnswer("outside", wider.code)
        if wider.outcome is Outcome.AMBIGUOUS:
            return PlaceAnswer("unknown")
    return PlaceAnswer("unknown")


def _around_us(codes: tuple[int, ...], lower: int, upper: int) -> bool:
    """Whether one of the codes is a place that contains ours."""
    return any(start <= lower and upper <= end for start, end in map(area_range, codes))
