"""六清: a district's own list, marks, and completion by area."""

from datetime import date

import pytest

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.facts.models import Fact
from nuanxin.organisation.survey.actions import checklist as actions
from nuanxin.organisation.survey.enums import SurveyFact
from nuanxin.organisation.survey.models import ChecklistMark
from nuanxin.organisation.survey.queries import checklist
from nuanxin.registry.enterprises.actions import merge_enterprises, register_enterprise
from tests.cast import COMMUNITY, COUNTY, OTHER_COUNTY, SISTER_STREET, STREET, area, holder, scope

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


@pytest.fixture
def six():
    area(COUNTY)
    return actions.adopt_default(by=1, area=COUNTY)


@pytest.fixture
def viewer():
    return scope(holder([Permission.ENTERPRISES_VIEW]))


def firm(name, at=COMMUNITY):
    area(at)
    return register_enterprise(by=1, on=JULY, name=name, area=at, sector="delivery").pk


def mark(firms, items, **more):
    return actions.mark(by=1, enterprises=firms, items=[i.pk for i in items], on=JULY, **more)


def test_the_six_are_adopted_once(six):
    assert [i.name for i in six][:2] == ["出资人清", "经营状况清"]
    assert len(actions.adopt_default(by=1, area=COUNTY)) == 6


def test_a_retired_item_is_not_asked_and_its_marks_come_back_with_it(six, viewer):
    one = firm("甲")
    mark([one], six)
    actions.retire_item(by=1, area=COUNTY, item=six[0].pk, on=JULY)
    assert len(checklist.of_enterprise(viewer, one)) == 5
    actions.retire_item(by=1, area=COUNTY, item=six[0].pk, on=JULY, back=True)
    assert all(line.mark for line in checklist.of_enterprise(viewer, one))


def test_the_same_name_twice_is_refused(six):
    with pytest.raises(actions.ChecklistRefused):
        actions.save_item(by=1, area=COUNTY, name="党组织清")


def test_marks_in_bulk_are_one_fact_per_area_and_sector(six):
    firms = [firm("甲"), firm("乙"), firm("丙", SISTER_STREET)]
    assert mark(firms, six[:2]) == 6
    assert mark(firms, six[:3]) == 3
    first = Fact.objects.filter(kind=SurveyFact.CLEAR_MARKED).order_by("id").values_list("area", "quantity")
    assert list(first)[:2] == [(COMMUNITY, 4), (SISTER_STREET, 2)]
    assert mark(firms, six[:1], clear=False) == 3


def test_completion_by_area_adds_up(six, viewer, django_assert_num_queries):
    done, half, _none, other = firm("甲"), firm("乙"), firm("丙", STREET), firm("丁", SISTER_STREET)
    mark([done, other], six)
    mark([half], six[:3])
    with django_assert_num_queries(6):
        table = checklist.completion(viewer, COUNTY)
    assert {line.area: (line.firms, line.complete) for line in table.lines} == {
        STREET: (3, 1),
        SISTER_STREET: (1, 1),
    }
    assert (table.total.firms, table.total.complete, list(table.total.by_item)) == (4, 2, [3, 3, 3, 2, 2, 2])
    assert checklist.unclear(viewer, COUNTY).count() == 2


def test_another_district_sees_nothing(six):
    firm("甲")
    assert (
        checklist.completion(scope(holder([Permission.ENTERPRISES_VIEW], OTHER_COUNTY)), COUNTY).total.firms
        == 0
    )


def test_marks_follow_a_merged_firm(six):
    keep, gone = firm("甲"), firm("甲公司")
    mark([keep], six[:1])
    mark([gone], six[:2])
    merge_enterprises(by=1, keep=keep, gone=gone, on=JULY)
    assert set(ChecklistMark.objects.values_list("enterprise_id", "item_id")) == {
        (keep, six[0].pk),
        (keep, six[1].pk),
    }
