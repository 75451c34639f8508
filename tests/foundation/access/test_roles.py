from importlib import import_module

import pytest

from nuanxin.foundation.access import actions, queries
from nuanxin.foundation.access.enums import AccessFact, AlertKind, Permission
from nuanxin.foundation.access.rules import clash
from nuanxin.foundation.facts.models import Fact
from tests import cast

pytestmark = pytest.mark.django_db
SEEDS = import_module("nuanxin.foundation.access.migrations.0002_roles").ROLES


@pytest.fixture(autouse=True)
def _roles():
    for code in SEEDS:
        cast.role(code)


@pytest.mark.parametrize("code", SEEDS)
def test_the_seeded_roles_are_sound(code):
    _name, permissions = SEEDS[code]
    assert not clash(permissions)
    assert set(permissions) <= set(Permission.values)
    assert cast.role(code).built_in


def test_every_permission_is_in_some_role():
    assert {p for _n, permissions in SEEDS.values() for p in permissions} == set(Permission.values)


def test_a_role_is_changed_with_one_fact():
    actions.change_role(by=5, code="street", name="镇街", permissions=["console", "workers.view"])
    fact = Fact.objects.get(kind=AccessFact.ROLE_CHANGED)
    assert (fact.subject, fact.actor, fact.detail["added"]) == ("role:street", 5, [])
    assert "export" in fact.detail["removed"]


@pytest.mark.parametrize(
    ("code", "permissions", "error"),
    [
        ("street", ["system.admin", "workers.view"], "clash"),
        ("street", ["no.such"], "unknown_permission"),
        ("my_admin", ["console", "audit.admin"], "built_in_admin"),
        ("audit_admin", ["console"], "built_in_admin"),
        ("system_admin", ["console", "system.admin"], "built_in_admin"),
    ],
)
def test_a_role_is_refused(code, permissions, error):
    before = list(queries.roles().values())
    with pytest.raises(actions.AccessError) as caught:
        actions.change_role(by=5, code=code, name="某角色", permissions=permissions)
    assert caught.value.code == error and str(caught.value)
    assert list(queries.roles().values()) == before


def test_alerts_are_cut_to_the_area():
    actions.raise_alert(kind=AlertKind.UNMASK_MANY, about=9, area=cast.STREET, quantity=51)
    actions.raise_alert(kind=AlertKind.UNMASK_MANY, about=8, area=cast.OTHER_STREET, quantity=51)
    c = cast.cast_for(Permission.SECURITY_ADMIN)
    assert [a.about for a in queries.alerts(cast.scope(c.owner))] == [9]
    assert [a.about for a in queries.alerts(cast.scope(c.outsider))] == [8]
    assert not queries.alerts(cast.scope(cast.person("audit_admin"))).exists()
