"""List, search, dossier and figures at 500,000 workers: p50, p95, CPU per request and queries, beside an empty view.

    DATABASE_URL=… NUANXIN_HOME=… python -m bench.ledger.run [--workers 500000] [--times 40]

Without DATABASE_URL the embedded PostgreSQL of NUANXIN_HOME is used. An empty ledger is filled first (about 40 s
by COPY). Requests go through the whole stack (middleware, session, scope, query, template) in one process; CPU is
that of the process, the rest of the time is the database.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=500_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("NUANXIN_DEMO", "1")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    results = measure(args.workers, args.times)
    print(f"{'request':34}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'queries':>9}{'KB':>7}")
    for name, found in results.items():
        line = "".join(f"{found[k]:>9}" for k in ("p50", "p95", "cpu", "queries"))
        print(f"{name:34}{line}{found['kb']:>7}")
    if args.out:
        args.out.write_text(json.dumps(results, ensure_ascii=False, indent=1))


def measure(workers: int, times: int) -> dict[str, dict[str, Any]]:
    from django.urls import reverse

    from bench.ledger.crowd import COUNTY, fill
    from nuanxin.registry.enterprises.models import Enterprise
    from nuanxin.registry.people.models import Worker

    if not Worker.objects.exists():
        began = time.perf_counter()
        fill(workers)
        print(f"filled with {workers:,} workers in {time.perf_counter() - began:.0f} s")
    browser = staff()
    people, firms = reverse("console:workers"), reverse("console:enterprises")
    firm = Enterprise.objects.order_by("id").values_list("id", flat=True)[100]
    person = Worker.objects.order_by("id").values_list("id", flat=True)[100]
    street = COUNTY + 3 * 10**6

    def search(text: str) -> Any:
        return lambda: browser.post(people, {"_table": "workers", "q": text}, headers=HTMX)

    requests = {
        "empty view": lambda: browser.get("/bench/empty/"),
        "workers: list": lambda: browser.get(people),
        "workers: one street, delivery": lambda: browser.get(people, {"area": street, "sector": "delivery"}),
        "workers: page 40": lambda: browser.get(people, {"page": 40}),
        "workers: sorted by name": lambda: browser.get(people, {"sort": "name"}),
        "workers: search 单 (1 character)": search("单"),
        "workers: search 鹏飞 (2)": search("鹏飞"),
        "workers: search 单鹏飞 (3)": search("单鹏飞"),
        "workers: search initials spf": search("spf"),
        "workers: search pinyin shanpeng": search("shanpeng"),
        "workers: search a full phone": search("13800001234"),
        "workers: as of a past day": lambda: browser.get(people, {"on": "2026-08-01"}),
        "worker: page": lambda: browser.get(reverse("console:worker", args=[person])),
        "enterprises: list": lambda: browser.get(firms),
        "enterprises: search initials": lambda: browser.get(firms, {"q": "wlkj"}),
        "enterprise: dossier": lambda: browser.get(reverse("console:enterprise", args=[firm])),
        "indicators: overview": lambda: browser.get(reverse("console:indicators")),
        "checklist: completion": lambda: browser.get(reverse("console:checklist")),
    }
    with_empty_view()
    return {name: one(ask, times) for name, ask in requests.items()}


HTMX = {"HX-Request": "true", "HX-Target": "t-workers-rows"}


def with_empty_view() -> None:
    """A view that does nothing, behind the same middleware."""
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from config import urls
    from nuanxin.web.shared.routes import public

    @public
    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    urls.urlpatterns.append(path("bench/empty/", empty))


def staff() -> Any:
    """A browser of somebody who may see the whole county."""
    from django.utils import timezone

    from bench.ledger.crowd import COUNTY
    from nuanxin.foundation.access.enums import Permission as P
    from nuanxin.foundation.access.models import Role
    from nuanxin.foundation.accounts.models import User
    from nuanxin.organisation.survey.actions.checklist import adopt_default
    from nuanxin.registry.units.models import Posting, Unit
    from tests.cast import client

    who = User.objects.filter(username="bench").first()
    if who is None:
        held = [
            p.value
            for p in (
                P.CONSOLE,
                P.WORKERS_VIEW,
                P.ENTERPRISES_VIEW,
                P.EXPORT,
                P.INDICATORS_VIEW,
                P.PARTY_VIEW,
            )
        ]
        who = User.objects.create(username="bench", name="测速", area=COUNTY)
        role = Role.objects.create(code="bench", name="bench", permissions=held)
        unit = Unit.objects.create(code="bench", name="测速", kind="lead", area_id=COUNTY)
        Posting.objects.create(
            user=who, unit=unit, role=role, area_id=COUNTY, valid_from=timezone.localdate()
        )
        adopt_default(by=who.pk, area=COUNTY)
    return client(who)


def one(ask: Any, times: int) -> dict[str, Any]:
    """Two requests to warm up, then `times` of them; queries are counted in one more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _warm in range(2):
        answer = ask()
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code} instead of 200")
    spent, cpu = [], time.process_time()
    for _n in range(times):
        began = time.perf_counter()
        ask()
        spent.append(1000 * (time.perf_counter() - began))
    cpu = 1000 * (time.process_time() - cpu) / times
    with CaptureQueriesContext(connection) as queries:
        ask()
    return {
        "p50": round(statistics.median(spent), 1),
        "p95": round(statistics.quantiles(spent, n=20)[-1], 1),
        "cpu": round(cpu, 1),
        "queries": len(queries),
        "kb": len(answer.content) // 1024,
    }


if __name__ == "__main__":
    main()
