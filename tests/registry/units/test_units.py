from datetime import timedelta

import pytest
from django.utils import timezone

from nuanxin.foundation.access.actions import AccessError, Refused
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.units import actions, queries
from nuanxin.registry.units.enums import UnitFact
from tests import cast

pytestmark = pytest.mark.django_db


def open_unit(by=None, **more):
    given = {"code": "xingsha", "name": "星沙街道办", "kind": "street", "area": cast.STREET} | more
    cast.area(given["area"]) if given["area"] else None
    return actions.open_unit(by=by, **given)


def test_a_unit_is_opened_and_closed():
    admin = cast.person("system_admin")
    unit = open_unit(by=admin.pk, sectors=["delivery"])
    assert [u.code for u in queries.units_in(cast.scope(admin)) if u.kind == "street"] == ["xingsha"]
    actions.close_unit(by=admin.pk, unit=unit.pk)
    assert not [u for u in queries.units_in(cast.scope(admin)) if u.kind == "street"]
    kinds = [UnitFact.OPENED, UnitFact.CLOSED]
    assert list(Fact.objects.filter(subject=f"unit:{unit.pk}").values_list("kind", flat=True)) == kinds
    with pytest.raises(AccessError):
        actions.close_unit(by=admin.pk, unit=unit.pk)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": " "}, "name"),
        ({"kind": "ministry"}, "kind"),
        ({"code": "有空格 "}, "code"),
        ({"code": "taken"}, "code_taken"),
        ({"sectors": ["piracy"]}, "sectors"),
        ({"area": 110000000000000 + 1, "code": "x"}, None),
    ],
)
def test_a_unit_is_refused(more, code):
    cast.unit(cast.STREET, code="taken")
    if code is None:
        assert open_unit(**more)
        return
    with pytest.raises(AccessError) as caught:
        open_unit(**more)
    assert caught.value.code == code


def test_an_area_has_one_lead():
    open_unit(leads=True, kind="lead")
    with pytest.raises(AccessError):
        open_unit(leads=True, kind="lead", code="second")


def test_only_inside_the_own_area():
    admin = cast.person("system_admin")
    for area in (cast.OTHER_STREET, cast.PROVINCE):
        with pytest.raises(Refused):
            open_unit(by=admin.pk, area=area)
    with pytest.raises(Refused):
        open_unit(by=cast.person("street", cast.STREET).pk)


def test_a_unit_with_people_is_not_closed():
    who = cast.person("street", cast.STREET)
    unit = who.postings.get().unit
    with pytest.raises(AccessError) as caught:
        actions.close_unit(by=None, unit=unit.pk)
    assert caught.value.params["count"] == 1
    who.postings.update(valid_to=timezone.localdate() - timedelta(days=1))
    actions.close_unit(by=None, unit=unit.pk)
