"""Builds the demo as a district would: offices send files, the ordinary import reads them, people decide the rest."""

import time
from collections.abc import Callable
from datetime import date

from django.db import transaction
from procrastinate.contrib.django import app

from nuanxin.foundation.accounts.actions import open_user
from nuanxin.foundation.facts.actions import record
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.areas.actions.loading import load_areas
from nuanxin.registry.enterprises.models import Platform
from nuanxin.registry.units.actions import grant_posting, open_unit
from nuanxin.registry.units.models import Unit

from ..enums import CommandFact
from .arrivals import Truth
from .districts import DISTRICTS, build_district
from .lookups import find_place
from .places import ACCOUNTS, OFFICES, PASSWORD, PLACES
from .population import PLATFORMS

Progress = Callable[[str], None]
TODAY = date(2026, 11, 20)
"""The day of the demo's last canvass. Fixed, so that the demo and its figures are the same on every machine."""


def build_demo(progress: Progress, truths: dict[int, Truth] | None = None) -> list[tuple[str, str, str]]:
    """Makes what is missing of the demo; the second time almost nothing. Returns who, user name, password.

    `truths` is filled with what is true of each district's rows, for whoever measures how much of it was found.
    """
    truths = {} if truths is None else truths
    if not _done("areas"):
        progress("载入全国区划和演示地区的镇街、社区")
        load_areas(places=[p // 10**9 if p % 10**11 else p // 10**11 for p in PLACES], on=TODAY)
        _mark("areas")
    if not _done("offices"):
        progress("建立单位和账号")
        _offices()
    for district in DISTRICTS:
        if not _done(str(district.area)):
            began = time.monotonic()
            truths[district.area] = Truth()
            counts = build_district(district, TODAY, progress, truths[district.area])
            with transaction.atomic():
                _drop_follow_ups()
                _mark(str(district.area))
            progress(f"{district.name}：{counts}（{time.monotonic() - began:.0f} 秒）")
    return [(f"{a.name}（{office_names()[a.office]}）", a.username, PASSWORD) for a in ACCOUNTS]


def _drop_follow_ups() -> None:
    """The imports asked for a matching each; the demo has matched already, once for all of them."""
    for queue in ("intake", "survey"):
        for job in app.job_manager.list_jobs(queue=queue, status="todo"):
            assert job.id is not None
            app.job_manager.cancel_job_by_id(job.id)


def office_names() -> dict[str, str]:
    """Names of the demo's offices by code."""
    return dict(Unit.objects.filter(code__in=[o.code for o in OFFICES]).values_list("code", "name"))


@transaction.atomic
def _offices() -> None:
    Platform.objects.bulk_create(
        [Platform(code=c, name=n, sector=s, aliases=a) for c, (n, s, a) in PLATFORMS.items()],
        ignore_conflicts=True,
    )
    units: dict[str, Unit] = {}
    for office in OFFICES:
        place = find_place(office.district, office.place)
        units[office.code] = open_unit(
            by=None, code=office.code, name=office.name or place.name, kind=office.kind, area=place.code,
            sectors=office.sectors, leads=office.leads,
        )  # fmt: skip
    for account in ACCOUNTS:
        unit = units[account.office]
        user, _ = open_user(
            by=None, username=account.username, name=account.name, area=unit.area_id, password=PASSWORD
        )
        grant_posting(
            by=None, user=user.pk, unit=unit.pk, role=account.role, area=unit.area_id, sectors=account.sectors,
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
    _mark("offices")


def _done(what: str) -> bool:
    return Fact.objects.filter(kind=CommandFact.DEMO_BUILT, subject=f"demo:{what}").exists()


def _mark(what: str) -> None:
    with transaction.atomic():
        record(CommandFact.DEMO_BUILT, subject=f"demo:{what}", by=None)
