"""Figures from records: as of any day, by area and sector, adding up, within the scope."""

import itertools
import random
from datetime import date

import pytest
from django.urls import reverse

from nuanxin.foundation.access.enums import Permission as P
from nuanxin.insights.indicators.queries import area_table, figure, trend
from nuanxin.organisation.survey.actions import checklist
from nuanxin.organisation.survey.models import Round, Standing, Task
from nuanxin.registry.enterprises.actions import close_enterprise, register_enterprise
from nuanxin.registry.people.actions import leave
from nuanxin.registry.people.queries.rosters import workers
from tests.cast import (
    COMMUNITY,
    COUNTY,
    GRID,
    OTHER_COUNTY,
    OTHER_STREET,
    PROVINCE,
    SISTER_STREET,
    STREET,
    area,
    client,
    holder,
    scope,
)
from tests.registry.people.people import JULY, OCTOBER, worker

pytestmark = pytest.mark.django_db
PLACES = [COUNTY, STREET, SISTER_STREET, COMMUNITY, GRID, OTHER_STREET]
SECTORS = ["courier", "delivery", "truck", "other"]
ALL = [P.INDICATORS_VIEW, P.WORKERS_VIEW, P.ENTERPRISES_VIEW, P.EXPORT]
names = itertools.count()


def crowd(number, seed=1):
    rng = random.Random(seed)
    return [
        worker(f"人{next(names)}", at=rng.choice(PLACES), sector=rng.choice(SECTORS)) for _n in range(number)
    ]


@pytest.fixture
def viewer():
    area(PROVINCE)
    return scope(holder(ALL, PROVINCE))


def test_a_person_counts_once_on_the_days_they_were_here(viewer):
    row = crowd(5)[0]
    leave(worker_id=row.pk, by=None, on=OCTOBER)
    values = [
        figure(viewer, "workers", PROVINCE, day).value for day in (date(2026, 6, 1), JULY, OCTOBER, None)
    ]
    assert values == [0, 5, 4, 4]


