"""The demo's figures come out of the records: those that the articles print (figures.csv), each for its place."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from nuanxin.command.demo.arrivals import Truth
from nuanxin.command.demo.build import TODAY, build_demo
from nuanxin.command.demo.lookups import find_place
from nuanxin.command.demo.places import BEITA, CHANGSHA, YUETANG
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.insights.indicators.queries import figure
from nuanxin.organisation.survey.models import Pair, Round, Source
from nuanxin.registry.people.models import PartyDeclaration, Worker

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(1, (Grant(0, frozenset(Permission.values), 0),))


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[dict[int, Truth]]:
    """The whole demo, built once for this file as `make demo` builds it, and rolled back."""
    truths: dict[int, Truth] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        build_demo(lambda _line: None, truths)
        yield truths
        transaction.set_rollback(True)


def value(code: str, area: int, on: date = TODAY) -> int:
    found = figure(EVERYTHING, code, area, on).value
    assert isinstance(found, int)
    return found


def test_f1_twelve_enterprises_in_beita(demo):
    assert value("enterprises", BEITA) == 12


def test_f2_twelve_hundred_odd_workers_in_beita(demo):
    assert 1200 < value("workers", BEITA) < 1300
    assert figure(EVERYTHING, "workers", BEITA, TODAY).text.startswith("1200余")


def test_f55_a_round_each_quarter_in_changsha(demo):
    starts = list(
        Round.objects.filter(area_id=CHANGSHA).order_by("starts_on").values_list("starts_on", flat=True)
    )
    assert starts == [date(2026, 7, 1), date(2026, 10, 1)]


def test_f56_four_point_three_seven_ten_thousand_workers_in_changsha(demo):
    assert value("workers", CHANGSHA) // 100 == 437


def test_f81_f82_three_firms_and_thirty_odd_workers_in_jianshelu(demo):
    place = find_place(YUETANG, "建设路街道/建设路社区").code
    assert value("enterprises", place) == 3
    assert 30 < value("workers", place) < 40


def test_three_floating_members_declared_themselves_in_jianshelu(demo):
    assert (
        PartyDeclaration.objects.filter(
            worker__area_id__gte=YUETANG, worker__area_id__lt=YUETANG + 10**9, floating=True
        ).count()
        == 3
    )


def test_f86_one_ledger_and_three_rosters(demo):
    assert (value("ledgers", YUETANG), value("rosters", YUETANG)) == (1, 3)


def test_a_figure_of_a_day_before_the_canvass_is_nothing(demo):
    assert value("workers", BEITA, date(2018, 1, 1)) == 0


def test_no_row_is_lost_and_the_rest_is_refused_with_a_reason(demo):
    for upload in Upload.objects.all():
        rows = list(Row.objects.filter(upload=upload).values_list("verdict", "problems"))
        assert len(rows) == upload.total_rows == upload.accepted + upload.noted + upload.refused
        assert all(problems for verdict, problems in rows if verdict == 2)


def test_what_was_joined_is_one_person_in_999_of_1000(demo):
    truth = demo[CHANGSHA].person
    people = defaultdict(list)
    for row, worker in Source.objects.values_list("row_id", "worker_id"):
        if row in truth:
            people[worker].append(truth[row])
    joined = sum(len(rows) - 1 for rows in people.values())
    wrong = sum(len(rows) - rows.count(max(set(rows), key=rows.count)) for rows in people.values())
    assert joined > 30_000
    assert wrong / joined < 0.001


def test_some_questions_are_left_for_the_visitor(demo):
    asked = Pair.objects.filter(state="open", area_id__gte=CHANGSHA, area_id__lt=CHANGSHA + 10**9).count()
    assert 20 <= asked <= 60
    assert Worker.objects.filter(doubtful=True).exists()


def test_building_it_again_adds_nothing(demo):
    before = Worker.objects.count()
    build_demo(lambda _line: None)
    assert Worker.objects.count() == before
