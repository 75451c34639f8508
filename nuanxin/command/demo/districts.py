"""The districts of the demo: who lives there, which offices send what, what people have decided since."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nuanxin.foundation.access.rules import area_range
from nuanxin.organisation.survey.actions.consolidate import consolidate
from nuanxin.organisation.survey.actions.pairs import decide_many
from nuanxin.organisation.survey.actions.rounds import close_round, open_round
from nuanxin.registry.areas.models import Area
from nuanxin.registry.people.models import Worker
from nuanxin.registry.units.models import Unit

from . import rosters
from .arrivals import Truth, send
from .canvass import tick_the_checklist, work_the_round
from .lookups import demo_user, find_place, seeded
from .places import ACCOUNTS, BANAN, BEITA, BOZHOU, CHANGSHA, OFFICES, YUETANG, ZHENXING
from .population import Firm, Person, firms, people
from .rosters import Roster

Progress = Callable[[str], None]


@dataclass(frozen=True)
class District:
    """A place of the articles with the numbers of people and firms that are invented for it."""

    area: int
    name: str
    people: int
    firms: int
    plate: str
    sectors: tuple[str, ...] = ()
    inside: str = ""  # only this street or community of it
    rounds: int = 1
    floating: int = 0  # exactly so many members declare themselves floating (F83)
    share_of_streets: float = 0.92  # of people whom a street's own canvass has found as well


DISTRICTS = (
    District(CHANGSHA, "长沙县", 43_985, 268, "湘A", rounds=2),
    District(
        BEITA, "北塔区", 1_216, 12, "湘E", ("chauffeur", "ride_hail", "truck", *["streamer"] * 8, "delivery")
    ),
    District(
        YUETANG,
        "岳塘区建设路社区",
        34,
        3,
        "湘C",
        ("delivery", "courier", "ride_hail"),
        "建设路街道/建设路社区",
        floating=3,
    ),
    District(BOZHOU, "亳州市", 460, 32, "皖S", ("courier", "courier", "delivery", "ride_hail", "truck")),
    District(BANAN, "巴南区", 390, 14, "渝A", ("delivery", "courier", "ride_hail", "streamer")),
    District(ZHENXING, "振兴区", 130, 6, "辽F", ("delivery", "courier", "ride_hail")),
)
CANVASSED = ("csx-xs", "csx-xl", "csx-qt")
"""Streets of 长沙县 that have gone from door to door in the last round."""
OPEN_QUESTIONS = 36
"""Doubtful pairs that are left for the visitor of the demo to decide."""


def build_district(district: District, today: date, progress: Progress, truth: Truth) -> str:
    """Rosters of each round, sent and imported; decisions, checks and finished tasks. Returns what came of it."""
    rng = seeded(district.area)
    place = find_place(district.area, district.inside)
    areas = list(
        Area.objects.filter(
            code__gte=place.code, code__lt=place.code + _span(place.code), level=5, valid_to=None
        ).order_by("code").values_list("code", flat=True)
    )  # fmt: skip
    division = f"{areas[0] // 10**9:06d}"
    homes = [division] * 6 + ["430121", "430511", "430304", "341602", "500113", "430524", "421081", "360313"]
    short = district.name.removesuffix("县").removesuffix("区").removesuffix("市")[:2]
    employers = firms(rng, short, division, areas, district.firms, sectors=list(district.sectors) or None)
    population = people(rng, district.people, areas, homes, district.plate, employers, today)
    if district.floating:
        for person in [p for p in population if p.consent][: district.floating]:
            person.party = "流动党员"
    names = dict(
        Area.objects.filter(code__gte=place.code, code__lt=place.code + _span(place.code)).values_list(
            "code", "name"
        )
    )
    lead = demo_user(_lead(district.area))
    days = [today - timedelta(days=92 * n) for n in reversed(range(district.rounds))]
    for number, day in enumerate(days, 1):
        last = number == len(days)
        canvass = open_round(area=district.area, by=lead, today=day)
        present = _present(rng, population, last and district.rounds > 1, number)
        for roster in _rosters(rng, district, present, employers, names, day, full=last):
            counts = send(roster, by=lead, truth=truth)
            progress(f"　{roster.filename}：{counts}")
        if not last:
            close_round(round_id=canvass.pk, by=lead)  # which matches, too
            continue
        outcome = consolidate(area=district.area, by=lead)
        progress(f"　比对：{outcome.rows} 行 → {outcome.people} 人，待判断 {outcome.doubtful} 对")
        if decisions := truth.decisions(district.area)[OPEN_QUESTIONS:]:
            decide_many(decisions=decisions, by=lead)
        work_the_round(canvass, day, by=lead, rng=rng)
        tick_the_checklist(district.area, district.area + _span(district.area), day, by=lead, rng=rng)
    found = Worker.objects.filter(
        area_id__gte=district.area, area_id__lt=district.area + _span(district.area)
    )
    return f"{found.filter(status='active').count()} 人、{district.firms} 家企业"


def _span(code: int) -> int:
    lower, upper = area_range(code)
    return upper - lower


def _lead(area: int) -> str:
    offices = {o.code for o in OFFICES if o.district == area and o.leads}
    return next(a.username for a in ACCOUNTS if a.office in offices and a.role == "lead_admin")


def _present(rng: random.Random, population: list[Person], moved: bool, number: int) -> list[Person]:
    """Whom a round can find: of two, the first lacks those who come later, the second those who have gone."""
    if moved:
        return [p for p in population if p.key % 17]
    if number == 1 and len(population) > 10_000:
        return [p for p in population if p.key % 11]
    return population


def _rosters(
    rng: random.Random, district: District, present: list[Person], employers: list[Firm], names: dict[int, str],
    day: date, *, full: bool,
) -> Iterator[Roster]:  # fmt: skip
    """The files of one round. In a full round platforms and streets send theirs beside the departments'."""
    units = {
        u.code: u
        for u in Unit.objects.filter(
            area_id__gte=district.area, area_id__lt=district.area + _span(district.area)
        )
    }
    street_names = {c: names.get(c // 10**6 * 10**6, "") for c in {p.area for p in present}}

    def street(area: int) -> str:
        return street_names.get(area) or names[area]

    def community(area: int) -> str:
        return names[area]

    staff = Counter(p.employer for p in present)
    lead = next(u.code for u in units.values() if u.leads)
    yield rosters.firm_canvass(rng, employers, staff, community, lead, day)
    if district.area != CHANGSHA:
        yield from _small(
            rng, district, present, units, street if not district.inside else community, community, lead, day
        )
        return
    of = {s: [p for p in present if p.sector == s] for s in {p.sector for p in present}}
    yield rosters.courier_office(rng, of["courier"], street, "csx-yzj", day)
    yield rosters.market_office(rng, of["delivery"], street, "csx-scj", day)
    for sector in ("ride_hail", "truck", "chauffeur"):
        yield rosters.transport_office(rng, of[sector], street, "csx-jtj", day, sector)
    yield rosters.internet_office(rng, of["streamer"] + of["ecommerce"], street, "csx-wxb", day)
    if full:
        couriers = [p for p in of["delivery"] if p.platform == "meituan"]
        second = [p for p in present if p.second and p.second[1] == "meituan" and p.sector != "delivery"]
        yield rosters.delivery_platform(
            rng, couriers + [_as_second(p) for p in second], "csx-mt", day, street
        )
        for unit in units.values():
            if unit.code in CANVASSED:
                near = [p for p in present if p.area // 10**6 == unit.area_id // 10**6]
                found = [p for p in near if rng.random() < district.share_of_streets]
                yield rosters.street_canvass(rng, found, community, unit.code, day)


def _small(
    rng: random.Random, district: District, present: list[Person], units: dict[str, Unit],
    street: Callable[[int], str], community: Callable[[int], str], lead: str, day: date,
) -> Iterator[Roster]:  # fmt: skip
    departments = [u for u in units.values() if u.kind == "department"]
    held = {s: u for u in departments for s in u.sectors}
    for sector in ("ride_hail", "truck", "chauffeur"):
        people_of = [p for p in present if p.sector == sector]
        if sector in held and people_of:
            yield rosters.transport_office(rng, people_of, street, held[sector].code, day, sector)
    streamers = [p for p in present if p.sector == "streamer"]
    if "streamer" in held and streamers:
        yield rosters.internet_office(rng, streamers, street, held["streamer"].code, day)
    rest = [p for p in present if p.sector not in held]
    sender = next((u.code for u in units.values() if u.kind == "community"), lead)
    yield rosters.street_canvass(rng, rest, community, sender, day)


def _as_second(person: Person) -> Person:
    """The same person as the second platform knows them."""
    assert person.second
    sector, platform, employer = person.second
    return replace(person, sector=sector, platform=platform, employer=employer, kind="众包")
