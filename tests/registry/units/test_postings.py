from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from nuanxin.foundation.access.actions import AccessError, Refused
from nuanxin.foundation.access.enums import AccessFact, Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.units import actions, queries
from nuanxin.registry.units.models import Posting
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def grant(by, who, role="street", at=cast.STREET, **more):
    cast.role(role)
    return actions.grant_posting(
        by=by.pk if by else None, user=who.pk, unit=cast.unit(at).pk, role=role, area=at, **more
    )


def test_the_scope_comes_in_one_query(django_assert_num_queries):
    who = cast.person("street", cast.STREET, ["delivery"])
    cast.post(who, "community", cast.COMMUNITY)
    with django_assert_num_queries(1):
        scope = queries.scope_of(who.pk, TODAY)
    assert scope.allows(Permission.EXPORT, cast.GRID, "delivery")
    assert not scope.allows(Permission.EXPORT, cast.GRID, "courier")
    assert not scope.allows(Permission.EXPORT, cast.SISTER_STREET, "delivery")
    assert scope.allows(Permission.SURVEY_VERIFY, cast.GRID, "courier")


def test_days_count_from_the_first_to_the_day_before_the_last():
    who = cast.user()
    cast.post(who, "street", valid_from=TODAY, valid_to=TODAY + timedelta(days=2))
    days = [bool(queries.scope_of(who.pk, TODAY + timedelta(days=d)).grants) for d in (-1, 0, 1, 2)]
    assert days == [False, True, True, False]


def test_closed_accounts_and_units_give_nothing():
    who = cast.person("street", cast.STREET)
    cast.unit(cast.STREET).__class__.objects.update(closed_on=TODAY)
    assert not queries.scope_of(who.pk, TODAY).grants
    other = cast.person("street", cast.SISTER_STREET)
    other.is_active = False
    other.save()
    assert not queries.scope_of(other.pk, TODAY).grants
    assert not queries.scope_of(None, TODAY).grants


def test_a_clash_that_came_through_a_changed_role_gives_neither_power():
    who = cast.person("audit_admin")
    cast.post(who, "sneaky", permissions=["workers.view"])
    scope = queries.scope_of(who.pk, TODAY)
    assert not scope.may(Permission.AUDIT_ADMIN) and not scope.may(Permission.WORKERS_VIEW)


def test_the_system_administrator_staffs_the_daily_work():
    admin, who = cast.person("system_admin"), cast.user()
    posting = grant(admin, who, sectors=["delivery"])
    fact = Fact.objects.get(kind=AccessFact.POSTING_GRANTED)
    assert (fact.subject, fact.actor, fact.area) == (f"posting:{posting.pk}", admin.pk, cast.STREET)
    actions.revoke_posting(by=admin.pk, posting=posting.pk)
    assert not queries.scope_of(who.pk, TODAY).grants
    with pytest.raises(AccessError):
        actions.revoke_posting(by=admin.pk, posting=posting.pk)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_only_the_security_administrator_names_administrators(role):
    who = cast.user()
    for wrong in ("system_admin", "audit_admin", "lead_admin"):
        with pytest.raises(Refused):
            grant(cast.person(wrong), who, role, cast.COUNTY)
    assert grant(cast.person("security_admin"), who, role, cast.COUNTY)


@pytest.mark.parametrize("by", ["security_admin", "audit_admin", "lead_admin", "street"])
def test_daily_work_is_not_theirs_to_give(by):
    with pytest.raises(Refused):
        grant(cast.person(by), cast.user())


def test_nobody_grants_to_or_revokes_from_themself():
    admin = cast.person("system_admin")
    with pytest.raises(Refused) as caught:
        grant(admin, admin)
    assert caught.value.code == "self"
    with pytest.raises(Refused):
        actions.revoke_posting(by=admin.pk, posting=admin.postings.get().pk)


def test_another_district_is_out_of_reach():
    admin = cast.person("system_admin")
    cast.area(cast.OTHER_STREET)
    with pytest.raises(Refused) as caught:
        grant(admin, cast.user(), at=cast.OTHER_STREET)
    assert caught.value.code == "area_refused"
    with pytest.raises(Refused):
        grant(admin, cast.user(), at=cast.PROVINCE)
    theirs = cast.person("street", cast.OTHER_STREET).postings.get()
    with pytest.raises(Refused):
        actions.revoke_posting(by=admin.pk, posting=theirs.pk)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [("street", "audit_admin"), ("audit_admin", "street"), ("system_admin", "security_admin")],
)
def test_two_kinds_of_power_do_not_meet_in_one_person(held, wanted):
    who = cast.person(held)
    with pytest.raises(AccessError) as caught:
        grant(None, who, wanted, cast.COUNTY)
    assert caught.value.code == "clash"


def test_the_same_posting_twice_is_refused():
    admin, who = cast.person("system_admin"), cast.user()
    grant(admin, who)
    with pytest.raises(AccessError) as caught:
        grant(admin, who)
    assert caught.value.code == "twice"
    assert Posting.objects.filter(user=who).count() == 1


def test_still_in_force():
    who = cast.person("street", cast.STREET)
    scope = cast.scope(who)
    assert queries.still_in_force(scope)
    cast.post(who, "community", cast.COMMUNITY)
    assert queries.still_in_force(scope)
    actions.revoke_posting(by=None, posting=who.postings.get(role__code="street").pk)
    assert not queries.still_in_force(scope)


def test_a_narrowed_scope_is_in_force_with_the_posting_it_comes_from():
    who = cast.person("lead_admin")
    (grant_,) = cast.scope(who).grants
    narrowed = Scope(who.pk, (replace(grant_, area=cast.STREET, sectors=frozenset({"courier"})),))
    assert queries.still_in_force(narrowed)
    wider = Scope(who.pk, (replace(grant_, area=cast.PROVINCE),))
    assert not queries.still_in_force(wider)
    who.postings.update(sectors=["delivery"])
    assert not queries.still_in_force(narrowed)


def test_who_is_to_be_told():
    street, lead = cast.person("street", cast.STREET), cast.person("lead_admin")
    cast.person("street", cast.SISTER_STREET)
    cast.person("lead_admin", cast.OTHER_COUNTY)
    assert queries.holders(Permission.SURVEY_MATCH, cast.GRID, TODAY) == [lead.pk, street.pk]