@pytest.mark.parametrize("day", [None, date(2026, 8, 1)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_from_province_to_grid_every_line_adds_up_and_opens_exactly_its_records(viewer, seed, day):
    crowd(40, seed)
    todo, cells = [PROVINCE], 0
    while todo:
        here = todo.pop()
        table = area_table(viewer, "workers", here, day)
        if table.lines:
            assert table.total.total.number == figure(viewer, "workers", here, day).value
            assert [c.number for c in table.total.cells] == [
                sum(line.cells[i].number for line in table.lines) for i in range(8)
            ]
        for line in table.lines:
            assert sum(c.number for c in line.cells) == line.total.number
            if not line.here:
                assert line.total.number == figure(viewer, "workers", line.area, day).value
                todo += [line.area] if line.below else []
            cells += len(line.cells)
    assert cells


def test_the_link_of_a_cell_lists_as_many_as_the_cell_says(viewer):
    area(COUNTY)
    crowd(30)
    browser = client(holder(ALL, COUNTY))
    table = area_table(scope(holder(ALL, COUNTY)), "workers", COUNTY)
    for line in table.lines:
        for (sector, _label), cell in zip(table.sectors, line.cells, strict=True):
            if cell.number and not line.here:
                text = browser.get(reverse("console:workers"), {"area": line.area, "sector": sector}).text
                assert f"共 {cell.number} 人" in text


def test_small_cells_are_closed_to_those_who_do_not_handle_the_records():
    crowd(12)
    leader = scope(holder([P.INDICATORS_VIEW], COUNTY))
    shut = [c for line in area_table(leader, "workers", COUNTY).lines for c in line.cells if 0 < c.number < 5]
    assert shut
    assert all(c.closed for c in shut)
    own = scope(holder(ALL, COUNTY))
    assert not any(c.closed for line in area_table(own, "workers", COUNTY).lines for c in line.cells)
    worker("独一人", at=OTHER_STREET)
    assert figure(scope(holder([P.INDICATORS_VIEW], OTHER_COUNTY)), "workers", OTHER_COUNTY).exact in (
        "<5",
        "5",
        "6",
        "7",
    )


def test_the_scope_cuts_figures_to_its_area_and_sectors():
    for at, line in (
        (COMMUNITY, "delivery"),
        (COMMUNITY, "courier"),
        (SISTER_STREET, "courier"),
        (OTHER_STREET, "courier"),
    ):
        worker(f"人{next(names)}", at=at, sector=line)
    seen = [
        figure(scope(holder(ALL, at, sectors)), "workers", 0).value
        for at, sectors in ((COUNTY, ()), (COUNTY, ("courier",)), (STREET, ()), (OTHER_COUNTY, ()))
    ]
    assert seen == [3, 2, 2, 1]


def test_firms_as_of_a_day_and_six_clear(viewer):
    area(COMMUNITY)
    firms = [
        register_enterprise(by=None, on=JULY, name=f"企业{n}", area=COMMUNITY, sector="delivery").pk
        for n in range(4)
    ]
    close_enterprise(by=None, enterprise=firms[0], on=OCTOBER)
    items = checklist.adopt_default(by=None, area=COUNTY)
    checklist.mark(by=None, enterprises=firms[:2], items=[i.pk for i in items], on=OCTOBER)
    assert [figure(viewer, "enterprises", COUNTY, d).value for d in (JULY, OCTOBER)] == [4, 3]
    assert figure(viewer, "enterprises", COMMUNITY).text == "3家"
    clear = figure(viewer, "six_clear", COUNTY)
    assert (clear.numerator, clear.denominator, clear.value) == (1, 3, 33.3)
    assert figure(viewer, "six_clear", COUNTY, JULY).numerator == 0


def test_coverage_and_changes_of_the_round(viewer):
    people = crowd(10)
    canvass = Round.objects.create(
        area=area(COUNTY), name="2026年第四季度", starts_on=OCTOBER, ends_on=date(2026, 12, 31)
    )
    for at, state in ((STREET, "done"), (SISTER_STREET, "todo")):
        done = {"done_at": "2026-11-01T10:00:00+08:00"} if state == "done" else {}
        Task.objects.create(round=canvass, area=area(at), due_on=OCTOBER, state=state, **done)
    for n, row in enumerate(people):
        change = "new" if n < 6 else "left" if n < 8 else "stayed"
        Standing.objects.create(
            round=canvass, worker=row, area_id=row.area_id, sector=row.sector, change=change
        )
    inside_county = [p for p in people if p.area_id // 10**9 == COUNTY // 10**9]
    assert figure(viewer, "coverage", COUNTY).value == 50.0
    assert figure(viewer, "coverage", COUNTY, date(2026, 10, 15)).value == 0
    assert figure(viewer, "coverage", COUNTY, JULY).value is None
    assert figure(viewer, "new", COUNTY).value == sum(p in inside_county for p in people[:6])
    seen = figure(viewer, "seen", COUNTY)
    assert (seen.numerator, seen.denominator) == (
        sum(p in inside_county for p in [*people[:6], *people[8:]]),
        len(inside_county),
    )
    assert [line.new for line in trend(viewer, COUNTY)] == [figure(viewer, "new", COUNTY).value]
    browser = client(holder(ALL, COUNTY))
    text = browser.get(reverse("console:workers"), {"area": COUNTY, "change": "left"}).text
    assert figure(viewer, "left", COUNTY).value == text.count("data-key=")


def test_one_ledger_and_three_rosters(viewer):
    assert [figure(viewer, code, COUNTY).text for code in ("ledgers", "rosters")] == ["1套", "3册"]


def test_the_page_takes_a_number_of_queries_that_does_not_grow(django_assert_max_num_queries):
    crowd(30)
    browser = client(holder(ALL, COUNTY))
    with django_assert_max_num_queries(60):
        text = browser.get(reverse("console:indicators")).text
    assert "新就业群体" in text
    assert "跨平台、跨来源去重" in text
    answer = browser.post(reverse("console:indicators"))
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_another_districts_page_does_not_exist():
    browser = client(holder(ALL, COUNTY))
    assert browser.get(reverse("console:indicators"), {"area": OTHER_COUNTY}).status_code == 404


def test_from_a_figure_to_a_person_in_four_clicks():
    row = worker("单晓明")
    browser = client(holder(ALL, COUNTY))
    page = browser.get(reverse("console:indicators")).text
    listed = f"{reverse('console:workers')}?area={COUNTY}"
    assert listed in page
    person = reverse("console:worker", args=[row.pk])
    assert person in browser.get(listed).text
    assert "单晓明" in browser.get(person).text
    assert workers(scope(holder(ALL, COUNTY))).count() == 1
